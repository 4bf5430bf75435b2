import { type Expression, expressionCodecs, expressionName } from '@router7/nft';
import t from 'tap';
import { expressionCases } from './expression-cases/tables.ts';
import type { Feature } from './features.ts';
import { runInNamespace } from './namespace.ts';

interface Listed {
  readonly json: readonly unknown[];
  readonly text: string;
}

interface Printed {
  readonly present: readonly Feature[];
  readonly results: readonly {
    readonly name: string;
    readonly texts: readonly string[];
    readonly theirs: Listed;
    readonly ours: Listed;
    readonly rewritten: Listed;
    readonly read: readonly unknown[];
  }[];
}

t.test('FW-30: the nft program lists our expressions as it lists its own', async (t) => {
  const { present, results } = runInNamespace('expression-cases.script.ts') as Printed;
  for (const { name, needs, cases } of expressionCases) {
    await t.test(name, async (t) => {
      const result = results.find((one) => one.name === name);
      cases.forEach(({ text, expressions, ...rest }) => {
        const need = rest.needs ?? needs;
        if (need !== undefined && !present.includes(need)) {
          t.pass(text, { skip: `needs a kernel with ${need}` });
          return;
        }
        const index = result?.texts.indexOf(text) ?? -1;
        const theirs = result?.theirs.json[index];
        t.ok(theirs, `${text}: nft took it`);
        t.same(result?.ours.json[index], theirs, `${text}: ours`);
        t.same(result?.rewritten.json[index], theirs, `${text}: as it was read`);
        if (!expressions.some(hasDefaults)) t.same(result?.read[index], plain(expressions), `${text}: read`);
      });
      if (result === undefined) return;
      for (const { json } of [result.theirs, result.ours, result.rewritten]) t.equal(json.length, result.texts.length);
      t.notMatch(JSON.stringify(result.read), /"kind":"raw"/, 'every expression has a type');
      t.equal(result.ours.text, result.theirs.text, 'in text, too');
      t.equal(result.rewritten.text, result.theirs.text, 'in text as it was read');
    });
  }
});

/** Of these the kernel lists what it takes them to mean: the level of a log, the last port that is also the first. */
function hasDefaults({ kind }: Expression): boolean {
  return kind === 'log' || kind === 'nat' || kind === 'redirect' || kind === 'masquerade';
}

function plain(expressions: readonly Expression[]): unknown {
  return JSON.parse(JSON.stringify(expressions, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)));
}

t.test('FW-30: there is a case for each expression that this nft has words for', async (t) => {
  const used = new Set(
    expressionCases.flatMap(({ cases }) => cases.flatMap(({ expressions }) => expressions.map(expressionName))),
  );
  const elsewhere = ['range', 'counter']; // rule-cases.ts
  const newer = ['inner', 'last', 'tunnel']; // newer-expressions.test.ts
  const missing = expressionCodecs.map(({ name }) => name).filter((name) => !used.has(name));
  t.same(missing.toSorted(), [...elsewhere, ...newer].toSorted());
});
