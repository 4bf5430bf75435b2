import { randomBytes } from 'node:crypto';
import { type Drive, drive } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import { LogLimit } from '../runtime/log-limit.ts';
import { formatGoTime } from '../state/go-time.ts';
import { systemClock } from '../system/clock.ts';
import type { ClockKeeper } from './clock-keeper.ts';
import { defaultNtpConfig, type NtpConfig } from './config.ts';
import { NtpEngine } from './engine.ts';
import type { NtpInput } from './input.ts';
import type { NtpEvent } from './output.ts';
import { saveTime } from './saved-time.ts';
import type { ServerNames } from './server-names.ts';
import { NtpTransport } from './transport.ts';

/** How often the time is saved (a power cut tells nobody), and the files are read again. */
const SAVE_MS = 3_600_000;
const LOOK_MS = 60_000;

/** What a {@link TimeKeeper} needs. */
export interface TimeKeeperOptions {
  readonly clock: ClockKeeper;
  readonly log: Log;
  /** What the files say now. */
  readonly read: () => ServerNames;
  /** When the image was made, milliseconds since 1970; undefined: not told. */
  readonly built: number | undefined;
  /** What was saved last, milliseconds since 1970. */
  readonly saved: number | undefined;
  readonly savedTimeFile: string;
  /** As of `NtpTransport`. */
  readonly lookup?: (name: string) => Promise<readonly string[]>;
}

/** Keeps the clock right, and the time of the last shutdown on disk (NT-01, NT-02). */
export class TimeKeeper {
  readonly #options: TimeKeeperOptions;
  readonly #log: Log;
  readonly #timers: readonly NodeJS.Timeout[];
  #settings: string;
  #names = '';
  #drive: Drive<NtpInput>;
  #isSynchronized = false;
  /** The latest time that is on disk. */
  #saved: number;

  constructor(options: TimeKeeperOptions) {
    this.#options = options;
    this.#log = new LogLimit(options.log);
    this.#saved = options.saved ?? 0;
    const { names, config } = options.read();
    this.#settings = JSON.stringify(config);
    this.#drive = this.#start(config);
    this.#use(names);
    this.#timers = [setInterval(() => this.#save(), SAVE_MS), setInterval(() => void this.look(), LOOK_MS)];
  }

  /** Reads the files again. @param again whether the network may be another one */
  async look(again: boolean = false): Promise<void> {
    const { config, names } = this.#options.read();
    const settings = JSON.stringify(config);
    if (settings !== this.#settings) {
      // What the servers said so far is forgotten; the clock goes on as it is.
      this.#settings = settings;
      await this.#drive.close();
      this.#drive = this.#start(config);
    }
    this.#use(names);
    if (again) this.#drive.input({ kind: 'again' });
  }

  /** Ends, and saves the time. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#drive.close();
    this.#save();
  }

  #use(names: readonly string[]): void {
    const list = names.join(' ');
    if (list !== this.#names) this.#log.info('asks', { servers: list });
    this.#names = list;
    this.#drive.input({ kind: 'names', names });
  }

  #start(config: ServerNames['config']): Drive<NtpInput> {
    const { clock, lookup } = this.#options;
    const engine = new NtpEngine(this.#engineConfig(config), { random });
    const transport = new NtpTransport({
      clock,
      log: this.#log,
      onEvent: (event) => this.#on(event),
      onAdjusted: (action) => {
        if (action.kind === 'slew') return;
        this.#log.info('clock set', { bySeconds: action.byMs / 1000, to: formatGoTime(clock.wall()) });
        this.#isSynchronized = true;
        clock.keep();
        this.#save();
      },
      ...(lookup === undefined ? {} : { lookup }),
    });
    return drive(engine, transport, systemClock, this.#log);
  }

  #engineConfig({ minimum_poll_seconds: least, maximum_poll_seconds: most }: ServerNames['config']): NtpConfig {
    const { built, saved } = this.#options;
    const poll = (seconds: number): number => Math.round(Math.log2(seconds));
    return {
      ...defaultNtpConfig,
      ...(least === undefined ? {} : { minimumPoll: poll(least) }),
      ...(most === undefined ? {} : { maximumPoll: poll(most) }),
      notBefore: built ?? defaultNtpConfig.notBefore,
      savedTime: saved ?? 0,
    };
  }

  #on(event: NtpEvent): void {
    const log = this.#log;
    switch (event.kind) {
      case 'synchronized': {
        const { agreeing, servers, offsetMs, errorMs } = event;
        log.info('time known', { agreeing, servers, offsetMs: rounded(offsetMs), errorMs: rounded(errorMs) });
        this.#isSynchronized = true;
        this.#options.clock.keep();
        this.#save();
        return;
      }
      case 'lost':
        log.warn('time not known', { why: event.why });
        return;
      case 'kissed':
        log.warn('server wants to be left alone', { address: event.address, code: event.code });
        return;
      case 'falseticker':
        log.warn('server outvoted', { server: event.name, address: event.address, offsetMs: rounded(event.offsetMs) });
        return;
      case 'discarded':
        log.debug('discarded', { address: event.address, reason: event.reason });
        return;
    }
  }

  /** Saves the time: what is known, or what is later than what is there. */
  #save(): void {
    const { clock, log, savedTimeFile } = this.#options;
    const now = clock.wall();
    if (!this.#isSynchronized && now <= this.#saved) return;
    try {
      saveTime(now, savedTimeFile);
      this.#saved = now;
    } catch (error) {
      log.error('time cannot be saved', { file: savedTimeFile, error });
    }
  }
}

function random(): number {
  return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
