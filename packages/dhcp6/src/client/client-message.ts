/** The client's messages, one builder for each row of RFC 9915 sections 18.2.1 to 18.2.8. */
import { Ipv6Address, type Ipv6Prefix } from '@router7/wire';
import { MessageType } from '../message-type.ts';
import type { ClientServerMessage, Option } from '../option.ts';
import type { ClientConfig } from './config.ts';
import type { WantedIa } from './ia-answer.ts';

/** `All_DHCP_Relay_Agents_and_Servers` (section 7.1): where all of a client's messages go. */
export const ALL_RELAY_AGENTS_AND_SERVERS: Ipv6Address = Ipv6Address.parse('ff02::1:2');

/** An IA as it is asked for, with the leases that are wished for, held, or given back. */
export interface IaWish {
  readonly ia: WantedIa;
  /** A hint for a prefix's length has the address `::`. */
  readonly leases: readonly Ipv6Prefix[];
}

/** What every message of an exchange carries. */
export interface Transaction {
  readonly transactionId: number;
  /** Hundredths of a second since the exchange began. */
  readonly elapsed: number;
}

/** Solicit (section 18.2.1). */
export function solicitMessage(config: ClientConfig, t: Transaction, wishes: readonly IaWish[]): ClientServerMessage {
  const rapid: Option[] = config.rapidCommit ? [{ kind: 'rapidCommit', value: true }] : [];
  return message(config, MessageType.solicit, t, undefined, [...rapid, ...ias(wishes), ...parameters(config, ASK)]);
}

/** Request (section 18.2.2): "The client MUST include the identifier of the destination server". */
export function requestMessage(
  config: ClientConfig,
  t: Transaction,
  server: Uint8Array,
  wishes: readonly IaWish[],
): ClientServerMessage {
  return message(config, MessageType.request, t, server, [...ias(wishes), ...parameters(config, ASK)]);
}

/** Confirm (section 18.2.3): "The client includes IA options for all of the IAs [...] for which [it] has addresses". */
export function confirmMessage(config: ClientConfig, t: Transaction, wishes: readonly IaWish[]): ClientServerMessage {
  return message(config, MessageType.confirm, t, undefined, ias(wishes.filter(({ ia }) => ia.kind === 'iaNa')));
}

/** Renew (section 18.2.4): "The client MUST include a Server Identifier option", the leases, and what is wanted besides. */
export function renewMessage(
  config: ClientConfig,
  t: Transaction,
  server: Uint8Array,
  wishes: readonly IaWish[],
): ClientServerMessage {
  return message(config, MessageType.renew, t, server, [...ias(wishes), ...parameters(config, ASK)]);
}

/** Rebind (section 18.2.5): as Renew, "with the exception that the client [...] does not include the Server Identifier". */
export function rebindMessage(config: ClientConfig, t: Transaction, wishes: readonly IaWish[]): ClientServerMessage {
  return message(config, MessageType.rebind, t, undefined, [...ias(wishes), ...parameters(config, ASK)]);
}

/**
 * Information-request (section 18.2.6): "The client MUST NOT include any IA options."
 *
 * @param server "When responding to a Reconfigure, the client includes a Server Identifier option"
 */
export function informationRequestMessage(
  config: ClientConfig,
  t: Transaction,
  server: Uint8Array | undefined,
): ClientServerMessage {
  return message(config, MessageType.informationRequest, t, server, parameters(config, ASK_INFORMATION));
}

/** Release (section 18.2.7). */
export function releaseMessage(
  config: ClientConfig,
  t: Transaction,
  server: Uint8Array,
  wishes: readonly IaWish[],
): ClientServerMessage {
  return message(config, MessageType.release, t, server, ias(wishes));
}

/** Decline (section 18.2.8). */
export function declineMessage(
  config: ClientConfig,
  t: Transaction,
  server: Uint8Array,
  wishes: readonly IaWish[],
): ClientServerMessage {
  return message(config, MessageType.decline, t, server, ias(wishes));
}

function message(
  config: ClientConfig,
  messageType: number,
  { transactionId, elapsed }: Transaction,
  server: Uint8Array | undefined,
  options: readonly Option[],
): ClientServerMessage {
  return {
    messageType,
    transactionId,
    options: [
      { kind: 'clientIdentifier', value: config.duid },
      ...(server === undefined ? [] : [{ kind: 'serverIdentifier', value: server } as const]),
      // Section 21.9: "A client MUST include an Elapsed Time option in messages".
      { kind: 'elapsedTime', value: Math.min(elapsed, 0xffff) },
      ...options,
    ],
  };
}

/**
 * IA options. Sections 21.4 and 21.6: "In a message sent by a client to a server, the T1 and T2 fields SHOULD be set to 0",
 * and so the lifetimes.
 */
function ias(wishes: readonly IaWish[]): readonly Option[] {
  return wishes.map(({ ia: { kind, iaid }, leases }) => ({
    kind,
    value: {
      iaid,
      t1Seconds: 0,
      t2Seconds: 0,
      options: leases.map((prefix): Option => {
        const unset = { preferredLifetimeSeconds: 0, validLifetimeSeconds: 0, options: [] };
        return kind === 'iaPd'
          ? { kind: 'iaPrefix', value: { prefix, ...unset } }
          : { kind: 'iaAddress', value: { address: prefix.address, ...unset } };
      }),
    },
  }));
}

/** Sections 18.2.1, 18.2.2, 18.2.4 and 21.24: "MUST include the SOL_MAX_RT option code" in each option request. */
const ASK: readonly number[] = [82, 83];
/** Section 18.2.6: "The client MUST include [...] the INF_MAX_RT option [...] and the Information Refresh Time option". */
const ASK_INFORMATION: readonly number[] = [32, 82, 83];

function parameters(config: ClientConfig, demanded: readonly number[]): readonly Option[] {
  const asked = config.optionRequest.filter((code) => !demanded.includes(code) && !NEVER_REQUESTED.has(code));
  return [
    { kind: 'optionRequest', value: [...asked, ...demanded] },
    ...(config.reconfigure ? [{ kind: 'reconfigureAccept', value: true } as const] : []),
    ...config.options.filter((option) => !ENGINE_CODES.has(codeOfRaw(option)) && !ENGINE_KINDS.has(option.kind)),
  ];
}

function codeOfRaw(option: Option): number {
  return option.kind === 'raw' || option.kind === 'malformed' ? option.code : -1;
}

/**
 * Options that a client MUST NOT ask for, since they come unasked or never (section 21.7 and IANA's registry), and the one
 * that only an Information-request may name (section 21.23).
 */
const NEVER_REQUESTED: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 19, 20, 25, 26, 32]);

/** Options whose presence the state decides: a configuration cannot put them in. */
const ENGINE_CODES: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 19, 20, 25, 26]);
const ENGINE_KINDS: ReadonlySet<string> = new Set([
  'clientIdentifier',
  'serverIdentifier',
  'iaNa',
  'iaTa',
  'iaAddress',
  'optionRequest',
  'preference',
  'elapsedTime',
  'relayMessage',
  'authentication',
  'serverUnicast',
  'statusCode',
  'rapidCommit',
  'reconfigureMessage',
  'reconfigureAccept',
  'iaPd',
  'iaPrefix',
]);
