import { ByteReader, type ByteWriter, DecodeError, EncodeError, errorWithin } from '@router7/wire';
import type { Option, OptionName, OptionValues } from './option.ts';
import { captivePortal } from './options/captive-portal.ts';
import { dnsSearchList } from './options/dns-search-list.ts';
import { encryptedDns } from './options/encrypted-dns.ts';
import { pref64 } from './options/pref64.ts';
import { prefixInformation } from './options/prefix-information.ts';
import { recursiveDnsServers } from './options/recursive-dns-servers.ts';
import { routeInformation } from './options/route-information.ts';
import { octets, reservedThenOctets, reservedThenU32, type Shape } from './options/shape.ts';

/** Type and shape of every option that has a type of its own. */
const shapes: { readonly [N in OptionName]: readonly [code: number, shape: Shape<OptionValues[N]>] } = {
  sourceLinkLayerAddress: [1, octets],
  targetLinkLayerAddress: [2, octets],
  prefixInformation: [3, prefixInformation],
  redirectedHeader: [4, reservedThenOctets],
  mtu: [5, reservedThenU32],
  nonce: [14, octets],
  routeInformation: [24, routeInformation],
  rdnss: [25, recursiveDnsServers],
  raFlagsExtension: [26, octets],
  dnssl: [31, dnsSearchList],
  captivePortal: [37, captivePortal],
  pref64: [38, pref64],
  encryptedDns: [144, encryptedDns],
};

interface OptionCodec {
  readonly code: number;
  readonly name: OptionName;
  readonly shape: Shape<unknown>;
}

const codecs: readonly OptionCodec[] = Object.entries(shapes).map(([name, [code, shape]]) => {
  return { code, name: name as OptionName, shape: shape as Shape<unknown> };
});

/** Codecs by option type. */
export const codecByCode: ReadonlyMap<number, OptionCodec> = new Map(codecs.map((codec) => [codec.code, codec]));

/** Codecs by option name. */
export const codecByName: ReadonlyMap<string, OptionCodec> = new Map(codecs.map((codec) => [codec.name, codec]));

/** Octets of an option's unit of length (RFC 4861 section 4.6). */
const UNIT = 8;
/** What the length octet can tell. */
const MAX_UNITS = 255;

/**
 * Reads options to the end (RFC 4861 section 4.6).
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+---------------+-------------------------------+
 * |     Type      |    Length     |              ...
 * +---------------+---------------+-------------------------------+
 * ```
 *
 * @throws DecodeError `bad-length` at a length of 0: "Nodes MUST silently discard an ND packet that contains an option with
 *   length zero"; `truncated`
 */
export function readOptions(reader: ByteReader): Option[] {
  const options: Option[] = [];
  while (reader.remaining > 0) {
    const code = reader.u8();
    const units = reader.u8();
    if (units === 0) throw new DecodeError('bad-length', `option ${code} has no length`, reader.offset - 1);
    const offset = reader.offset;
    options.push(decodeOption(code, reader.bytes(units * UNIT - 2), offset));
  }
  return options;
}

/** Decodes one option of the octets behind its type and length; `offset` is where these lie in the message. */
function decodeOption(code: number, data: Uint8Array, offset: number): Option {
  const codec = codecByCode.get(code);
  if (codec === undefined) return { kind: 'raw', code, data };
  const reader = new ByteReader(data, offset);
  try {
    const value = codec.shape.decode(reader);
    reader.end();
    return { kind: codec.name, value } as Option;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { kind: 'malformed', code, data, error: error.code };
  }
}

/**
 * Writes options behind what the writer holds already.
 *
 * @throws EncodeError
 */
export function writeOptions(writer: ByteWriter, options: readonly Option[]): void {
  for (const option of options) writeOption(writer, option);
}

function writeOption(writer: ByteWriter, option: Option): void {
  const start = writer.length;
  let padded = false;
  if (option.kind === 'raw' || option.kind === 'malformed') {
    writer.u8(option.code);
    writer.u8(0);
    writer.bytes(option.data);
  } else {
    const codec = codecByName.get(option.kind);
    if (codec === undefined) throw new EncodeError('bad-value', `there is no option of the name ${option.kind}`);
    writer.u8(codec.code);
    writer.u8(0);
    try {
      codec.shape.encode(writer, option.value);
    } catch (error) {
      throw errorWithin(option.kind, error);
    }
    padded = codec.shape.padded === true;
  }
  const over = (writer.length - start) % UNIT;
  if (over !== 0) {
    if (!padded) throw new EncodeError('bad-value', 'does not end at a multiple of 8 octets', option.kind);
    writer.fill(UNIT - over);
  }
  const units = (writer.length - start) / UNIT;
  if (units > MAX_UNITS)
    throw new EncodeError('too-long', `${units * UNIT} octets are too long for an option`, option.kind);
  writer.patchU8(start + 1, units);
}
