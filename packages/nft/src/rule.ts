import type { Attributes, AttributeWriter } from './attribute.ts';
import { type Expression, readExpressions, writeExpressions } from './expression.ts';
import { type FamilyName, familyName } from './family.ts';
import { decodeComment, encodeComment } from './userdata.ts';

const NFTA_RULE_TABLE = 1;
const NFTA_RULE_CHAIN = 2;
const NFTA_RULE_HANDLE = 3;
const NFTA_RULE_EXPRESSIONS = 4;
const NFTA_RULE_COMPAT = 5;
const NFTA_RULE_POSITION = 6;
const NFTA_RULE_USERDATA = 7;
const NFTA_RULE_ID = 9;
const NFTA_RULE_POSITION_ID = 10;
const NFTA_RULE_CHAIN_ID = 11;
const NFTA_RULE_COMPAT_PROTO = 1;
const NFTA_RULE_COMPAT_FLAGS = 2;

/** What iptables-nft keeps with a rule for its matches and targets; nft leaves it out. */
export interface RuleCompat {
  /** The transport protocol's number. */
  readonly protocol: number;
  /** NFT_RULE_COMPAT_F_INV (2): any other protocol. */
  readonly flags: number;
}

/**
 * `add rule inet t c tcp dport 22 accept comment "x"`: expressions that are carried out one after the other until one
 * does not hold.
 */
export interface Rule {
  readonly kind: 'rule';
  readonly family: FamilyName;
  readonly table: string;
  /** Empty for a chain without a name, which `chainId` tells then. */
  readonly chain: string;
  /** The {@link Chain.id} of a chain that is made in the same transaction. */
  readonly chainId?: number;
  readonly expressions: readonly Expression[];
  /** Printed by `nft list` as `comment "..."`, 127 octets at most. Left out on encode when there is `userdata`. */
  readonly comment?: string;
  readonly userdata?: Uint8Array;
  /** The kernel's number for it: names the rule that is to be replaced or deleted. */
  readonly handle?: bigint;
  /** The handle of the rule before (`insert`) or after (`add`) which this one goes. Read: that of the previous rule. */
  readonly position?: bigint;
  /** A number that is unique in the transaction: `positionId` and `delete` may name it before it has a handle. */
  readonly id?: number;
  /** In place of `position`: the `id` of a rule that comes earlier in the same transaction. */
  readonly positionId?: number;
  readonly compat?: RuleCompat;
}

/** What names one rule, without `handle` all of a chain, without `chain` all of a table. */
export interface RuleKey {
  readonly table: string;
  readonly chain?: string;
  readonly chainId?: number;
  readonly handle?: bigint;
  /** The {@link Rule.id} of a rule that comes earlier in the same transaction. */
  readonly id?: number;
}

/**
 * Writes the attributes of NFT_MSG_NEWRULE.
 *
 * @param replaces whether the rule with its handle is to become this one; a new rule has no handle yet
 * @throws EncodeError
 */
export function writeRule(writer: AttributeWriter, rule: Rule, replaces: boolean = false): void {
  const { chainId, expressions, position, id, positionId, compat } = rule;
  writeChainOf(writer, rule);
  if (chainId !== undefined) writer.u32(NFTA_RULE_CHAIN_ID, chainId);
  if (replaces && rule.handle !== undefined) writer.u64(NFTA_RULE_HANDLE, rule.handle);
  writeExpressions(writer, NFTA_RULE_EXPRESSIONS, expressions);
  if (position !== undefined) writer.u64(NFTA_RULE_POSITION, position);
  if (compat !== undefined) {
    writer.nest(NFTA_RULE_COMPAT, () => {
      writer.u32(NFTA_RULE_COMPAT_PROTO, compat.protocol);
      writer.u32(NFTA_RULE_COMPAT_FLAGS, compat.flags);
    });
  }
  const userdata = rule.userdata ?? (rule.comment === undefined ? undefined : encodeComment(rule.comment));
  if (userdata !== undefined) writer.bytes(NFTA_RULE_USERDATA, userdata);
  if (id !== undefined) writer.u32(NFTA_RULE_ID, id);
  if (positionId !== undefined) writer.u32(NFTA_RULE_POSITION_ID, positionId);
}

function writeChainOf(writer: AttributeWriter, { table, chain }: RuleKey): void {
  writer.string(NFTA_RULE_TABLE, table);
  if (chain !== undefined && chain !== '') writer.string(NFTA_RULE_CHAIN, chain);
}

/** Writes what names rules in a request or a deletion. */
export function writeRuleKey(writer: AttributeWriter, rule: RuleKey): void {
  writeChainOf(writer, rule);
  if (rule.handle !== undefined) writer.u64(NFTA_RULE_HANDLE, rule.handle);
  else if (rule.id !== undefined) writer.u32(NFTA_RULE_ID, rule.id);
}

/** Reads what names a rule. @throws DecodeError */
export function readRuleKey(family: number, attributes: Attributes): RuleKey & Pick<Rule, 'kind' | 'family'> {
  const handle = attributes.u64(NFTA_RULE_HANDLE);
  return {
    kind: 'rule',
    family: familyName(family),
    table: attributes.need(attributes.string(NFTA_RULE_TABLE), 'NFTA_RULE_TABLE'),
    chain: attributes.need(attributes.string(NFTA_RULE_CHAIN), 'NFTA_RULE_CHAIN'),
    ...(handle !== undefined && { handle }),
  };
}

/** Reads the attributes of NFT_MSG_NEWRULE. @throws DecodeError */
export function readRule(family: number, attributes: Attributes): Rule {
  const handle = attributes.u64(NFTA_RULE_HANDLE);
  const position = attributes.u64(NFTA_RULE_POSITION);
  const id = attributes.u32(NFTA_RULE_ID);
  const positionId = attributes.u32(NFTA_RULE_POSITION_ID);
  const chainId = attributes.u32(NFTA_RULE_CHAIN_ID);
  const compat = readCompat(attributes);
  const userdata = attributes.bytes(NFTA_RULE_USERDATA);
  const comment = userdata && decodeComment(userdata);
  const expressions = attributes.nested(NFTA_RULE_EXPRESSIONS);
  return {
    kind: 'rule',
    family: familyName(family),
    table: attributes.need(attributes.string(NFTA_RULE_TABLE), 'NFTA_RULE_TABLE'),
    chain: readChainName(attributes, chainId),
    ...(chainId !== undefined && { chainId }),
    expressions: expressions === undefined ? [] : readExpressions(expressions),
    ...(comment !== undefined && { comment }),
    ...(userdata !== undefined && { userdata }),
    ...(handle !== undefined && { handle }),
    ...(position !== undefined && { position }),
    ...(id !== undefined && { id }),
    ...(positionId !== undefined && { positionId }),
    ...(compat !== undefined && { compat }),
  };
}

function readChainName(attributes: Attributes, chainId: number | undefined): string {
  const name = attributes.string(NFTA_RULE_CHAIN);
  return chainId === undefined ? attributes.need(name, 'NFTA_RULE_CHAIN') : (name ?? '');
}

function readCompat(attributes: Attributes): RuleCompat | undefined {
  const compat = attributes.nested(NFTA_RULE_COMPAT);
  if (compat === undefined) return undefined;
  return {
    protocol: compat.need(compat.u32(NFTA_RULE_COMPAT_PROTO), 'NFTA_RULE_COMPAT_PROTO'),
    flags: compat.need(compat.u32(NFTA_RULE_COMPAT_FLAGS), 'NFTA_RULE_COMPAT_FLAGS'),
  };
}
