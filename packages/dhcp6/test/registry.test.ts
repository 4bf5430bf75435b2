import t from 'tap';
import {
  decodeRawOption,
  encodeNamedOption,
  type OptionName,
  optionCode,
  optionDefinition,
  optionName,
  optionRegistry,
  type ShapeName,
  type ShapeValues,
} from '../src/index.ts';
import { codecByCode, codecByName } from '../src/option-codec.ts';
import { DB8_1, hex, ip } from './golden.ts';
import { optionTables } from './options/tables.ts';

/** A value of each shape with its octets. */
const samples: { readonly [S in ShapeName]: readonly [value: ShapeValues[S], bytes: string] } = {
  domainName: ['a.example', '01 61 07 65 78 61 6d 70 6c 65 00'],
  domainNames: [['a', 'b'], '01 61 00 01 62 00'],
  flag: [true, ''],
  ipv6: [ip('2001:db8::1'), DB8_1],
  ipv6List: [[ip('2001:db8::1')], DB8_1],
  ipv6ListOrNone: [[], ''],
  octets: [hex('00 ff'), '00 ff'],
  text: ['lab', '6c 61 62'],
  u8: [64, '40'],
  u16: [1500, '05 dc'],
  u16List: [[68, 1500], '00 44 05 dc'],
  u32: [0xffff_ffff, 'ff ff ff ff'],
};

/** Octets that do not have a shape, and how. */
const broken: { readonly [S in ShapeName]?: readonly [bytes: string, code: string] } = {
  domainName: ['01 61 00 00', 'leftover'],
  domainNames: ['01 61', 'truncated'],
  flag: ['00', 'leftover'],
  ipv6: ['00', 'truncated'],
  ipv6List: ['', 'bad-length'],
  ipv6ListOrNone: ['c0', 'bad-length'],
  text: ['ff', 'bad-value'],
  u8: ['00 00', 'leftover'],
  u16: ['00', 'truncated'],
  u16List: ['00 00 00', 'truncated'],
  u32: ['00 00', 'truncated'],
};

t.test('the registry has each code once, in order, and no gap but the two of IANA', async (t) => {
  const codes = optionRegistry.map(({ code }) => code);
  t.strictSame(
    codes,
    Array.from({ length: 150 }, (_, i) => i + 1).filter((code) => code !== 10 && code !== 35),
  );
  const names = optionRegistry.flatMap(({ name }) => name ?? []);
  t.equal(new Set(names).size, names.length, 'names are unique');
  t.ok(
    names.every((name) => /^[a-z][A-Za-z0-9]*$/.test(name)),
    'names are camelCase',
  );
});

t.test('names and codes', async (t) => {
  t.equal(optionName(23), 'dnsServers');
  t.equal(optionCode('dnsServers'), 23);
  t.equal(optionName(10), undefined);
  t.equal(optionName(0), undefined);
  t.equal(optionName(65535), undefined);
  t.equal(optionCode('nothing'), undefined);
  t.equal(optionCode('constructor'), undefined);
  t.strictSame(optionDefinition(151), {
    code: 151,
    status: 'unassigned',
    name: undefined,
    ianaName: 'Unassigned',
    shape: undefined,
  });
});

for (const { code, name, status, shape } of optionRegistry) {
  if (status === 'own') {
    t.test(`${code} ${name} has a codec, a golden row and a malformed one`, async (t) => {
      t.equal(codecByName.get(name as string)?.code, code);
      t.equal(codecByCode[code]?.name, name);
      const rows = optionTables.flatMap(({ golden }) => golden).filter(({ option }) => option.kind === name);
      const isOfCode = ({ bytes }: { bytes: Uint8Array }): boolean =>
        bytes[0] === code >> 8 && bytes[1] === (code & 0xff);
      t.ok(rows.length > 0, 'a golden row');
      t.ok(rows.every(isOfCode), 'of its code');
      const malformed = optionTables.flatMap((table) => table.malformed).filter(isOfCode);
      t.ok(malformed.length > 0 || name === 'interfaceId', 'a malformed row');
      const first = rows[0]?.option as { kind: OptionName; value: never };
      t.strictSame(encodeNamedOption(first.kind, first.value), first);
    });
  } else {
    const key = shape as ShapeName;
    t.test(`${code} ${name} has the shape ${key}`, async (t) => {
      const [value, bytes] = samples[key];
      const option = encodeNamedOption(name as string, value);
      t.strictSame(option, { kind: 'raw', code, data: hex(bytes) });
      t.strictSame(decodeRawOption({ kind: 'raw', code, data: hex(bytes) }), { name, shape: key, value });
      const [octets, error] = broken[key] ?? [];
      if (octets === undefined) return;
      t.throws(() => decodeRawOption({ kind: 'raw', code, data: hex(octets) }), { name: 'DecodeError', code: error });
    });
  }
}

t.test('a codec for nothing else', async (t) => {
  t.strictSame(
    [...codecByName.keys()].toSorted(),
    optionRegistry.flatMap(({ status, name }) => (status === 'own' ? (name ?? []) : [])).toSorted(),
  );
});

t.test('a code that nothing is assigned to has octets', async (t) => {
  const option = encodeNamedOption(65001, hex('01 02'));
  t.strictSame(option, { kind: 'raw', code: 65001, data: hex('01 02') });
  t.strictSame(decodeRawOption({ kind: 'raw', code: 65001, data: hex('01 02') }), {
    name: undefined,
    shape: 'octets',
    value: hex('01 02'),
  });
});

t.test('values of another shape, and options that nobody sets, are refused', async (t) => {
  const wrong: readonly [name: string | number, value: never][] = [
    ['nothing', 1 as never],
    [0, hex('') as never],
    [65536, hex('') as never],
    [1.5, hex('') as never],
    ['nisServers', ip('::1') as never],
    ['nisServers', ['::1'] as never],
    ['linkAddress', '::1' as never],
    ['nisDomainName', ['a'] as never],
    ['bcmcsServerD', 'a' as never],
    ['aniApName', 1 as never],
    ['ero', 1 as never],
    ['cltTime', '1' as never],
    [65001, 'text' as never],
  ];
  for (const [name, value] of wrong) {
    t.throws(() => encodeNamedOption(name, value), { name: 'EncodeError', code: 'bad-value' }, `${name}`);
  }
  t.throws(() => encodeNamedOption('fServerState', 256), { name: 'EncodeError', code: 'out-of-range' });
});
