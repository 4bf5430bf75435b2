import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeStaleTemporaries, writeFileAtomicSync } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { formatGoTime, parseGoTime } from '../state/go-time.ts';
import { setWallTime, wallTime } from '../system/clock-setting.ts';
import { readFileStart } from '../system/file-start.ts';
import { errorCode } from '../system/libc.ts';

/** Where ntpd keeps what it has to remember. */
export const SAVED_TIME_FOLDER = '/perm/home/ntp';
/** The time as RFC 3339 text, as router7 keeps it: a router without a battery starts with it. */
export const SAVED_TIME_NAME = 'ntp-time-at-last-shutdown';
const SAVED_TIME_FILE = join(SAVED_TIME_FOLDER, SAVED_TIME_NAME);
/** Tells when the image was made; a machine without it is no router, and its clock is not ours to set. */
export const BUILD_FILE = '/etc/router7/build.json';

/** A text longer than this is no time. */
const LONGEST_TEXT = 64;
/** Nobody uses an image for longer than this, milliseconds: a later time was saved by a clock that was wrong. */
const LONGEST_USE_MS = 20 * 365 * 86_400_000;

/** Where {@link restoreSavedTime} looks, and what it sets; tests put others in their place. */
export interface RestoreOptions {
  readonly savedTimeFile?: string;
  readonly buildFile?: string;
  readonly wall?: () => number;
  readonly set?: (time: number) => void;
}

/** Whether this machine is a router that runs our image. */
export function isImage(buildFile: string = BUILD_FILE): boolean {
  return existsSync(buildFile);
}

/** When the image was made, milliseconds since 1970: it is later than that. Undefined outside of an image. */
export function buildTime(buildFile: string = BUILD_FILE): number | undefined {
  try {
    const { buildTimestamp } = JSON.parse(readFileSync(buildFile, 'utf8')) as { readonly buildTimestamp?: unknown };
    return typeof buildTimestamp === 'string' ? parseGoTime(buildTimestamp) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The time that was saved last, milliseconds since 1970; undefined when there is none, or it makes no sense. The supervisor
 * reads it as root before anything else starts, and ntpd's folder is ntpd's: nothing in it may keep the router from starting.
 */
export function savedTime(
  log: Log,
  file: string = SAVED_TIME_FILE,
  built: number | undefined = buildTime(),
): number | undefined {
  try {
    const time = parseGoTime(readFileStart(file, LONGEST_TEXT).trim());
    if (built === undefined || time <= built + LONGEST_USE_MS) return time;
    throw new RangeError(`found ${formatGoTime(time)}, expected a time within 20 years of ${formatGoTime(built)}`);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') log.warn('saved time unusable', { file, error });
    return undefined;
  }
}

/**
 * Sets a clock that is behind the time of the last shutdown, or behind the image itself, to the later of these (NT-01): it
 * is wrong then, for lack of a battery, and this is as near as one can get without a network. To be called before
 * services start. Never throws, and does nothing outside of an image.
 *
 * @returns the time that was set, milliseconds since 1970; undefined when the clock was not touched
 */
export function restoreSavedTime(log: Log, options: RestoreOptions = {}): number | undefined {
  const { savedTimeFile = SAVED_TIME_FILE, buildFile = BUILD_FILE, wall = wallTime, set = setWallTime } = options;
  if (!isImage(buildFile)) return undefined;
  const built = buildTime(buildFile);
  const saved = savedTime(log, savedTimeFile, built);
  const time = Math.max(saved ?? 0, built ?? 0);
  if (time <= wall()) return undefined;
  try {
    set(time);
    log.info('clock was behind, set', { to: formatGoTime(time), from: time === saved ? 'last shutdown' : 'build' });
    return time;
  } catch (error) {
    log.error('clock cannot be set', { error });
    return undefined;
  }
}

/** Keeps the time for the next start. @throws Node's system error: `ENOSPC`, `EROFS`, `EACCES` */
export function saveTime(time: number, file: string = SAVED_TIME_FILE): void {
  mkdirSync(dirname(file), { recursive: true });
  removeStaleTemporaries(file);
  // Without a line feed: Go's UnmarshalText, which reads it for router7, takes none.
  writeFileAtomicSync(file, formatGoTime(Math.floor(time / 1000) * 1000));
}
