/** Numbers of a page: the addresses of a /24. */
const PAGE_SIZE = 256;

interface Page<V> {
  readonly values: (V | undefined)[];
  /** How many of them are there. */
  count: number;
}

/**
 * Values by a number of 32 bits, such as an IPv4 address: a map whose look-up is one step into an array.
 *
 * The addresses of a home, and of each subnet that a server serves, lie close together, so they are kept in pages of a
 * /24. A `Map` has to hash its key and to follow a chain, about 100 ns each time when the table has outgrown the
 * processor's cache, and a server looks an address up ten times for each exchange. An address above 127.255.255.255 is
 * a number on the heap for V8 and costs a `Map` even more; the number of its page never is.
 */
export class NumberMap<V> {
  readonly #pages = new Map<number, Page<V>>();
  /** The page that was used last: most often also the next one. */
  #page: Page<V> | undefined;
  #pageNumber = -1;
  /** The page that lost its last value last. It is kept: where a value comes and goes it would be made anew each time. */
  #emptied = -1;
  #size = 0;

  /** How many addresses have a value. */
  get size(): number {
    return this.#size;
  }

  get(address: number): V | undefined {
    return this.#pageOf(address)?.values[address & (PAGE_SIZE - 1)];
  }

  has(address: number): boolean {
    return this.#size > 0 && this.get(address) !== undefined;
  }

  set(address: number, value: V): void {
    let page = this.#pageOf(address);
    if (page === undefined) {
      page = { values: new Array<V | undefined>(PAGE_SIZE).fill(undefined), count: 0 };
      this.#pages.set(address >>> 8, page);
      this.#page = page;
    }
    const index = address & (PAGE_SIZE - 1);
    if (page.values[index] === undefined) {
      page.count++;
      this.#size++;
    }
    page.values[index] = value;
  }

  delete(address: number): void {
    const page = this.#pageOf(address);
    const index = address & (PAGE_SIZE - 1);
    if (page === undefined || page.values[index] === undefined) return;
    page.values[index] = undefined;
    this.#size--;
    if (--page.count > 0) return;
    const number = address >>> 8;
    if (number === this.#emptied) return;
    if (this.#pages.get(this.#emptied)?.count === 0) this.#pages.delete(this.#emptied);
    this.#emptied = number;
  }

  /** All values, those of one /24 by address. What is deleted meanwhile is passed over. */
  *values(): Generator<V, undefined> {
    for (const { values } of this.#pages.values()) {
      for (const value of values) if (value !== undefined) yield value;
    }
  }

  #pageOf(address: number): Page<V> | undefined {
    const number = address >>> 8;
    if (number !== this.#pageNumber) {
      this.#pageNumber = number;
      this.#page = this.#pages.get(number);
    }
    return this.#page;
  }
}
