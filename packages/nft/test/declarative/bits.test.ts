import {
  accept,
  compileRuleset,
  decompileRuleset,
  diffRuleset,
  formatRule,
  type Match,
  map,
  type RuleDefinition,
  rule,
  type Statement,
  set,
  type TableDefinition,
  vmap,
} from '@router7/nft';
import t, { type Test } from 'tap';
import { KernelModel } from './kernel-model.ts';

const flags = ['fin', 'syn', 'rst', 'ack'];

/** Conditions and statements on fields of bits, with the line of nft that each stands for. */
const rows: readonly (readonly [part: Match | Statement, text: string])[] = [
  [{ 'tcp.flags': ['syn', 'ack'] }, 'tcp flags syn,ack'],
  [{ 'tcp.flags': { not: ['syn', 'rst'] } }, 'tcp flags ! syn,rst'],
  [{ 'tcp.flags': { not: ['syn'] } }, 'tcp flags ! syn'],
  [{ 'tcp.flags': { in: ['syn', 'syn | ack'] } }, 'tcp flags { syn, syn | ack }'],
  [{ 'tcp.flags': { not: { in: ['syn', 'syn | ack'] } } }, 'tcp flags != { syn, syn | ack }'],
  [{ 'tcp.flags': { of: flags, in: ['syn', 'fin | ack'] } }, 'tcp flags & (fin | syn | rst | ack) { syn, fin | ack }'],
  [
    { 'tcp.flags': { not: { of: flags, in: ['syn', 'fin | ack'] } } },
    'tcp flags & (fin | syn | rst | ack) != { syn, fin | ack }',
  ],
  [{ 'tcp.flags': { set: 'opening' } }, 'tcp flags @opening'],
  [{ 'tcp.flags': { of: ['syn', 'ack'], set: 'opening' } }, 'tcp flags & (syn | ack) @opening'],
  [{ 'tcp.flags': { not: { of: ['syn', 'ack'], set: 'opening' } } }, 'tcp flags & (syn | ack) != @opening'],
  [{ 'tcp.flags . tcp.dport': ['syn | ack . 80', 'syn . 22'] }, 'tcp flags . tcp dport { syn | ack . 80, syn . 22 }'],
  [{ 'ct.state': { in: ['established', 'new'] } }, 'ct state { established, new }'],
  [{ 'ct.state': { not: { bits: 'new', of: ['related', 'new'] } } }, 'ct state & (related | new) != new'],
  [{ 'ct.status': { of: ['snat', 'dnat'], in: ['snat', 'dnat'] } }, 'ct status & (snat | dnat) { snat, dnat }'],
  [
    vmap('ct.state', { 'invalid | new': 'drop', related: 'accept' }),
    'ct state vmap { invalid | new : drop, related : accept }',
  ],
  [
    { statement: 'vmap', key: 'tcp.flags', of: ['fin', 'syn'], map: { 'fin | syn': 'drop', syn: 'accept' } },
    'tcp flags & (fin | syn) vmap { fin | syn : drop, syn : accept }',
  ],
  [
    set('ct.mark', { ...map('tcp.flags', { 'fin | syn': 3, syn: 2 }), of: ['fin', 'syn'] }),
    'ct mark set tcp flags & (fin | syn) map { fin | syn : 3, syn : 2 }',
  ],
  [{ statement: 'vmap', key: 'tcp.flags', of: 'syn', map: 'ways' }, 'tcp flags & syn vmap @ways'],
  [{ 'meta.mark': { of: 255, set: 'marks' } }, 'meta mark & 255 @marks'],
];

function roundTrip(t: Test, definition: RuleDefinition): RuleDefinition | undefined {
  const table: TableDefinition = {
    ...{ family: 'inet', name: 't' },
    sets: { opening: { type: 'tcp_flag', elements: ['syn', 'syn | ack'] }, marks: { type: 'mark', elements: [1] } },
    maps: { ways: { type: 'tcp_flag', data: 'verdict', elements: { syn: 'accept' } } },
    chains: { c: { rules: [definition] } },
  };
  const kernel = new KernelModel();
  kernel.apply(diffRuleset(compileRuleset({ tables: [table] }), kernel.list()));
  const words = decompileRuleset(kernel.list());
  t.strictSame(words.tables[0]?.sets?.opening?.elements?.toSorted(), ['syn', 'syn | ack']);
  return words.tables[0]?.chains?.c?.rules?.[0];
}

/** JSON in which lists that stand for bits or sets, and maps, are in one order. */
const plain = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => {
    if (Array.isArray(each) && each.every((one) => typeof one !== 'object')) return each.toSorted();
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });

t.test('FW-30: fields of bits in words, in nft’s own syntax, and back again', async (t) => {
  for (const [part, text] of rows) {
    const definition = rule(part, ...('statement' in part ? [] : [accept()]));
    t.equal(formatRule(rule(part)), text);
    t.equal(plain(roundTrip(t, definition)), plain(definition), text);
  }
});
