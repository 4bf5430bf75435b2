import t from 'tap';
import { runInNamespace } from './namespace.ts';
import { bridgeWords, inetWords, natWords } from './word-cases.ts';

interface Printed {
  readonly theirs: readonly object[];
  readonly theirText: string;
  readonly ours: readonly object[];
  readonly ourText: string;
}

const isRule = (entry: object): boolean => 'rule' in entry;

t.test('the nft program lists our words as it lists its own', async (t) => {
  const { theirs, ours, theirText, ourText } = runInNamespace('words.script.ts') as Printed;
  const cases = [...inetWords, ...natWords, ['synproxy'], ...bridgeWords];
  const [wanted, found] = [theirs.filter(isRule), ours.filter(isRule)];
  t.equal(wanted.length, cases.length, 'nft took every rule');
  t.equal(found.length, cases.length);
  cases.forEach(([text], index) => {
    t.same(found[index], wanted[index], text);
  });
  const byName = (entries: readonly object[]): object => {
    const named = entries
      .filter((entry) => !isRule(entry))
      .map((entry) => {
        const [[kind, { family, table, name }] = ['', {}]] = Object.entries<{ [key: string]: unknown }>(entry as never);
        return [`${kind} ${family} ${table} ${name}`, entry] as const;
      });
    return Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  };
  t.same(byName(ours), byName(theirs), 'sets, maps, objects, flow tables, chains');
  const sorted = (text: string): string[] =>
    text
      .split('\n')
      .map((line) => line.trim())
      .toSorted();
  t.same(sorted(ourText), sorted(theirText), 'in text, too');
});
