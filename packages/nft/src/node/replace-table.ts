import {
  type FamilyName,
  NftError,
  type Operation,
  type PresentTable,
  replaceTable,
  SetIds,
  type TableDefinition,
} from '@router7/nft';
import { AppliedTables } from './applied-tables.ts';
import type { NftConnection } from './connection.ts';

/** How often a replacement is begun again when someone else changes the rule set between our reading and writing. */
const ATTEMPTS = 10;

const applied: WeakMap<NftConnection, AppliedTables> = new WeakMap();

/** What a table holds at present; undefined when there is no such table. @throws NftError */
export async function readPresentTable(
  connection: NftConnection,
  family: FamilyName,
  name: string,
): Promise<PresentTable | undefined> {
  const tables = await connection.tables(family);
  if (!tables.some((table) => table.name === name)) return undefined;
  const chains = await connection.chains(family, name);
  const sets = await connection.sets(family, name);
  const objects = await connection.objects(family, { table: name });
  return { chains, sets, objects };
}

/**
 * Makes tables what their definitions say, in one transaction, and leaves all others alone. Named counters keep their
 * values. Begins again when the rule set changed meanwhile. When the connection itself has made them so and nobody has
 * changed the rule set since, it asks for the generation and that is all.
 *
 * @throws NftError; EncodeError before anything is sent
 */
export async function applyTables(connection: NftConnection, definitions: readonly TableDefinition[]): Promise<void> {
  const made = applied.get(connection) ?? new AppliedTables();
  applied.set(connection, made);
  for (let attempt = 1; ; attempt++) {
    const { id: generation } = await connection.generation();
    if (made.hold(definitions, generation)) return;
    const setIds = new SetIds();
    const operations: Operation[] = [];
    for (const definition of definitions) {
      const present = await readPresentTable(connection, definition.family, definition.name);
      operations.push(...replaceTable(definition, present, setIds));
    }
    // Nothing wanted, nothing to do: an empty transaction is an error.
    if (operations.length === 0) return;
    try {
      await connection.apply(operations, { generation });
      made.note(definitions, generation);
      return;
    } catch (error) {
      const stale = error instanceof NftError && error.code === 'stale-generation';
      if (!stale || attempt === ATTEMPTS) throw error;
    }
  }
}
