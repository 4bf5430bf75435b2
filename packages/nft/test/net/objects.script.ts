// Runs in a namespace of its own: nft makes objects of every kind, we read them, delete them and make them again from what
// we read, and nft tells what is there, before and after. Then what is asked and not done, and what is done by handle.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { NftError, type NftObject, type Operation, type Ruleset, splitElements } from '@router7/nft';
import { NftConnection } from '@router7/nft/node';
import { toHex } from '@router7/wire';
import { listRuleset, nft } from './namespace.ts';

const [textFile = ''] = process.argv.slice(2);
execFileSync('ip', ['link', 'add', 'd0', 'type', 'veth', 'peer', 'name', 'd1']);
nft(['-f', '-'], readFileSync(textFile, 'utf8'));
using connection = new NftConnection();
const made = listRuleset();
const read = await connection.list();
nft(['flush', 'ruleset']);
await connection.apply(operations(read));
const madeAgain = listRuleset();
const readAgain = await connection.list();

// A dry run: what would do and what would not, and nothing of either is there afterwards.
const where = { family: 'inet', table: 't' } as const;
const chain = (table: string, name: string): Operation => {
  return { action: 'create', object: { kind: 'chain', family: 'inet', table, name } };
};
const { id: generation } = await connection.generation();
await connection.check([chain('t', 'dry'), chain('t', 'run')]);
const refused = await failureOf(connection.check([chain('t', 'dry'), chain('nowhere', 'run')]));
const stale = await failureOf(connection.check([chain('t', 'dry')], { generation: generation - 1 }));
const afterChecks = {
  same: JSON.stringify(listRuleset()) === JSON.stringify(madeAgain),
  ...(await connection.generation()),
};

// One table, one set, one flow table: parts of it all.
const part = await connection.list({ family: 'arp', table: 'a' });
const nothing = await connection.list({ family: 'arp', table: 'nope' });
const quota = await connection.objects('inet', { table: 't', type: 2, name: 'q' });
const resetRules = await connection.resetRules('inet', { table: 't' });

// By handle, and what is not there.
const counter = (await connection.objects('inet', { table: 't', type: 1, name: 'spare' }))[0];
await connection.apply([
  { action: 'delete', object: { kind: 'object', ...where, type: 1, handle: counter?.handle ?? 0n } },
  { action: 'destroy', object: { kind: 'chain', ...where, name: 'nope' } },
  { action: 'destroy', object: { kind: 'table', family: 'ip6', name: 'nope' } },
  { action: 'destroy', object: { kind: 'set', ...where, name: 'nope' } },
]);
const spare = await failureOf(connection.objects('inet', { table: 't', type: 1, name: 'spare' }));

console.log(
  JSON.stringify(
    {
      made,
      madeAgain,
      read: plain(read),
      readAgain: plain(readAgain),
      refused,
      stale,
      afterChecks,
      generation,
      part: plain(part),
      nothing,
      quota,
      resetRules: resetRules.length,
      spare,
    },
    (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value),
  ),
);

/** The transaction that makes all that was read. */
function operations({ tables, chains, rules, sets, elements, objects, flowtables }: Ruleset): Operation[] {
  const add = (object: NftObject): Operation => ({ action: 'add', object });
  return [
    ...tables.map(add),
    ...chains.map(add),
    ...objects.map(add),
    ...flowtables.map(add),
    ...sets.map((set, index) => add({ ...set, id: index + 1 })),
    ...elements.filter((list) => list.elements.length > 0).flatMap((list) => splitElements(list).map(add)),
    // The handle of the rule before it is that of another rule now.
    ...rules.map(({ position: _, ...rule }) => add(rule)),
  ];
}

/** Without what is new at each making. */
function plain(ruleset: Ruleset): unknown {
  const changing = new Set(['handle', 'position', 'generation', 'expirationMilliseconds']);
  const text = JSON.stringify(ruleset, (key, value: unknown) => {
    if (changing.has(key)) return undefined;
    if (value instanceof Uint8Array) return toHex(value);
    return typeof value === 'bigint' ? `${value}` : value;
  });
  return JSON.parse(text);
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof NftError)) throw error;
    const { code, message, failures } = error;
    return {
      code,
      message,
      failures: failures.map(({ errnoName, operationIndex }) => ({ errnoName, operationIndex })),
    };
  }
}
