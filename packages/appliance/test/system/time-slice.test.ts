import t from 'tap';
import { setTimeSlice, timeSlice } from '../../src/system/time-slice.ts';

t.test('asks for a short time slice, and leaves the rest as it is', async (t) => {
  const before = timeSlice();
  t.equal(setTimeSlice(100), true);
  // Kernels before 6.12 do not tell it, and do not know it either.
  t.equal(timeSlice(), before === undefined ? undefined : 100);
});
