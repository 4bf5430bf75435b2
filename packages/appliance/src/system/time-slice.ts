import { Arena, systemCall } from './libc.ts';

/** Numbers of sched_setattr(2) and sched_getattr(2), which the C library has no functions for. */
const [SET, GET] = process.arch === 'arm64' ? [274, 275] : [314, 315];

/*
 * struct sched_attr (sched_setattr(2)), 48 octets:
 *
 *   0 size (4)   4 policy (4)   8 flags (8)   16 nice (4)   20 priority (4)   24 runtime (8)   32 deadline (8)   40 period (8)
 */
const SIZE = 48;
const RUNTIME = 24;

/**
 * Says for how long this thread works at a time at most. From Linux 6.12 on the scheduler has a thread with little to do go
 * before others of the same weight that would go on for longer: V8's, which collect and compile, else have the processor for
 * some milliseconds while questions wait. Its share of the processor stays what it was. Older kernels do not listen.
 *
 * @param microseconds from 100 to 100,000
 * @returns whether the kernel took it
 */
export function setTimeSlice(microseconds: number): boolean {
  const { u32, address } = new Arena(SIZE);
  if (systemCall(GET, 0, address, SIZE, 0) < 0) return false;
  u32[0] = SIZE;
  u32[RUNTIME / 4] = microseconds * 1000;
  u32[RUNTIME / 4 + 1] = 0;
  return systemCall(SET, 0, address, 0, 0) === 0;
}

/** For how long this thread works at a time at most, in microseconds; undefined where the kernel does not say. */
export function timeSlice(): number | undefined {
  const { u32, address } = new Arena(SIZE);
  const failed = systemCall(GET, 0, address, SIZE, 0) < 0 || u32[RUNTIME / 4] === 0;
  return failed ? undefined : (u32[RUNTIME / 4] as number) / 1000;
}
