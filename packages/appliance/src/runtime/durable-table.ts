/** Makes what an engine has put into its lease table safe from a power cut. */
export interface DurableTable {
  /**
   * Returns, or resolves, once everything is on disk, and at once when nothing has changed.
   *
   * @throws or rejects when it is not: then no reply that promises something may leave
   */
  sync(): void | Promise<void>;

  /** Whether everything is on disk, so that there is no need to sync; absent where nobody knows. */
  readonly isSafe?: boolean;
}
