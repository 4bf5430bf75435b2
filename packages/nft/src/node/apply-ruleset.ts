import {
  type CompiledRuleset,
  compileRuleset,
  describeChanges,
  diffRuleset,
  NftError,
  type Operation,
  type Ruleset,
  type RulesetDefinition,
} from '@router7/nft';
import { AppliedTables } from './applied-tables.ts';
import type { NftConnection } from './connection.ts';

/** How often a change is begun again when someone else changes the rule set between our reading and writing. */
const ATTEMPTS = 10;

const applied: WeakMap<NftConnection, AppliedTables> = new WeakMap();

/** What had to be done. */
export interface Applied {
  /** In their order; empty when there was nothing to do, and nothing was sent then. */
  readonly operations: readonly Operation[];
  /**
   * The generation in which the tables are as they are defined to be. As long as the rule set is of it nobody has changed
   * anything.
   */
  readonly generation: number;
}

/**
 * Makes tables what their definitions say: reads them, compares, and sends the difference as one transaction, all or
 * nothing, only if nobody else has changed the rule set meanwhile; else it begins again. All other tables are left
 * alone. Rules that are the same keep handle and counters, sets the elements that are the same and those that rules have
 * added, named objects their state.
 *
 * When the connection itself has made them so and nobody has changed the rule set since, it asks for the generation and
 * that is all.
 *
 * @throws NftError; EncodeError before anything is sent
 */
export async function applyRuleset(connection: NftConnection, definition: RulesetDefinition): Promise<Applied> {
  const made = applied.get(connection) ?? new AppliedTables();
  applied.set(connection, made);
  const { tables, absent = [] } = definition;
  let compiled: CompiledRuleset | undefined;
  for (let attempt = 1; ; attempt++) {
    const { id: generation } = await connection.generation();
    if (absent.length === 0 && made.hold(tables, generation)) return { operations: [], generation };
    compiled ??= compileRuleset(definition);
    try {
      const operations = diffRuleset(compiled, await readTables(connection, compiled, generation));
      if (operations.length === 0) {
        made.found(tables, generation);
        return { operations, generation };
      }
      await connection.apply(operations, { generation });
      return { operations, generation: made.note(tables, generation) };
    } catch (error) {
      if (!isChange(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * What {@link applyRuleset} would do; the kernel is asked whether it would take it, and nothing is changed.
 *
 * @throws NftError when it would not; EncodeError
 */
export async function planRuleset(connection: NftConnection, definition: RulesetDefinition): Promise<Planned> {
  const compiled = compileRuleset(definition);
  for (let attempt = 1; ; attempt++) {
    const { id: generation } = await connection.generation();
    try {
      const present = await readTables(connection, compiled, generation);
      const operations = diffRuleset(compiled, present);
      if (operations.length > 0) await connection.check(operations, { generation });
      return { operations, present };
    } catch (error) {
      if (!isChange(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * What {@link applyRuleset} would change, as lines for people: `+` what comes, `-` what goes. None when there is nothing
 * to do. The kernel is asked whether it would take it, and nothing is changed.
 *
 * @throws NftError when it would not; EncodeError
 */
export async function checkRuleset(connection: NftConnection, definition: RulesetDefinition): Promise<string[]> {
  const { operations, present } = await planRuleset(connection, definition);
  return describeChanges(operations, present);
}

/** What would have to be done, and to what. */
export interface Planned {
  /** As of {@link Applied}. */
  readonly operations: readonly Operation[];
  readonly present: Ruleset;
}

function isChange(error: unknown): boolean {
  return error instanceof NftError && error.code === 'stale-generation';
}

/** Reads the tables that are named, all of this generation. */
async function readTables(
  connection: NftConnection,
  { tables, absent }: CompiledRuleset,
  generation: number,
): Promise<Ruleset> {
  const keys = tables.map(({ table }) => table);
  const all = await connection.tables();
  const parts: Ruleset[] = [];
  for (const { family, name } of keys) {
    if (!all.some((table) => table.family === family && table.name === name)) continue;
    const part = await connection.list({ family, table: name });
    // Read in pieces, it would be the table of no instant; the guard of the transaction would find that out as well.
    if (part.generation !== generation)
      throw new NftError('stale-generation', 'the rule set changed while it was read');
    parts.push(part);
  }
  const others = all.filter(({ family, name }) => absent.some((key) => key.family === family && key.name === name));
  return {
    generation,
    tables: [...parts.flatMap((part) => part.tables), ...others],
    chains: parts.flatMap(({ chains }) => chains),
    rules: parts.flatMap(({ rules }) => rules),
    sets: parts.flatMap(({ sets }) => sets),
    elements: parts.flatMap(({ elements }) => elements),
    objects: parts.flatMap(({ objects }) => objects),
    flowtables: parts.flatMap(({ flowtables }) => flowtables),
  };
}
