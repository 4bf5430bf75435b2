/** Makes what an engine has put into its lease table safe from a power cut. */
export interface DurableTable {
  /**
   * Returns, or resolves, once everything is on disk, and at once when nothing has changed.
   *
   * @throws or rejects when it is not: then no reply that promises something may leave
   */
  sync(): void | Promise<void>;

  /**
   * Begins to put everything on disk while the caller goes on. One at a time; `sync` waits for it first.
   *
   * @param done hears why it is not there, if so; called by {@link DurableTable.completion}, or out of a `sync`
   * @returns false when that is not possible now: `sync` is; absent when it never is
   */
  begin?(done: (error?: unknown) => void): boolean;

  /** Tells that what was begun is done; absent when nothing can be begun. */
  readonly completion?: Completion | undefined;
}

/** How the one that has begun something gets to know that it is done: by a call of its `done`. */
export interface Completion {
  /** Calls it if it is, which costs next to nothing. @returns whether it was */
  look(): boolean;
  /** Waits for up to so many milliseconds, less when a watched descriptor can be read. @returns whether it was called */
  wait(ms: number): boolean;
  /** Waits as long as it takes. */
  finish(): void;
  /** Leaves it to the event loop. */
  sleep(): void;
  /** Watches a descriptor until that is closed. @throws SystemError */
  watch(fd: number): void;
}
