// Runs in a namespace of its own: what a monitor tells of what nft does, and what it tells when it is too much.
import type { NftError } from '@router7/nft';
import { type Monitor, type MonitorEvent, NftConnection } from '@router7/nft/node';
import { nft } from './namespace.ts';
import { setSocketOption } from './set-socket-option.ts';

const commands = [
  'add table inet t { comment "new"; }',
  'add chain inet t c { type filter hook input priority 0; policy accept; }',
  'add chain inet t c { policy drop; }',
  'add counter inet t x',
  'add set inet t s { type ipv4_addr; }',
  'add element inet t s { 10.0.0.1, 10.0.0.2 }',
  'add rule inet t c ip saddr @s counter name "x" accept comment "mine"',
  'delete element inet t s { 10.0.0.1 }',
  'flush chain inet t c',
  'delete set inet t s',
  'delete counter inet t x',
  'delete chain inet t c',
  'delete table inet t',
];

using connection = new NftConnection({ setSocketOption });
using monitor = connection.monitor();
const told: { readonly command: string; readonly events: readonly unknown[] }[] = [];
for (const command of commands) {
  nft([command]);
  told.push({ command, events: (await untilGeneration(monitor)).map(plain) });
}
const { id } = await connection.generation();

// More changes than it may keep: those before are told, then that some are missing, then those from then on.
using small = connection.monitor({ limit: 5 });
nft(['-f', '-'], ['add table ip many', ...Array.from({ length: 20 }, (_, i) => `add chain ip many c${i}`)].join('\n'));
// Once the generation is told to another, all of the transaction has been delivered here as well.
await untilGeneration(monitor);
await connection.generation();
const few: string[] = [];
for (let i = 0; i < 6; i++) few.push((await small.next()).value?.kind ?? 'done');
nft(['delete table ip many']);
const goesOn = (await untilGeneration(small)).map(({ kind }) => kind);

// More than the kernel can keep while nobody reads: it says so, and it goes on.
using narrow = new NftConnection({ setSocketOption, bufferSize: 4096 });
using deaf = narrow.monitor();
const list = Array.from({ length: 5000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`).join(', ');
nft(['-f', '-'], `table ip many { set s { type ipv4_addr; elements = { ${list} }; }; }`);
nft(['delete table ip many']);
let overrun = false;
for await (const event of deaf) {
  if (event.kind !== 'lost') continue;
  overrun = true;
  break;
}

// Whoever waits when it is closed is told so; and it does not keep the process alive by itself.
const idle = connection.monitor();
const waiting = idle.next();
idle.close();
const end = await waiting;
const again = await idle.next();
connection.monitor();
let refused = '';
try {
  new NftConnection().monitor();
} catch (error) {
  refused = (error as NftError).code;
}

console.log(
  JSON.stringify({ told, id, few, goesOn, overrun, refused, end: [end.done, again.done] }, (_, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  ),
);

/** The changes of one transaction, its generation last. */
async function untilGeneration(from: Monitor): Promise<MonitorEvent[]> {
  const events: MonitorEvent[] = [];
  for (;;) {
    const { value } = await from.next();
    if (value === undefined) throw new Error('the monitor ended');
    events.push(value);
    if (value.kind === 'generation') return events;
  }
}

function plain(event: MonitorEvent): unknown {
  switch (event.kind) {
    case 'added':
      return { added: { ...event.object, handle: undefined, userdata: undefined } };
    case 'deleted':
      return { deleted: { ...event.key, handle: undefined } };
    default:
      return event;
  }
}
