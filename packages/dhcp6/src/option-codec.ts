import type { OptionName, OptionValues } from './option.ts';
import { authentication } from './options/authentication.ts';
import { clientFqdn } from './options/client-fqdn.ts';
import { clientLinkLayerAddress } from './options/client-link-layer-address.ts';
import { clientNetworkInterface } from './options/client-network-interface.ts';
import { container } from './options/container.ts';
import { domainName } from './options/domain-name.ts';
import { domainNames } from './options/domain-names.ts';
import { duid } from './options/duid-octets.ts';
import { encryptedDns } from './options/encrypted-dns.ts';
import { iaAddress } from './options/ia-address.ts';
import { iaNa } from './options/ia-na.ts';
import { iaPrefix } from './options/ia-prefix.ts';
import { iaTa } from './options/ia-ta.ts';
import type { NestingShape } from './options/nesting-shape.ts';
import { ntpServer } from './options/ntp-server.ts';
import { pdExclude } from './options/pd-exclude.ts';
import { rdnssSelection } from './options/rdnss-selection.ts';
import { relayMessage } from './options/relay-message.ts';
import { remoteId } from './options/remote-id.ts';
import { s46Dmr } from './options/s46-dmr.ts';
import { s46Portparams } from './options/s46-portparams.ts';
import { s46Rule } from './options/s46-rule.ts';
import { s46V4V6Bind } from './options/s46-v4v6-bind.ts';
import {
  flag,
  ipv6,
  ipv6List,
  octets,
  octetsOrNone,
  text,
  u8,
  u16,
  u16List,
  u16ListOrNone,
  u32,
} from './options/shape.ts';
import { statusCode } from './options/status.ts';
import { textItems } from './options/text-items.ts';
import { userClass } from './options/user-class.ts';
import { vendorClass } from './options/vendor-class.ts';
import { vendorOptions } from './options/vendor-options.ts';

/** Code and shape of every option that has a type of its own. */
const shapes: { readonly [N in OptionName]: readonly [code: number, shape: NestingShape<OptionValues[N]>] } = {
  clientIdentifier: [1, duid],
  serverIdentifier: [2, duid],
  iaNa: [3, iaNa],
  iaTa: [4, iaTa],
  iaAddress: [5, iaAddress],
  optionRequest: [6, u16ListOrNone],
  preference: [7, u8],
  elapsedTime: [8, u16],
  relayMessage: [9, relayMessage],
  authentication: [11, authentication],
  serverUnicast: [12, ipv6],
  statusCode: [13, statusCode],
  rapidCommit: [14, flag],
  userClass: [15, userClass],
  vendorClass: [16, vendorClass],
  vendorOptions: [17, vendorOptions],
  interfaceId: [18, octetsOrNone],
  reconfigureMessage: [19, u8],
  reconfigureAccept: [20, flag],
  sipServerNames: [21, domainNames],
  sipServerAddresses: [22, ipv6List],
  dnsServers: [23, ipv6List],
  domainSearchList: [24, domainNames],
  iaPd: [25, iaNa],
  iaPrefix: [26, iaPrefix],
  sntpServers: [31, ipv6List],
  informationRefreshTime: [32, u32],
  remoteId: [37, remoteId],
  subscriberId: [38, octets],
  clientFqdn: [39, clientFqdn],
  posixTimezone: [41, text],
  tzdbTimezone: [42, text],
  ntpServer: [56, ntpServer],
  bootfileUrl: [59, text],
  bootfileParameters: [60, textItems],
  clientArchitectureTypes: [61, u16List],
  clientNetworkInterface: [62, clientNetworkInterface],
  aftrName: [64, domainName],
  relaySuppliedOptions: [66, container],
  pdExclude: [67, pdExclude],
  rdnssSelection: [74, rdnssSelection],
  clientLinkLayerAddress: [79, clientLinkLayerAddress],
  solMaxRt: [82, u32],
  infMaxRt: [83, u32],
  s46Rule: [89, s46Rule],
  s46Br: [90, ipv6],
  s46Dmr: [91, s46Dmr],
  s46V4V6Bind: [92, s46V4V6Bind],
  s46Portparams: [93, s46Portparams],
  s46ContainerMapE: [94, container],
  s46ContainerMapT: [95, container],
  s46ContainerLw: [96, container],
  captivePortal: [103, text],
  s46Priority: [111, u16List],
  mudUrl: [112, text],
  relayPort: [135, u16],
  sztpRedirect: [136, textItems],
  andsfAddresses: [143, ipv6List],
  encryptedDns: [144, encryptedDns],
  addressRegistrationEnable: [148, flag],
};

/** An option with a type of its own, as the message codec wants it. */
export interface OptionCodec extends NestingShape<unknown> {
  readonly code: number;
  readonly name: OptionName;
}

/** Codecs by option name. */
export const codecByName: ReadonlyMap<string, OptionCodec> = new Map(
  Object.entries(shapes).map(([name, [code, shape]]) => {
    const { decode, encode } = shape as NestingShape<unknown>;
    return [name, { code, name: name as OptionName, decode, encode }];
  }),
);

/** Codecs by option code; undefined where an option has no type of its own, or no option has the code. */
export const codecByCode: readonly (OptionCodec | undefined)[] = listCodecs();

function listCodecs(): (OptionCodec | undefined)[] {
  const codecs = [...codecByName.values()];
  const byCode = new Array<OptionCodec | undefined>(Math.max(...codecs.map(({ code }) => code)) + 1).fill(undefined);
  for (const codec of codecs) byCode[codec.code] = codec;
  return byCode;
}
