import t from 'tap';
import { runInNamespace } from './namespace.ts';

interface Tally {
  readonly named: readonly number[];
  readonly inRules: readonly number[];
  readonly seen: number;
  readonly handles: readonly number[];
}

interface Printed {
  readonly overTheirs: readonly string[];
  readonly reapplied: readonly string[];
  readonly failures: readonly object[];
  readonly changes: number;
  readonly foreign: number;
  readonly before: Tally;
  readonly small: readonly string[];
  readonly afterSmall: Tally;
  readonly moved: readonly string[];
  readonly afterMove: Tally;
  readonly remembered: readonly number[];
  readonly turnedOnce: readonly string[];
  readonly turnedAgain: readonly string[];
  readonly gone: readonly string[];
  readonly nothing: number;
}

t.test('a rule set becomes another by the difference', async (t) => {
  const printed = runInNamespace('diff.script.ts') as Printed;
  t.same(printed.overTheirs, [], 'what the nft program has made of the same rules is taken as it is');
  t.same(printed.reapplied, [], 'nothing to do, nothing is sent');
  t.same(printed.failures, [], 'random rule sets: the same as made in one go, and then there is nothing to do');
  t.ok(printed.changes > 1000, `${printed.changes} operations`);
  t.equal(printed.foreign, 3, "others' table, chain and rule are still there");

  const { before, small, afterSmall, moved, afterMove } = printed;
  t.same(before, { named: [3], inRules: [3], seen: 1, handles: before.handles });
  t.same(small, ['add chain inet kept side', 'add rule inet kept side']);
  t.same(afterSmall, before, 'handles, counters and elements of a dynamic set stay');
  t.ok(moved.includes('delete chain inet kept input'), 'another priority: the chain is made anew');
  const { handles, ...counts } = afterMove;
  t.same(counts, { named: [3], inRules: [3], seen: 1 }, 'and its rules begin with what the old ones had counted');
  t.notSame(handles, before.handles);
  t.same(printed.remembered, [0, 0]);
  t.equal(printed.turnedOnce[0], 'delete table inet turned', 'another flag and another hook: made anew');
  t.same(printed.turnedAgain, [], 'a set that saves memory is read whole');
  t.same(printed.gone, ['delete table inet kept'], 'a table goes only when that is asked for');
  t.equal(printed.nothing, 0);
});
