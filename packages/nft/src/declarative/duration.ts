import { EncodeError } from '@router7/wire';

/** A span of time: `1h30m`, `90s`, `250ms`, as nft writes it; a plain number counts seconds. */
export type Duration = number | string;

const unitMilliseconds = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
const pattern = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds of `1h30m`; undefined for what is no span of time. */
export function parseDuration(value: unknown): number | undefined {
  const parsed = value === '' ? null : pattern.exec(String(value));
  if (parsed === null) return undefined;
  const units = Object.values(unitMilliseconds);
  return units.reduce((sum, unit, index) => sum + unit * Number(parsed[index + 1] ?? 0), 0);
}

/** `1h30m` of milliseconds. */
export function formatDuration(milliseconds: number): string {
  let rest = milliseconds;
  let text = '';
  for (const [unit, size] of Object.entries(unitMilliseconds)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text === '' ? '0s' : text;
}

/** Milliseconds of a span of time. @throws EncodeError `bad-value` */
export function durationMilliseconds(duration: Duration): bigint {
  const seconds = /^\d+(?:\.\d{1,3})?$/.test(String(duration)) ? Math.round(Number(duration) * 1000) : undefined;
  const milliseconds = seconds ?? parseDuration(duration);
  if (milliseconds === undefined) throw new EncodeError('bad-value', `${JSON.stringify(duration)} is no span of time`);
  return BigInt(milliseconds);
}
