import type { OptionName, OptionValues } from './option.ts';
import { authentication } from './options/authentication.ts';
import { domainNames } from './options/domain-names.ts';
import { duid } from './options/duid-octets.ts';
import { iaAddress } from './options/ia-address.ts';
import { iaNa } from './options/ia-na.ts';
import { iaPrefix } from './options/ia-prefix.ts';
import { iaTa } from './options/ia-ta.ts';
import type { NestingShape } from './options/nesting-shape.ts';
import { pdExclude } from './options/pd-exclude.ts';
import { relayMessage } from './options/relay-message.ts';
import { flag, ipv6, ipv6List, u8, u16, u16ListOrNone, u32 } from './options/shape.ts';
import { statusCode } from './options/status.ts';

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
  reconfigureMessage: [19, u8],
  reconfigureAccept: [20, flag],
  dnsServers: [23, ipv6List],
  domainSearchList: [24, domainNames],
  iaPd: [25, iaNa],
  iaPrefix: [26, iaPrefix],
  sntpServers: [31, ipv6List],
  informationRefreshTime: [32, u32],
  pdExclude: [67, pdExclude],
  solMaxRt: [82, u32],
  infMaxRt: [83, u32],
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

/** Codecs by option code. */
export const codecByCode: ReadonlyMap<number, OptionCodec> = new Map(
  [...codecByName.values()].map((codec) => [codec.code, codec]),
);
