import fc from 'fast-check';
import t from 'tap';
import { ChunkBuffer } from '../src/chunk-buffer.ts';

t.test('joins chunks and gives out pieces', async (t) => {
  const buffer = new ChunkBuffer();
  t.equal(buffer.peek(1), undefined);
  buffer.push(Uint8Array.of(1, 2));
  buffer.push(new Uint8Array(0));
  buffer.push(Uint8Array.of(3, 4, 5));
  t.equal(buffer.length, 5);
  t.strictSame(buffer.peek(3), Uint8Array.of(1, 2, 3));
  t.strictSame(buffer.take(3), Uint8Array.of(1, 2, 3));
  t.equal(buffer.offset, 3);
  t.equal(buffer.take(3), undefined, 'not enough there');
  t.strictSame(buffer.take(2), Uint8Array.of(4, 5));
  t.equal(buffer.offset, 5);
  t.strictSame(buffer.take(0), new Uint8Array(0));
});

t.test('what was taken is a copy, and after settling so is what is left', async (t) => {
  // The slice() of Node's Buffer is not that of its parent class: it copies nothing.
  for (const chunk of [Uint8Array.of(1, 2, 3, 4), Buffer.from([1, 2, 3, 4])]) {
    const buffer = new ChunkBuffer();
    buffer.push(chunk);
    const taken = buffer.take(2);
    buffer.settle();
    chunk.fill(0xff);
    t.strictSame(taken, Uint8Array.of(1, 2));
    t.strictSame(buffer.take(2), Uint8Array.of(3, 4));
  }
});

t.test('behaves as one long row of octets', async () => {
  const step = fc.oneof(
    fc.record({ push: fc.uint8Array({ maxLength: 600 }) }),
    fc.record({ take: fc.nat(700) }),
    fc.constant({ settle: true }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const buffer = new ChunkBuffer();
      let model: number[] = [];
      for (const step of steps) {
        if ('push' in step) {
          buffer.push(step.push);
          model.push(...step.push);
        } else if ('take' in step) {
          const got = buffer.take(step.take);
          if ((got === undefined) !== step.take > model.length) return false;
          if (got === undefined) continue;
          if (got.join() !== model.slice(0, step.take).join()) return false;
          model = model.slice(step.take);
        } else {
          buffer.settle();
        }
        if (buffer.length !== model.length) return false;
      }
      return buffer.peek(model.length)?.join() === model.join();
    }),
    { numRuns: 200 },
  );
});
