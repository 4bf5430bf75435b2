// Runs in a namespace of its own: applies rule sets one after the other as differences, and prints what the nft program
// lists after each, against the same rule set made in one go.
import { execFileSync } from 'node:child_process';
import {
  addTable,
  compileTable,
  describeOperation,
  type Operation,
  SetIds,
  type StatefulObject,
  type TableDefinition,
  TableFlag,
} from '@router7/nft';
import { applyRuleset, NftConnection, planRuleset } from '@router7/nft/node';
import { numbers, randomTables } from '../declarative/random-tables.ts';
import { listRuleset, nft } from './namespace.ts';
import { wordTables, wordText } from './word-cases.ts';

const words = (operations: readonly Operation[]): string[] => operations.map((each) => describeOperation(each));
using connection = new NftConnection();

/** Applies by a connection that remembers nothing, so that it has to look. */
async function look(tables: readonly TableDefinition[]): Promise<readonly Operation[]> {
  using other = new NftConnection();
  return (await applyRuleset(other, { tables })).operations;
}

/** What is listed, in an order that does not tell what was made first; rules in theirs. */
function listed(): object[] {
  const entries = listRuleset() as object[];
  const rank = (entry: object): string => {
    const [[kind, content] = ['', {}]] = Object.entries(entry) as [string, { [key: string]: unknown }][];
    const { family, table, name, chain } = content as { [key: string]: string };
    return [kind === 'table' ? '' : 'x', family, table ?? name, kind, chain ?? name].join(' ');
  };
  for (const entry of entries) {
    for (const content of Object.values(entry) as { elem?: unknown[] }[]) {
      content.elem?.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    }
  }
  // Sort is stable: rules of one chain stay in their order. Anonymous sets are listed with their rules.
  return entries.toSorted((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

nft(['-f', '-'], wordText);
const overTheirs = words(await look(wordTables));
nft(['flush', 'ruleset']);
await look(wordTables);
const reapplied = words(await look(wordTables));
nft(['flush', 'ruleset']);

// Random rule sets, each made of the one before.
nft(['add', 'table', 'ip', 'foreign', '{ chain c { accept; }; }']);
const failures: object[] = [];
let changes = 0;
const seed = Number(process.env.SEED ?? 1);
const runs = Number(process.env.RUNS ?? 40);
for (let run = 0; run < runs; run++) {
  const tables = randomTables(numbers(seed * 1000 + run));
  try {
    const plan = await planRuleset(connection, { tables });
    const done = await look(tables);
    if (plan.operations.length !== done.length) failures.push({ run, plan: words(plan.operations), done: words(done) });
    changes += done.length;
    const after = listed();
    const again = await look(tables);
    if (again.length > 0) failures.push({ run, again: words(again) });
    for (const { family, name } of tables) nft(['delete', 'table', family, name]);
    const ids = new SetIds();
    await connection.apply(tables.flatMap((table) => addTable(compileTable(table, ids))));
    const fresh = listed();
    const differ = after
      .map((entry, i) => [entry, fresh[i]])
      .filter(([a, b]) => JSON.stringify(a) !== JSON.stringify(b));
    if (differ.length > 0 || after.length !== fresh.length) failures.push({ run, differ: differ.slice(0, 2) });
  } catch (error) {
    failures.push({ run, error: String(error) });
    nft(['flush', 'ruleset']);
    nft(['add', 'table', 'ip', 'foreign', '{ chain c { accept; }; }']);
  }
}
const foreign = listed().filter((entry) => JSON.stringify(entry).includes('"foreign"')).length;
nft(['flush', 'ruleset']);

// What has been counted stays.
execFileSync('ip', ['link', 'set', 'lo', 'up']);
const base = { type: 'filter', hook: 'input', policy: 'accept' } as const;
const counted = (more: object, priority = 0): TableDefinition => ({
  family: 'inet',
  name: 'kept',
  counters: { pings: {} },
  quotas: { most: { bytes: 1000 } },
  sets: { seen: { type: 'ipv4_addr', dynamic: true, timeout: '1h', size: 10 } },
  chains: {
    input: {
      ...base,
      priority,
      rules: [
        { parts: [{ 'icmp.type': 'echo-request' }, { statement: 'counter', counter: 'pings' }] },
        { parts: [{ 'icmp.type': 'echo-request' }, { statement: 'counter' }] },
        { parts: [{ 'ip.ttl': 64 }, { statement: 'element', operation: 'add', set: 'seen', key: 'ip.saddr' }] },
      ],
    },
    ...more,
  },
});
const tally = async (): Promise<object> => {
  const objects: StatefulObject[] = await connection.objects('inet', { table: 'kept', name: 'pings', type: 1 });
  const rules = await connection.rules('inet', { table: 'kept', chain: 'input' });
  const seen = await connection.elements('inet', 'kept', 'seen');
  const inRules = rules.flatMap(({ expressions }) =>
    expressions.flatMap((each) => (each.kind === 'counter' ? [Number(each.packets)] : [])),
  );
  const named = objects.map(({ data }) => (data.kind === 'counter' ? Number(data.packets) : undefined));
  return { named, inRules, seen: seen.length, handles: rules.map(({ handle }) => Number(handle)) };
};
await look([counted({})]);
execFileSync('ping', ['-c', '3', '-i', '0.01', '-q', '127.0.0.1']);
const before = await tally();
const small = words(await look([counted({ side: { rules: [{ parts: [{ statement: 'accept' }] }] } })]));
const afterSmall = await tally();
const moved = words(await look([counted({}, 5)]));
const afterMove = await tally();
// Without a change of anybody's the generation alone tells that there is nothing to do.
const remembered = [
  (await applyRuleset(connection, { tables: [counted({}, 5)] })).operations.length,
  (await applyRuleset(connection, { tables: [counted({}, 5)] })).operations.length,
];

// The kernel refuses new flags of a table beside new hooks, and counts half of what it keeps in a tree to save memory.
const turned = (flags: number, priority: number): TableDefinition => ({
  ...{ family: 'inet', name: 'turned', flags },
  maps: { saving: { type: 'inet_proto', data: 'mark', size: 50, policy: 'memory', elements: { tcp: 1, icmp: 2 } } },
  chains: { input: { ...base, priority } },
});
await look([turned(TableFlag.dormant, 0)]);
const turnedOnce = words(await look([turned(0, 5)]));
const turnedAgain = words(await look([turned(0, 5)]));
const gone = words(
  (await applyRuleset(connection, { tables: [], absent: [{ family: 'inet', name: 'kept' }] })).operations,
);
const nothing = (await applyRuleset(connection, { tables: [], absent: [{ family: 'inet', name: 'kept' }] })).operations;

console.log(
  JSON.stringify({
    ...{ overTheirs, reapplied, failures: failures.slice(0, 3), failed: failures.length, changes, foreign },
    ...{
      before,
      small,
      afterSmall,
      moved,
      afterMove,
      remembered,
      turnedOnce,
      turnedAgain,
      gone,
      nothing: nothing.length,
    },
  }),
);
