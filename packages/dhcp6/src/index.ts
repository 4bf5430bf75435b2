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
  OptionName,
  OptionValues,
  RawOption,
  RelayMessage,
} from './option.ts';
export type { Authentication } from './options/authentication.ts';
export { excludedPrefix, type PdExclude, pdExcludeOf } from './options/pd-exclude.ts';
export type { Status } from './options/status.ts';
export type { PlainOptionValues } from './plain-option.ts';
export { StatusCode } from './status-code.ts';
