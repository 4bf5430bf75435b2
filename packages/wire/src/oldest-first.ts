/** A link of the chain. */
interface Link<V> {
  value: V;
  older: Link<V> | undefined;
  newer: Link<V> | undefined;
}

/**
 * Values by a numeric key, in the order in which they were added. Every operation takes the same time however many there
 * are; a `Map` alone would walk over all its deleted entries to find the first one that is left.
 */
export class OldestFirst<V> {
  readonly #links = new Map<number, Link<V>>();
  #oldest: Link<V> | undefined;
  #newest: Link<V> | undefined;

  get size(): number {
    return this.#links.size;
  }

  /** The value that was added first. */
  get oldest(): V | undefined {
    return this.#oldest?.value;
  }

  has(key: number): boolean {
    return this.#links.has(key);
  }

  /** Adds a value behind all others; one of the same key goes. */
  add(key: number, value: V): void {
    let link = this.#links.get(key);
    if (link === undefined) {
      link = { value, older: undefined, newer: undefined };
      this.#links.set(key, link);
    } else {
      // Most values come again and again: their place in the map stays.
      if (link === this.#newest) {
        link.value = value;
        return;
      }
      this.#takeOut(link);
      link.value = value;
    }
    link.older = this.#newest;
    link.newer = undefined;
    if (this.#newest === undefined) this.#oldest = link;
    else this.#newest.newer = link;
    this.#newest = link;
  }

  /** The value that went, if there was one. */
  delete(key: number): V | undefined {
    const link = this.#links.get(key);
    if (link === undefined) return undefined;
    this.#links.delete(key);
    this.#takeOut(link);
    return link.value;
  }

  #takeOut(link: Link<V>): void {
    if (link.older === undefined) this.#oldest = link.newer;
    else link.older.newer = link.newer;
    if (link.newer === undefined) this.#newest = link.older;
    else link.newer.older = link.older;
  }
}
