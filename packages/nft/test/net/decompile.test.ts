import t from 'tap';
import { runInNamespace } from './namespace.ts';

interface Result {
  readonly rules: number;
  readonly same: number;
  readonly difference: readonly string[];
  readonly raw: readonly object[];
  readonly differ: readonly string[];
}

t.test('what the kernel has, in words and as JSON, compiles to the same again', async (t) => {
  const results = runInNamespace('decompile.script.ts') as { readonly [name: string]: Result };
  for (const [name, { rules, same, difference, raw, differ }] of Object.entries(results)) {
    t.ok(rules > 5, `${name}: ${rules} rules`);
    t.equal(same, rules, `${name}: octet for octet`);
    t.same(difference, [], `${name}: nothing to change in what the nft program made`);
    t.same(differ, [], `${name}: listed alike`);
    t.same(raw, [], `${name}: there are words for everything`);
  }
});
