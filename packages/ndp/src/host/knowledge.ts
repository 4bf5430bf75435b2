import { bytesEqual, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { type Heard, type HeardKind, heardKey } from './heard.ts';

/** What {@link Knowledge.learn} made of something. */
export type Learned = 'learned' | 'changed' | 'refreshed' | 'full';

/** What routers have said, each with its end, bounded by kind. */
export class Knowledge {
  readonly #limits: Readonly<Record<HeardKind, number>>;
  readonly #heard = new Map<string, Heard>();
  readonly #counts = new Map<HeardKind, number>();

  constructor(limits: Readonly<Record<HeardKind, number>>) {
    this.#limits = limits;
  }

  /** What is known of the same thing as `heard`. */
  find<H extends Heard>(heard: H): H | undefined {
    return this.#heard.get(heardKey(heard)) as H | undefined;
  }

  /** All of a kind, the first heard first. */
  list<K extends HeardKind>(kind: K): Extract<Heard, { readonly kind: K }>[] {
    const found: Heard[] = [];
    for (const heard of this.#heard.values()) if (heard.kind === kind) found.push(heard);
    return found as Extract<Heard, { readonly kind: K }>[];
  }

  /** Takes something in, in place of what was known of it. What is there stays when there is no place for more. */
  learn(heard: Heard): Learned {
    const key = heardKey(heard);
    const before = this.#heard.get(key);
    if (before === undefined) {
      const count = this.#counts.get(heard.kind) ?? 0;
      if (count >= this.#limits[heard.kind]) return 'full';
      this.#counts.set(heard.kind, count + 1);
    }
    this.#heard.set(key, heard);
    if (before === undefined) return 'learned';
    return equalBesidesTimes(before, heard) ? 'refreshed' : 'changed';
  }

  /** Forgets something; undefined when it was not known. */
  forget(heard: Heard): Heard | undefined {
    const key = heardKey(heard);
    const before = this.#heard.get(key);
    if (before === undefined) return undefined;
    this.#heard.delete(key);
    this.#counts.set(before.kind, (this.#counts.get(before.kind) ?? 1) - 1);
    return before;
  }

  /** Takes out all whose end has come. */
  expire(now: number): Heard[] {
    const over = [...this.#heard.values()].filter(({ until }) => until <= now);
    for (const heard of over) this.forget(heard);
    return over;
  }

  /** Address prefixes that have become deprecated, as they are now. */
  deprecate(now: number): Heard[] {
    const deprecated: Heard[] = [];
    for (const [key, heard] of this.#heard) {
      if (heard.kind !== 'addressPrefix' || !heard.preferred || heard.preferredUntil > now) continue;
      const after = { ...heard, preferred: false };
      this.#heard.set(key, after);
      deprecated.push(after);
    }
    return deprecated;
  }

  /** When the next end comes, of a life or of being preferred; Infinity when none will. */
  get nextEnd(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const heard of this.#heard.values()) {
      next = Math.min(next, heard.until);
      if (heard.kind === 'addressPrefix' && heard.preferred) next = Math.min(next, heard.preferredUntil);
    }
    return next;
  }
}

/** Times move with every advertisement; that is no news. */
const TIMES: ReadonlySet<string> = new Set(['until', 'preferredUntil']);

function equalBesidesTimes(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return bytesEqual(a, b);
  if (a instanceof Ipv6Address && b instanceof Ipv6Address) return a.equals(b);
  if (a instanceof Ipv6Prefix && b instanceof Ipv6Prefix) return a.equals(b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  // Values of one kind have the same members; those of lists are numbered.
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every(
    (name) => TIMES.has(name) || equalBesidesTimes((a as Values)[name], (b as Values)[name]),
  );
}

type Values = Readonly<Record<string, unknown>>;
