import type { Log } from '../runtime/log.ts';
import type { Clock } from '../system/clock.ts';
import { type Credentials, readCertificates } from './certificate.ts';
import type { CertificateFiles } from './web-files.ts';

/**
 * Keeps the certificate that is used. One that breaks never locks the owner out (row IN-08): while the files are being
 * replaced, or have become useless, the last good one goes on to the end of its life; then it is plain HTTP.
 */
export class CertificateKeeper {
  readonly #files: readonly CertificateFiles[];
  readonly #clock: Clock;
  readonly #log: Log;
  #used: Credentials | undefined;
  #told = '';

  constructor(files: readonly CertificateFiles[], clock: Clock, log: Log) {
    this.#files = files;
    this.#clock = clock;
    this.#log = log;
  }

  /** Whether the certificate in use has come to the end of its life since the last look. */
  get isDue(): boolean {
    return this.#used !== undefined && this.#clock.wall() > this.#used.validTo;
  }

  /** Reads the files again. @returns undefined when it has to be plain HTTP */
  look(): Credentials | undefined {
    const wall = this.#clock.wall();
    const { good, broken } = readCertificates(this.#files, wall);
    const isLasting = broken.length > 0 && this.#used !== undefined && wall <= this.#used.validTo;
    const used = good ?? (isLasting ? this.#used : undefined);
    const what =
      used === undefined ? 'serving plain HTTP' : good === undefined ? 'the last one goes on' : 'another one is used';
    const told = broken.map(({ file, why }) => `${file} ${why} ${what}`).join();
    if (told !== this.#told) {
      for (const { file, why } of broken) this.#log.warn(`certificate of no use, ${what}`, { file, why });
    }
    this.#told = told;
    this.#used = used;
    return used;
  }
}
