import { NftError } from '@router7/nft';
import t from 'tap';
import { type Dumper, listRuleset } from '../../src/node/ruleset.ts';

/** A rule set that changes when its sets have been told: the only table goes. */
function vanishing(changes: number): Dumper & { generationId: number } {
  const table = { kind: 'table', family: 'inet', name: 'x', flags: 0 } as const;
  const set = { kind: 'set', family: 'inet', table: 'x', name: 's', flags: 0, keyType: 7, keyLength: 4 } as const;
  let left = changes;
  const dumper = {
    generationId: 1,
    generation: async () => ({ id: dumper.generationId, pid: 0, processName: '' }),
    tables: async () => (left > 0 || changes < 0 ? [table] : []),
    chains: async () => [],
    rules: async () => [],
    sets: async () => [set],
    elements: async () => {
      if (left > 0) dumper.generationId++;
      left--;
      throw NftError.of('refused', [{ errno: 2, errnoName: 'ENOENT' }]);
    },
    objects: async () => [],
    flowtables: async () => [],
  };
  return dumper;
}

t.test('what goes while it is read is no error: the reading begins again', async (t) => {
  const ruleset = await listRuleset(vanishing(1), { family: 'inet', table: 'x' }, 3);
  t.same(ruleset.tables, []);
  t.equal(ruleset.generation, 2);
});

t.test('a refusal without any change is one', async (t) => {
  await t.rejects(listRuleset(vanishing(-1), { family: 'inet', table: 'x' }, 3), { code: 'refused' });
});

t.test('and so are changes without end', async (t) => {
  await t.rejects(listRuleset(vanishing(100), { family: 'inet', table: 'x' }, 3), { code: 'interrupted' });
});
