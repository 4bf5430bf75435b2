// Runs in a namespace of its own: what a refused transaction leaves behind, what its error says, and what becomes of
// counters and of other tables when a table is replaced.
import { execFileSync } from 'node:child_process';
import {
  accept,
  addTable,
  compileTable,
  counter,
  drop,
  NftError,
  type Operation,
  rule,
  type TableDefinition,
} from '@router7/nft';
import { applyRuleset, NftConnection } from '@router7/nft/node';
import { listRuleset, nft } from './namespace.ts';
import { setSocketOption } from './set-socket-option.ts';

const where = { family: 'inet', table: 'router7' } as const;
const table = (input: TableDefinition['chains']): TableDefinition => ({
  family: 'inet',
  name: 'router7',
  counters: { inputc: {}, gone: {} },
  chains: input ?? {},
});
const base = { type: 'filter', hook: 'input', priority: 0 } as const;
const failureOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof NftError)) throw error;
    return {
      code: error.code,
      message: error.message,
      failures: error.failures.map(({ operation: _, ...rest }) => rest),
    };
  }
};

execFileSync('ip', ['link', 'set', 'lo', 'up']);
const ping = (): string => execFileSync('ping', ['-c', '3', '-i', '0.01', '-q', '127.0.0.1'], { encoding: 'utf8' });
const plain = new NftConnection();
const connection = new NftConnection({ setSocketOption });
nft(['add', 'table', 'ip', 'foreign', '{ chain c { accept; }; }']);
await applyRuleset(connection, {
  tables: [table({ input: { ...base, rules: [rule({ 'icmp.type': 'echo-request' }, counter('inputc'))] } })],
});
const before = listRuleset();

const bad: Operation[] = [
  { action: 'add', object: { kind: 'table', family: 'ip', name: 'half' } },
  { action: 'delete', object: { kind: 'table', family: 'ip', name: 'foreign' } },
  { action: 'add', object: { kind: 'rule', ...where, chain: 'input', expressions: [{ kind: 'notrack' }] } },
  { action: 'add', object: { kind: 'rule', ...where, chain: 'nowhere', expressions: [] } },
  {
    action: 'add',
    object: {
      kind: 'rule',
      ...where,
      chain: 'input',
      expressions: [
        { kind: 'counter', packets: 0n, bytes: 0n },
        { kind: 'raw', name: 'no-such-expression' },
      ],
    },
  },
  { action: 'create', object: { kind: 'chain', ...where, name: 'input' } },
];
const refused = await failureOf(connection.apply(bad));
const refusedPlain = await failureOf(plain.apply(bad));
const afterRefusal = listRuleset();
const { id: generation } = await connection.generation();
nft(['add', 'table', 'ip', 'other']);
nft(['delete', 'table', 'ip', 'other']);
const stale = await failureOf(connection.apply([bad[0] as Operation], { generation }));
const missingSet = await failureOf(connection.elements('inet', 'router7', 'nope'));
const afterStale = listRuleset();

// Counters: three pings counted, then a replacement that changes the policy, the rules, and drops one counter.
ping();
const counted = await connection.objects('inet', { table: 'router7', name: 'inputc', type: 1 });
const next: TableDefinition = {
  ...table({ input: { ...base, policy: 'accept', rules: [rule(counter('inputc'), accept()), rule(drop())] } }),
  counters: { inputc: {}, fresh: { packets: 7n } },
};
await applyRuleset(connection, { tables: [next] });
const kept = await connection.objects('inet', { table: 'router7' });
const present = await connection.chains('inet', 'router7');
// The hook cannot be changed in place: the chain is made anew, in the same transaction.
await applyRuleset(connection, {
  tables: [{ ...next, chains: { input: { ...base, hook: 'output', rules: [] }, more: {} } }],
});
const moved = await connection.chains('inet', 'router7');
const movedCounters = await connection.objects('inet', { table: 'router7', name: 'inputc', type: 1 });
const reset = await connection.resetObjects('inet', { table: 'router7', type: 1 });
const zero = await connection.objects('inet', { table: 'router7' });
// Without a look at what is there: delete, add again.
await connection.apply([
  { action: 'delete', object: { kind: 'table', family: 'inet', name: 'router7' } },
  ...addTable(compileTable(next)),
]);
const anew = await connection.objects('inet', { table: 'router7' });
const foreign = (await connection.tables()).map(({ family, name }) => `${family} ${name}`);

// A set of 60,000 elements goes in many messages and comes back whole.
const elements = Array.from({ length: 60_000 }, (_, i) => `10.${i >> 16}.${(i >> 8) & 0xff}.${i & 0xff}`);
const large: TableDefinition = { family: 'ip', name: 'large', sets: { many: { type: 'ipv4_addr', elements } } };
await applyRuleset(connection, { tables: [large] });
const many = await connection.elements('ip', 'large', 'many');
const distinct = new Set(many.map(({ key }) => key?.join('.'))).size;
const tooLarge = await failureOf(new NftConnection({ bufferSize: 4096 }).apply(addTable(compileTable(large))));

// A wait that is over before the dump is; the connection is as good as new afterwards.
const hasty = new NftConnection({ timeoutMilliseconds: 1 });
// From here the event loop comes to its timers before it comes to its sockets.
await new Promise((resolve) => setImmediate(resolve));
let late: unknown;
// The whole answer may come within a millisecond: asked until once it does not.
for (let attempt = 0; attempt < 50 && late === undefined; attempt++) {
  const pending = failureOf(hasty.elements('ip', 'large', 'many'));
  // Once the question is on its way, nothing is read until the time is over: timers come before sockets.
  for (let tick = 0; tick < 20; tick++) await Promise.resolve();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  late = await pending;
}
const codes: string[] = [];
for (let attempt = 0; attempt < 200 && codes.at(-1) !== 'answered'; attempt++) {
  // A dump again: it would be refused (EBUSY) while the one that was given up still runs on the same socket.
  const failure = (await failureOf(hasty.tables())) as { code: string } | undefined;
  codes.push(failure?.code ?? 'answered');
}
hasty.close();

// Requests made at once are answered in their order; after close they fail.
const parallel = await Promise.all([connection.tables(), connection.generation(), connection.chains('ip')]);
const hanging = failureOf(connection.generation());
connection.close();
const closed = [await hanging, await failureOf(connection.generation())];
plain.close();

const text = JSON.stringify(
  {
    before,
    refused,
    refusedPlain,
    afterRefusal,
    stale,
    missingSet,
    afterStale,
    counted,
    kept,
    present: present.map(({ name }) => name),
    moved,
    movedCounters,
    reset,
    zero,
    anew,
    foreign,
    distinct,
    tooLarge,
    late,
    codes: [...new Set(codes.filter((code) => code !== 'timeout'))],
    parallel: parallel.map((answer) => (Array.isArray(answer) ? 'list' : 'generation')),
    closed,
    extendedAck: [plain.extendedAck, connection.extendedAck],
  },
  (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value),
);
console.log(text);
