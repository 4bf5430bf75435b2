import { NumberMap } from './number-map.ts';

/** When an address is due, and where it stands in the heap. */
interface Entry {
  address: number;
  /** Infinity: not at all any more. */
  at: number;
  /** The time under which the heap has it; never later than {@link at}. */
  queuedAt: number;
}

/** Entries of the heap that may be out of date before it is built anew. */
const SLACK = 64;

/** Entries that are kept for addresses to come: one that is made for each query of a server is its garbage collector's work. */
const MOST_SPARE = 256;

/**
 * Addresses by the time at which something ends for them: a binary heap that lets renewals cost nothing.
 *
 * A lease is prolonged many times before it ever ends, so prolonging only notes the later time; the heap keeps the
 * earlier one, and the address is put back when that comes up. An address thus costs one heap operation per lease time,
 * not one per renewal. What has been moved forward or cancelled stays in the heap until it comes up, or until half of
 * the heap is such entries.
 */
export class ExpiryQueue {
  readonly #entries = new NumberMap<Entry>();
  // The heap, as two arrays of numbers: time and address of each node.
  #times: number[] = [];
  #addresses: number[] = [];
  readonly #spare: Entry[] = [];
  readonly #later: (address: number) => number;

  /**
   * @param later when an address is due that was prolonged without {@link schedule}: asked when its time is over, so that
   *   prolonging costs nothing at all. -Infinity for one that was not
   */
  constructor(later: (address: number) => number = () => -Infinity) {
    this.#later = later;
  }

  /** Says when an address is due, in place of what was said before. */
  schedule(address: number, at: number): void {
    if (at === Infinity) {
      this.cancel(address);
      return;
    }
    const entry = this.#entries.get(address);
    if (entry === undefined) {
      this.#entries.set(address, this.#newEntry(address, at));
      this.#push(at, address);
      return;
    }
    entry.at = at;
    if (at < entry.queuedAt) {
      entry.queuedAt = at;
      this.#push(at, address);
      if (this.#times.length > 2 * this.#entries.size + SLACK) this.#rebuild();
    }
  }

  /** Forgets an address. */
  cancel(address: number): void {
    const entry = this.#entries.get(address);
    // Left in place, so that an address that is cancelled and scheduled in turns stands in the heap once.
    if (entry !== undefined) entry.at = Infinity;
  }

  /** The earliest time, or undefined when nothing is due ever. */
  next(): number | undefined {
    this.#settle();
    return this.#times[0];
  }

  /** A time before which nothing is due, not always the earliest one: {@link next} finds that, and takes longer. */
  get soonest(): number | undefined {
    this.#clear();
    return this.#times[0];
  }

  /** Takes out the first address that is due at `now` or earlier. */
  takeDue(now: number): number | undefined {
    if ((this.#times[0] ?? Infinity) > now) return undefined;
    this.#settle();
    if ((this.#times[0] ?? Infinity) > now) return undefined;
    const address = this.#addresses[0] as number;
    this.#delete(address);
    this.#removeTop();
    return address;
  }

  /** Brings the heap's top up to date, so that it is an address that is really due then. */
  #settle(): void {
    for (let entry = this.#clear(); entry !== undefined; entry = this.#clear()) {
      const at = Math.max(entry.at, this.#later(entry.address));
      if (at === entry.queuedAt) return;
      entry.at = at;
      entry.queuedAt = at;
      this.#times[0] = at;
      this.#sink();
    }
  }

  /** Takes out of the heap's top what is not awaited any more. @returns the entry that is the top then */
  #clear(): Entry | undefined {
    while (this.#times.length > 0) {
      const address = this.#addresses[0] as number;
      const entry = this.#entries.get(address);
      if (entry !== undefined && entry.queuedAt === this.#times[0]) {
        if (entry.at !== Infinity) return entry;
        this.#delete(address);
      }
      this.#removeTop();
    }
    return undefined;
  }

  #newEntry(address: number, at: number): Entry {
    const entry = this.#spare.pop();
    if (entry === undefined) return { address, at, queuedAt: at };
    entry.address = address;
    entry.at = at;
    entry.queuedAt = at;
    return entry;
  }

  #delete(address: number): void {
    const entry = this.#entries.get(address);
    if (entry === undefined) return;
    this.#entries.delete(address);
    if (this.#spare.length < MOST_SPARE) this.#spare.push(entry);
  }

  #rebuild(): void {
    this.#times = [];
    this.#addresses = [];
    for (const entry of this.#entries.values()) {
      if (entry.at === Infinity) {
        this.#delete(entry.address);
      } else {
        entry.queuedAt = entry.at;
        this.#push(entry.at, entry.address);
      }
    }
  }

  #push(time: number, address: number): void {
    const times = this.#times;
    const addresses = this.#addresses;
    let at = times.length;
    times.push(time);
    addresses.push(address);
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if ((times[parent] as number) <= time) break;
      times[at] = times[parent] as number;
      addresses[at] = addresses[parent] as number;
      at = parent;
    }
    times[at] = time;
    addresses[at] = address;
  }

  #removeTop(): void {
    const time = this.#times.pop() as number;
    const address = this.#addresses.pop() as number;
    if (this.#times.length === 0) return;
    this.#times[0] = time;
    this.#addresses[0] = address;
    this.#sink();
  }

  /** Moves the top down to its place. */
  #sink(): void {
    const times = this.#times;
    const addresses = this.#addresses;
    const time = times[0] as number;
    const address = addresses[0] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= times.length) break;
      if (child + 1 < times.length && (times[child + 1] as number) < (times[child] as number)) child++;
      if ((times[child] as number) >= time) break;
      times[at] = times[child] as number;
      addresses[at] = addresses[child] as number;
      at = child;
    }
    times[at] = time;
    addresses[at] = address;
  }
}
