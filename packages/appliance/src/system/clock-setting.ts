import { closeSync, openSync } from 'node:fs';
import { Arena, adjtimex, clockGettime, clockSettime, errorCode, ioctl, lastErrno, SystemError } from './libc.ts';

const CLOCK_REALTIME = 0;
/** struct timespec: seconds and nanoseconds, 8 octets each on 64-bit machines. */
const TIMESPEC = 16;

/** adjtimex(2): what of struct timex is to be taken. */
const ADJ_OFFSET = 0x1;
const ADJ_MAXERROR = 0x4;
const ADJ_ESTERROR = 0x8;
const ADJ_STATUS = 0x10;
const ADJ_TIMECONST = 0x20;
const ADJ_SETOFFSET = 0x100;
const ADJ_NANO = 0x2000;
/** The kernel's phase-locked loop follows the offsets that it is told; it learns the clock's frequency from them. */
const STA_PLL = 0x1;
/** The clock is not synchronized: as long as this is set the kernel leaves the real-time clock alone. */
const STA_UNSYNC = 0x40;

/** struct timex (linux/timex.h) on 64-bit machines: offsets of its fields in octets, and its size. */
const Timex = {
  modes: 0,
  offset: 8,
  frequency: 16,
  maxError: 24,
  estimatedError: 32,
  status: 40,
  constant: 48,
  seconds: 72,
  subseconds: 80,
  size: 208,
} as const;

/** The largest offset that the kernel's loop takes, 0.5 s. */
const MAXPHASE_NS = 500_000_000;
const NANOSECONDS = 1_000_000_000;

/** RTC_SET_TIME of linux/rtc.h: `_IOW('p', 0x0a, struct rtc_time)`. */
const RTC_SET_TIME = 0x4024_700a;

/** What the kernel is told about an offset. */
export interface ClockSlew {
  /** What the clock is behind, milliseconds; negative when it is ahead. More than half a second counts as that. */
  readonly offsetMs: number;
  /** How slowly the loop follows, as log2 of the seconds between two offsets (RFC 5905 section 11.3). */
  readonly timeConstant: number;
  /** How wrong the clock can be at most, milliseconds. */
  readonly maximumErrorMs: number;
  /** How wrong it is likely to be, milliseconds. */
  readonly estimatedErrorMs: number;
}

/** What the kernel tells of its clock. */
export interface ClockStatus {
  readonly isSynchronized: boolean;
  /** What the loop has learnt about the oscillator: the clock is made faster by this, parts per million. */
  readonly frequencyPpm: number;
  /** What is left of the last offset, milliseconds. */
  readonly offsetMs: number;
}

const timespec = new Arena(TIMESPEC);

/** The wall clock, milliseconds since 1970 with a fraction: Date.now() cuts it off. */
export function wallTime(): number {
  clockGettime(CLOCK_REALTIME, timespec.address);
  return Number(timespec.u64[0]) * 1000 + Number(timespec.u64[1]) / 1e6;
}

/** Sets the wall clock. @param time milliseconds since 1970 @throws SystemError `EPERM`, `EINVAL` (before the start) */
export function setWallTime(time: number): void {
  const arena = new Arena(TIMESPEC);
  const seconds = Math.floor(time / 1000);
  arena.view.setBigInt64(0, BigInt(seconds), true);
  arena.view.setBigInt64(8, BigInt(Math.floor((time - seconds * 1000) * 1e6)), true);
  if (clockSettime(CLOCK_REALTIME, arena.address) < 0) throw new SystemError('clock_settime', lastErrno());
}

/**
 * Sets the wall clock forward or back in one go: relative to what it is in that instant, whatever time passes until the
 * kernel does it.
 *
 * @throws SystemError `EPERM`, `EINVAL`
 */
export function stepClock(byMs: number): void {
  const arena = new Arena(Timex.size);
  const nanoseconds = BigInt(Math.round(byMs * 1e6));
  // The part below a second is never negative, as in every timeval.
  const rest = ((nanoseconds % BigInt(NANOSECONDS)) + BigInt(NANOSECONDS)) % BigInt(NANOSECONDS);
  arena.view.setUint32(Timex.modes, ADJ_SETOFFSET | ADJ_NANO, true);
  arena.view.setBigInt64(Timex.seconds, (nanoseconds - rest) / BigInt(NANOSECONDS), true);
  arena.view.setBigInt64(Timex.subseconds, rest, true);
  if (adjtimex(arena.address) < 0) throw new SystemError('adjtimex', lastErrno(), 'ADJ_SETOFFSET');
}

/**
 * Hands an offset to the kernel's loop, which makes the clock run faster or slower for a while, and keeps what it learns
 * about its frequency. The clock counts as synchronized from then on, until the kernel's own estimate of its error has
 * grown to 16 s.
 *
 * @throws SystemError `EPERM`
 */
export function slewClock(slew: ClockSlew): void {
  const arena = new Arena(Timex.size);
  const { view } = arena;
  const offset = Math.min(Math.max(Math.round(slew.offsetMs * 1e6), -MAXPHASE_NS), MAXPHASE_NS);
  const modes = ADJ_OFFSET | ADJ_STATUS | ADJ_TIMECONST | ADJ_MAXERROR | ADJ_ESTERROR | ADJ_NANO;
  view.setUint32(Timex.modes, modes, true);
  view.setBigInt64(Timex.offset, BigInt(offset), true);
  view.setInt32(Timex.status, STA_PLL, true);
  view.setBigInt64(Timex.constant, BigInt(slew.timeConstant), true);
  view.setBigInt64(Timex.maxError, BigInt(Math.round(slew.maximumErrorMs * 1000)), true);
  view.setBigInt64(Timex.estimatedError, BigInt(Math.round(slew.estimatedErrorMs * 1000)), true);
  if (adjtimex(arena.address) < 0) throw new SystemError('adjtimex', lastErrno(), 'ADJ_OFFSET');
}

/** Asks the kernel about its clock; nothing is changed, and no right is needed. @throws SystemError */
export function clockStatus(): ClockStatus {
  const arena = new Arena(Timex.size);
  if (adjtimex(arena.address) < 0) throw new SystemError('adjtimex', lastErrno());
  const { view } = arena;
  const status = view.getInt32(Timex.status, true);
  // STA_NANO tells the unit of the offset.
  const unit = (status & 0x2000) === 0 ? 1e3 : 1e6;
  return {
    isSynchronized: (status & STA_UNSYNC) === 0,
    frequencyPpm: Number(view.getBigInt64(Timex.frequency, true)) / 65536,
    offsetMs: Number(view.getBigInt64(Timex.offset, true)) / unit,
  };
}

/**
 * Sets the real-time clock, which goes on without power where it has a battery, to a time in UTC.
 *
 * @param time milliseconds since 1970
 * @returns false when this machine has none
 * @throws Node's system error or SystemError: `EACCES`, `EBUSY` (another process has it open), `EINVAL`
 */
export function setRealTimeClock(time: number, device: string = '/dev/rtc0'): boolean {
  let fd: number;
  try {
    fd = openSync(device, 'r');
  } catch (error) {
    if (['ENOENT', 'ENODEV', 'ENXIO'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
  try {
    const date = new Date(time);
    // struct rtc_time: as struct tm; days of the week and the year are found out by the kernel.
    const fields = [
      date.getUTCSeconds(),
      date.getUTCMinutes(),
      date.getUTCHours(),
      date.getUTCDate(),
      date.getUTCMonth(),
      date.getUTCFullYear() - 1900,
    ];
    const arena = new Arena(36);
    for (const [index, field] of fields.entries()) arena.view.setInt32(4 * index, field, true);
    if (ioctl(fd, RTC_SET_TIME, arena.address) < 0) throw new SystemError('ioctl', lastErrno(), 'RTC_SET_TIME');
    return true;
  } finally {
    closeSync(fd);
  }
}
