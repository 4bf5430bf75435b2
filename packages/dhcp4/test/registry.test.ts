import { Ipv6Address } from '@router7/wire';
import t from 'tap';
import {
  decodeRawOption,
  encodeNamedOption,
  type OptionName,
  optionCode,
  optionName,
  optionRegistry,
  type ShapeName,
  type ShapeValues,
} from '../src/index.ts';
import { codecByName } from '../src/option-codec.ts';
import { hex, ip } from './golden.ts';
import { optionTables } from './options/tables.ts';

/** A value of each shape with its octets. */
const samples: { readonly [S in ShapeName]: readonly [value: ShapeValues[S], bytes: string] } = {
  boolean: [true, '01'],
  dnsName: ['a.example', '01 61 07 65 78 61 6d 70 6c 65 00'],
  dnsNames: [['a', 'b'], '01 61 00 01 62 00'],
  flag: [true, ''],
  i32: [-3600, 'ff ff f1 f0'],
  ipv4: [ip('192.0.2.1'), 'c0 00 02 01'],
  ipv4List: [[ip('192.0.2.1'), ip('192.0.2.2')], 'c0 00 02 01 c0 00 02 02'],
  ipv4ListOrNone: [[], ''],
  ipv4PairList: [[[ip('192.0.2.0'), ip('255.255.255.0')]], 'c0 00 02 00 ff ff ff 00'],
  ipv6: [Ipv6Address.parse('2001:db8::1'), '20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01'],
  octets: [hex('00 ff'), '00 ff'],
  subOptions: [[{ code: 1, data: hex('07') }], '01 01 07'],
  text: ['/srv/root', '2f 73 72 76 2f 72 6f 6f 74'],
  u8: [64, '40'],
  u8List: [[1, 2], '01 02'],
  u16: [1500, '05 dc'],
  u16List: [[68, 1500], '00 44 05 dc'],
  u32: [0xffff_ffff, 'ff ff ff ff'],
};

/** Octets that do not have a shape, and how. */
const broken: { readonly [S in ShapeName]?: readonly [bytes: string, code: string] } = {
  boolean: ['02', 'bad-value'],
  dnsName: ['01 61 00 00', 'leftover'],
  dnsNames: ['01 61', 'truncated'],
  i32: ['00', 'truncated'],
  ipv4List: ['', 'bad-length'],
  ipv4ListOrNone: ['c0', 'truncated'],
  ipv4PairList: ['c0 00 02 00', 'bad-length'],
  ipv6: ['00', 'truncated'],
  subOptions: ['01 02 00', 'truncated'],
  text: ['ff', 'bad-value'],
  u8: ['00 00', 'leftover'],
  u16List: ['00 00 00', 'truncated'],
};

t.test('the registry has each of the 256 codes once, in order', async (t) => {
  t.strictSame(
    optionRegistry.map(({ code }) => code),
    Array.from({ length: 256 }, (_, code) => code),
  );
  const names = optionRegistry.flatMap(({ name }) => name ?? []);
  t.equal(new Set(names).size, names.length, 'names are unique');
  t.ok(
    names.every((name) => /^[a-z][A-Za-z0-9]*$/.test(name)),
    'names are camelCase',
  );
  t.strictSame(
    optionRegistry.flatMap(({ status, code }) => (status === 'structure' ? code : [])),
    [0, 52, 255],
  );
});

t.test('names and codes', async (t) => {
  t.equal(optionName(42), 'ntpServers');
  t.equal(optionCode('ntpServers'), 42);
  t.equal(optionName(224), undefined);
  t.equal(optionName(256), undefined);
  t.equal(optionName(-1), undefined);
  t.equal(optionCode('nothing'), undefined);
  t.equal(optionCode('constructor'), undefined);
  t.equal(optionRegistry[115]?.ianaName, 'REMOVED/Unassigned');
  t.equal(optionRegistry[254]?.status, 'private');
});

for (const { code, name, status, shape } of optionRegistry) {
  if (status === 'own') {
    t.test(`${code} ${name} has a codec and a golden row`, async (t) => {
      t.equal(codecByName.get(name as string)?.code, code);
      const rows = optionTables.flatMap(({ golden }) => golden).filter(({ option }) => option.kind === name);
      t.ok(rows.length > 0, 'a golden row');
      t.ok(
        rows.every(({ bytes }) => bytes[0] === code),
        'of its code',
      );
      const first = rows[0]?.option as { kind: OptionName; value: never };
      t.strictSame(encodeNamedOption(first.kind, first.value), first);
    });
  } else if (status !== 'structure') {
    const key = shape ?? 'octets';
    t.test(`${code} ${name ?? status} has the shape ${key}`, async (t) => {
      const [value, bytes] = samples[key];
      const option = encodeNamedOption(name ?? code, value);
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

t.test('values of another shape, and options that nobody sets, are refused', async (t) => {
  const wrong: readonly [name: string | number, value: never][] = [
    ['nothing', 1 as never],
    ['pad', hex('') as never],
    ['overload', 1 as never],
    [255, hex('') as never],
    ['rootPath', 1 as never],
    ['swapServer', '192.0.2.1' as never],
    ['timeServer', [1] as never],
    ['policyFilter', [[ip('192.0.2.1')]] as never],
    ['defaultIpTtl', '64' as never],
    ['trailers', 1 as never],
    ['ccc', [{ code: 1 }] as never],
    [224, 'text' as never],
    ['optionDhcp4o6S46Saddr', ip('192.0.2.1') as never],
    ['bcmcsControllerDomainNameList', 'a' as never],
    ['mtuPlateau', 68 as never],
  ];
  for (const [name, value] of wrong) {
    t.throws(() => encodeNamedOption(name, value), { name: 'EncodeError', code: 'bad-value' }, `${name}`);
  }
  t.throws(() => encodeNamedOption('defaultIpTtl', 256), { name: 'EncodeError', code: 'out-of-range' });
});
