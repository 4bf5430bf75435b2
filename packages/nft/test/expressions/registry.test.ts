import {
  Attributes,
  decodeExpression,
  type Expression,
  encodeExpression,
  expressionCodecs,
  expressionName,
} from '@router7/nft';
import { ByteReader, DecodeError, type DecodeErrorCode, EncodeError } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { bytes, lines } from '../bytes.ts';
import { goldenExpressions } from './golden.ts';

t.test('FW-30: expressions are what nft sends', async (t) => {
  for (const { name, text, expression, bytes } of goldenExpressions) {
    t.same(lines(encodeExpression(expression)), lines(bytes), `encode ${name}: ${text}`);
    t.same(decodeExpression(bytes), expression, `decode ${name}: ${text}`);
  }
});

t.test('the registry holds each expression once, with a golden row', async (t) => {
  t.equal(new Set(expressionCodecs.map(({ name }) => name)).size, expressionCodecs.length, 'names are unique');
  t.equal(new Set(expressionCodecs.map(({ kind }) => kind)).size, expressionCodecs.length, 'kinds are unique');
  for (const { kind, name } of expressionCodecs) {
    const rows = goldenExpressions.filter(({ expression }) => expression.kind === kind);
    t.ok(rows.length > 0, `${kind} has a golden row`);
    for (const { expression } of rows) t.equal(expressionName(expression), name);
  }
});

// NFTA_QUEUE_NUM 5, NFTA_QUEUE_TOTAL 1: an expression that has no type here.
const queue = bytes(
  '0a000100 71756575 65000000', // NFTA_EXPR_NAME "queue"
  '14000280', // NFTA_EXPR_DATA, nested
  '06000100 00050000', // NFTA_QUEUE_NUM
  '06000200 00010000', // NFTA_QUEUE_TOTAL
);

// A shift, which nft writes for `meta mark set meta mark << 8`: bitwise without mask and xor.
const shift = bytes(
  '0c000100 62697477 69736500', // NFTA_EXPR_NAME "bitwise"
  '38000280', // NFTA_EXPR_DATA, nested
  '08000100 00000001', // NFTA_BITWISE_SREG
  '08000200 00000001', // NFTA_BITWISE_DREG
  '08000300 00000004', // NFTA_BITWISE_LEN
  '08000600 00000001', // NFTA_BITWISE_OP
  '0c000780 08000100 00000008', // NFTA_BITWISE_DATA, nested
  '08006300 00000001', // an attribute of some newer kernel
);

// `meta load` with an attribute that this codec does not know.
const newerMeta = bytes(
  '09000100 6d657461 00000000', // NFTA_EXPR_NAME "meta"
  '1c000280', // NFTA_EXPR_DATA, nested
  '08000200 00000006', // NFTA_META_KEY
  '08000100 00000001', // NFTA_META_DREG
  '08000900 000000ff', // unknown
);

// `meta load` that names its key twice: the kernel takes the last, and both have to survive.
const twice = bytes(
  '09000100 6d657461 00000000', // NFTA_EXPR_NAME "meta"
  '1c000280', // NFTA_EXPR_DATA, nested
  '08000200 00000006', // NFTA_META_KEY
  '08000200 00000007', // NFTA_META_KEY
  '08000100 00000001', // NFTA_META_DREG
);

// The form of objref that takes the object from a map.
const objrefMap = bytes(
  '0b000100 6f626a72 65660000', // NFTA_EXPR_NAME "objref"
  '14000280', // NFTA_EXPR_DATA, nested
  '08000300 00000001', // NFTA_OBJREF_SET_SREG
  '06000400 6d000000', // NFTA_OBJREF_SET_NAME "m"
);

t.test('what has no type survives byte for byte', async (t) => {
  for (const [name, input] of Object.entries({ queue, shift, newerMeta, twice, objrefMap })) {
    const decoded = decodeExpression(input);
    t.equal(decoded.kind, 'raw', name);
    t.same(lines(encodeExpression(decoded)), lines(input), name);
  }
});

const malformed: readonly { name: string; bytes: Uint8Array; code: DecodeErrorCode }[] = [
  { name: 'no name', bytes: bytes('04000280'), code: 'missing' },
  { name: 'length below its header', bytes: bytes('03000100'), code: 'bad-length' },
  { name: 'length beyond the input', bytes: bytes('10000100 6d657461'), code: 'truncated' },
  { name: 'half a header', bytes: bytes('0900'), code: 'truncated' },
  {
    name: 'meta without key',
    bytes: bytes('09000100 6d657461 00000000', '0c000280 08000100 00000001'),
    code: 'missing',
  },
  { name: 'meta without data', bytes: bytes('09000100 6d657461 00000000'), code: 'missing' },
  {
    name: 'key of two octets',
    bytes: bytes('09000100 6d657461 00000000', '0c000280 06000200 00060000'),
    code: 'bad-length',
  },
  {
    name: 'inner length beyond the outer',
    bytes: bytes('09000100 6d657461 00000000', '0c000280 09000200 00000006'),
    code: 'truncated',
  },
  {
    name: 'nat of a family that does not exist',
    bytes: bytes('08000100 6e617400', '14000280 08000100 00000001 08000200 00000063'),
    code: 'bad-value',
  },
];

t.test('malformed expressions', async (t) => {
  for (const { name, bytes, code } of malformed) {
    t.throws(() => decodeExpression(bytes), { name: 'DecodeError', code }, name);
  }
});

t.test('values without an encoding', async (t) => {
  const code = (expression: Expression): unknown => {
    try {
      encodeExpression(expression);
    } catch (error) {
      return error instanceof EncodeError ? error.code : error;
    }
    return undefined;
  };
  t.equal(code({ kind: 'meta', operation: 'load', key: -1, register: 1 }), 'out-of-range');
  t.equal(code({ kind: 'lookup', set: 'a\0b', source: 1, inverted: false }), 'bad-value');
  t.equal(code({ kind: 'log', prefix: 'x'.repeat(70_000) }), 'too-long');
  t.equal(code({ kind: 'counter', packets: -1n, bytes: 1n }), 'out-of-range');
  t.equal(code({ kind: 'nope' } as unknown as Expression), 'bad-value');
});

t.test('random and mutated bytes give an expression or a DecodeError', async (t) => {
  const survives = (input: Uint8Array): boolean => {
    try {
      const decoded = decodeExpression(input);
      // What was understood is the same after writing and reading it again.
      return JSON.stringify(plain(decodeExpression(encodeExpression(decoded)))) === JSON.stringify(plain(decoded));
    } catch (error) {
      return error instanceof DecodeError;
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), survives), { numRuns: 300 });
  const golden = fc.constantFrom(...goldenExpressions.map(({ bytes }) => bytes));
  const mutated = fc
    .tuple(golden, fc.nat(), fc.nat(255))
    .map(([octets, at, value]) => octets.with(at % octets.length, value));
  fc.assert(fc.property(mutated, survives), { numRuns: 2000 });
  t.pass('only DecodeError');
});

t.test('Attributes: lists, absence and what was asked for', async (t) => {
  const attributes = new Attributes(
    new ByteReader(bytes('05000100 2a000000', '0c000280 08000100 00000007', '06000300 6869')),
  );
  t.equal(attributes.allRead, false);
  t.equal(attributes.u8(1), 0x2a);
  t.equal(attributes.u32(9), undefined);
  t.equal(attributes.nested(2)?.u32(1), 7);
  t.equal(attributes.allRead, false);
  t.equal(attributes.string(3), 'hi', 'no closing zero and no padding at the end of the message');
  t.equal(attributes.allRead, true);
  t.same(
    attributes.list().map(({ type, offset }) => [type, offset]),
    [
      [1, 0],
      [2, 8],
      [3, 20],
    ],
  );
  t.throws(() => attributes.u64(1), { code: 'bad-length', offset: 0 });
});

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)));
}
