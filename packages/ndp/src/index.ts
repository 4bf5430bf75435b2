export {
  type Message,
  MessageType,
  type NeighborAdvertisement,
  type NeighborSolicitation,
  optionValue,
  optionValues,
  type Redirect,
  type RouterAdvertisement,
  type RouterSolicitation,
} from './message.ts';
export { decodeMessage, encodeMessage } from './message-codec.ts';
export { type MessageFault, messageFault, type PacketFacts } from './message-fault.ts';
export type { KnownOption, MalformedOption, Option, OptionName, OptionValues, RawOption } from './option.ts';
export type { DnsSearchList } from './options/dns-search-list.ts';
export type { EncryptedDns } from './options/encrypted-dns.ts';
export { type Pref64, pref64Lifetime } from './options/pref64.ts';
export type { PrefixInformation } from './options/prefix-information.ts';
export type { RecursiveDnsServers } from './options/recursive-dns-servers.ts';
export type { RouteInformation } from './options/route-information.ts';
export { Preference } from './preference.ts';
export { type OptionDefinition, optionRegistry } from './registry.ts';
