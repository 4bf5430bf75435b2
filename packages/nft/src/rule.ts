import type { Attributes, AttributeWriter } from './attribute.ts';
import { type Expression, readExpressions, writeExpressions } from './expression.ts';
import { type FamilyName, familyName } from './family.ts';
import { decodeComment, encodeComment } from './userdata.ts';

const NFTA_RULE_TABLE = 1;
const NFTA_RULE_CHAIN = 2;
const NFTA_RULE_HANDLE = 3;
const NFTA_RULE_EXPRESSIONS = 4;
const NFTA_RULE_POSITION = 6;
const NFTA_RULE_USERDATA = 7;

/** A rule: expressions that are carried out one after the other until one does not hold. */
export interface Rule {
  readonly kind: 'rule';
  readonly family: FamilyName;
  readonly table: string;
  readonly chain: string;
  readonly expressions: readonly Expression[];
  /** Printed by `nft list` as `comment "..."`, 127 octets at most. Left out on encode when there is `userdata`. */
  readonly comment?: string;
  readonly userdata?: Uint8Array;
  /** The kernel's number for it: names the rule that is to be replaced or deleted. */
  readonly handle?: bigint;
  /** The handle of the rule before (`insert`) or after (`add`) which this one goes. Read: that of the previous rule. */
  readonly position?: bigint;
}

/** What names one rule, without `handle` all of a chain, without `chain` all of a table. */
export interface RuleKey {
  readonly table: string;
  readonly chain?: string;
  readonly handle?: bigint;
}

/** Writes the attributes of NFT_MSG_NEWRULE. @throws EncodeError */
export function writeRule(writer: AttributeWriter, rule: Rule): void {
  writeRuleKey(writer, rule);
  writeExpressions(writer, NFTA_RULE_EXPRESSIONS, rule.expressions);
  if (rule.position !== undefined) writer.u64(NFTA_RULE_POSITION, rule.position);
  const userdata = rule.userdata ?? (rule.comment === undefined ? undefined : encodeComment(rule.comment));
  if (userdata !== undefined) writer.bytes(NFTA_RULE_USERDATA, userdata);
}

/** Writes what names rules in a request or a deletion. */
export function writeRuleKey(writer: AttributeWriter, rule: RuleKey): void {
  writer.string(NFTA_RULE_TABLE, rule.table);
  if (rule.chain !== undefined) writer.string(NFTA_RULE_CHAIN, rule.chain);
  if (rule.handle !== undefined) writer.u64(NFTA_RULE_HANDLE, rule.handle);
}

/** Reads the attributes of NFT_MSG_NEWRULE. @throws DecodeError */
export function readRule(family: number, attributes: Attributes): Rule {
  const handle = attributes.u64(NFTA_RULE_HANDLE);
  const position = attributes.u64(NFTA_RULE_POSITION);
  const userdata = attributes.bytes(NFTA_RULE_USERDATA);
  const comment = userdata && decodeComment(userdata);
  const expressions = attributes.nested(NFTA_RULE_EXPRESSIONS);
  return {
    kind: 'rule',
    family: familyName(family),
    table: attributes.need(attributes.string(NFTA_RULE_TABLE), 'NFTA_RULE_TABLE'),
    chain: attributes.need(attributes.string(NFTA_RULE_CHAIN), 'NFTA_RULE_CHAIN'),
    expressions: expressions === undefined ? [] : readExpressions(expressions),
    ...(comment !== undefined && { comment }),
    ...(userdata !== undefined && { userdata }),
    ...(handle !== undefined && { handle }),
    ...(position !== undefined && { position }),
  };
}
