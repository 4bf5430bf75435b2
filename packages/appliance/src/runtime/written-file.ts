import { statSync } from 'node:fs';

/** Notices when somebody else has written a file that a daemon writes: a person with an editor, while it runs. */
export class WrittenFile {
  readonly #path: string;
  #known: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Notes the file as it is now, when it is about to be read. */
  note(): void {
    this.#known = identityOf(this.#path);
  }

  /** Notes what the daemon itself has put there. @param identity of the new file before it was renamed */
  noteOwn(identity: string | undefined): void {
    this.#known = identity;
  }

  /** What tells the present version from others, if it is not the one of {@link note}. A file that is gone is no edit. */
  get edit(): string | undefined {
    const now = identityOf(this.#path);
    return now === this.#known ? undefined : now;
  }
}

/**
 * What tells a version of a file from others; undefined when there is none. Editors write in place or put another file
 * there: each changes one of these, and a rename none.
 */
export function identityOf(path: string): string | undefined {
  try {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch {
    return undefined;
  }
}
