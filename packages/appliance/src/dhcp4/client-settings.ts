import { join } from 'node:path';
import { type ClientConfig, ClientFqdnFlag, type Option, rfc4361ClientIdentifier } from '@router7/dhcp4';
import { encodeUtf8, fromHex, type MacAddress } from '@router7/wire';
import { readOrReport } from '../runtime/atomic-file.ts';
import type { Log } from '../runtime/log.ts';
import { type Dhcp4Config, parseDhcp4Config } from '../state/dhcp4-config.ts';

/** DUID type 3: link-layer address (RFC 9915 section 11.4); hardware type 1: Ethernet. */
const DUID_LL = [0x00, 0x03, 0x00, 0x01] as const;

/**
 * A host that has our address is one at the other end of a cable, and answers in milliseconds; RFC 5227 waits for bridges
 * that learn for seconds, too. The home would be without its provider for that long at the first lease and after each move.
 */
const PROBE_PACE = 0.1;

/**
 * How long offers are compared, from the first one on (RFC 2131 section 4.4.1 leaves it to the client), in milliseconds. Servers
 * of one provider hear the broadcast together, and differ by the way of their answers.
 */
const SELECTING_WINDOW_MS = 250;

/**
 * What `config.json` in the state folder changes of the client's settings. No file, or one that cannot be used (which is
 * told), changes nothing but that the first message leaves at once: a router is not one of a thousand hosts that boot
 * together (RFC 2131 section 4.4.1), that it compares offers for a shorter time, and that it probes ten times as fast.
 */
export function clientSettings(stateDirectory: string, hardwareAddress: MacAddress, log: Log): Partial<ClientConfig> {
  const config = readOrReport(join(stateDirectory, 'config.json'), parseDhcp4Config, log) ?? {};
  return {
    startDelayMs: [0, 0],
    probePace: PROBE_PACE,
    selectingWindowMs: SELECTING_WINDOW_MS,
    options: sentOptions(config),
    ...(config.client_id === 'duid'
      ? { clientIdentifier: rfc4361ClientIdentifier(1, Uint8Array.of(...DUID_LL, ...hardwareAddress.toBytes())) }
      : {}),
    ...(config.rapid_commit === undefined ? {} : { rapidCommit: config.rapid_commit }),
    ...(config.probe === undefined ? {} : { probe: config.probe }),
  };
}

function sentOptions(config: Dhcp4Config): readonly Option[] {
  const options: Option[] = [];
  if (config.fqdn) {
    // RFC 4702 section 3.1: a client that sends this option SHOULD NOT send the Host Name option as well. S: the server
    // shall tell the DNS, for the router has no right to.
    const flags = ClientFqdnFlag.encoded | ClientFqdnFlag.server;
    options.push({ kind: 'clientFqdn', value: { flags, rcode1: 0, rcode2: 0, name: `${config.fqdn}.` } });
  } else if (config.hostname) {
    options.push({ kind: 'hostName', value: config.hostname });
  }
  if (config.vendor_class) options.push({ kind: 'vendorClassIdentifier', value: config.vendor_class });
  if (config.user_class) options.push({ kind: 'userClass', value: [encodeUtf8(config.user_class)] });
  for (const [code, data] of Object.entries(config.options ?? {})) {
    options.push({ kind: 'raw', code: Number(code), data: fromHex(data) });
  }
  return options;
}
