import type { FamilyName } from '../family.ts';
import { located } from '../located.ts';
import type { AddOperation } from '../operation.ts';
import type { Rule } from '../rule.ts';
import { splitElements } from '../set-elements.ts';
import { compileStatement } from './compile-statement.ts';
import { compileMatch, type Match } from './match.ts';
import { type AnonymousSet, type NamedSet, RuleContext, SetIds } from './rule-context.ts';
import { isPlainObject, list, mismatch, object, type Shape } from './shape.ts';
import type { Statement } from './statement.ts';
import { statementShapes } from './statement-shape.ts';

/** A rule in words: conditions and statements, carried out in the order in which they stand. */
export interface RuleDefinition {
  readonly parts: readonly (Match | Statement)[];
}

/** A rule in expressions, and the anonymous sets that have to be made before it. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly sets: readonly AnonymousSet[];
}

/**
 * A rule: `rule({ iifname: 'uplink0', 'ct.state': ['established', 'related'] }, accept())`.
 *
 * Conditions may stand between statements, as in `rule({ 'ct.state': 'new' }, counter('news'), { iifname: 'lan0' }, accept())`.
 */
export function rule(...parts: readonly (Match | Statement)[]): RuleDefinition {
  return { parts };
}

/**
 * Compiles a rule, with the tests put in before that make a field readable (`meta nfproto`, `meta l4proto`).
 *
 * @param setIds numbers for anonymous sets, shared by all that goes into one transaction
 * @param namedSets what is known of the table's sets and maps
 * @throws DefinitionError for data of another form; EncodeError `bad-value` or `out-of-range`
 */
export function compileRule(
  where: { readonly family: FamilyName; readonly table: string; readonly chain: string },
  definition: RuleDefinition,
  setIds: SetIds = new SetIds(),
  namedSets?: (name: string) => NamedSet | undefined,
): CompiledRule {
  ruleShape(definition, '');
  const context = new RuleContext(where, setIds, namedSets);
  let comment: string | undefined;
  for (const [index, part] of definition.parts.entries()) {
    located(`parts[${index}]`, () => {
      if (!isPlainObject(part)) mismatch('', part, 'a match or a statement');
      if (!isStatement(part)) compileMatch(context, part);
      else if (part.statement === 'comment') {
        statementShapes.comment(part, '');
        comment = part.text;
      } else compileStatement(context, part);
    });
  }
  const { expressions, sets } = context;
  return { rule: { kind: 'rule', ...where, expressions, ...(comment !== undefined && { comment }) }, sets };
}

/** The operations that append a compiled rule to its chain. */
export function addRule({ rule: object, sets }: CompiledRule): AddOperation[] {
  return [...addAnonymousSets(sets), { action: 'add', object }];
}

/** The operations that make the sets of a rule, which come before it. */
export function addAnonymousSets(sets: readonly AnonymousSet[]): AddOperation[] {
  return sets.flatMap(({ set, elements }): AddOperation[] => [
    { action: 'add', object: set },
    ...splitElements(elements).map((object): AddOperation => ({ action: 'add', object })),
  ]);
}

const anything: Shape = () => {};
const ruleShape = object<RuleDefinition>('a rule', { parts: list(anything) }, 'parts');

function isStatement(part: Match | Statement): part is Statement {
  return Object.hasOwn(part, 'statement');
}
