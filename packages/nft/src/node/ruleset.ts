import {
  type Chain,
  type FamilyName,
  type Flowtable,
  type Generation,
  NftError,
  type NftSet,
  type Rule,
  type Ruleset,
  type SetElement,
  type SetElements,
  type StatefulObject,
  type Table,
} from '@router7/nft';

/** Which part of the rule set: all of it, that of a family, or one table. */
export interface RulesetFilter {
  readonly family?: FamilyName;
  readonly table?: string;
}

/** Whoever can dump each kind of object. */
export interface Dumper {
  generation(): Promise<Generation>;
  tables(family?: FamilyName): Promise<Table[]>;
  chains(family?: FamilyName, table?: string): Promise<Chain[]>;
  rules(family?: FamilyName, key?: { readonly table?: string }): Promise<Rule[]>;
  sets(family?: FamilyName, table?: string): Promise<NftSet[]>;
  elements(family: FamilyName, table: string, set: string): Promise<SetElement[]>;
  objects(family?: FamilyName, key?: { readonly table?: string }): Promise<StatefulObject[]>;
  flowtables(family?: FamilyName, key?: { readonly table?: string }): Promise<Flowtable[]>;
}

/**
 * Reads the rule set, all of one generation: begins again when it has changed between one dump and the next.
 *
 * @throws NftError `interrupted` when that happened in each attempt
 */
export async function listRuleset(dumper: Dumper, filter: RulesetFilter, attempts: number): Promise<Ruleset> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { id: generation } = await dumper.generation();
    const outcome = await read(dumper, filter, generation).catch((error: unknown) => ({ error }));
    const same = (await dumper.generation()).id === generation;
    if (!('error' in outcome)) {
      if (same) return outcome;
      continue;
    }
    // Of what has gone since the tables were listed, the kernel tells an error.
    if (same || !(outcome.error instanceof NftError)) throw outcome.error;
  }
  throw new NftError('interrupted', `the rule set changed during ${attempts} attempts to read it`);
}

async function read(dumper: Dumper, filter: RulesetFilter, generation: number): Promise<Ruleset> {
  const { family, table } = filter;
  const ofTable = table === undefined ? {} : { table };
  const all = await dumper.tables(family);
  const tables = table === undefined ? all : all.filter(({ name }) => name === table);
  // Of a table that is not there the kernel would tell an error.
  if (table !== undefined && tables.length === 0) {
    return { generation, tables, chains: [], rules: [], sets: [], elements: [], objects: [], flowtables: [] };
  }
  const chains = await dumper.chains(family, table);
  const rules = await dumper.rules(family, ofTable);
  const sets = await dumper.sets(family, table);
  const elements: SetElements[] = [];
  for (const set of sets) {
    const list = await dumper.elements(set.family, set.table, set.name);
    elements.push({ kind: 'elements', family: set.family, table: set.table, set: set.name, elements: list });
  }
  const objects = await dumper.objects(family, ofTable);
  const flowtables = await dumper.flowtables(family, ofTable);
  return { generation, tables, chains, rules, sets, elements, objects, flowtables };
}
