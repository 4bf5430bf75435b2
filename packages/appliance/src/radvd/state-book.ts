import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RememberedOption } from '@router7/ndp';
import { readOrSetAside, removeStaleTemporaries, writeFileAtomicSync } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { formatRadvdState, parseRadvdState } from '../state/radvd-state.ts';

/** Before a file that could not be written is tried again, in milliseconds. */
const RETRY = 10_000;

/** What the hosts of each link have been told, in a file that outlives a power cut. */
export class StateBook {
  readonly #file: string;
  readonly #log: Log;
  readonly #links: Map<string, readonly RememberedOption[]>;
  #unwritten = false;
  #failed = false;
  #retry: NodeJS.Timeout | undefined;

  /** Reads the file. One that cannot be used is set aside: then nothing is known of what hosts were told. */
  constructor(file: string, log: Log) {
    this.#file = file;
    this.#log = log;
    removeStaleTemporaries(file);
    this.#links = new Map(readOrSetAside(file, parseRadvdState, log) ?? []);
  }

  /** What hosts on a link were told. */
  remembered(link: string): readonly RememberedOption[] {
    return this.#links.get(link) ?? [];
  }

  /** Notes what hosts on a link are about to be told; {@link sync} makes it last. */
  note(link: string, options: readonly RememberedOption[]): void {
    this.#links.set(link, options);
    this.#unwritten = true;
  }

  /**
   * Writes what is not written yet. Where the disk is full or broken, hosts are served all the same, and it is tried again:
   * to know too little after the next power cut does less harm than a home without a router.
   */
  sync(): void {
    if (!this.#unwritten || this.#retry !== undefined) return;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileAtomicSync(this.#file, formatRadvdState(this.#links));
      this.#unwritten = false;
      if (this.#failed) this.#log.info('state written', { file: this.#file });
      this.#failed = false;
    } catch (error) {
      if (!this.#failed) this.#log.error('cannot write state, trying again', { file: this.#file, error });
      this.#failed = true;
      this.#retry = setTimeout(() => {
        this.#retry = undefined;
        this.sync();
      }, RETRY).unref();
    }
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.sync();
    clearTimeout(this.#retry);
  }
}
