import { Attributes, AttributeWriter, decodeExpression, encodeExpression, expressionCodecs } from '@router7/nft';
import { ByteReader, ByteWriter, bytesEqual, DecodeError, toHex } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { goldenExpressions } from './golden.ts';

/** The attributes by which the kernel aligns others of eight octets (NFTA_COUNTER_PAD and so on): they say nothing. */
const padding: { readonly [expression: string]: number } = { counter: 3, limit: 6, quota: 3, last: 3 };

t.test('what has a type is written again with everything that it said', async (t) => {
  // An expression inside of another has a name, too, that a change could hit.
  const rows = goldenExpressions.filter(
    ({ expression }) => expression.kind !== 'dynset' && expression.kind !== 'inner',
  );
  const golden = fc.constantFrom(...rows.map(({ bytes }) => bytes));
  const mutated = fc
    .tuple(golden, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }))
    .map(([octets, changes]) => changes.reduce((all, [at, value]) => changed(all, at, value), octets));
  fc.assert(
    fc.property(mutated, (input) => {
      const output = decodedAndEncoded(input);
      if (output !== undefined && !saysAsMuch(input, output)) throw new Error(`${toHex(input)} => ${toHex(output)}`);
    }),
    { numRuns: 5000 },
  );
  t.pass('nothing is lost');
});

t.test('attributes put together at random give an expression or a DecodeError', async (t) => {
  const payload = fc.oneof(
    fc.constantFrom(1, 2, 4, 8).chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
    fc.uint8Array({ maxLength: 20 }),
  );
  const attribute = fc.tuple(fc.nat(12), payload);
  // Some of them hold others, as constants, verdicts and expressions do.
  const nested = fc.tuple(fc.nat(12), fc.array(attribute, { maxLength: 3 }).map(rowOf));
  const name = fc.constantFrom(...expressionCodecs.map((codec) => codec.name));
  const random = fc.tuple(name, fc.array(fc.oneof(attribute, nested), { maxLength: 6 })).map(([name, attributes]) =>
    rowOf([
      [1, new TextEncoder().encode(`${name}\0`)],
      [2, rowOf(attributes)],
    ]),
  );
  const kinds = new Set<string>();
  fc.assert(
    fc.property(random, (input) => {
      const output = decodedAndEncoded(input);
      if (output === undefined) return;
      kinds.add(decodeExpression(input).kind);
      if (!saysAsMuch(input, output)) throw new Error(`${toHex(input)} => ${toHex(output)}`);
      if (!bytesEqual(encodeExpression(decodeExpression(output)), output)) throw new Error(toHex(output));
    }),
    { numRuns: 5000 },
  );
  t.ok(kinds.has('raw') && kinds.size > 3, [...kinds].join(' '));
});

t.test('a checksum of no type that has an offset', async (t) => {
  const data = [1, 2, 3, 4, 7, 8].map((type) => [type, Uint8Array.of(0, 0, 0, 2)] as const);
  const input = rowOf([
    [1, new TextEncoder().encode('payload\0')],
    [2, rowOf(data)],
  ]);
  t.ok(saysAsMuch(input, encodeExpression(decodeExpression(input))), 'is kept');
});

/** Attributes one behind the other. */
function rowOf(attributes: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const writer = new ByteWriter(64);
  const row = new AttributeWriter(writer);
  for (const [type, payload] of attributes) row.bytes(type, payload);
  return writer.finish();
}

/** Changes one octet of the data: the name is a word of the kernel's own, and beside the two there is nothing. */
function changed(octets: Uint8Array, at: number, value: number): Uint8Array {
  const start = (((octets[0] ?? 0) + 3) & ~3) + 4;
  return start < octets.length ? octets.with(start + (at % (octets.length - start)), value) : octets;
}

/** Undefined for what cannot be decoded, and for a quota that is used up: the kernel says so, and refuses to be told. */
function decodedAndEncoded(input: Uint8Array): Uint8Array | undefined {
  try {
    const expression = decodeExpression(input);
    return expression.kind === 'quota' && expression.depleted ? undefined : encodeExpression(expression);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Whether `output` has all attributes of `input`, in whatever order. Zeros are what an absent attribute means. */
function saysAsMuch(input: Uint8Array, output: Uint8Array, pad?: number): boolean {
  const written = new Map(attributesOf(output));
  const name = new TextDecoder().decode(written.get(1)?.subarray(0, -1));
  return attributesOf(input).every(([type, payload]) => {
    if (type === pad || payload.every((octet) => octet === 0)) return true;
    const other = written.get(type);
    return other !== undefined && (isSameText(payload, other) || isSameNest(payload, other, padding[name]));
  });
}

function isSameNest(input: Uint8Array, output: Uint8Array, pad: number | undefined): boolean {
  try {
    return input.length >= 4 && saysAsMuch(input, output, pad);
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

function attributesOf(octets: Uint8Array): [number, Uint8Array][] {
  return new Attributes(new ByteReader(octets)).list().map((attribute) => [attribute.type, attribute.reader().rest()]);
}

/** The names that objref has are written without the zero octet at their end. */
function isSameText(a: Uint8Array, b: Uint8Array): boolean {
  const withoutEnd = (octets: Uint8Array): Uint8Array => (octets.at(-1) === 0 ? octets.subarray(0, -1) : octets);
  return bytesEqual(withoutEnd(a), withoutEnd(b));
}
