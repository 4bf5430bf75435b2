// Runs in a namespace of its own: 100,000 elements are read, alone and while another process changes the same set.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { NftError, type Operation, splitElements } from '@router7/nft';
import { NftConnection } from '@router7/nft/node';
import { setSocketOption } from './set-socket-option.ts';

const COUNT = 100_000;
const where = { family: 'ip', table: 't' } as const;
const keys = Array.from({ length: COUNT }, (_, i) => Uint8Array.of(10, i >> 16, i >> 8, i));
using connection = new NftConnection({ setSocketOption, timeoutMilliseconds: 60_000, dumpAttempts: 200 });
const list = splitElements({ kind: 'elements', ...where, set: 's', elements: keys.map((key) => ({ key })) });
const operations: Operation[] = [
  { action: 'add', object: { kind: 'table', family: 'ip', name: 't' } },
  { action: 'add', object: { kind: 'set', ...where, name: 's', flags: 0, keyType: 7, keyLength: 4 } },
  ...list.map((object): Operation => ({ action: 'add', object })),
];
await connection.apply(operations);
const alone = await missing();

// A shell that adds and deletes an element again and again, as whoever bans guests does; in the end it is ended here.
const change = 'nft add element ip t s { 192.0.2.1 }; nft delete element ip t s { 192.0.2.1 }; sleep 0.5';
const other = spawn('sh', ['-c', `echo started; while :; do ${change}; done`], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const before = (await connection.generation()).id;
const disturbed: number[] = [];
try {
  await once(other.stdout, 'data');
  for (let round = 0; round < 4; round++) disturbed.push(await missing());
} finally {
  other.kill('SIGKILL');
}
const changes = (await connection.generation()).id - before;

// Nobody waits for ever: one attempt, and somebody who changes something in between.
const hasty = new NftConnection({ dumpAttempts: 1, timeoutMilliseconds: 60_000 });
const codes = new Set<string>();
for (let attempt = 0; attempt < 20 && !codes.has('interrupted'); attempt++) {
  const [dump] = await Promise.allSettled([
    hasty.elements('ip', 't', 's'),
    connection.apply([{ action: 'add', object: { kind: 'chain', ...where, name: `c${attempt}` } }]),
  ]);
  if (dump.status === 'fulfilled') continue;
  if (!(dump.reason instanceof NftError)) throw dump.reason;
  codes.add(dump.reason.code);
}
hasty.close();
console.log(JSON.stringify({ alone, disturbed, changes, codes: [...codes] }));

/** How many of the elements that nobody touches are not in a dump. */
async function missing(): Promise<number> {
  const found = new Set<number>();
  for (const { key = new Uint8Array() } of await connection.elements('ip', 't', 's')) {
    found.add(new DataView(key.buffer, key.byteOffset, key.length).getUint32(0));
  }
  return keys.filter((key) => !found.has(new DataView(key.buffer).getUint32(0))).length;
}
