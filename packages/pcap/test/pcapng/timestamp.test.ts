import fc from 'fast-check';
import t from 'tap';
import {
  type InterfaceDescriptionBlock,
  MICROSECONDS,
  nanosecondsToTicks,
  type PcapngOption,
  type TimestampScale,
  ticksToNanoseconds,
  timestampScale,
  timestampScaleOptions,
} from '../../src/index.ts';
import { hex } from '../golden.ts';

function on(...options: PcapngOption[]): InterfaceDescriptionBlock {
  return { kind: 'interface-description', linkType: 1, snapLength: 0, options };
}

const scale = (base: 2 | 10, exponent: number, offsetSeconds = 0n): TimestampScale => ({
  base,
  exponent,
  offsetSeconds,
});

t.test('options tell the scale', async (t) => {
  t.strictSame(timestampScale(on(), 'little'), MICROSECONDS, 'microseconds when nothing is said');
  const rows: [string, TimestampScale, PcapngOption[], PcapngOption[]][] = [
    ['nanoseconds', scale(10, 9), [{ code: 9, data: hex('09') }], [{ code: 9, data: hex('09') }]],
    ['seconds', scale(10, 0), [{ code: 9, data: hex('00') }], [{ code: 9, data: hex('00') }]],
    ['2 to the power of -20', scale(2, 20), [{ code: 9, data: hex('94') }], [{ code: 9, data: hex('94') }]],
    ['2 to the power of -6', scale(2, 6), [{ code: 9, data: hex('86') }], [{ code: 9, data: hex('86') }]],
    [
      'an offset',
      scale(10, 6, 0x0102n),
      [{ code: 14, data: hex('0201000000000000') }],
      [{ code: 14, data: hex('0000000000000102') }],
    ],
    [
      'a negative offset',
      scale(2, 127, -2n),
      [
        { code: 9, data: hex('ff') },
        { code: 14, data: hex('feffffffffffffff') },
      ],
      [
        { code: 9, data: hex('ff') },
        { code: 14, data: hex('fffffffffffffffe') },
      ],
    ],
  ];
  for (const [name, value, little, big] of rows) {
    t.strictSame(timestampScaleOptions(value, 'little'), little, `${name}, little`);
    t.strictSame(timestampScaleOptions(value, 'big'), big, `${name}, big`);
    t.strictSame(timestampScale(on(...little), 'little'), value, `${name}, from little`);
    t.strictSame(timestampScale(on(...big), 'big'), value, `${name}, from big`);
  }
});

t.test('options of another length than they must have', async (t) => {
  for (const [code, text] of [
    [9, ''],
    [9, '0909'],
    [14, '00000000'],
    [14, '000000000000000000'],
  ] as const) {
    const bad = on({ code, data: hex(text) });
    t.throws(() => timestampScale(bad, 'big', 28), { name: 'DecodeError', code: 'bad-length', offset: 28 });
  }
});

t.test('ticks and nanoseconds', async (t) => {
  const rows: [TimestampScale, bigint, bigint][] = [
    [MICROSECONDS, 1_526_672_231_151_824n, 1_526_672_231_151_824_000n],
    [scale(10, 9), 1_526_672_231_151_824_999n, 1_526_672_231_151_824_999n],
    [scale(10, 0), 3n, 3_000_000_000n],
    [scale(2, 1), 3n, 1_500_000_000n],
    [scale(2, 0), 3n, 3_000_000_000n],
    [scale(10, 3, 1_000_000_000n), 7n, 1_000_000_000_007_000_000n],
    [scale(10, 9, -1n), 5n, -999_999_995n],
  ];
  for (const [value, ticks, nanoseconds] of rows) {
    t.equal(ticksToNanoseconds(ticks, value), nanoseconds);
    t.equal(nanosecondsToTicks(nanoseconds, value), ticks);
  }
  t.equal(ticksToNanoseconds(1999n, scale(10, 12)), 1n, 'what is finer is rounded down');
  t.equal(ticksToNanoseconds(1n, scale(2, 30)), 0n, 'what is finer is rounded down');
  t.equal(nanosecondsToTicks(1_999n, MICROSECONDS), 1n, 'what is finer is rounded down');
});

t.test('times that cannot be told', async (t) => {
  const refused = { name: 'EncodeError', code: 'out-of-range' };
  t.throws(() => nanosecondsToTicks(-1n, MICROSECONDS), refused, 'before 1970');
  t.throws(() => nanosecondsToTicks(999_999_999n, scale(10, 0, 1n)), refused, 'before the offset');
  t.throws(() => nanosecondsToTicks(2n ** 64n, scale(10, 9)), refused, 'past 64 bits');
  t.doesNotThrow(() => nanosecondsToTicks(2n ** 64n - 1n, scale(10, 9)));
  t.throws(() => timestampScaleOptions(scale(10, 128), 'big'), refused);
  t.throws(() => timestampScaleOptions(scale(10, 1.5), 'big'), refused);
  t.throws(() => timestampScaleOptions(scale(10, 6, 2n ** 63n), 'big'), refused);
});

t.test('ticks at least as fine as nanoseconds lose nothing', async () => {
  const fine = fc.constantFrom(scale(10, 9), scale(10, 10), scale(10, 9, -77n), scale(10, 9, 1_000n));
  fc.assert(
    fc.property(fine, fc.bigInt(1_000_000_000_000n, 1_700_000_000_000_000_000n), (value, time) => {
      return ticksToNanoseconds(nanosecondsToTicks(time, value), value) === time;
    }),
    { numRuns: 200 },
  );
});
