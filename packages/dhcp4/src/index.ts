export type { ClientConfig, ClientRetryPolicy } from './client/config.ts';
export { DEFAULT_PARAMETERS, defaultClientConfig } from './client/default-config.ts';
export { ClientEngine, type ClientSurroundings, type RememberedLease } from './client/engine.ts';
export type { ClientInput } from './client/input.ts';
export type { ClientLease } from './client/lease.ts';
export type {
  ClientArp,
  ClientEvent,
  ClientOutput,
  ClientSend,
  ClientStateName,
  DiscardReason,
} from './client/output.ts';
export { MAGIC_COOKIE } from './fixed-fields.ts';
export { BROADCAST_FLAG, type Message, MessageType, Op, optionValue } from './message.ts';
export {
  type DecodeMessageOptions,
  decodeMessage,
  type EncodeMessageOptions,
  encodeMessage,
  encodeMessageTo,
} from './message-codec.ts';
export { decodeRawOption, encodeNamedOption, type NamedValue } from './named-option.ts';
export type { KnownOption, MalformedOption, Option, OptionName, OptionValues, RawOption, Route } from './option.ts';
export { encodeOption } from './option-data.ts';
export { type ClientFqdn, ClientFqdnFlag } from './options/client-fqdn.ts';
export { hardwareClientIdentifier, rfc4361ClientIdentifier } from './options/client-identifier.ts';
export type { ClientMachineIdentifier } from './options/client-machine-identifier.ts';
export type { ClientNetworkInterface } from './options/client-network-interface.ts';
export type { EncryptedDns } from './options/encrypted-dns.ts';
export type { ShapedValue, ShapeName, ShapeValues } from './options/generic-shape.ts';
export {
  type KnownRelaySubOption,
  type RelayAgentInformation,
  type RelaySubOption,
  type RelaySubOptionValues,
  relaySubOptionValue,
} from './options/relay-agent-information.ts';
export type { SipServers } from './options/sip-servers.ts';
export type { SixRd } from './options/six-rd.ts';
export type { StaticRoute } from './options/static-route.ts';
export type { SubOption } from './options/sub-option.ts';
export type { VendorClass, VendorInformation } from './options/vendor-identifying.ts';
export { type OptionDefinition, type OptionStatus, optionCode, optionName, optionRegistry } from './registry.ts';
export type { AddressRange } from './server/address-pool.ts';
export { bootsOn, type ClientMatcher, madeBy, vendorClassBegins } from './server/client-class.ts';
export { clientKey, hardwareKey, identifierKey, isRandomizedMac } from './server/client-key.ts';
export type { ClientClass, Reservation, ServerConfig, SubnetConfig } from './server/config.ts';
export { defaultServerConfig, defaultSubnetConfig } from './server/default-config.ts';
export { ServerEngine, type ServerEnvironment } from './server/engine.ts';
export { cleanHostName, type HostNameRefusal } from './server/host-name.ts';
export type { ServerInput } from './server/input.ts';
export type { Lease, LeaseState, LeaseTable } from './server/lease-table.ts';
export { MemoryLeaseTable } from './server/memory-lease-table.ts';
export type { LeaseChange, ServerDiscardReason, ServerEvent, ServerOutput, ServerSend } from './server/output.ts';
