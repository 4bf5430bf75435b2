const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/**
 * Milliseconds of a duration as Go writes it: `10s`, `1m30s`, `1.5h`, `0`.
 *
 * @throws RangeError when it is none, or is negative
 */
export function parseGoDuration(text: string): number {
  if (text === '0') return 0;
  let sum = 0;
  let end = 0;
  for (const [part, number, unit = ''] of text.matchAll(PART)) {
    sum += Number(number) * (UNITS[unit] ?? 0);
    end += part.length;
  }
  if (end === 0 || end !== text.length) throw new RangeError(`invalid duration ${JSON.stringify(text)}`);
  return sum;
}
