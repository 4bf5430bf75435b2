import {
  accept,
  addElement,
  compileRule,
  compileRuleset,
  counter,
  decompileRule,
  describeChanges,
  diffRuleset,
  dnat,
  drop,
  formatRule,
  type Match,
  map,
  masquerade,
  type RulesetDefinition,
  reject,
  rule,
  type Statement,
  set,
  vmap,
} from '@router7/nft';
import t from 'tap';

t.test('rules in nft syntax', async (t) => {
  const cases: readonly [string, ...(Match | Statement)[]][] = [
    ['iifname "lan0" tcp dport { 22, 80-90 } accept', { iifname: 'lan0', 'tcp.dport': [22, '80-90'] }, accept()],
    ['ct state established,related accept', { 'ct.state': ['established', 'related'] }, accept()],
    ['tcp flags & (syn | ack) == syn drop', { 'tcp.flags': { bits: 'syn', of: ['syn', 'ack'] } }, drop()],
    ['tcp flags ! syn,rst drop', { 'tcp.flags': { not: ['syn', 'rst'] } }, drop()],
    ['ip saddr != @bad tcp dport >= 1024', { 'ip.saddr': { not: { set: 'bad' } }, 'tcp.dport': { gte: 1024 } }],
    ['ip saddr . iifname { 10.0.0.1 . "lan0" }', { 'ip.saddr . iifname': ['10.0.0.1 . lan0'] }],
    ['fib saddr . iif oif missing drop', { 'fib.saddr.iif.oif': 'missing' }, drop()],
    ['tcp dport vmap { 22 : accept, 80 : jump web }', vmap('tcp.dport', { 22: 'accept', 80: 'jump web' })],
    ['dnat to tcp dport map @forwards', dnat(map('tcp.dport', 'forwards'))],
    ['tcp dport 1 dnat to [::1]:80', { 'tcp.dport': 1 }, dnat('::1', { port: 80 })],
    ['meta mark set ct mark and 255', set('meta.mark', { field: 'ct.mark', and: 255 })],
    [
      'add @seen { ip saddr timeout 1m counter }',
      addElement('seen', 'ip.saddr', { timeout: '1m', states: [{ counter: true }] }),
    ],
    ['masquerade random', masquerade({ random: true })],
    ['reject with icmpx admin-prohibited', reject('icmpx admin-prohibited')],
    ['counter name "x"', counter('x')],
  ];
  for (const [text, ...parts] of cases) t.equal(formatRule(rule(...parts)), text);
});

t.test('what is put in by itself is taken out again', async (t) => {
  const { rule: compiled } = compileRule(
    { family: 'inet', table: 't', chain: 'c' },
    rule({ 'ip.saddr': '10.0.0.0/8', 'tcp.dport': 22 }, accept()),
  );
  t.same(decompileRule(compiled), { parts: [{ 'ip.saddr': '10.0.0.0/8', 'tcp.dport': 22 }, { statement: 'accept' }] });
  const alone = compileRule({ family: 'inet', table: 't', chain: 'c' }, rule({ 'meta.l4proto': 'tcp' }, accept()));
  t.same(decompileRule(alone.rule), { parts: [{ 'meta.l4proto': 'tcp' }, { statement: 'accept' }] });
  const unknown = { kind: 'raw', name: 'unheard_of', data: Uint8Array.of(4, 0, 1, 0) } as const;
  const raw = decompileRule({ ...compiled, expressions: [unknown] });
  t.match(raw, { parts: [{ statement: 'expressions', expressions: [/^[0-9a-f]+$/] }] });
  t.same(compileRule(compiled, raw).rule.expressions, [unknown], 'nothing is lost');
});

t.test('a rule that names a map has words, with the map at hand', async (t) => {
  const chains = { c: { rules: [rule(dnat(map('meta.l4proto . th.dport', 'forwards')))] } };
  const type = 'inet_proto . inet_service';
  const forwards = { type, data: 'ipv4_addr . inet_service', elements: { 'tcp . 80': '10.0.0.5 . 8080' } } as const;
  const table = { family: 'inet', name: 't', maps: { forwards }, chains } as const;
  const compiled = compileRuleset({ tables: [table] });
  const [{ rules: [own] = [], sets: [held] = [] } = {}] = compiled.tables;
  if (own === undefined || held === undefined) throw new Error('nothing compiled');
  const find = () => ({ set: held.set, elements: held.elements.elements });
  t.same(decompileRule(own.rule, find), chains.c.rules[0]);
  t.match(decompileRule(own.rule), { parts: [{ statement: 'expressions' }] }, 'without it there is only what is sent');
  const nothing = { tables: [], chains: [], rules: [], sets: [], elements: [], objects: [], flowtables: [] };
  const lines = describeChanges(diffRuleset(compiled, nothing), nothing);
  t.equal(
    lines.at(-1),
    '+ rule inet t c: dnat to meta l4proto . th dport map @forwards',
    'also of a map that comes with it',
  );
});

t.test('changes in lines for people', async (t) => {
  const definition = (ports: number[], elements: string[]): RulesetDefinition => ({
    tables: [
      {
        family: 'inet',
        name: 't',
        sets: { hosts: { type: 'ipv4_addr', elements } },
        chains: { c: { rules: [rule({ 'tcp.dport': ports }, accept()), rule(drop())] } },
      },
    ],
  });
  const { tables } = compileRuleset(definition([22, 80], ['10.0.0.1', '10.0.0.2']));
  const [table] = tables;
  if (table === undefined) throw new Error('no table');
  // As the kernel would list it: with handles, and with names for anonymous sets.
  const name = (expression: object): object =>
    'set' in expression ? { ...expression, set: '__set0', setId: undefined } : expression;
  const present = {
    ...{ tables: [table.table], chains: table.chains, objects: [], flowtables: [] },
    rules: table.rules.map((each, index) => {
      const expressions = each.rule.expressions.map(name) as typeof each.rule.expressions;
      return { ...each.rule, handle: BigInt(index + 1), expressions };
    }),
    sets: [
      ...table.sets.map((each) => each.set),
      ...table.rules.flatMap((each) => each.sets.map((own) => ({ ...own.set, name: '__set0' }))),
    ],
    elements: [
      ...table.sets.map((each) => each.elements),
      ...table.rules.flatMap((each) => each.sets.map((own) => ({ ...own.elements, set: '__set0' }))),
    ],
  };
  const changes = (next: RulesetDefinition): string[] =>
    describeChanges(diffRuleset(compileRuleset(next), present), present);
  t.same(changes(definition([80, 22], ['10.0.0.2', '10.0.0.1'])), [], 'the order of elements says nothing');
  t.same(changes(definition([22, 443], ['10.0.0.1', '10.0.0.3'])), [
    '- rule inet t c: tcp dport { 22, 80 } accept',
    '- element inet t hosts { 10.0.0.2 }',
    '+ element inet t hosts { 10.0.0.3 }',
    '+ rule inet t c: tcp dport { 22, 443 } accept',
  ]);
  t.same(changes({ tables: [], absent: [{ family: 'inet', name: 't' }] }), ['- table inet t']);
});
