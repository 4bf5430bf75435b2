import { type FamilyName, NftError, type Ruleset, type SetElements } from '@router7/nft';
import type { NftConnection } from './connection.ts';

/** Which part of the rule set: all of it, that of a family, or one table. */
export interface RulesetFilter {
  readonly family?: FamilyName;
  readonly table?: string;
}

/**
 * Reads the rule set, all of one generation: begins again when it has changed between one dump and the next.
 *
 * @throws NftError `interrupted` when that happened in each attempt
 */
export async function listRuleset(
  connection: NftConnection,
  filter: RulesetFilter,
  attempts: number,
): Promise<Ruleset> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { id: generation } = await connection.generation();
    const ruleset = await read(connection, filter, generation);
    if ((await connection.generation()).id === generation) return ruleset;
  }
  throw new NftError('interrupted', `the rule set changed during ${attempts} attempts to read it`);
}

async function read(connection: NftConnection, filter: RulesetFilter, generation: number): Promise<Ruleset> {
  const { family, table } = filter;
  const ofTable = table === undefined ? {} : { table };
  const all = await connection.tables(family);
  const tables = table === undefined ? all : all.filter(({ name }) => name === table);
  // Of a table that is not there the kernel would tell an error.
  if (table !== undefined && tables.length === 0) {
    return { generation, tables, chains: [], rules: [], sets: [], elements: [], objects: [], flowtables: [] };
  }
  const chains = await connection.chains(family, table);
  const rules = await connection.rules(family, ofTable);
  const sets = await connection.sets(family, table);
  const elements: SetElements[] = [];
  for (const set of sets) {
    const list = await connection.elements(set.family, set.table, set.name);
    elements.push({ kind: 'elements', family: set.family, table: set.table, set: set.name, elements: list });
  }
  const objects = await connection.objects(family, ofTable);
  const flowtables = await connection.flowtables(family, ofTable);
  return { generation, tables, chains, rules, sets, elements, objects, flowtables };
}
