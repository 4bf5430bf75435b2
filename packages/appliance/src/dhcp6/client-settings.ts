import { type ClientConfig, defaultClientConfig, type Option } from '@router7/dhcp6';
import { fromHex } from '@router7/wire';
import { LastGood } from '../runtime/last-good.ts';
import type { Log } from '../runtime/log.ts';
import { type Dhcp6Config, parseDhcp6Config } from '../state/dhcp6-config.ts';
import { IPV6_CONFIG_FILE } from '../state/ipv6-config.ts';

/** IAID of the first IA_PD and of the IA_NA: router7's. */
const FIRST_IAID = 1;

/** The client's part of ipv6.json. Of a file that cannot be used the last good one goes on, after a restart as well. */
export class ClientConfigFile {
  readonly #log: Log;
  readonly #lastGood: LastGood<Dhcp6Config>;
  #told = '';

  /** @param folder for the copy of the last good file */
  constructor(log: Log, folder: string, file: string = IPV6_CONFIG_FILE) {
    this.#log = log;
    this.#lastGood = new LastGood(file, folder, parseDhcp6Config);
  }

  /** Reads it. What is wrong with it is told once in the log; no file is the default. */
  read(): Dhcp6Config {
    const { value, error, warnings } = this.#lastGood.read();
    const told = [...(error === undefined ? [] : [error.message]), ...warnings].join('\n');
    if (told !== this.#told) {
      if (error !== undefined) this.#log.error('configuration unusable', { error });
      for (const warning of warnings) this.#log.warn(warning);
    }
    this.#told = told;
    try {
      this.#lastGood.keep();
    } catch (cause) {
      this.#log.warn('the last good ipv6.json cannot be kept', { error: cause });
    }
    return value ?? {};
  }
}

/** A client's settings. What is not configured is the default: one prefix of any length, and an address if there is one. */
export function clientSettings(duid: Uint8Array, config: Dhcp6Config): ClientConfig {
  const { prefix_length: prefixLength, prefix_length_hints: hints, addresses = 'try' } = config;
  const defaults = defaultClientConfig(duid);
  return {
    ...defaults,
    delegations: Array.from({ length: config.delegations ?? 1 }, (_, i) => ({ iaid: FIRST_IAID + i, prefixLength })),
    addresses: addresses === 'none' ? [] : [{ iaid: FIRST_IAID }],
    addressPolicy: addresses === 'force' ? 'force' : 'try',
    rapidCommit: config.rapid_commit ?? false,
    stateless: config.stateless ?? false,
    reconfigure: config.reconfigure ?? true,
    options: sentOptions(config),
    ...(hints === undefined ? {} : { prefixLengthHints: hints.map((length) => (length === 0 ? undefined : length)) }),
  };
}

function sentOptions({ options = {} }: Dhcp6Config): readonly Option[] {
  return Object.entries(options).map(([code, data]) => ({ kind: 'raw', code: Number(code), data: fromHex(data) }));
}
