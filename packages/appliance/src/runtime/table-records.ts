/** The leases of a {@link JournalTable} while the process runs, by the key that its records have. */
export interface TableMemory<L, K> {
  readonly size: number;
  get(key: K): L | undefined;
  put(lease: L): void;
  delete(key: K): void;
  values(): IterableIterator<L>;
}

/** A change of the table, as it is read back. Times are wall-clock milliseconds. */
export type TableRecord<L, K> =
  | { readonly kind: 'put'; readonly lease: L }
  | { readonly kind: 'delete'; readonly key: K }
  | { readonly kind: 'snapshot'; readonly stamp: number };

/** What the journal has for each change. */
export interface TableRecords<L, K> {
  keyOf(lease: L): K;
  /** The record of a lease, a view that is valid until the next call. @param offset makes wall-clock times of its times */
  put(lease: L, offset: number): Uint8Array;
  /** The record of a key that nobody has any more, a view that is valid until the next call. */
  delete(key: K): Uint8Array;
  /** The record of a file that is about to be written, see {@link JournalTable.stamps}; absent when nobody asks for it. */
  snapshot?(stamp: number): Uint8Array;
  /** Reads a record. @throws DecodeError */
  decode(record: Uint8Array): TableRecord<L, K>;
  /** The lease of the table for one that was read: with monotonic times, and no more time than it was given. */
  atNow(lease: L, wall: number, offset: number): L;
}
