/** The file that has the whole table, for people and for other programs. */
export interface TableFile<L> {
  readonly path: string;
  /** What it has, in the order in which it is to be put into the table. */
  read(wall: number, offset: number): Iterable<L>;
  /**
   * Replaces it.
   *
   * @param stamp what its time of modification is to be, whole milliseconds since 1970
   * @returns milliseconds of processor time; rejects with {@link EditedError} or Node's system error
   */
  write(leases: Iterable<L>, offset: number, stamp: number): Promise<number>;
  /** Takes over what a person has changed in it; absent when such changes are overwritten. */
  adoptEdits?(): void;
}

/** The file was written by somebody else, and was left alone. */
export class EditedError extends Error {
  /** What tells this version of the file from others. */
  readonly edit: string;

  constructor(file: string, edit: string) {
    super(`${file} was edited`);
    this.edit = edit;
  }
}
