export { Attributes, AttributeWriter } from './attribute.ts';
export type { Attribute } from './attribute-slice.ts';
export { type Batch, type BatchOptions, encodeBatch, sequenceAfter } from './batch.ts';
export { type Chain, type ChainCounters, ChainFlag, type ChainHook, type ChainKey, readChain } from './chain.ts';
export { NFNLGRP_NFTABLES, type NftChange, readChange } from './change.ts';
export { concatenate, concatenatedType, paddedLength, splitConcatenation } from './concatenation.ts';
export type { MapEntries } from './declarative/anonymous-set.ts';
export { decompileRule, decompileRuleset, decompileTable } from './declarative/decompile.ts';
export { describeChanges } from './declarative/describe-changes.ts';
export type { Duration } from './declarative/duration.ts';
export type { Dependency, Field, Load } from './declarative/field.ts';
export type {
  CtTally,
  ExtensionFieldName,
  FieldName,
  HeaderFieldName,
  MetaFieldName,
  SctpChunkName,
  TcpOptionName,
} from './declarative/field-name.ts';
export { fields, fieldsOf } from './declarative/field-table.ts';
export { formatRule } from './declarative/format-rule.ts';
export type { ObjectTypeName } from './declarative/map-data.ts';
export type { Comparison, Condition, Match, Positive, Values } from './declarative/match.ts';
export type {
  Commented,
  Count,
  CounterDefinition,
  CtExpectationDefinition,
  CtHelperDefinition,
  CtTimeoutDefinition,
  L3Protocol,
  ObjectDefinitions,
  QuotaDefinition,
  RateLimit,
  RawObjectDefinition,
  SecmarkDefinition,
  SynproxyDefinition,
} from './declarative/object-definition.ts';
export { type AnonymousSet, type NamedSet, SetIds } from './declarative/rule-context.ts';
export { addRule, type CompiledRule, compileRule, type RuleDefinition, rule } from './declarative/rule-definition.ts';
export type { FindSet, HeldSet } from './declarative/rule-reader.ts';
export {
  type CompiledRuleset,
  compileRuleset,
  contentOf,
  diffRuleset,
  type RulesetDefinition,
  ruleset,
  type TableName,
} from './declarative/ruleset-definition.ts';
export type {
  CompiledSet,
  ElementDefinition,
  ElementState,
  KeyTypeName,
  MapDefinition,
  SetDefinition,
} from './declarative/set-definition.ts';
export type {
  ElementStatement,
  FieldOperand,
  LogFlagName,
  LogOptions,
  MapOperand,
  NatOptions,
  ObjectStatement,
  Operand,
  QueueOptions,
  RejectReason,
  Statement,
} from './declarative/statement.ts';
export {
  addTable,
  type ChainDefinition,
  type CompiledTable,
  compileTable,
  type FlowtableDefinition,
  type TableDefinition,
} from './declarative/table-definition.ts';
export { diffTable, type TableContent } from './declarative/table-diff.ts';
export {
  type Scalar,
  type SetTypeName,
  type ValueType,
  type ValueTypeName,
  valueTypes,
} from './declarative/value-type.ts';
export {
  accept,
  addElement,
  clampMss,
  comment,
  counter,
  ctCount,
  ctExpectation,
  ctHelper,
  ctTimeout,
  deleteElement,
  dnat,
  drop,
  dup,
  type ElementOptions,
  expressions,
  flow,
  fwd,
  goTo,
  jump,
  last,
  limit,
  log,
  map,
  masquerade,
  notrack,
  objectOf,
  queue,
  quota,
  redirect,
  reject,
  resetOption,
  returnToCaller,
  secmark,
  set,
  setMark,
  snat,
  synproxy,
  tproxy,
  updateElement,
  vmap,
} from './declarative/words.ts';
export { Errno, errnoName } from './errno.ts';
export { decodeExpression, encodeExpression, expressionName } from './expression.ts';
export {
  type Bitwise,
  type BitwiseBoolean,
  type BitwiseMask,
  BitwiseOperation,
  type BitwiseShift,
} from './expressions/bitwise.ts';
export { type Byteorder, ByteorderOperation } from './expressions/byteorder.ts';
export { type Cmp, CmpOperator } from './expressions/cmp.ts';
export { type ExpressionCodec, type NestedExpressions, type NestingCodec, Register } from './expressions/codec.ts';
export type { Connlimit } from './expressions/connlimit.ts';
export type { Counter } from './expressions/counter.ts';
export { type Ct, CtKey } from './expressions/ct.ts';
export { type Data, type Verdict, VerdictCode } from './expressions/data.ts';
export type { Dup } from './expressions/dup.ts';
export { type Dynset, DynsetOperation } from './expressions/dynset.ts';
export { type Exthdr, type ExthdrField, ExthdrFlag, ExthdrHeader, type ExthdrReset } from './expressions/exthdr.ts';
export { type Fib, FibFlag, FibResult } from './expressions/fib.ts';
export type { FlowOffload } from './expressions/flow-offload.ts';
export type { Fwd } from './expressions/fwd.ts';
export type { Hash, JenkinsHash, SymmetricHash } from './expressions/hash.ts';
export type { Immediate } from './expressions/immediate.ts';
export { type Inner, InnerFlag, InnerType } from './expressions/inner.ts';
export type { Last } from './expressions/last.ts';
export { type Limit, LimitType } from './expressions/limit.ts';
export { type Log, LogFlag, LogLevel } from './expressions/log.ts';
export type { Lookup } from './expressions/lookup.ts';
export type { Masquerade } from './expressions/masquerade.ts';
export { type Meta, MetaKey } from './expressions/meta.ts';
export { type Nat, NatFlag } from './expressions/nat.ts';
export type { Notrack } from './expressions/notrack.ts';
export { type Numgen, NumgenType } from './expressions/numgen.ts';
export type { Objref, ObjrefByMap, ObjrefByName } from './expressions/objref.ts';
export { type Osf, OsfFlag, OsfTtl } from './expressions/osf.ts';
export { type Payload, PayloadBase, type PayloadChecksum, PayloadChecksumType } from './expressions/payload.ts';
export { type Queue, QueueFlag } from './expressions/queue.ts';
export type { Quota } from './expressions/quota.ts';
export { type Range, RangeOperator } from './expressions/range.ts';
export type { Redirect } from './expressions/redirect.ts';
export { type Expression, expressionCodecs, type KnownExpression, type RawExpression } from './expressions/registry.ts';
export { IcmpxCode, type Reject, RejectType } from './expressions/reject.ts';
export { type Rt, RtKey } from './expressions/rt.ts';
export { type Socket, SocketKey } from './expressions/socket.ts';
export { type Synproxy, SynproxyFlag } from './expressions/synproxy.ts';
export type { Tproxy } from './expressions/tproxy.ts';
export { type Tunnel, TunnelKey, TunnelMode } from './expressions/tunnel.ts';
export { type Xfrm, XfrmDirection, XfrmKey } from './expressions/xfrm.ts';
export { Family, type FamilyName, familyCode, familyName } from './family.ts';
export { type Flowtable, FlowtableFlag, type FlowtableKey, readFlowtable } from './flowtable.ts';
export { type Generation, readGeneration } from './generation.ts';
export { BridgePriority, type Hook, hookName, hookNumber, Priority, priorityOf } from './hook.ts';
export { DefinitionError } from './located.ts';
export { decodeAck, type NetlinkAck } from './netlink-error.ts';
export { NetlinkFlag, type NetlinkHeader, type NetlinkMessage, NetlinkType, readMessages } from './netlink-header.ts';
export { NftError, type NftErrorCode, type NftFailure } from './nft-error.ts';
export {
  BatchMessage,
  NETLINK_NETFILTER,
  NFNL_SUBSYS_NFTABLES,
  NftablesMessage,
  type NftablesReply,
  readNftables,
} from './nftables-message.ts';
export type { CtExpectation } from './objects/ct-expectation.ts';
export type { CtHelper } from './objects/ct-helper.ts';
export { type CtTimeout, tcpTimeoutStates, udpTimeoutStates } from './objects/ct-timeout.ts';
export type { Secmark } from './objects/secmark.ts';
export {
  type AddOperation,
  describeOperation,
  type NftObject,
  type NftObjectKey,
  type Operation,
} from './operation.ts';
export { BatchReplies, DumpReplies, type Replies } from './replies.ts';
export { encodeRequest, type Request } from './request.ts';
export { type Rule, type RuleCompat, type RuleKey, readRule } from './rule.ts';
export type { Ruleset } from './ruleset.ts';
export { type NftSet, readSet, SetFlag, type SetKey, SetPolicy, VERDICT_DATA } from './set.ts';
export { readSetElements, type SetElement, SetElementFlag, type SetElements, splitElements } from './set-elements.ts';
export { ByteOrder, decodeSetUserdata, encodeSetUserdata, type SetUserdata } from './set-userdata.ts';
export {
  type KnownObjectData,
  type ObjectData,
  type ObjectKey,
  ObjectType,
  readObject,
  type StatefulObject,
} from './stateful-object.ts';
export { readTable, type Table, TableFlag, type TableKey } from './table.ts';
export {
  COMMENT_MAX,
  decodeComment,
  decodeUserdata,
  encodeComment,
  encodeUserdata,
  type UserdataEntry,
} from './userdata.ts';
