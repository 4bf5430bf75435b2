import t from 'tap';
import { runInNamespace } from './namespace.ts';
import { dnatCases, forwardCases, rawCases, snat6Cases, snatCases } from './rule-cases.ts';

interface Printed {
  readonly theirs: readonly object[];
  readonly replaced: readonly object[];
  readonly fresh: readonly object[];
  readonly again: readonly object[];
  readonly rewritten: readonly object[];
  readonly theirText: string;
  readonly freshText: string;
  readonly raw: number;
}

const ruleCases = [...forwardCases, ...rawCases, ...dnatCases, ...snatCases, ...snat6Cases];
const isRule = (entry: object): boolean => 'rule' in entry;

t.test('FW-30: the nft program lists our rules as it lists its own', async (t) => {
  const { theirs, replaced, fresh, again, rewritten, theirText, freshText, raw } = runInNamespace(
    'round-trip.script.ts',
  ) as Printed;
  const theirRules = theirs.filter(isRule);
  t.equal(theirRules.length, ruleCases.length, 'nft took every rule');
  for (const [kind, list] of Object.entries({ fresh, replaced, again, rewritten })) {
    const rules = list.filter(isRule);
    t.equal(rules.length, ruleCases.length, `${kind}: as many rules`);
    ruleCases.forEach(({ text }, index) => {
      t.same(rules[index], theirRules[index], `${kind}: ${text}`);
    });
    t.same(
      list.filter((entry) => !isRule(entry)),
      theirs.filter((entry) => !isRule(entry)),
      `${kind}: all else`,
    );
  }
  t.equal(freshText, theirText, 'in text, too');
  t.equal(raw, 0, 'every expression of these rules has a type');
});
