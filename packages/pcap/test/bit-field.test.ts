import t from 'tap';
import { bitField } from '../src/bit-field.ts';

t.test('lets through what fits, and nothing else', async (t) => {
  t.equal(bitField('field', 0, 3), 0);
  t.equal(bitField('field', 7, 3), 7);
  t.equal(bitField('field', 0xffff_ffff, 32), 0xffff_ffff);
  for (const value of [8, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => bitField('field', value, 3), { name: 'EncodeError', code: 'out-of-range' }, String(value));
  }
});
