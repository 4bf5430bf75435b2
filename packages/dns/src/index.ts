// Messages, names and scanning.
export { EDNS_DNSSEC_OK, EdnsOptionCode, ExtendedError, MINIMUM_PAYLOAD_SIZE } from './edns-code.ts';
export { DEFAULT_SETTINGS, DEFAULT_TIMINGS } from './forwarder/default-settings.ts';
export { Forwarder, type ForwarderOptions, PENDING } from './forwarder/forwarder.ts';
export type { ClientTransport, FailureReason, ForwarderInput } from './forwarder/input.ts';
export type {
  ForwarderAsk,
  ForwarderEvent,
  ForwarderForget,
  ForwarderOutput,
  ForwarderReply,
} from './forwarder/output.ts';
export type {
  DomainUpstreams,
  ForwarderSettings,
  ForwarderTimings,
  RateLimitSettings,
  UpstreamSettings,
} from './forwarder/settings.ts';
export { HEADER_LENGTH, HeaderFlag, Opcode, Rcode } from './header.ts';
export { UPSTREAM_PAYLOAD_SIZE } from './payload-size.ts';
export { RecordClass, RecordType } from './record-type.ts';
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
