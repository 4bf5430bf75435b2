import { mkdirSync, readdirSync, renameSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from './atomic-file.ts';

/** Files that are kept for being used again, so that a full disk does not stop the journal. */
const SPARES = 2;

/** The segments of a journal by their names: `<name>.<number>.journal`, and `.spare` what is not needed any more. */
export class JournalFiles {
  readonly #folder: string;
  readonly #name: string;
  /** Files of earlier runs and segments, by sequence number, that hold records still needed. */
  readonly old: number[];
  readonly #spares: string[];

  /** Finds what is there; makes the folder when it is not. @throws Node's system error */
  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    mkdirSync(folder, { recursive: true });
    const escaped = name.replace(/[^\w-]/g, '\\$&');
    const names = readdirSync(folder);
    const old = names.flatMap((file) => new RegExp(`^${escaped}\\.(\\d{10})\\.journal$`).exec(file)?.slice(1, 2) ?? []);
    const spares = names.filter((file) => new RegExp(`^${escaped}\\.\\d{10}\\.spare$`).test(file));
    this.old = old.map(Number).sort((a, b) => a - b);
    this.#spares = spares.map((file) => join(folder, file));
  }

  path(sequence: number): string {
    return join(this.#folder, `${this.#name}.${String(sequence).padStart(10, '0')}.journal`);
  }

  /** A file that may become a segment; undefined when there is none. */
  takeSpare(): string | undefined {
    return this.#spares.pop();
  }

  /** Takes the segments before `upTo` out of service: oldest first, so that what a crash leaves is the journal's end. */
  drop(upTo: number): void {
    while ((this.old[0] ?? upTo) < upTo) {
      const path = this.path(this.old[0] as number);
      if (this.#spares.length < SPARES) {
        const spare = path.replace(/journal$/, 'spare');
        renameSync(path, spare);
        this.#spares.push(spare);
      } else unlinkSync(path);
      this.old.shift();
    }
    syncFolder(this.#folder);
  }
}
