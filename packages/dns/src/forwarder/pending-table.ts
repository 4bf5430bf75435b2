import { ExpiryQueue } from '@router7/wire';
import { HEADER_LENGTH } from '../header.ts';
import { sameOctetsIgnoringCase } from '../scan/name.ts';
import type { QueryView } from '../scan/query-view.ts';
import { Pending } from './pending.ts';

/** Questions in flight, by what is asked and from the oldest on, in objects that are used again and again. */
export class PendingTable {
  readonly #limit: number;
  readonly #all: Pending[] = [];
  readonly #free: Pending[] = [];
  readonly #buckets: (Pending | undefined)[];
  readonly #mask: number;
  readonly #due = new ExpiryQueue();
  #oldest: Pending | undefined;
  #newest: Pending | undefined;

  constructor(limit: number) {
    this.#limit = limit;
    const size = 2 ** Math.ceil(Math.log2(Math.max(limit, 16)));
    this.#mask = size - 1;
    this.#buckets = new Array<Pending | undefined>(size).fill(undefined);
  }

  get size(): number {
    return this.#all.length - this.#free.length;
  }

  get full(): boolean {
    return this.#free.length === 0 && this.#all.length >= this.#limit;
  }

  /** The one that began first. */
  get oldest(): Pending | undefined {
    return this.#oldest;
  }

  /** The one of the same question and flavour, if its answer can be shared. */
  find(query: QueryView, flavour: number): Pending | undefined {
    const key = keyOf(query.hash, flavour);
    let pending = this.#buckets[key & this.#mask];
    while (pending !== undefined && !(pending.key === key && isSame(pending, query, flavour))) {
      pending = pending.bucketNext;
    }
    return pending;
  }

  /** Begins one; there must be room. Its question is copied, everything else is as for one that nobody has asked. */
  add(query: QueryView, flavour: number, now: number): Pending {
    const pending = this.#free.pop() ?? this.#grow();
    pending.active = true;
    pending.hash = query.hash;
    pending.flavour = flavour;
    pending.key = keyOf(query.hash, flavour);
    pending.questionEnd = query.questionEnd - query.start;
    const { question } = pending;
    for (let i = 0; i < pending.questionEnd; i++) question[i] = query.bytes[query.start + i] as number;
    question.fill(0, 6, HEADER_LENGTH);
    pending.dnssecOk = query.dnssecOk;
    pending.checkingDisabled = (query.flags & 0x10) !== 0;
    pending.raw = undefined;
    pending.subnet = undefined;
    pending.cacheable = true;
    pending.privateAllowed = false;
    pending.tries.fill(0);
    pending.attempts = 0;
    pending.stream = false;
    pending.startedAt = now;
    pending.nextAttemptAt = now;
    pending.intervalMs = 0;
    pending.givenUp = false;
    pending.staleTried = false;
    pending.failureStored = false;
    pending.alone = false;
    pending.rcode = -1;
    pending.extendedError = -1;
    pending.networkError = false;
    pending.exchanges = undefined;
    pending.askers = undefined;
    this.#link(pending);
    return pending;
  }

  /** Ends one; whoever holds on to it must forget it. */
  remove(pending: Pending): void {
    pending.active = false;
    pending.raw = undefined;
    pending.subnet = undefined;
    this.#due.cancel(pending.index);
    let at = this.#buckets[pending.key & this.#mask];
    if (at === pending) this.#buckets[pending.key & this.#mask] = pending.bucketNext;
    while (at !== undefined && at !== pending) {
      if (at.bucketNext === pending) at.bucketNext = pending.bucketNext;
      at = at.bucketNext;
    }
    pending.bucketNext = undefined;
    if (pending.older === undefined) this.#oldest = pending.newer;
    else pending.older.newer = pending.newer;
    if (pending.newer === undefined) this.#newest = pending.older;
    else pending.newer.older = pending.older;
    pending.older = undefined;
    pending.newer = undefined;
    this.#free.push(pending);
  }

  schedule(pending: Pending, at: number): void {
    this.#due.schedule(pending.index, at);
  }

  nextDue(): number | undefined {
    return this.#due.next();
  }

  /** Takes out one whose time has come. */
  takeDue(now: number): Pending | undefined {
    const index = this.#due.takeDue(now);
    return index === undefined ? undefined : this.#all[index];
  }

  #grow(): Pending {
    const pending = new Pending(this.#all.length);
    this.#all.push(pending);
    return pending;
  }

  #link(pending: Pending): void {
    const bucket = pending.key & this.#mask;
    pending.bucketNext = this.#buckets[bucket];
    this.#buckets[bucket] = pending;
    pending.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = pending;
    else this.#newest.newer = pending;
    this.#newest = pending;
  }
}

function keyOf(hash: number, flavour: number): number {
  return (hash ^ Math.imul(flavour + 1, 0x9e37_79b1)) >>> 0;
}

function isSame(pending: Pending, query: QueryView, flavour: number): boolean {
  const length = query.questionEnd - query.start - HEADER_LENGTH;
  return (
    pending.flavour === flavour &&
    pending.raw === undefined &&
    !pending.alone &&
    pending.questionEnd === HEADER_LENGTH + length &&
    // Type and class have no letters in them that matter: two types may only differ by 0x20 in an octet.
    sameOctetsIgnoringCase(pending.question, HEADER_LENGTH, query.bytes, query.start + HEADER_LENGTH, length - 4) &&
    sameOctets(pending.question, pending.questionEnd - 4, query.bytes, query.questionEnd - 4)
  );
}

/** Type and class. */
function sameOctets(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): boolean {
  for (let i = 0; i < 4; i++) if (a[aAt + i] !== b[bAt + i]) return false;
  return true;
}
