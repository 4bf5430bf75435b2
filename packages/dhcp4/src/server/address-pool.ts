import { EncodeError, Ipv4Address, NumberPool } from '@router7/wire';

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

/** The addresses that a subnet may hand out, and which of them nobody has. The addresses of all ranges are numbered from 0. */
export class AddressPool {
  /** Number of addresses, free or not. */
  readonly size: number;
  readonly #ranges: readonly NumberedRange[];
  readonly #numbers: NumberPool;

  /**
   * @param ranges in any order; overlaps are taken once. All addresses are free at first.
   * @throws EncodeError `bad-value` when a range ends before it begins, `out-of-range` above {@link MAXIMUM_POOL_SIZE}
   */
  constructor(ranges: readonly AddressRange[]) {
    this.#ranges = numberRanges(ranges);
    const last = this.#ranges.at(-1);
    this.size = last === undefined ? 0 : last.offset + last.last - last.first + 1;
    if (this.size > MAXIMUM_POOL_SIZE) throw new EncodeError('out-of-range', `${this.size} addresses are too many`);
    this.#numbers = new NumberPool(this.size);
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
    return index !== -1 && this.#numbers.isFree(index);
  }

  /** Marks an address; one outside of the pool is passed over. */
  setFree(address: number, free: boolean): void {
    const index = this.indexOf(address);
    if (index !== -1) this.#numbers.setFree(index, free);
  }

  /** The first free address from number `start` on, going round at the end; undefined when there is none at all. */
  nextFree(start: number): Ipv4Address | undefined {
    const index = this.#numbers.nextFree(start);
    for (const range of this.#ranges) {
      const address = range.first + index - range.offset;
      if (index !== -1 && address <= range.last) return new Ipv4Address(address);
    }
    return undefined;
  }
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
