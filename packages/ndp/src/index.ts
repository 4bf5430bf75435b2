export type { HostConfig, SolicitationPolicy } from './host/config.ts';
export { counterAdvertisement, isLasting } from './host/counter-advertisement.ts';
export { defaultHostConfig } from './host/default-config.ts';
export { HostEngine, type HostSurroundings } from './host/engine.ts';
export type {
  Heard,
  HeardAddressPrefix,
  HeardDnsServer,
  HeardEncryptedResolver,
  HeardKind,
  HeardOnLinkPrefix,
  HeardPref64,
  HeardRoute,
  HeardRouter,
  HeardSearchDomain,
} from './host/heard.ts';
export type { HostInput } from './host/input.ts';
export type { HostDiscardReason, HostEvent, HostOutput, HostSend } from './host/output.ts';
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
export type { AdvertisedPrefix, AdvertisedResolver, AdvertisedRoute, RouterConfig } from './router/config.ts';
export { defaultRouterConfig, ND_PREFERRED_LIMIT_SECONDS, ND_VALID_LIMIT_SECONDS } from './router/default-config.ts';
export { RouterEngine, type RouterSurroundings } from './router/engine.ts';
export type { RememberedOption } from './router/held-options.ts';
export type { RouterInput } from './router/input.ts';
export type { LastingOption } from './router/lasting-option.ts';
export { type AdvertisedLifetime, INFINITE_LIFETIME } from './router/lifetime.ts';
export type { RouterDiscardReason, RouterEvent, RouterOutput, RouterRecord, RouterSend } from './router/output.ts';
export { RouterVariableError } from './router/variable-error.ts';
