import { EncodeError, Ipv4Address } from '@router7/wire';

/** The most addresses of one subnet's pools: those of a /12. Two bits of memory each. */
export const MAXIMUM_POOL_SIZE: number = 2 ** 20;

/** A run of addresses, both ends included. */
export interface AddressRange {
  readonly first: Ipv4Address;
  readonly last: Ipv4Address;
}

/** A range with the number that its first address has in the pool. */
interface NumberedRange {
  readonly first: number;
  readonly last: number;
  readonly offset: number;
}

/**
 * The addresses that a subnet may hand out, and which of them nobody has.
 *
 * The addresses of all ranges are numbered from 0. A set bit means free. Above the bits lies a tree of bits, each telling
 * whether the word below it has any bit set, so that the next free address of a pool of 65,536 with one left is found in
 * three steps, not in 65,536: an offer costs the same whether the pool is empty or full.
 */
export class AddressPool {
  /** Number of addresses, free or not. */
  readonly size: number;
  readonly #ranges: readonly NumberedRange[];
  /** `#levels[0]` has a bit for each address, each further level one for each word of the level before. */
  readonly #levels: readonly Uint32Array[];

  /**
   * @param ranges in any order; overlaps are taken once. All addresses are free at first.
   * @throws EncodeError `bad-value` when a range ends before it begins, `out-of-range` above {@link MAXIMUM_POOL_SIZE}
   */
  constructor(ranges: readonly AddressRange[]) {
    this.#ranges = numberRanges(ranges);
    const last = this.#ranges.at(-1);
    this.size = last === undefined ? 0 : last.offset + last.last - last.first + 1;
    if (this.size > MAXIMUM_POOL_SIZE) throw new EncodeError('out-of-range', `${this.size} addresses are too many`);
    this.#levels = fullLevels(this.size);
  }

  /** The number of an address in this pool, or -1. */
  indexOf(address: number): number {
    for (const range of this.#ranges) {
      if (address >= range.first && address <= range.last) return range.offset + address - range.first;
    }
    return -1;
  }

  /** Whether the address belongs to the pool, free or not. */
  has(address: number): boolean {
    return this.indexOf(address) !== -1;
  }

  /** Whether the address belongs to the pool and nobody has it. */
  isFree(address: number): boolean {
    const index = this.indexOf(address);
    return index !== -1 && (((this.#levels[0] as Uint32Array)[index >>> 5] as number) & (1 << (index & 31))) !== 0;
  }

  /** Marks an address; one outside of the pool is passed over. */
  setFree(address: number, free: boolean): void {
    let index = this.indexOf(address);
    if (index === -1) return;
    for (const words of this.#levels) {
      const at = index >>> 5;
      const before = words[at] as number;
      const after = free ? before | (1 << (index & 31)) : before & ~(1 << (index & 31));
      words[at] = after;
      // The level above only cares whether there is any bit at all.
      if ((before === 0) === (after === 0)) return;
      index = at;
    }
  }

  /** The first free address from number `start` on, going round at the end; undefined when there is none at all. */
  nextFree(start: number): Ipv4Address | undefined {
    let index = this.#find(start);
    if (index === -1) index = this.#find(0);
    return index === -1 ? undefined : this.#addressAt(index);
  }

  #find(start: number): number {
    let index = start;
    for (let level = 0; level < this.#levels.length; level++) {
      const words = this.#levels[level] as Uint32Array;
      const at = index >>> 5;
      const word = at < words.length ? (words[at] as number) & (0xffff_ffff << (index & 31)) : 0;
      if (word !== 0) return this.#descend(level, at * 32 + lowestBit(word));
      // Nothing from here to the end of this word: go on one level higher with the next word.
      index = at + 1;
    }
    return -1;
  }

  #descend(level: number, index: number): number {
    let found = index;
    for (let below = level - 1; below >= 0; below--) {
      found = found * 32 + lowestBit((this.#levels[below] as Uint32Array)[found] as number);
    }
    return found;
  }

  #addressAt(index: number): Ipv4Address | undefined {
    for (const range of this.#ranges) {
      const address = range.first + index - range.offset;
      if (address <= range.last) return new Ipv4Address(address);
    }
    return undefined;
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

function numberRanges(ranges: readonly AddressRange[]): NumberedRange[] {
  const numbered: NumberedRange[] = [];
  let offset = 0;
  let end = -1;
  for (const { first, last } of [...ranges].sort((a, b) => a.first.value - b.first.value)) {
    if (last.value < first.value) throw new EncodeError('bad-value', `the pool ${first}-${last} ends before it begins`);
    const from = Math.max(first.value, end + 1);
    if (from > last.value) continue;
    numbered.push({ first: from, last: last.value, offset });
    offset += last.value - from + 1;
    end = last.value;
  }
  return numbered;
}

function fullLevels(size: number): Uint32Array[] {
  const levels: Uint32Array[] = [];
  let bits = size;
  do {
    const words = new Uint32Array(Math.ceil(bits / 32)).fill(0xffff_ffff);
    // Bits past the end would be found as free addresses.
    if (bits % 32 !== 0) words[words.length - 1] = 2 ** (bits % 32) - 1;
    levels.push(words);
    bits = words.length;
  } while (bits > 1);
  return levels;
}
