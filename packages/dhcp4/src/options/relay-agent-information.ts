import { type ByteReader, type ByteWriter, EncodeError, type Ipv4Address } from '@router7/wire';
import { flag, ipv4, octetsAtLeast, type Shape, text, tooShort, u8, u32 } from './shape.ts';

/** What each sub-option's value is, by the name of IANA's "DHCP Relay Agent Sub-Option Codes". */
export interface RelaySubOptionValues {
  /** 1, RFC 3046 3.1: the port that the client is on, opaque */
  readonly agentCircuitId: Uint8Array;
  /** 2, RFC 3046 3.2: the client's end of the circuit, opaque */
  readonly agentRemoteId: Uint8Array;
  /** 4, RFC 3256 */
  readonly docsisDeviceClass: number;
  /** 5, RFC 3527: an address in the subnet that the client is on */
  readonly linkSelection: Ipv4Address;
  /** 6, RFC 3993 */
  readonly subscriberId: string;
  /** 10, RFC 5010: bit 0x80 is set when the client's packet was unicast */
  readonly relayAgentFlags: number;
  /** 11, RFC 5107: what the server shall put into option 54 */
  readonly serverIdentifierOverride: Ipv4Address;
  /** 12, RFC 6925 */
  readonly relayAgentIdentifier: Uint8Array;
  /** 19, RFC 8357: the reply goes to the port that the request came from */
  readonly relaySourcePort: true;
}

/** A sub-option with a type of its own. */
export type KnownRelaySubOption = {
  readonly [N in keyof RelaySubOptionValues]: { readonly kind: N; readonly value: RelaySubOptionValues[N] };
}[keyof RelaySubOptionValues];

/** A sub-option of option 82; one without a type of its own keeps its octets. */
export type RelaySubOption =
  | KnownRelaySubOption
  | { readonly kind: 'raw'; readonly code: number; readonly data: Uint8Array };

/** Sub-options in the order of the wire: a server echoes them as they came (RFC 3046 section 2.2). */
export type RelayAgentInformation = readonly RelaySubOption[];

/** The code of each sub-option that has a type, with its shape. */
const known: { readonly [N in keyof RelaySubOptionValues]: readonly [code: number, Shape<RelaySubOptionValues[N]>] } = {
  agentCircuitId: [1, octetsAtLeast(0)],
  agentRemoteId: [2, octetsAtLeast(0)],
  docsisDeviceClass: [4, u32],
  linkSelection: [5, ipv4],
  subscriberId: [6, text],
  relayAgentFlags: [10, u8],
  serverIdentifierOverride: [11, ipv4],
  relayAgentIdentifier: [12, octetsAtLeast(1)],
  relaySourcePort: [19, flag],
};

const byCode: ReadonlyMap<number, keyof RelaySubOptionValues> = new Map(
  Object.entries(known).map(([name, [code]]) => [code, name as keyof RelaySubOptionValues]),
);

/** 82, relay agent information (RFC 3046 section 2.0): sub-options of code, length and octets; no pad, no end. */
export const relayAgentInformation: Shape<RelayAgentInformation> = {
  decode(reader) {
    // Section 2.0: there is at least one sub-option, so the least length is two.
    if (reader.remaining < 2) throw tooShort(reader);
    const subOptions: RelaySubOption[] = [];
    while (reader.remaining > 0) subOptions.push(readSubOption(reader));
    return subOptions;
  },
  encode(writer, value) {
    if (value.length === 0) throw new EncodeError('bad-value', 'sub-options are at least one');
    for (const subOption of value) writeSubOption(writer, subOption);
  },
};

/** The value of the first sub-option of this name, or undefined. */
export function relaySubOptionValue<N extends keyof RelaySubOptionValues>(
  information: RelayAgentInformation,
  name: N,
): RelaySubOptionValues[N] | undefined {
  for (const subOption of information) {
    if (subOption.kind === name) return subOption.value as RelaySubOptionValues[N];
  }
  return undefined;
}

function readSubOption(reader: ByteReader): RelaySubOption {
  const code = reader.u8();
  const inner = reader.sub(reader.u8());
  const name = byCode.get(code);
  if (name === undefined) return { kind: 'raw', code, data: inner.rest() };
  const value = known[name][1].decode(inner);
  inner.end();
  return { kind: name, value } as KnownRelaySubOption;
}

function writeSubOption(writer: ByteWriter, subOption: RelaySubOption): void {
  writer.u8(subOption.kind === 'raw' ? subOption.code : known[subOption.kind][0]);
  const at = writer.length;
  writer.u8(0);
  if (subOption.kind === 'raw') writer.bytes(subOption.data);
  else (known[subOption.kind][1] as Shape<unknown>).encode(writer, subOption.value);
  const length = writer.length - at - 1;
  if (length > 255) throw new EncodeError('too-long', `sub-option ${subOption.kind} has ${length} octets`);
  writer.patchU8(at, length);
}
