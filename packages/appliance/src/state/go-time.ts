/** Go's `time.Time{}`, which stands for "never" in the state files. */
export const ZERO_TIME = '0001-01-01T00:00:00Z';

/** Times outside of these have no four digits for the year. */
const EARLIEST = Date.parse(ZERO_TIME);
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

const DAY = 86_400_000;
/** The date that was written last, up to the T behind it. */
let day = { number: Number.NaN, text: '' };

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * Milliseconds since 1970 of a time in RFC 3339; what is below a millisecond is cut off. {@link ZERO_TIME} is a very
 * negative number.
 *
 * @throws RangeError when the text is no such time
 */
export function parseGoTime(text: string): number {
  const time = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new RangeError(`${JSON.stringify(text)} is not a time in RFC 3339`);
  return time;
}

/**
 * The text that Go would write for a time in UTC: without trailing zeros, `2024-05-01T10:20:00.12Z`. A time
 * that Go cannot write, after a clock that was wrong by ages, becomes the nearest that it can.
 *
 * @param time milliseconds since 1970; Infinity (no end) becomes {@link ZERO_TIME}
 */
export function formatGoTime(time: number): string {
  if (time === Number.POSITIVE_INFINITY) return ZERO_TIME;
  const whole = Math.min(Math.max(Math.floor(time), EARLIEST), LATEST);
  const number = Math.floor(whole / DAY);
  // Most times of a list are of one day, and a Date takes longer than all the rest.
  if (number !== day.number) day = { number, text: new Date(number * DAY).toISOString().slice(0, 11) };
  const milliseconds = whole - number * DAY;
  const seconds = Math.floor(milliseconds / 1000);
  const clock = `${twoDigits(seconds / 3600)}:${twoDigits((seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  return `${day.text}${clock}${decimals(milliseconds % 1000)}Z`;
}

function twoDigits(number: number): string {
  return number < 10 ? `0${Math.floor(number)}` : `${Math.floor(number)}`;
}

/** A fraction of a second, without trailing zeros; nothing at all when there is none. */
function decimals(milliseconds: number): string {
  if (milliseconds === 0) return '';
  let text = String(milliseconds).padStart(3, '0');
  while (text.endsWith('0')) text = text.slice(0, -1);
  return `.${text}`;
}
