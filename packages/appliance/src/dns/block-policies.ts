import type { BlockPolicy } from '@router7/dns';
import { DNS_DAYS, type DnsConfig, type DnsDay, type DnsSchedule } from '../state/dns-config.ts';

/** The list of `block.names`. */
export const NAMES_LIST = 0;
/** The list of `block.allow`. */
export const ALLOW_LIST = 1;
/** The first of `block.lists`. */
export const FIRST_FILE_LIST = 2;

const MINUTES_A_DAY = 24 * 60;
const MINUTE = 60_000;
/** A clock may be put forward or back: then schedules are looked at again after this, in milliseconds. */
const LONGEST = 60 * MINUTE;

/** What is blocked now, and for how long that holds. */
export interface BlockPolicies {
  /** By group, see `clientGroups`; 0 is everybody else. */
  readonly policies: readonly BlockPolicy[];
  /** Milliseconds until it is to be looked at again; Infinity without any schedule. */
  readonly holdsFor: number;
}

/** @param wall now, in milliseconds since 1970 */
export function blockPolicies(config: DnsConfig, wall: number): BlockPolicies {
  const { block, groups } = config;
  const files = block.lists.map(({ name, allow }, index) => ({ name, allow, bit: 1 << (FIRST_FILE_LIST + index) }));
  const allow = files.filter((file) => file.allow).reduce((bits, { bit }) => bits | bit, 1 << ALLOW_LIST);
  const bitsOf = (names: readonly string[] | undefined): number =>
    files
      .filter((file) => !file.allow && (names === undefined || names.includes(file.name)))
      .reduce((bits, { bit }) => bits | bit, 1 << NAMES_LIST);
  // To know time zones at all takes a fifth of a second at the first time.
  const isAsked = groups.some(({ schedules }) => schedules.length > 0);
  const moment = isAsked ? momentOf(wall, config.time_zone) : { day: 0, minute: 0 };
  const policies = groups.map(({ lists, schedules }): BlockPolicy => {
    const now = schedules.filter((schedule) => isOn(schedule, moment)).flatMap((schedule) => schedule.lists);
    const everything = now.includes('*') || lists?.includes('*') === true;
    return { block: bitsOf(lists) | (now.length === 0 ? 0 : bitsOf(now)), allow, everything };
  });
  const edges = groups.flatMap(({ schedules }) =>
    schedules.flatMap(({ from, to }) => [minutesOf(from), minutesOf(to)]),
  );
  return { policies: [{ block: bitsOf(undefined), allow }, ...policies], holdsFor: untilEdge(edges, moment, wall) };
}

interface Moment {
  readonly day: number;
  /** Since midnight. */
  readonly minute: number;
}

/** Day of the week and minute, by the clock of a time zone. */
function momentOf(wall: number, timeZone: string | undefined): Moment {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...(timeZone === undefined ? {} : { timeZone }),
    ...{ weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  const parts = new Map(format.formatToParts(wall).map(({ type, value }) => [type, value]));
  const day = DNS_DAYS.indexOf(parts.get('weekday')?.toLowerCase() as DnsDay);
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

function isOn({ days, from, to }: DnsSchedule, { day, minute }: Moment): boolean {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const isDay = (index: number): boolean => days.includes(DNS_DAYS[(index + 7) % 7] as DnsDay);
  if (start < end) return isDay(day) && minute >= start && minute < end;
  // Over midnight: what has begun yesterday belongs to yesterday.
  return (isDay(day) && minute >= start) || (isDay(day - 1) && minute < end);
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours as number) * 60 + (minutes as number);
}

function untilEdge(edges: readonly number[], { minute }: Moment, wall: number): number {
  if (edges.length === 0) return Infinity;
  const minutes = Math.min(...edges.map((edge) => ((edge - minute + MINUTES_A_DAY - 1) % MINUTES_A_DAY) + 1));
  return Math.min(minutes * MINUTE - (((wall % MINUTE) + MINUTE) % MINUTE), LONGEST);
}
