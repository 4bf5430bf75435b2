import { EncodeError } from '@router7/wire';
import type { AttributeWriter } from './attribute.ts';
import { type Chain, type ChainKey, writeChain, writeChainKey } from './chain.ts';
import type { FamilyName } from './family.ts';
import { type Flowtable, type FlowtableKey, writeFlowtable, writeFlowtableDeletion } from './flowtable.ts';
import { NetlinkFlag } from './netlink-header.ts';
import { NftablesMessage } from './nftables-message.ts';
import { type Rule, type RuleKey, writeRule, writeRuleKey } from './rule.ts';
import { type NftSet, type SetKey, writeSet, writeSetKey } from './set.ts';
import { type SetElements, writeSetElements } from './set-elements.ts';
import { type ObjectKey, type StatefulObject, writeObject, writeObjectKey } from './stateful-object.ts';
import { type Table, type TableKey, writeTable, writeTableKey } from './table.ts';

/** Anything that can be added. */
export type NftObject = Table | Chain | Rule | NftSet | SetElements | StatefulObject | Flowtable;

/** What names something that is to be deleted; a whole object will do as well. */
export type NftObjectKey =
  | (TableKey & Pick<Table, 'kind' | 'family'> & { readonly table?: undefined })
  | (ChainKey & Pick<Chain, 'kind' | 'family'>)
  | (RuleKey & Pick<Rule, 'kind' | 'family'>)
  | (SetKey & Pick<NftSet, 'kind' | 'family'>)
  | SetElements
  | (ObjectKey & Pick<StatefulObject, 'kind' | 'family' | 'table' | 'type'>)
  | (FlowtableKey & Pick<Flowtable, 'kind' | 'family'>);

/** A step that makes something. */
export interface AddOperation {
  readonly action: 'add' | 'create';
  readonly object: NftObject;
}

/**
 * One step of a transaction.
 *
 * - `add`: makes it; nothing happens when it is there. A rule goes to the end of its chain.
 * - `create`: makes it; the transaction is refused when it is there.
 * - `insert`: a rule goes to the start of its chain, or before `position`.
 * - `replace`: the rule with this `handle` becomes this one.
 * - `delete`: a rule by its `handle`; without it all rules of the chain, without `chain` those of the table;
 *   a list without elements means all elements of the set. Everything else by its name, or without one by its handle.
 * - `destroy`: the same, and nothing happens when it is not there (Linux 6.3).
 */
export type Operation =
  | AddOperation
  | { readonly action: 'insert' | 'replace'; readonly object: Rule }
  | { readonly action: 'delete'; readonly object: NftObjectKey }
  | { readonly action: 'destroy'; readonly object: NftObjectKey };

const newMessage = {
  table: NftablesMessage.newTable,
  chain: NftablesMessage.newChain,
  rule: NftablesMessage.newRule,
  set: NftablesMessage.newSet,
  elements: NftablesMessage.newSetElements,
  object: NftablesMessage.newObject,
  flowtable: NftablesMessage.newFlowtable,
} as const;

const deleteMessage = {
  table: NftablesMessage.deleteTable,
  chain: NftablesMessage.deleteChain,
  rule: NftablesMessage.deleteRule,
  set: NftablesMessage.deleteSet,
  elements: NftablesMessage.deleteSetElements,
  object: NftablesMessage.deleteObject,
  flowtable: NftablesMessage.deleteFlowtable,
} as const;

const destroyMessage = {
  table: NftablesMessage.destroyTable,
  chain: NftablesMessage.destroyChain,
  rule: NftablesMessage.destroyRule,
  set: NftablesMessage.destroySet,
  elements: NftablesMessage.destroySetElements,
  object: NftablesMessage.destroyObject,
  flowtable: NftablesMessage.destroyFlowtable,
} as const;

/** The message of an operation: its number and its flags but for NLM_F_REQUEST and NLM_F_ACK. @throws EncodeError */
export function operationHeader(operation: Operation): { message: number; flags: number; family: FamilyName } {
  const { action, object } = operation;
  const { family, kind } = object;
  if (!Object.hasOwn(newMessage, kind)) throw new EncodeError('bad-value', `${JSON.stringify(kind)} is not an object`);
  if (action === 'delete') return { message: deleteMessage[kind], flags: 0, family };
  if (action === 'destroy') return { message: destroyMessage[kind], flags: 0, family };
  // A table is made whether or not the flag says so, and the nft program leaves it out.
  let flags: number = kind === 'table' ? 0 : NetlinkFlag.create;
  if (action === 'create') flags |= NetlinkFlag.exclusive;
  if (action === 'replace') flags = NetlinkFlag.replace;
  if (kind === 'rule' && (action === 'add' || action === 'create')) flags = NetlinkFlag.create | NetlinkFlag.append;
  return { message: newMessage[kind], flags, family };
}

/** Writes the attributes of an operation. @throws EncodeError */
export function writeOperation(writer: AttributeWriter, { action, object }: Operation): void {
  if (action === 'delete' || action === 'destroy') writeKey(writer, object);
  else writeNew(writer, object, action === 'replace');
}

function writeNew(writer: AttributeWriter, object: NftObject, replaces: boolean): void {
  switch (object.kind) {
    case 'table':
      writeTable(writer, object);
      break;
    case 'chain':
      writeChain(writer, object);
      break;
    case 'rule':
      writeRule(writer, object, replaces);
      break;
    case 'set':
      writeSet(writer, object);
      break;
    case 'elements':
      writeSetElements(writer, object);
      break;
    case 'object':
      writeObject(writer, object);
      break;
    case 'flowtable':
      writeFlowtable(writer, object);
      break;
  }
}

function writeKey(writer: AttributeWriter, key: NftObjectKey): void {
  switch (key.kind) {
    case 'table':
      writeTableKey(writer, key);
      break;
    case 'chain':
      writeChainKey(writer, key);
      break;
    case 'rule':
      writeRuleKey(writer, key);
      break;
    case 'set':
      writeSetKey(writer, key);
      break;
    case 'elements':
      writeSetElements(writer, key);
      break;
    case 'object':
      writeObjectKey(writer, key);
      break;
    case 'flowtable':
      writeFlowtableDeletion(writer, key);
      break;
  }
}

/** `add rule inet router7 input #3`: an operation in words, for messages to people. */
export function describeOperation({ action, object }: Operation, ruleIndex?: number): string {
  const index = ruleIndex === undefined ? '' : `#${ruleIndex}`;
  const table = 'table' in object ? object.table : undefined;
  return [action, object.kind, object.family, table, nameOf(object), index]
    .filter((word) => word !== undefined && word !== '')
    .join(' ');
}

function nameOf(object: NftObject | NftObjectKey): string | undefined {
  if (object.kind === 'rule') return object.chain ?? 'all chains';
  if (object.kind === 'elements') return object.set;
  return object.name ?? (object.handle === undefined ? undefined : `handle ${object.handle}`);
}
