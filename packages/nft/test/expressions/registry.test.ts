import { readFileSync } from 'node:fs';
import {
  Attributes,
  decodeExpression,
  type Expression,
  encodeExpression,
  expressionCodecs,
  expressionName,
} from '@router7/nft';
import { ByteReader, DecodeError, type DecodeErrorCode, EncodeError, fromHex } from '@router7/wire';
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

t.test('the README and the API documentation have a line of nft for each expression', async (t) => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const rows = [...readme.matchAll(/^\| `(\w+)` \| .*`.+`.* \|$/gm)].map(([, kind]) => kind);
  t.same(rows.toSorted(), expressionCodecs.map(({ kind }) => kind).toSorted());
  for (const { kind } of expressionCodecs) {
    const file = kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const source = readFileSync(new URL(`../../src/expressions/${file}.ts`, import.meta.url), 'utf8');
    const name = `${kind[0]?.toUpperCase()}${kind.slice(1)}`;
    t.match(source, new RegExp(`/\\*\\* .*\`.+\`.* \\*/\nexport (interface|type) ${name}\\b`), kind);
  }
});

// What iptables-nft writes: it has no type here.
const match = bytes(
  '0a000100 6d617463 68000000', // NFTA_EXPR_NAME "match"
  '14000280', // NFTA_EXPR_DATA, nested
  '08000100 74637000', // NFTA_MATCH_NAME "tcp"
  '08000200 00000000', // NFTA_MATCH_REV
);

// A shift with an attribute of some newer kernel.
const shift = bytes(
  '0c000100 62697477 69736500', // NFTA_EXPR_NAME "bitwise"
  '38000280', // NFTA_EXPR_DATA, nested
  '08000100 00000001', // NFTA_BITWISE_SREG
  '08000200 00000001', // NFTA_BITWISE_DREG
  '08000300 00000004', // NFTA_BITWISE_LEN
  '08000600 00000001', // NFTA_BITWISE_OP
  '0c000780 08000100 00000008', // NFTA_BITWISE_DATA, nested
  '08006300 00000001', // unknown
);

// An operation of some newer kernel.
const newerOperation = bytes(
  '0c000100 62697477 69736500', // NFTA_EXPR_NAME "bitwise"
  '24000280', // NFTA_EXPR_DATA, nested
  '08000100 00000001', // NFTA_BITWISE_SREG
  '08000200 00000001', // NFTA_BITWISE_DREG
  '08000300 00000004', // NFTA_BITWISE_LEN
  '08000600 00000006', // NFTA_BITWISE_OP
);

// A mask that is not as long as it says.
const longMask = bytes(
  '0c000100 62697477 69736500', // NFTA_EXPR_NAME "bitwise"
  '34000280', // NFTA_EXPR_DATA, nested
  '08000100 00000001', // NFTA_BITWISE_SREG
  '08000200 00000001', // NFTA_BITWISE_DREG
  '08000300 00000002', // NFTA_BITWISE_LEN
  '0c000480 08000100 00000008', // NFTA_BITWISE_MASK, nested
  '0c000580 08000100 00000000', // NFTA_BITWISE_XOR, nested
);

// A flag of some newer kernel beside the one for the opposite.
const newerFlag = bytes(
  '0e000100 636f6e6e 6c696d69 74000000', // NFTA_EXPR_NAME "connlimit"
  '14000280', // NFTA_EXPR_DATA, nested
  '08000100 00000005', // NFTA_CONNLIMIT_COUNT
  '08000200 00000003', // NFTA_CONNLIMIT_FLAGS
);

// A constant with an attribute beside its octets, one level further down.
const newerData = bytes(
  '08000100 636d7000', // NFTA_EXPR_NAME "cmp"
  '28000280', // NFTA_EXPR_DATA, nested
  '08000100 00000001', // NFTA_CMP_SREG
  '08000200 00000000', // NFTA_CMP_OP
  '14000380', // NFTA_CMP_DATA, nested
  '05000100 06000000', // NFTA_DATA_VALUE
  '08000900 00000001', // unknown
);

// A prefix that is not UTF-8.
const latin1 = bytes(
  '08000100 6c6f6700', // NFTA_EXPR_NAME "log"
  '0c000280', // NFTA_EXPR_DATA, nested
  '07000200 fc3a0000', // NFTA_LOG_PREFIX
);

// A list of one, which nft writes without a list.
const listOfOne = bytes(
  '0b000100 64796e73 65740000', // NFTA_EXPR_NAME "dynset"
  '3c000280', // NFTA_EXPR_DATA, nested
  '08000400 00000001', // NFTA_DYNSET_SREG_KEY
  '08000300 00000000', // NFTA_DYNSET_OP
  '06000100 73000000', // NFTA_DYNSET_SET_NAME
  '18000a80', // NFTA_DYNSET_EXPRESSIONS, nested
  '14000180', // NFTA_LIST_ELEM, nested
  '0c000100 636f756e 74657200', // NFTA_EXPR_NAME "counter"
  '04000280', // NFTA_EXPR_DATA, nested
  '08000900 00000002', // NFTA_DYNSET_FLAGS
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

const unknown = {
  ...{ match, shift, newerOperation, longMask, newerFlag, newerData, latin1, listOfOne, newerMeta, twice },
};

t.test('what has no type survives byte for byte', async (t) => {
  for (const [name, input] of Object.entries(unknown)) {
    const decoded = decodeExpression(input);
    t.equal(decoded.kind, 'raw', name);
    t.same(lines(encodeExpression(decoded)), lines(input), name);
  }
});

t.test('what stands inside of another expression survives as well', async (t) => {
  // A dynset that gives each element a quota with an attribute of some newer kernel, and a counter.
  const input = bytes(
    '0b000100 64796e73 65740000', // NFTA_EXPR_NAME "dynset"
    '60000280', // NFTA_EXPR_DATA, nested
    '08000400 00000001', // NFTA_DYNSET_SREG_KEY
    '08000300 00000000', // NFTA_DYNSET_OP
    '06000100 73000000', // NFTA_DYNSET_SET_NAME
    '3c000a80', // NFTA_DYNSET_EXPRESSIONS, nested
    '24000180', // NFTA_LIST_ELEM, nested
    '0a000100 71756f74 61000000', // NFTA_EXPR_NAME "quota"
    '14000280', // NFTA_EXPR_DATA, nested
    '0c000100 00000000 00000005', // NFTA_QUOTA_BYTES
    '04006300', // unknown
    '14000180', // NFTA_LIST_ELEM, nested
    '0c000100 636f756e 74657200', // NFTA_EXPR_NAME "counter"
    '04000280', // NFTA_EXPR_DATA, nested
    '08000900 00000002', // NFTA_DYNSET_FLAGS
  );
  const decoded = decodeExpression(input);
  t.match(decoded, { kind: 'dynset', expressions: [{ kind: 'raw', name: 'quota' }, { kind: 'counter' }] });
  t.same(lines(encodeExpression(decoded)), lines(input));

  // No kernel takes a dynset inside of another: the inner one is not looked into, however deep it goes.
  let deep: Expression = { kind: 'counter', packets: 0n, bytes: 0n };
  for (let level = 0; level < 800; level++) {
    deep = { kind: 'dynset', operation: 0, set: 's', keyRegister: 1, expressions: [deep], inverted: false };
  }
  const deepBytes = encodeExpression(deep);
  t.match(decodeExpression(deepBytes), {
    kind: 'dynset',
    expressions: [{ kind: 'dynset', expressions: [{ kind: 'raw' }] }],
  });
  t.same(encodeExpression(decodeExpression(deepBytes)), deepBytes);
});

t.test('what the kernel says in another way than nft', async (t) => {
  const same = (name: string, input: Uint8Array, expression: Expression): void =>
    void t.same(decodeExpression(input), expression, name);
  same(
    'bitwise with the operation that is its default',
    bytes(
      '0c000100 62697477 69736500', // NFTA_EXPR_NAME "bitwise"
      '3c000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_BITWISE_SREG
      '08000200 00000001', // NFTA_BITWISE_DREG
      '08000300 00000004', // NFTA_BITWISE_LEN
      '08000600 00000000', // NFTA_BITWISE_OP
      '0c000480 08000100 fffeffff', // NFTA_BITWISE_MASK, nested
      '0c000580 08000100 00010000', // NFTA_BITWISE_XOR, nested
    ),
    { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('fffeffff'), xor: fromHex('00010000') },
  );
  same(
    'exthdr reset with zeros that nobody may write',
    bytes(
      '0b000100 65787468 64720000', // NFTA_EXPR_NAME "exthdr"
      '2c000280', // NFTA_EXPR_DATA, nested
      '05000200 04000000', // NFTA_EXTHDR_TYPE
      '08000300 00000000', // NFTA_EXTHDR_OFFSET
      '08000400 00000000', // NFTA_EXTHDR_LEN
      '08000500 00000000', // NFTA_EXTHDR_FLAGS
      '08000600 00000001', // NFTA_EXTHDR_OP
    ),
    { kind: 'exthdr', operation: 'reset', header: 1, type: 4 },
  );
  const depleted = bytes(
    '0a000100 71756f74 61000000', // NFTA_EXPR_NAME "quota"
    '24000280', // NFTA_EXPR_DATA, nested
    '0c000100 00000000 00000005', // NFTA_QUOTA_BYTES
    '0c000400 00000000 00000005', // NFTA_QUOTA_CONSUMED
    '08000200 00000003', // NFTA_QUOTA_FLAGS
  );
  const quota: Expression = { kind: 'quota', bytes: 5n, consumed: 5n, inverted: true, depleted: true };
  same('quota that is used up', depleted, quota);
  t.equal(encodeExpression(quota).at(-1), 1, 'a kernel refuses the flag that it says itself');
  same(
    'dynset without a time-out',
    bytes(
      '0b000100 64796e73 65740000', // NFTA_EXPR_NAME "dynset"
      '30000280', // NFTA_EXPR_DATA, nested
      '08000400 00000001', // NFTA_DYNSET_SREG_KEY
      '08000300 00000000', // NFTA_DYNSET_OP
      '06000100 73000000', // NFTA_DYNSET_SET_NAME
      '0c000600 00000000 00000000', // NFTA_DYNSET_TIMEOUT
      '08000900 00000000', // NFTA_DYNSET_FLAGS
    ),
    { kind: 'dynset', operation: 0, set: 's', keyRegister: 1, expressions: [], inverted: false },
  );
  same(
    'last that was never used',
    bytes(
      '09000100 6c617374 00000000', // NFTA_EXPR_NAME "last"
      '18000280', // NFTA_EXPR_DATA, nested
      '08000100 00000000', // NFTA_LAST_SET
      '0c000200 00000000 00000000', // NFTA_LAST_MSECS
    ),
    { kind: 'last' },
  );
});

const malformed: readonly { name: string; bytes: Uint8Array; code: DecodeErrorCode }[] = [
  { name: 'no name', bytes: bytes('04000280'), code: 'missing' },
  { name: 'length below its header', bytes: bytes('03000100'), code: 'bad-length' },
  { name: 'length beyond the input', bytes: bytes('10000100 6d657461'), code: 'truncated' },
  { name: 'half a header', bytes: bytes('0900'), code: 'truncated' },
  { name: 'a name that is no word', bytes: bytes('09000100 6d6500ff 00000000'), code: 'bad-value' },
  { name: 'an empty name', bytes: bytes('05000100 00000000'), code: 'bad-value' },
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

/** `quota 400 bytes`, used up: the kernel tells so and refuses to be told. */
const QUOTA_USED_UP = bytes(
  '0a000100 71756f74 61000000 24000280',
  '0c000100 00000000 00000190 0c000400 00000000 00000000 08000200 00000002',
);

t.test('random and mutated bytes give an expression or a DecodeError', async (t) => {
  const survives = (input: Uint8Array): boolean => {
    try {
      const decoded = decodeExpression(input);
      // What was understood is the same after writing and reading it again, but for what the kernel only tells.
      const told = decoded.kind === 'quota' ? { ...decoded, depleted: undefined } : decoded;
      return JSON.stringify(plain(decodeExpression(encodeExpression(decoded)))) === JSON.stringify(plain(told));
    } catch (error) {
      return error instanceof DecodeError;
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), survives), { numRuns: 300 });
  const golden = fc.constantFrom(...goldenExpressions.map(({ bytes }) => bytes));
  const mutated = fc
    .tuple(golden, fc.nat(), fc.nat(255))
    .map(([octets, at, value]) => octets.with(at % octets.length, value));
  fc.assert(fc.property(mutated, survives), { numRuns: 2000, examples: [[QUOTA_USED_UP]] });
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
