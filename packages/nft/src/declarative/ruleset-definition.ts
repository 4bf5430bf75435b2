import { EncodeError } from '@router7/wire';
import type { FamilyName } from '../family.ts';
import { located } from '../located.ts';
import type { Operation } from '../operation.ts';
import type { Ruleset } from '../ruleset.ts';
import { SetIds } from './rule-context.ts';
import { isPlainObject, list, mismatch, object, type Shape, text } from './shape.ts';
import { type CompiledTable, compileTable, type TableDefinition } from './table-definition.ts';
import { diffTable, type TableContent } from './table-diff.ts';

/** What names a table. */
export interface TableName {
  readonly family: FamilyName;
  readonly name: string;
}

/** Tables in words; plain data, which may as well stand in a file of JSON. All tables that it does not name are others'. */
export interface RulesetDefinition {
  readonly tables: readonly TableDefinition[];
  /** Tables that are to go. */
  readonly absent?: readonly TableName[];
}

/** A rule set, compiled. */
export interface CompiledRuleset {
  readonly tables: readonly CompiledTable[];
  readonly absent: readonly TableName[];
}

/**
 * Checks that a rule set can be compiled, and gives it back: a place for a rule set in code to say what it is.
 *
 * @throws EncodeError `bad-value` or `out-of-range`
 */
export function ruleset(definition: RulesetDefinition): RulesetDefinition {
  compileRuleset(definition);
  return definition;
}

const anything: Shape = () => {};
/** What names a table; a whole definition does as well. */
const tableName: Shape = (value, path) => {
  if (!isPlainObject(value)) return mismatch(path, value, 'a table');
  text(value.family, `${path}.family`);
  text(value.name, `${path}.name`);
};
// Each table is looked at when it is compiled.
const rulesetKeys = { tables: list(anything), absent: list(tableName) };
const rulesetShape = object<RulesetDefinition>('a rule set', rulesetKeys, 'tables');

/** Compiles a rule set. @throws DefinitionError for data of another form; EncodeError `bad-value` or `out-of-range` */
export function compileRuleset(definition: RulesetDefinition): CompiledRuleset {
  rulesetShape(definition, '');
  const { tables, absent = [] } = definition;
  const setIds = new SetIds();
  const compiled = located('tables', () =>
    tables.map((table, index) => located(`[${index}]`, () => compileTable(table, setIds))),
  );
  checkNames('tables', tables);
  checkNames('absent', [...tables, ...absent], tables.length);
  return { tables: compiled, absent };
}

/** Of two tables of one name each would take away what the other one has. @throws EncodeError `bad-value` */
function checkNames(list: keyof RulesetDefinition, tables: readonly TableName[], from: number = 0): void {
  tables.forEach(({ family, name }, index) => {
    const first = tables.findIndex((each) => each.family === family && each.name === name);
    if (index < from || first === index) return;
    throw new EncodeError('bad-value', `table ${family} ${name} is there already`, `${list}[${index - from}]`);
  });
}

/**
 * The operations that turn what the kernel has into what is wanted: see {@link diffTable}. None when there is nothing to
 * do. Tables that are not named are not touched.
 */
export function diffRuleset(wanted: CompiledRuleset, present: Omit<Ruleset, 'generation'>): Operation[] {
  const operations: Operation[] = [];
  for (const { family, name } of wanted.absent) {
    const there = present.tables.some((table) => table.family === family && table.name === name);
    if (there) operations.push({ action: 'delete', object: { kind: 'table', family, name } });
  }
  for (const table of wanted.tables) operations.push(...diffTable(table, contentOf(present, table.table)));
  return operations;
}

/** What a rule set says of one table; undefined when it has none of this name. */
export function contentOf(
  { tables, chains, rules, sets, elements, objects, flowtables }: Omit<Ruleset, 'generation'>,
  { family, name }: TableName,
): TableContent | undefined {
  const table = tables.find((each) => each.family === family && each.name === name);
  if (table === undefined) return undefined;
  const isOwn = (each: { readonly family: FamilyName; readonly table: string }): boolean => {
    return each.family === family && each.table === name;
  };
  return {
    table,
    chains: chains.filter(isOwn),
    rules: rules.filter(isOwn),
    sets: sets.filter(isOwn),
    elements: elements.filter(isOwn),
    objects: objects.filter(isOwn),
    flowtables: flowtables.filter(isOwn),
  };
}
