export { internetChecksum, onesComplementSum, pseudoHeaderSumV4, pseudoHeaderSumV6 } from './checksum.ts';
export {
  type DecodedDnsName,
  type DnsNameOffsets,
  decodeDnsName,
  encodeDnsName,
  MAX_LABEL_LENGTH,
  MAX_NAME_LENGTH,
} from './dns-name.ts';
export { DecodeError, type DecodeErrorCode, EncodeError, type EncodeErrorCode, errorWithin } from './errors.ts';
export { ExpiryQueue } from './expiry-queue.ts';
export { Ipv4Address } from './ipv4.ts';
export { Ipv6Address } from './ipv6.ts';
export { MacAddress } from './mac.ts';
export { NumberMap } from './number-map.ts';
export { NumberPool } from './number-pool.ts';
export { OldestFirst } from './oldest-first.ts';
export { Ipv4Prefix, Ipv6Prefix } from './prefix.ts';
export { ByteReader } from './reader.ts';
export { mix, RecentTexts } from './recent-texts.ts';
export { type HashHalves, sipHash24 } from './sip-hash.ts';
export { bytesEqual, decodeUtf8, encodeUtf8, fromHex, toHex } from './text.ts';
export { isTopLevelDomain } from './top-level-domain.ts';
export { ByteWriter } from './writer.ts';
