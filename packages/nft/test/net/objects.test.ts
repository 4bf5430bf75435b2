import { fileURLToPath } from 'node:url';
import t from 'tap';
import { runInNamespace } from './namespace.ts';

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly failures: readonly { readonly errnoName: string; readonly operationIndex?: number }[];
}

interface Snapshot {
  readonly tables: readonly { readonly family: string; readonly name: string }[];
  readonly chains: readonly { readonly name: string }[];
  readonly sets: readonly unknown[];
  readonly objects: readonly { readonly data: { readonly kind: string } }[];
}

interface Printed {
  readonly made: readonly unknown[];
  readonly madeAgain: readonly unknown[];
  readonly read: Snapshot;
  readonly readAgain: Snapshot;
  readonly refused: Failure;
  readonly stale: Failure;
  readonly afterChecks: { readonly same: boolean; readonly id: number };
  readonly generation: number;
  readonly part: Snapshot;
  readonly nothing: Snapshot;
  readonly quota: unknown;
  readonly resetRules: number;
  readonly spare: Failure;
}

t.test('FW-30: objects of every kind are read and written as nft has them', async (t) => {
  const printed = runInNamespace('objects.script.ts', [
    fileURLToPath(new URL('objects.nft', import.meta.url)),
  ]) as Printed;

  t.test('what nft made, we read and make again', async (t) => {
    t.ok(printed.made.length > 35, 'nft tells of all of it');
    t.same(sorted(printed.madeAgain), sorted(printed.made), 'nft tells the same of what we made');
    t.same(sorted(printed.readAgain), sorted(printed.read), 'and we read the same');
    const kinds = new Set(printed.read.objects.map(({ data }) => data.kind));
    t.notOk(kinds.has('raw'), 'every object has a type');
    t.equal(kinds.size, 6);
  });

  t.test('a dry run tells what would happen and changes nothing', async (t) => {
    t.match(printed.refused, { code: 'refused', failures: [{ errnoName: 'ENOENT', operationIndex: 1 }] });
    t.equal(printed.stale.code, 'stale-generation');
    t.same([printed.afterChecks.same, printed.afterChecks.id], [true, printed.generation]);
  });

  t.test('parts of the rule set', async (t) => {
    t.match(printed.part, { tables: [{ family: 'arp', name: 'a' }], chains: [{ name: 'c' }], sets: [] });
    t.same(printed.nothing.tables, [], 'a table that is not there has nothing');
    t.match(printed.quota, [{ name: 'q', data: { kind: 'quota', consumed: 3, inverted: true } }]);
    t.equal(printed.resetRules, 5);
    t.match(printed.spare, { code: 'refused', failures: [{ errnoName: 'ENOENT' }] }, 'deleted by its handle');
  });
});

/** Elements of hash tables come in no order, and the time that is left to them runs. */
function sorted(told: unknown): unknown {
  return JSON.parse(JSON.stringify(told), (key, value: unknown) => {
    if (key === 'expires') return undefined;
    return (key === 'elem' || key === 'elements') && Array.isArray(value)
      ? value.map((one) => JSON.stringify(one)).sort()
      : value;
  });
}
