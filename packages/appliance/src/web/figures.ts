const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MEBI = 1024 ** 2;
const GIBI = 1024 ** 3;

/** A length of time as a glance takes it in: `42 s`, `12 min`, `3 h 5 min`, `12 days`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < DAY) return withRest(Math.floor(whole / HOUR), 'h', Math.floor((whole % HOUR) / MINUTE), 'min');
  const days = Math.floor(whole / DAY);
  const unit = days === 1 ? 'day' : 'days';
  return days < 10 ? withRest(days, unit, Math.floor((whole % DAY) / HOUR), 'h') : `${days} ${unit}`;
}

/** Octets: `31 MiB`, `1.9 GiB`. */
export function size(octets: number): string {
  if (octets >= GIBI) return `${(octets / GIBI).toFixed(1)} GiB`;
  if (octets >= MEBI) return `${Math.round(octets / MEBI)} MiB`;
  return `${Math.round(octets / 1024)} KiB`;
}

/** A number and its noun. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function withRest(number: number, unit: string, rest: number, restUnit: string): string {
  return `${number} ${unit}${rest === 0 ? '' : ` ${rest} ${restUnit}`}`;
}
