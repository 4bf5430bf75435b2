import type { Ipv6Address } from '@router7/wire';
import { LONGEST_DELAY_MS } from './state.ts';

/** Hosts that wait for an answer of their own at most: more, and all nodes get one together. */
const MOST_WAITING = 256;
/** Answers leave at multiples of this: the host's delay stays random, and many answers cost one wake-up. */
const STEP_MS = 20;

interface Waiting {
  readonly address: Ipv6Address;
  readonly dueAt: number;
}

/** Answers to solicitations that go to their senders alone, each after a random delay (RFC 4861 section 6.2.6). */
export class UnicastAnswers {
  readonly #waiting = new Map<bigint, Waiting>();
  #deadline: number | undefined;

  /** When the first one is due. */
  get deadline(): number | undefined {
    return this.#deadline;
  }

  /** Takes in a solicitation. @returns false when there is no room */
  add(address: Ipv6Address, random: () => number, now: number): boolean {
    // "the delay is relative to the first solicitation".
    if (this.#waiting.has(address.value)) return true;
    if (this.#waiting.size >= MOST_WAITING) return false;
    // Rounded up within what is allowed: "a random time between 0 and MAX_RA_DELAY_TIME seconds".
    const dueAt = Math.ceil((now + random() * (LONGEST_DELAY_MS - STEP_MS)) / STEP_MS) * STEP_MS;
    this.#waiting.set(address.value, { address, dueAt });
    this.#deadline = Math.min(this.#deadline ?? dueAt, dueAt);
    return true;
  }

  /** Takes out those that are due. */
  take(now: number): Ipv6Address[] {
    if (this.#deadline === undefined || this.#deadline > now) return [];
    const due: Ipv6Address[] = [];
    let deadline: number | undefined;
    for (const [key, { address, dueAt }] of this.#waiting) {
      if (dueAt <= now) {
        due.push(address);
        this.#waiting.delete(key);
      } else if (deadline === undefined || dueAt < deadline) {
        deadline = dueAt;
      }
    }
    this.#deadline = deadline;
    return due;
  }

  clear(): void {
    this.#waiting.clear();
    this.#deadline = undefined;
  }
}
