import t from 'tap';
import { runInNamespace } from './namespace.ts';

interface Printed {
  readonly told: readonly { readonly command: string; readonly events: readonly { readonly generation?: object }[] }[];
  readonly id: number;
  readonly few: readonly string[];
  readonly goesOn: readonly string[];
  readonly overrun: boolean;
  readonly refused: string;
  readonly end: readonly boolean[];
}

const table = { kind: 'table', family: 'inet', name: 't' };
const chain = { kind: 'chain', family: 'inet', table: 't', name: 'c' };
const counter = { kind: 'object', family: 'inet', table: 't', name: 'x', type: 1 };
const set = { kind: 'set', family: 'inet', table: 't', name: 's' };
const elements = (...last: readonly number[]): object => ({
  ...{ kind: 'elements', family: 'inet', table: 't', set: 's' },
  elements: last.map((octet) => ({ key: { 0: 10, 1: 0, 2: 0, 3: octet } })),
});
const rule = { kind: 'rule', family: 'inet', table: 't', chain: 'c' };

/** What each command of the script leads to, but for the generation at its end. */
const wanted: readonly (readonly object[])[] = [
  [{ added: { ...table, comment: 'new' } }],
  [{ added: { ...chain, base: { hook: 'input', policy: 'accept' } } }],
  [{ added: { ...chain, base: { hook: 'input', policy: 'drop' } } }],
  [{ added: { ...counter, data: { kind: 'counter', packets: 0, bytes: 0 } } }],
  [{ added: { ...set, keyType: 7 } }],
  [{ added: elements(1) }, { added: elements(2) }],
  [{ added: { ...rule, comment: 'mine', expressions: Array(6).fill(Object) } }],
  [{ deleted: elements(1) }],
  [{ deleted: rule }],
  [{ deleted: set }],
  [{ deleted: counter }],
  [{ deleted: chain }],
  [{ deleted: table }],
];

t.test('FW-30: a monitor tells every change, and when it could not', async (t) => {
  const printed = runInNamespace('monitor.script.ts') as Printed;

  t.test('what nft does is told, change by change', async (t) => {
    printed.told.forEach(({ command, events }, index) => {
      t.match(events.slice(0, -1), wanted[index] ?? [], command);
      t.equal(events.length - 1, wanted[index]?.length, `${command}: nothing more`);
      t.match(events.at(-1), { kind: 'generation', generation: { processName: 'nft', processId: Number } });
    });
    t.match(
      printed.told.at(-1)?.events.at(-1),
      { generation: { id: printed.id } },
      'the generation is that of the rule set',
    );
  });

  t.test('too much is told to be lost, and it goes on', async (t) => {
    t.same(printed.few, ['added', 'added', 'added', 'added', 'added', 'lost'], 'a full buffer');
    t.ok(printed.goesOn.filter((kind) => kind === 'deleted').length > 1, 'changes after it are told');
    t.equal(printed.overrun, true, 'the buffer of the kernel');
    t.equal(printed.refused, 'socket', 'without socket options it could not be told');
    t.same(printed.end, [true, true], 'closed');
  });
});
