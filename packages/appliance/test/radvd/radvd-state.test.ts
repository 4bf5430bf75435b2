import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LastingOption, Preference, type RememberedOption } from '@router7/ndp';
import { fromHex, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import { StateBook } from '../../src/radvd/state-book.ts';
import { SteadyEnds } from '../../src/radvd/steady-ends.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { parseRadvdConfig } from '../../src/state/radvd-config.ts';
import { parseRadvdPrefixes } from '../../src/state/radvd-prefixes.ts';
import { formatRadvdState, parseRadvdState } from '../../src/state/radvd-state.ts';

const prefix = Ipv6Prefix.parse('2001:db8:1::/64');
const told: RememberedOption[] = (
  [
    {
      kind: 'prefixInformation',
      value: {
        prefix,
        onLink: true,
        autonomous: false,
        routerAddress: false,
        dhcpv6PdPreferred: true,
        validLifetimeSeconds: 0,
        preferredLifetimeSeconds: 0,
      },
    },
    { kind: 'routeInformation', value: { prefix, preference: Preference.low, routeLifetimeSeconds: 0 } },
    { kind: 'rdnss', value: { lifetimeSeconds: 0, addresses: [Ipv6Address.parse('fd00::1')] } },
    { kind: 'dnssl', value: { lifetimeSeconds: 0, domainNames: ['lan'] } },
    { kind: 'pref64', value: { lifetimeSeconds: 0, prefix: Ipv6Prefix.parse('64:ff9b::/96') } },
    {
      kind: 'encryptedDns',
      value: {
        lifetimeSeconds: 0,
        servicePriority: 1,
        authenticationDomainName: 'dns.example',
        service: { addresses: [Ipv6Address.parse('fd00::1')], parameters: fromHex('0001000302683200') },
      },
    },
  ] satisfies LastingOption[]
).map((option) => ({ option, lifetimeSeconds: 5400 }));

t.test('RA-06: state.json holds everything that hosts may hold on to', (t) => {
  const text = formatRadvdState(new Map([['lan0', told]]));
  const { value, warnings, damaged } = parseRadvdState(text);
  t.strictSame([...value], [['lan0', told]]);
  t.strictSame([warnings, damaged], [[], false]);
  t.equal(formatRadvdState(value), text);
  t.end();
});

t.test('RA-06: what is wrong in state.json does not cost the rest', (t) => {
  const text = formatRadvdState(new Map([['lan0', told]])).replace('2001:db8:1::/64', 'nonsense');
  const { value, damaged } = parseRadvdState(text);
  t.equal(value.get('lan0')?.length, told.length - 1);
  t.ok(damaged);
  t.throws(() => parseRadvdState('{'), { code: 'not-json' });
  t.end();
});

t.test('RA-06: the book is written when it is to be, and only then', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'radvd-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'radvd/state.json');
  const book = new StateBook(file, silentLog);
  t.strictSame(book.remembered('lan0'), []);
  book.sync();
  t.throws(() => readFileSync(file), 'nothing to write');
  book.note('lan0', told);
  book.sync();
  t.strictSame(new StateBook(file, silentLog).remembered('lan0'), told);
  rmSync(file);
  book.sync();
  t.throws(() => readFileSync(file), 'nothing new to write');

  // Where the file cannot be written, it is not for ever.
  mkdirSync(file);
  book.note('lan1', told);
  book.sync();
  rmSync(file, { recursive: true });
  book.close();
  t.strictSame(new StateBook(file, silentLog).remembered('lan1'), told);

  writeFileSync(file, 'broken');
  t.strictSame(new StateBook(file, silentLog).remembered('lan0'), []);
  t.ok(readdirSync(join(folder, 'radvd')).some((name) => name.startsWith('state.json.corrupt-')));
  t.end();
});

t.test('a wall clock that is set ends no prefix', (t) => {
  let now = 1000;
  let wall = Date.parse('1970-01-01T00:10:00Z');
  const ends = new SteadyEnds({ now: () => now, wall: () => wall });
  const lease = { preferredUntil: wall + 50_000, validUntil: wall + 100_000 };
  t.strictSame(ends.of('p', lease), { preferredUntil: 51_000, validUntil: 101_000 });
  ends.settle();
  now += 10_000;
  wall = Date.parse('2026-11-22T10:00:00Z');
  t.strictSame(ends.of('p', lease), { preferredUntil: 51_000, validUntil: 101_000 }, 'as when it was first read');
  const renewed = { preferredUntil: wall + 50_000, validUntil: Number.POSITIVE_INFINITY };
  t.strictSame(ends.of('p', renewed), { preferredUntil: 61_000, validUntil: Number.POSITIVE_INFINITY });
  ends.settle();
  ends.settle();
  t.ok(ends.of('p', lease).validUntil < 0, 'what was gone meanwhile is forgotten');
  t.end();
});

t.test('a clock that has not been set yet gives a prefix no more time than it had', (t) => {
  const told = Date.parse('2026-11-22T10:00:00Z');
  const lease = { preferredUntil: told + 50_000, validUntil: told + 100_000 };
  let wall = 0;
  const ends = new SteadyEnds({ now: () => 1000, wall: () => wall });
  t.strictSame(ends.of('p', lease, told), { preferredUntil: 51_000, validUntil: 101_000 });
  wall = told + 10_000;
  t.strictSame(ends.of('q', lease, told), { preferredUntil: 41_000, validUntil: 91_000 });
  t.end();
});

t.test('RA-02: prefixes.json is router7’s', (t) => {
  const text = JSON.stringify([
    { IP: '2001:db8:1::', Mask: '//////////8AAAAAAAAAAA==' },
    { IP: 'nonsense', Mask: '' },
  ]);
  const { value, warnings } = parseRadvdPrefixes(text);
  t.strictSame(value.map(String), ['2001:db8:1::/64']);
  t.equal(warnings.length, 1);
  t.strictSame(parseRadvdPrefixes('null').value, []);
  t.end();
});

t.test('L-7: a key of radvd’s part that is not valid is passed over', (t) => {
  const part = { hop_limit: -1, colour: 'red', interfaces: { lan0: { preference: 'best', mtu: 1480 } } };
  const { value, warnings } = parseRadvdConfig(part, 'ipv6.json');
  t.strictSame(value, { interfaces: { lan0: { mtu: 1480 } } });
  t.equal(warnings.length, 3);
  t.end();
});
