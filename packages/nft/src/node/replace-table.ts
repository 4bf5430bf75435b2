import type { FamilyName, PresentTable, TableDefinition } from '@router7/nft';
import { applyRuleset } from './apply-ruleset.ts';
import type { NftConnection } from './connection.ts';

/** What a table holds at present but for its rules; undefined when there is no such table. @throws NftError */
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
 * Makes tables what their definitions say: {@link applyRuleset} for a list of tables.
 *
 * @throws NftError; EncodeError before anything is sent
 */
export async function applyTables(connection: NftConnection, definitions: readonly TableDefinition[]): Promise<void> {
  await applyRuleset(connection, { tables: definitions });
}
