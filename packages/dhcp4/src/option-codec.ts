import type { ByteReader, ByteWriter } from '@router7/wire';
import type { OptionName, OptionValues } from './option.ts';
import { classlessStaticRoute } from './options/classless-static-route.ts';
import { clientFqdn } from './options/client-fqdn.ts';
import { clientIdentifier } from './options/client-identifier.ts';
import { clientMachineIdentifier } from './options/client-machine-identifier.ts';
import { clientNetworkInterface } from './options/client-network-interface.ts';
import { domainSearch } from './options/domain-search.ts';
import { encryptedDns } from './options/encrypted-dns.ts';
import { etherboot } from './options/etherboot.ts';
import { relayAgentInformation } from './options/relay-agent-information.ts';
import {
  bit,
  flag,
  ipv4,
  ipv4List,
  octets,
  type Shape,
  text,
  u8,
  u8List,
  u16AtLeast,
  u16List,
  u32,
} from './options/shape.ts';
import { sipServers } from './options/sip-servers.ts';
import { sixRd } from './options/six-rd.ts';
import { staticRoute } from './options/static-route.ts';
import { subnetMask } from './options/subnet-mask.ts';
import { userClass } from './options/user-class.ts';
import { vendorIdentifyingClass, vendorIdentifyingInformation } from './options/vendor-identifying.ts';

/** Code and shape of every option that has a type of its own. */
const shapes: { readonly [N in OptionName]: readonly [code: number, shape: Shape<OptionValues[N]>] } = {
  subnetMask: [1, subnetMask],
  router: [3, ipv4List],
  domainNameServer: [6, ipv4List],
  hostName: [12, text],
  domainName: [15, text],
  // RFC 2132 5.1: "The minimum legal value for the MTU is 68."
  interfaceMtu: [26, u16AtLeast(68)],
  broadcastAddress: [28, ipv4],
  staticRoute: [33, staticRoute],
  ntpServers: [42, ipv4List],
  vendorSpecificInformation: [43, octets],
  requestedIpAddress: [50, ipv4],
  ipAddressLeaseTime: [51, u32],
  dhcpMessageType: [53, u8],
  serverIdentifier: [54, ipv4],
  parameterRequestList: [55, u8List],
  message: [56, text],
  // RFC 2132 9.10: "The minimum legal value is 576 octets."
  maximumDhcpMessageSize: [57, u16AtLeast(576)],
  renewalTime: [58, u32],
  rebindingTime: [59, u32],
  vendorClassIdentifier: [60, text],
  clientIdentifier: [61, clientIdentifier],
  tftpServerName: [66, text],
  bootfileName: [67, text],
  userClass: [77, userClass],
  rapidCommit: [80, flag],
  clientFqdn: [81, clientFqdn],
  relayAgentInformation: [82, relayAgentInformation],
  clientSystemArchitecture: [93, u16List],
  clientNetworkInterface: [94, clientNetworkInterface],
  clientMachineIdentifier: [97, clientMachineIdentifier],
  ipv6OnlyPreferred: [108, u32],
  captivePortal: [114, text],
  autoConfigure: [116, bit],
  subnetSelection: [118, ipv4],
  domainSearch: [119, domainSearch],
  sipServers: [120, sipServers],
  classlessStaticRoute: [121, classlessStaticRoute],
  vendorIdentifyingClass: [124, vendorIdentifyingClass],
  vendorIdentifyingInformation: [125, vendorIdentifyingInformation],
  capwapAccessControllers: [138, ipv4List],
  tftpServerAddresses: [150, ipv4List],
  encryptedDns: [162, encryptedDns],
  etherboot: [175, etherboot],
  sixRd: [212, sixRd],
};

const plainShapes: ReadonlyMap<unknown, OptionCodec['plain']> = new Map<unknown, OptionCodec['plain']>([
  [ipv4, 'address'],
  [u32, 'number'],
  [text, 'text'],
  [u8, 'octet'],
  [ipv4List, 'addresses'],
  [u8List, 'octets'],
]);

/** An option with a type of its own, as the message codec wants it. */
export interface OptionCodec {
  readonly code: number;
  readonly name: OptionName;
  readonly decode: (reader: ByteReader) => unknown;
  readonly encode: (writer: ByteWriter, value: unknown) => void;
  /** Set for the shapes that make up most of a message: these are read where they lie, without a reader. */
  readonly plain: 'address' | 'number' | 'text' | 'octet' | 'addresses' | 'octets' | undefined;
}

/** Codecs by option code; undefined where an option has no type of its own. */
export const codecByCode: readonly (OptionCodec | undefined)[] = listCodecs();

/** Codecs by option name. */
export const codecByName: ReadonlyMap<string, OptionCodec> = new Map(
  codecByCode.filter((codec) => codec !== undefined).map((codec) => [codec.name, codec]),
);

function listCodecs(): (OptionCodec | undefined)[] {
  const codecs = new Array<OptionCodec | undefined>(256).fill(undefined);
  for (const [name, [code, shape]] of Object.entries(shapes)) {
    const { decode, encode } = shape as Shape<unknown>;
    codecs[code] = { code, name: name as OptionName, decode, encode, plain: plainShapes.get(shape) };
  }
  return codecs;
}
