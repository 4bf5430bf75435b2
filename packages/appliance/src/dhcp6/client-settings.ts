import { type ClientConfig, defaultClientConfig, type Option } from '@router7/dhcp6';
import { fromHex } from '@router7/wire';
import { readOrReport } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { type Dhcp6Config, parseDhcp6Config } from '../state/dhcp6-config.ts';
import { IPV6_CONFIG_FILE } from '../state/ipv6-config.ts';

/** IAID of the first IA_PD and of the IA_NA: router7's. */
const FIRST_IAID = 1;

/**
 * A client's settings, as ipv6.json has them. No file, or one that cannot be used (which is told), is the default: one
 * prefix of any length, and an address if there is one to be had.
 */
export function clientSettings(duid: Uint8Array, log: Log, file: string = IPV6_CONFIG_FILE): ClientConfig {
  const config = readOrReport(file, parseDhcp6Config, log) ?? {};
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
