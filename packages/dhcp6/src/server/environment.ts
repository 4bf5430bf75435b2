import type { HmacMd5 } from '../client/machine.ts';

/** What a server engine cannot make by itself. */
export interface ServerEnvironment {
  /** So many random octets that nobody can guess. */
  readonly randomOctets: (count: number) => Uint8Array;
  /** 16 octets that nobody can guess, the same in each run: which addresses new clients get follows from it (RFC 9915 section 13.1). */
  readonly placeSecret: Uint8Array;
  /** Without it no client is asked to reconfigure (RFC 9915 section 20.4). */
  readonly hmacMd5?: HmacMd5;
  /** A number of 64 bits that is larger than all before, those of earlier runs among them: section 20.3. */
  readonly replayDetection: () => bigint;
}
