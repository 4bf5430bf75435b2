import { getRandomValues } from 'node:crypto';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Bell } from '../system/epoll.ts';
import { setTimeSlice } from '../system/time-slice.ts';
import { AnsweringLoop } from './answering-loop.ts';
import type { AnswererSettings } from './orders.ts';

/** What a thread is started with. */
export interface AnsweringThreadData {
  readonly settings: AnswererSettings;
  /** Descriptor of the bell. */
  readonly bell: number;
}

/** Random numbers that are made at a time: a question needs two, and the one that finds none left waits for 50 us. */
const RANDOM_BATCH = 8192;

/** A question takes 20 microseconds of it. The least that can be asked for. */
const TIME_SLICE = 100;

const { settings, bell } = workerData as AnsweringThreadData;
const pool = new Uint32Array(RANDOM_BATCH);
let used = RANDOM_BATCH;

/** 32 bits of the system's random number generator. */
function random(): number {
  if (used === RANDOM_BATCH) {
    getRandomValues(pool);
    used = 0;
  }
  return pool[used++] as number;
}

// Nobody is to wait for what V8's own threads do.
setTimeSlice(TIME_SLICE);
new AnsweringLoop({ settings, bell: new Bell(bell), port: parentPort as MessagePort, random }).run();
