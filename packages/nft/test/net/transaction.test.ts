import t from 'tap';
import { runInNamespace } from './namespace.ts';

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly failures: readonly { readonly [field: string]: unknown }[];
}

interface CounterObject {
  readonly name: string;
  readonly data: { readonly packets: number; readonly bytes: number };
}

interface Printed {
  readonly before: unknown;
  readonly refused: Failure;
  readonly refusedPlain: Failure;
  readonly afterRefusal: unknown;
  readonly stale: Failure;
  readonly missingSet: Failure;
  readonly afterStale: unknown;
  readonly counted: readonly CounterObject[];
  readonly kept: readonly CounterObject[];
  readonly present: readonly string[];
  readonly moved: readonly { readonly name: string; readonly base?: { readonly hook: string } }[];
  readonly movedCounters: readonly CounterObject[];
  readonly reset: readonly CounterObject[];
  readonly zero: readonly CounterObject[];
  readonly anew: readonly CounterObject[];
  readonly foreign: readonly string[];
  readonly distinct: number;
  readonly tooLarge: Failure;
  readonly late: Failure;
  readonly codes: readonly string[];
  readonly parallel: readonly string[];
  readonly closed: readonly Failure[];
  readonly extendedAck: readonly boolean[];
}

const packetsOf = (objects: readonly CounterObject[]): object =>
  Object.fromEntries(objects.map(({ name, data }) => [name, data.packets]));

t.test('FW-28: one transaction, all or nothing', async (t) => {
  const printed = runInNamespace('transaction.script.ts') as Printed;

  t.test('a refused transaction leaves all as it was and names what was refused', async (t) => {
    t.same(printed.afterRefusal, printed.before);
    for (const { code, failures } of [printed.refused, printed.refusedPlain]) {
      t.equal(code, 'refused');
      t.match(failures, [
        { operationIndex: 3, errnoName: 'ENOENT', description: 'add rule inet router7 nowhere #0', ruleIndex: 0 },
        { operationIndex: 4, errnoName: 'ENOENT', description: 'add rule inet router7 input #1', ruleIndex: 1 },
        { operationIndex: 5, errnoName: 'EEXIST', description: 'create chain inet router7 input' },
      ]);
    }
    t.same(printed.extendedAck, [false, true]);
    t.match(
      printed.refused.failures,
      [{ attributePath: [2] }, { attributePath: [4, 1], expressionIndex: 1 }, { attributePath: [3] }],
      'extended ACK tells the attribute',
    );
  });

  t.test('a transaction for another generation is refused', async (t) => {
    t.equal(printed.stale.code, 'stale-generation');
    t.same(printed.afterStale, printed.before);
    t.match(printed.missingSet, { code: 'refused', failures: [{ errnoName: 'ENOENT' }] });
  });

  t.test('replacing a table keeps named counters and other tables', async (t) => {
    t.same(packetsOf(printed.counted), { inputc: 3 });
    t.same(packetsOf(printed.kept), { inputc: 3, fresh: 7 }, 'counted packets are kept, what is not wanted is gone');
    t.same(printed.present, ['input']);
    t.match(printed.moved, [{ name: 'input', base: { hook: 'output' } }, { name: 'more' }]);
    t.same(packetsOf(printed.movedCounters), { inputc: 3 });
    t.same(packetsOf(printed.reset), { inputc: 3, fresh: 7 }, 'read and set back');
    t.same(packetsOf(printed.zero), { inputc: 0, fresh: 0 });
    t.same(packetsOf(printed.anew), { inputc: 0, fresh: 7 }, 'delete, add begins again');
    t.same(printed.foreign, ['ip foreign', 'inet router7']);
  });

  t.test('many elements, many requests, an end', async (t) => {
    t.equal(printed.distinct, 60_000);
    t.equal(printed.tooLarge.code, 'too-large');
    t.equal(printed.late.code, 'timeout', 'waits are bounded');
    t.same(printed.codes, ['answered'], 'after a time-out the connection goes on');
    t.same(printed.parallel, ['list', 'generation', 'list']);
    t.same(
      printed.closed.map(({ code }) => code),
      ['closed', 'closed'],
    );
  });
});
