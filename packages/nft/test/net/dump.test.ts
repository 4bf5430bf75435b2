import t from 'tap';
import { runInNamespace } from './namespace.ts';

interface Printed {
  readonly alone: number;
  readonly disturbed: readonly number[];
  readonly changes: number;
  readonly codes: readonly string[];
}

t.test('FW-30: dumps of 100,000 elements lose none', { timeout: 300_000 }, async (t) => {
  const printed = runInNamespace('dump.script.ts') as Printed;
  t.equal(printed.alone, 0, 'alone');
  t.same(printed.disturbed, [0, 0, 0, 0], 'while another process changes the set');
  t.ok(printed.changes > 1, 'which it did');
  t.same(printed.codes, ['interrupted'], 'a dump that was torn is never given');
});
