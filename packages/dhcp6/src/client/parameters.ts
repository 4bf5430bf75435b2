import type { Ipv6Address } from '@router7/wire';
import { optionValue } from '../message.ts';
import type { ClientServerMessage, Option } from '../option.ts';

/** What a Reply tells besides its leases. */
export interface Parameters {
  readonly serverIdentifier: Uint8Array;
  /** Monotonic milliseconds. */
  readonly receivedAt: number;
  readonly dnsServers: readonly Ipv6Address[];
  readonly domainSearchList: readonly string[];
  readonly options: readonly Option[];
}

/** Options that are the engine's own business. */
const ENGINE_KINDS: ReadonlySet<string> = new Set([
  'clientIdentifier',
  'serverIdentifier',
  'iaNa',
  'iaTa',
  'iaPd',
  'optionRequest',
  'preference',
  'elapsedTime',
  'authentication',
  'serverUnicast',
  'statusCode',
  'rapidCommit',
  'reconfigureAccept',
  'solMaxRt',
  'infMaxRt',
]);

/** The parameters in a Reply. Name servers that no host can be are left out; everything else is as it came. */
export function parametersOf(
  message: ClientServerMessage,
  serverIdentifier: Uint8Array,
  receivedAt: number,
): Parameters {
  const servers = optionValue(message, 'dnsServers') ?? [];
  return {
    serverIdentifier,
    receivedAt,
    dnsServers: servers.filter((server) => !server.isUnspecified && !server.isMulticast && !server.isLoopback),
    domainSearchList: optionValue(message, 'domainSearchList') ?? [],
    options: message.options.filter(({ kind }) => !ENGINE_KINDS.has(kind)),
  };
}
