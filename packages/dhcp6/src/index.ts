export type { AddressRequest, ClientConfig, DelegationRequest } from './client/config.ts';
export { DEFAULT_OPTIONS, defaultClientConfig } from './client/default-config.ts';
export { ClientEngine, type ClientSurroundings } from './client/engine.ts';
export type { ClientInput } from './client/input.ts';
export type { AssignedAddress, ClientConfiguration, ClientLease, DelegatedPrefix } from './client/lease.ts';
export type { HmacMd5 } from './client/machine.ts';
export type {
  ChangeReason,
  ClientEvent,
  ClientOutput,
  ClientSend,
  ClientStateName,
  DiscardReason,
} from './client/output.ts';
export type { ReconfigureKey } from './client/reconfigure-key.ts';
export type { RememberedLeases, RememberedTimes } from './client/remembered.ts';
export type { ExchangeName, ExchangeTiming, ExchangeTimings } from './client/retransmission.ts';
export {
  type Duid,
  DuidType,
  decodeDuid,
  encodeDuid,
  MAX_DUID_LENGTH,
} from './duid.ts';
export {
  isRelayMessage,
  type OptionHolder,
  optionValue,
  optionValues,
  statusOf,
} from './message.ts';
export {
  type DecodeMessageOptions,
  decodeMessage,
  encodeMessage,
  encodeMessageTo,
  HOP_COUNT_LIMIT,
} from './message-codec.ts';
export { MessageType } from './message-type.ts';
export { decodeRawOption, encodeNamedOption, type NamedValue } from './named-option.ts';
export type {
  ClientServerMessage,
  IaAddress,
  IaNa,
  IaPrefix,
  IaTa,
  KnownOption,
  MalformedOption,
  Message,
  Option,
  OptionContainer,
  OptionName,
  OptionValues,
  RawOption,
  RelayMessage,
  S46Rule,
  S46V4V6Bind,
} from './option.ts';
export { encodeOption } from './option-data.ts';
export type { Authentication } from './options/authentication.ts';
export { type ClientFqdn, ClientFqdnFlag } from './options/client-fqdn.ts';
export type { ClientLinkLayerAddress } from './options/client-link-layer-address.ts';
export type { ClientNetworkInterface } from './options/client-network-interface.ts';
export type { EncryptedDns } from './options/encrypted-dns.ts';
export type { ShapedValue, ShapeName, ShapeValues } from './options/generic-shape.ts';
export type { NtpServer } from './options/ntp-server.ts';
export { excludedPrefix, type PdExclude, pdExcludeOf } from './options/pd-exclude.ts';
export type { RdnssSelection } from './options/rdnss-selection.ts';
export type { RemoteId } from './options/remote-id.ts';
export type { S46Portparams } from './options/s46-portparams.ts';
export { S46_FORWARDING_RULE } from './options/s46-rule.ts';
export type { Status } from './options/status.ts';
export type { VendorClass } from './options/vendor-class.ts';
export type { SubOption, VendorOptions } from './options/vendor-options.ts';
export type { PlainOptionValues } from './plain-option.ts';
export {
  type OptionDefinition,
  type OptionStatus,
  optionCode,
  optionDefinition,
  optionName,
  optionRegistry,
} from './registry.ts';
export type { DelegationConfig, LifetimePrefix, LinkConfig, Reservation, ServerConfig } from './server/config.ts';
export { defaultLinkConfig, defaultServerConfig } from './server/default-config.ts';
export { ServerEngine } from './server/engine.ts';
export type { ServerEnvironment } from './server/environment.ts';
export type { ServerInput } from './server/input.ts';
export { leaseKey, octetKey, quarantineKey } from './server/lease-key.ts';
export { type Lease, type LeaseState, type LeaseTable, MemoryLeaseTable } from './server/lease-table.ts';
export { leasedAddresses, leasedPrefixes } from './server/lease-values.ts';
export type { LeaseChange, ServerDiscardReason, ServerEvent, ServerOutput, ServerSend } from './server/output.ts';
export { StatusCode } from './status-code.ts';
