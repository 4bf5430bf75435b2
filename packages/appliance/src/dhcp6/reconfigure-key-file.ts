import { readFileSync } from 'node:fs';
import type { ReconfigureKey } from '@router7/dhcp6';
import { fromHex, toHex } from '@router7/wire';
import { z } from 'zod';
import { removeFileSync, writeFileAtomicSync } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { errorCode } from '../system/libc.ts';

/** Under the state folder. */
export const RECONFIGURE_KEY_FILE = 'reconfigure-key.json';

const octets = z.string().regex(/^(?:[0-9a-f]{2}){1,130}$/);
const schema = z.strictObject({
  server_duid: octets,
  key: octets.length(32),
  replay_detection: z.string().regex(/^\d{1,20}$/),
});

/**
 * The key that the provider's server signs Reconfigure messages with, and the largest replay detection value seen (RFC 9915
 * sections 20.3 and 20.4.3): a client that starts anew can still be told to renew, and not by an old message.
 */
export class ReconfigureKeyFile {
  readonly #file: string;
  readonly #log: Log;

  constructor(file: string, log: Log) {
    this.#file = file;
    this.#log = log;
  }

  /** Undefined when there is none, or none that can be used. */
  read(): ReconfigureKey | undefined {
    try {
      const { server_duid, key, replay_detection } = schema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
      return { serverIdentifier: fromHex(server_duid), key: fromHex(key), replayDetection: BigInt(replay_detection) };
    } catch (error) {
      // The server hands out another one with the next lease.
      if (errorCode(error) !== 'ENOENT') this.#log.warn('no reconfigure key', { file: this.#file, error });
      return undefined;
    }
  }

  write({ serverIdentifier, key, replayDetection }: ReconfigureKey): void {
    const value = { server_duid: toHex(serverIdentifier), key: toHex(key), replay_detection: String(replayDetection) };
    try {
      writeFileAtomicSync(this.#file, `${JSON.stringify(value)}\n`, 0o600);
    } catch (error) {
      this.#log.error('cannot keep the reconfigure key', { file: this.#file, error });
    }
  }

  /** Removes it: what was given back cannot be renewed. */
  forget(): void {
    try {
      removeFileSync(this.#file);
    } catch (error) {
      this.#log.error('cannot remove file', { file: this.#file, error });
    }
  }
}
