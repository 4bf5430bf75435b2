import {
  type Flowtable,
  NftError,
  type NftSet,
  type Operation,
  type PresentTable,
  replaceTable,
  SetIds,
  type TableDefinition,
} from '@router7/nft';
import { type NftConnection, readPresentTable } from '@router7/nft/node';

/** A table with what rules fill while packets pass. */
export interface OwnTable extends TableDefinition {
  /** Sets and maps to which rules add; what is in them outlives a change of the rules. */
  readonly dynamicSets?: readonly NftSet[];
  readonly offloadTables?: readonly Flowtable[];
}

/** How often a change is begun again when someone else changes the rule set between our reading and writing. */
const ATTEMPTS = 10;

/**
 * Makes tables what they are defined to be, in one transaction, and leaves all others alone. Named counters and the
 * elements of dynamic sets stay.
 *
 * @throws NftError; then nothing was changed
 */
export async function applyOwnTables(connection: NftConnection, tables: readonly OwnTable[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { id: generation } = await connection.generation();
    const setIds = new SetIds();
    const operations: Operation[] = [];
    for (const table of tables) {
      const present = await readPresentTable(connection, table.family, table.name);
      operations.push(...replaceOwnTable(table, present, setIds));
    }
    try {
      await connection.apply(operations, { generation });
      return;
    } catch (error) {
      const stale = error instanceof NftError && error.code === 'stale-generation';
      if (!stale || attempt === ATTEMPTS) throw error;
    }
  }
}

/** The operations that turn a table, whatever it holds, into the defined one. */
export function replaceOwnTable(table: OwnTable, present: PresentTable | undefined, setIds: SetIds): Operation[] {
  const { dynamicSets = [], offloadTables = [] } = table;
  const kept = (present?.sets ?? []).filter((set) => dynamicSets.some((wanted) => isSameSet(wanted, set)));
  const others = present && { ...present, sets: present.sets.filter((set) => !kept.includes(set)) };
  const operations = replaceTable(table, others, setIds);
  // Behind all that is deleted, before the first thing that may name them.
  const tableAdded = operations.findLastIndex(({ action, object }) => action === 'add' && object.kind === 'table');
  const added = [...dynamicSets.filter(({ name }) => !kept.some((set) => set.name === name)), ...offloadTables].map(
    (object): Operation => ({ action: 'add', object }),
  );
  return operations.toSpliced(tableAdded + 1, 0, ...added);
}

function isSameSet(wanted: NftSet, present: NftSet): boolean {
  return (
    wanted.name === present.name &&
    wanted.flags === present.flags &&
    wanted.keyLength === present.keyLength &&
    wanted.keyType === present.keyType &&
    wanted.dataLength === present.dataLength &&
    wanted.size === present.size &&
    wanted.timeoutMilliseconds === present.timeoutMilliseconds
  );
}
