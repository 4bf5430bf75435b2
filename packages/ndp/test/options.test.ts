import t from 'tap';
import { decodeMessage, encodeMessage, type Option, pref64Lifetime } from '../src/index.ts';
import { hex, ip, joined, prefix, sameBytes, solicitation, solicitationHeader } from './golden.ts';
import { optionTables } from './options/tables.ts';

for (const { name, option, bytes } of optionTables.flatMap(({ golden }) => golden)) {
  t.test(name, async (t) => {
    const message = joined(solicitationHeader, bytes);
    t.strictSame(decodeMessage(message).options, [option], 'decodes');
    sameBytes(t, encodeMessage({ ...solicitation, options: [option] }), message, 'encodes');
  });
}

for (const { name, bytes, code } of optionTables.flatMap(({ malformed }) => malformed)) {
  t.test(`keeps ${name} as malformed`, async (t) => {
    const message = joined(solicitationHeader, bytes);
    const { options } = decodeMessage(message);
    t.strictSame(options, [{ kind: 'malformed', code: bytes[0], data: bytes.slice(2), error: code }]);
    sameBytes(t, encodeMessage({ ...solicitation, options }), message, 'encodes as it came');
  });
}

t.test('options keep their order, and may come several times', async (t) => {
  const bytes = joined(
    solicitationHeader,
    hex('fe 01 00 00 00 00 00 01'),
    hex('05 01 00 00 00 00 05 dc'),
    hex('fe 01 00 00 00 00 00 02'),
    hex('05 01 00 00 00 00 05 00'),
  );
  const message = decodeMessage(bytes);
  t.strictSame(message.options, [
    { kind: 'raw', code: 254, data: hex('00 00 00 00 00 01') },
    { kind: 'mtu', value: 1500 },
    { kind: 'raw', code: 254, data: hex('00 00 00 00 00 02') },
    { kind: 'mtu', value: 1280 },
  ]);
  sameBytes(t, encodeMessage(message), bytes, 'encodes');
});

/** Octets that mean the same as a golden row, and are encoded as that one. */
const lenient: { name: string; bytes: Uint8Array; option: Option }[] = [
  {
    name: 'reserved octets and flags are ignored',
    bytes: hex('05 01  ff ff  00 00 05 dc'),
    option: { kind: 'mtu', value: 1500 },
  },
  {
    name: 'bits behind the prefix of a route are ignored',
    bytes: hex('18 02  20 08  00 00 07 08  20 01 0d b8 ff ff ff ff'),
    option: {
      kind: 'routeInformation',
      value: { prefix: prefix('2001:db8::/32'), preference: 1, routeLifetimeSeconds: 1800 },
    },
  },
  {
    name: 'an encrypted resolver with addresses of length 0 is a name alone',
    bytes: hex('90 03  00 01  00 00 00 00  00 03 01 61 00  00 00  00 00  00 00 00 00 00 00 00'),
    option: {
      kind: 'encryptedDns',
      value: { servicePriority: 1, lifetimeSeconds: 0, authenticationDomainName: 'a', service: undefined },
    },
  },
];
for (const { name, bytes, option } of lenient) {
  t.test(name, async (t) => {
    t.strictSame(decodeMessage(joined(solicitationHeader, bytes)).options, [option]);
    const again = decodeMessage(encodeMessage({ ...solicitation, options: [option] }));
    t.strictSame(again.options, [option], 'means the same when encoded');
  });
}

const rdnss = { lifetimeSeconds: 0, addresses: Array.from({ length: 128 }, () => ip('::1')) };
const refused: { name: string; option: Option; code: string }[] = [
  { name: 'a link-layer address of five octets', option: sllao(5), code: 'bad-value' },
  { name: 'a link-layer address of 2046 octets', option: sllao(2046), code: 'too-long' },
  { name: 'an MTU of 33 bits', option: { kind: 'mtu', value: 2 ** 32 }, code: 'out-of-range' },
  {
    name: 'a redirected packet of seven octets',
    option: { kind: 'redirectedHeader', value: new Uint8Array(7) },
    code: 'bad-value',
  },
  { name: 'an empty nonce', option: { kind: 'nonce', value: hex('') }, code: 'bad-value' },
  { name: 'an empty URI', option: { kind: 'captivePortal', value: '' }, code: 'bad-value' },
  { name: 'a URI with U+0000', option: { kind: 'captivePortal', value: 'a\0' }, code: 'bad-value' },
  { name: 'a URI with a lone surrogate', option: { kind: 'captivePortal', value: 'a\ud800' }, code: 'bad-value' },
  { name: 'a URI of 2039 octets', option: { kind: 'captivePortal', value: 'a'.repeat(2039) }, code: 'too-long' },
  {
    name: 'the reserved preference',
    option: {
      kind: 'routeInformation',
      value: { prefix: prefix('::/0'), preference: 2 as 1, routeLifetimeSeconds: 0 },
    },
    code: 'bad-value',
  },
  {
    name: 'a NAT64 prefix of length 63',
    option: { kind: 'pref64', value: { prefix: prefix('64:ff9b::/63'), lifetimeSeconds: 0 } },
    code: 'bad-value',
  },
  {
    name: 'a NAT64 prefix with more bits than fit',
    option: { kind: 'pref64', value: { prefix: prefix('64:ff9b::1/96'), lifetimeSeconds: 0 } },
    code: 'bad-value',
  },
  {
    name: 'a NAT64 lifetime that is not a multiple of 8',
    option: { kind: 'pref64', value: { prefix: prefix('64:ff9b::/96'), lifetimeSeconds: 1801 } },
    code: 'bad-value',
  },
  {
    name: 'a NAT64 lifetime above 65528',
    option: { kind: 'pref64', value: { prefix: prefix('64:ff9b::/96'), lifetimeSeconds: 65536 } },
    code: 'out-of-range',
  },
  { name: 'no DNS server', option: { kind: 'rdnss', value: { lifetimeSeconds: 0, addresses: [] } }, code: 'bad-value' },
  { name: '128 DNS servers', option: { kind: 'rdnss', value: rdnss }, code: 'too-long' },
  { name: 'no name', option: { kind: 'dnssl', value: { lifetimeSeconds: 0, domainNames: [] } }, code: 'bad-value' },
  { name: 'the root', option: { kind: 'dnssl', value: { lifetimeSeconds: 0, domainNames: ['.'] } }, code: 'bad-value' },
  { name: 'a resolver of no name', option: resolver('.', [ip('::1')]), code: 'bad-value' },
  { name: 'a resolver without addresses', option: resolver('a', []), code: 'bad-value' },
  { name: 'a raw option of 7 octets', option: { kind: 'raw', code: 200, data: hex('07') }, code: 'bad-value' },
  { name: 'a raw option 256', option: { kind: 'raw', code: 256, data: new Uint8Array(6) }, code: 'out-of-range' },
  { name: 'an option of no name', option: { kind: 'nothing', value: 1 } as unknown as Option, code: 'bad-value' },
];
for (const { name, option, code } of refused) {
  t.test(`does not encode ${name}`, async (t) => {
    t.throws(() => encodeMessage({ ...solicitation, options: [option] }), { name: 'EncodeError', code });
  });
}

function sllao(length: number): Option {
  return { kind: 'sourceLinkLayerAddress', value: new Uint8Array(length) };
}

function resolver(authenticationDomainName: string, addresses: readonly ReturnType<typeof ip>[]): Option {
  const service = { addresses, parameters: hex('') };
  return { kind: 'encryptedDns', value: { servicePriority: 1, lifetimeSeconds: 1, authenticationDomainName, service } };
}

t.test('a NAT64 lifetime is rounded up to what travels (RFC 8781 section 4.1, RA-12)', async (t) => {
  const cases = [
    [0, 0],
    [1, 8],
    [8, 8],
    [1801, 1808],
    [65528, 65528],
    [65529, 65528],
    [Number.POSITIVE_INFINITY, 65528],
  ] as const;
  for (const [seconds, sent] of cases) t.equal(pref64Lifetime(seconds), sent, `${seconds}`);
});
