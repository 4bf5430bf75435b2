// Messages, names and scanning.
export { AnswerCache } from './cache/answer-cache.ts';
export { CacheState } from './cache/cache-state.ts';
export { type CacheLimits, type CacheOptions, DEFAULT_CACHE_LIMITS } from './cache/limits.ts';
export type { LocalRecords } from './cache/local-records.ts';
export type { CacheStatistics } from './cache/statistics.ts';
export type { ClientSubnet } from './edns/client-subnet.ts';
export type { Cookie } from './edns/cookie.ts';
export type { ExtendedErrorOption } from './edns/extended-error.ts';
export type { EdnsOption, EdnsOptionName, EdnsOptionValues } from './edns/option.ts';
export { EDNS_DNSSEC_OK, EdnsOptionCode, ExtendedError, MINIMUM_PAYLOAD_SIZE } from './edns-code.ts';
export { DEFAULT_SETTINGS, DEFAULT_TIMINGS } from './forwarder/default-settings.ts';
export { Forwarder } from './forwarder/forwarder.ts';
export type { ClientTransport, FailureReason, ForwarderInput } from './forwarder/input.ts';
export type { ForwarderOptions } from './forwarder/machine.ts';
export type {
  ForwarderAsk,
  ForwarderEvent,
  ForwarderForget,
  ForwarderOutput,
  ForwarderReply,
} from './forwarder/output.ts';
export { PENDING } from './forwarder/respond.ts';
export type {
  DomainUpstreams,
  ForwarderSettings,
  ForwarderTimings,
  RateLimitSettings,
  UpstreamSettings,
} from './forwarder/settings.ts';
export type { AnswerCounters, ForwarderStatistics, UpstreamStatistics } from './forwarder/statistics.ts';
export { ROUND_TRIP_BOUNDS_MS } from './forwarder/upstream-state.ts';
export { HEADER_LENGTH, HeaderFlag, Opcode, Rcode } from './header.ts';
export { BlockFileReader } from './local/block-file.ts';
export { BlockList, type BlockPolicy, type BlockTable, MAX_BLOCK_LISTS } from './local/block-list.ts';
export { BlockTableBuilder } from './local/block-table-builder.ts';
export { type ClientGroup, ClientGroups, MAX_CLIENT_GROUPS } from './local/client-groups.ts';
export { type LocalAnswer, LocalAnswers } from './local/local-answers.ts';
export {
  type LocalAddress,
  type LocalData,
  type LocalHost,
  type LocalPrefix,
  type LocalRecord,
  NO_LOCAL_DATA,
} from './local/local-data.ts';
export type { LocalQuestion } from './local/local-question.ts';
export { type DnsMessage, ednsOptionOf, opcodeOf, optRecordOf, type Question, rcodeOf } from './message.ts';
export { decodeMessage, encodeMessage } from './message-codec.ts';
export { UPSTREAM_PAYLOAD_SIZE } from './payload-size.ts';
export type { KnownRecord, OptRecord, RawRecord, RecordName, RecordValues, ResourceRecord } from './record.ts';
export { RecordClass, RecordType } from './record-type.ts';
export type { MailExchange } from './records/mail-exchange.ts';
export type * from './records/packet-values.ts';
export type { Service } from './records/service.ts';
export type { ServiceBinding } from './records/service-binding.ts';
export {
  type ServiceParameter,
  ServiceParameterKey,
  type ServiceParameterName,
  type ServiceParameterValues,
} from './records/service-parameter.ts';
export type { StartOfAuthority } from './records/start-of-authority.ts';
export {
  copyLowerCase,
  isSubdomain,
  LOWER_CASE,
  nameKey,
  nameLengthAt,
  nameOctets,
  nameText,
  sameOctetsIgnoringCase,
} from './scan/name.ts';
export { hashName } from './scan/name-hash.ts';
export { NameFault, NameTable } from './scan/name-table.ts';
export { QueryScan, QueryView, scanQuery } from './scan/query-view.ts';
export { scanResponse } from './scan/response-scanner.ts';
export { MAX_RECORDS, ResponseScan, ResponseView, Section } from './scan/response-view.ts';
