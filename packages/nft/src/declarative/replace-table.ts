import { bytesEqual } from '@router7/wire';
import type { Chain } from '../chain.ts';
import type { Operation } from '../operation.ts';
import { type NftSet, SetFlag } from '../set.ts';
import { ObjectType, type StatefulObject } from '../stateful-object.ts';
import type { SetIds } from './rule-context.ts';
import { addTable, type CompiledTable, compileTable, type TableDefinition } from './table-definition.ts';

/** What a table holds at present, but for its rules. */
export interface PresentTable {
  readonly chains: readonly Chain[];
  readonly sets: readonly NftSet[];
  readonly objects: readonly StatefulObject[];
}

/**
 * The operations that turn a table, whatever it holds, into the defined one. In one transaction no packet ever meets
 * anything but the old table or the new one. Other tables are not touched.
 *
 * Without `present` the table is added (so that the next step cannot fail), deleted, and made again; its counters start
 * again. With `present` what is the same stays: **named counters keep their values**, without a packet lost between a
 * reading and the transaction. Rules and the elements of sets are always written anew.
 *
 * @param setIds numbers for sets, shared by all that goes into one transaction
 * @throws EncodeError `bad-value` or `out-of-range`
 */
export function replaceTable(definition: TableDefinition, present?: PresentTable, setIds?: SetIds): Operation[] {
  const compiled = compileTable(definition, setIds);
  const { family, name: table } = definition;
  if (present === undefined) {
    const { table: object } = compiled;
    return [
      { action: 'add', object },
      { action: 'delete', object: { kind: 'table', family, name: table } },
      ...addTable(compiled),
    ];
  }
  return [{ action: 'add', object: compiled.table }, ...clearTable(compiled, present), ...addTable(compiled)];
}

/** Deletes rules and elements, then what is not wanted or has to be made in another way; what points at it goes first. */
function clearTable(wanted: CompiledTable, present: PresentTable): Operation[] {
  const { family, name: table } = wanted.table;
  const operations: Operation[] = [];
  const remove = (object: Extract<Operation, { action: 'delete' }>['object']): void => {
    operations.push({ action: 'delete', object });
  };
  if (present.chains.length > 0) remove({ kind: 'rule', family, table });
  // Anonymous sets went with their rules.
  for (const set of present.sets.filter(({ flags }) => (flags & SetFlag.anonymous) === 0)) {
    const same = wanted.sets.some((other) => other.set.name === set.name && isSameSet(other.set, set));
    if (same) remove({ kind: 'elements', family, table, set: set.name, elements: [] });
    else remove({ kind: 'set', family, table, name: set.name });
  }
  for (const chain of present.chains) {
    const same = wanted.chains.some((other) => other.name === chain.name && isSameChain(other, chain));
    if (!same) remove({ kind: 'chain', family, table, name: chain.name });
  }
  for (const { name, type, comment } of present.objects) {
    const kept = wanted.objects.find((object) => object.name === name && object.type === type);
    const same = kept !== undefined && type === ObjectType.counter && kept.comment === comment;
    if (!same) remove({ kind: 'object', family, table, name, type });
  }
  return operations;
}

/** Whether adding `wanted` over `present` gives `wanted`: the kernel changes nothing of a chain but its policy. */
function isSameChain(wanted: Chain, present: Chain): boolean {
  const [a, b] = [wanted.base, present.base];
  if (wanted.comment !== present.comment || (a === undefined) !== (b === undefined)) return false;
  return a?.type === b?.type && a?.hook === b?.hook && a?.priority === b?.priority && a?.device === b?.device;
}

function isSameSet(wanted: NftSet, present: NftSet): boolean {
  const none = new Uint8Array();
  return (
    wanted.flags === present.flags &&
    wanted.keyType === present.keyType &&
    wanted.keyLength === present.keyLength &&
    bytesEqual(wanted.userdata ?? none, present.userdata ?? none)
  );
}
