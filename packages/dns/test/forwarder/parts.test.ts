import { sipHash24, toHex } from '@router7/wire';
import t from 'tap';
import { isPrivateIpv4, isPrivateIpv6 } from '../../src/forwarder/private-address.ts';
import { RateLimiter } from '../../src/forwarder/rate-limiter.ts';
import { ServerCookies } from '../../src/forwarder/server-cookies.ts';
import { SuffixTable } from '../../src/forwarder/suffix-table.ts';
import { hasMixedCase, mixCase } from '../../src/forwarder/upstream-query.ts';
import { nameKey, nameOctets } from '../../src/index.ts';
import { hex } from '../golden.ts';
import { a, aaaa, seeded } from './simulated-home.ts';

/** Words of a key given as octets. */
function words(octets: Uint8Array): Uint32Array {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  return Uint32Array.from({ length: 4 }, (_, i) => view.getUint32(4 * i, true));
}

t.test('DNS-15: SipHash-2-4 as its authors print it', async (t) => {
  const key = words(Uint8Array.from({ length: 16 }, (_, i) => i));
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);
  const hash = new Uint32Array(2);
  const hashOf = (length: number): string => {
    sipHash24(key, bytes, length, hash);
    return [...hash]
      .reverse()
      .map((half) => half.toString(16).padStart(8, '0'))
      .join('');
  };
  t.equal(hashOf(0), '726fdb47dd0e0e31');
  t.equal(hashOf(1), '74f839c593dc67fd');
  t.equal(hashOf(8), '93f5f5799a932462');
  t.equal(hashOf(15), 'a129ca6149be45e5');
});

t.test('DNS-15: a server cookie is that of the example (RFC 9018 A.1)', async (t) => {
  const secret = [...words(hex('e5e973e5a6b2a43f48e7dc849e37bfcf'))];
  const cookies = new ServerCookies(() => secret.shift() as number);
  const bytes = new Uint8Array(30);
  bytes.set(hex('2464c4abcf10c957'), 3);
  // 198.51.100.100 at 2019-06-05 10:53:05.
  cookies.write(bytes, 3, 0xc6336464, 1559731985_000);
  t.equal(toHex(bytes.subarray(3, 27)), '2464c4abcf10c957010000005cf79f111f8130c3eee29480');
});

t.test('DNS-22: which addresses are private', async (t) => {
  const octets = (text: string): Uint8Array => {
    const record = text.includes(':') ? aaaa('x', text) : a('x', text);
    return record.kind === 'a' ? record.value.toBytes() : record.kind === 'aaaa' ? record.value.toBytes() : hex('');
  };
  const privates =
    '0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 169.254.1.1 172.16.0.1 172.31.255.255 192.168.1.1';
  const publics =
    '1.1.1.1 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 128.0.0.1 169.253.0.1 172.15.0.1 172.32.0.1 192.167.1.1 203.0.113.1';
  for (const text of privates.split(' ')) {
    t.ok(isPrivateIpv4(octets(text), 0), text);
    for (const prefix of ['::ffff:', '64:ff9b::', '::'])
      t.ok(isPrivateIpv6(octets(`${prefix}${text}`), 0), prefix + text);
  }
  for (const text of publics.split(' ')) {
    t.notOk(isPrivateIpv4(octets(text), 0), text);
    for (const prefix of ['::ffff:', '64:ff9b::']) t.notOk(isPrivateIpv6(octets(`${prefix}${text}`), 0), prefix + text);
  }
  for (const text of ':: ::1 fc00::1 fdff::1 fe80::1 febf::1 fec0::1 2002:c0a8:0101::1 2002:0a00::'.split(' ')) {
    t.ok(isPrivateIpv6(octets(text), 0), text);
  }
  for (const text of '2001:db8::1 2002:0101:0101::1 ff02::1 fe00::1 64:ff9b:1::a00:1 100::1 ::1:0:0'.split(' ')) {
    t.notOk(isPrivateIpv6(octets(text), 0), text);
  }
});

t.test('DNS-29: buckets fill up again, and take a fixed room', async (t) => {
  const limiter = new RateLimiter({ perSecond: 10, burst: 5, forwardedCost: 2 }, 1);
  const taken = (source: number, now: number): number => {
    let count = 0;
    while (count < 100 && limiter.take(source, 1, now)) count++;
    return count;
  };
  t.equal(taken(1, 1000), 5);
  t.equal(taken(2, 1000), 5, 'another client has its own');
  t.equal(taken(1, 1000), 0);
  t.equal(taken(1, 1250), 2);
  t.equal(taken(1, 1300), 1, 'halves are not lost');
  t.equal(taken(1, 60_000), 5, 'no more than the burst');
  t.notOk(limiter.take(1, 2, 60_100), 'one token has come');
  t.ok(limiter.take(1, 1, 60_100), 'and is still there');
  for (let source = 10; source < 100_000; source++) limiter.take(source, 1, 61_000);
  t.equal(taken(1, 61_000), 5, 'a client that was driven out starts anew');
});

t.test('the longest suffix counts, label by label', async (t) => {
  const names = ['example', 'corp.example', '.', 'p.example'];
  const find = (table: SuffixTable, name: string): number => {
    const octets = nameOctets(name);
    return table.find(Uint8Array.of(9, 9, ...octets), 2, octets.length);
  };
  const table = new SuffixTable(names.map(nameKey), 5);
  t.equal(find(table, 'www.example'), 0);
  t.equal(find(table, 'EXAMPLE'), 0);
  t.equal(find(table, 'a.b.Corp.Example'), 1);
  t.equal(find(table, 'xcorp.example'), 0);
  t.equal(find(table, 'example.com'), 2);
  t.equal(find(new SuffixTable(names.slice(0, 2).map(nameKey), 5), 'example.com'), -1);
});

t.test('DNS-15: letters get a case at random, and nothing but letters', async (t) => {
  const random = seeded(3);
  const name = nameOctets('www.x-9_{}@[`z.Example.com');
  const seen = new Set<string>();
  for (let i = 0; i < 200; i++) {
    const mixed = name.slice();
    const seed = random() | 1;
    mixCase(mixed, 0, mixed.length, seed);
    t.match(
      [...mixed].map((octet) => (octet >= 65 && octet <= 90 ? octet + 32 : octet)),
      [...nameKey('www.x-9_{}@[`z.Example.com')],
    );
    if (!hasMixedCase(mixed, 0, mixed.length, seed)) t.fail('its own case is not recognized');
    seen.add(toHex(mixed));
    const at = 1 + (i % 3);
    mixed[at] = (mixed[at] as number) ^ 0x20;
    if (hasMixedCase(mixed, 0, mixed.length, seed)) t.fail('another case is taken');
  }
  t.ok(seen.size > 190, 'many spellings');
});
