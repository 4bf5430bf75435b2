// Runs in a namespace of its own: adds the rules of each chain by the nft program, then by our library, then as our
// library reads them back, and prints how the nft program lists each of them.
import type { Family, Rule } from '@router7/nft';
import { NftConnection } from '@router7/nft/node';
import type { ExpressionCases } from './expression-cases/expression-cases.ts';
import { expressionCases, tables } from './expression-cases/tables.ts';
import { type Feature, presentFeatures } from './features.ts';
import { listRuleset, nft } from './namespace.ts';

const present: readonly Feature[] = presentFeatures();
const has = ({ needs }: { readonly needs?: Feature }): boolean => needs === undefined || present.includes(needs);

/** How nft lists the rules: JSON that knows no expressions would be the same for all of them, so the text as well. */
function listed(): { json: unknown[]; text: string } {
  return { json: listRuleset().filter((entry) => 'rule' in (entry as object)), text: nft(['list', 'ruleset']) };
}

async function roundTrip({ name, table, chain, cases }: ExpressionCases) {
  using connection = new NftConnection();
  const [family, tableName = ''] = table.split(' ') as [keyof typeof Family, string];
  const chainName = { family, table: tableName, chain };
  const possible = cases.filter(has);
  nft(['-f', '-'], `table ${table} {${tables[table]}}\n`);
  nft(['-f', '-'], possible.map(({ text }) => `add rule ${table} ${chain} ${text}\n`).join(''));
  const theirs = listed();

  nft(['flush', 'chain', family, tableName, chain]);
  await connection.apply(
    possible.map(({ expressions }) => ({ action: 'add', object: { kind: 'rule', ...chainName, expressions } })),
  );
  const ours = listed();

  const read: Rule[] = await connection.rules(family, { table: tableName, chain });
  await connection.apply(read.map(({ position: _, ...object }) => ({ action: 'replace', object })));
  const rewritten = listed();
  nft(['delete', 'table', family, tableName]);
  return { name, texts: possible.map(({ text }) => text), theirs, ours, rewritten, read: read.map(plain) };
}

/** Expressions as JSON has them: numbers of 64 bits as text. */
function plain({ expressions }: Pick<Rule, 'expressions'>): unknown {
  return JSON.parse(JSON.stringify(expressions, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)));
}

const results = [];
for (const cases of expressionCases.filter(has)) results.push(await roundTrip(cases));
console.log(JSON.stringify({ present, results }));
