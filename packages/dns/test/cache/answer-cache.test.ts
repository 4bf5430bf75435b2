import * as dnsPacket from 'dns-packet';
import t from 'tap';
import { AnswerCache, CacheState, type LocalRecords, nameOctets } from '../../src/index.ts';
import {
  address,
  answer,
  answerOctets,
  ask,
  decoded,
  type Packet,
  SEED,
  scanned,
  soa,
  told,
  written,
} from './questions.ts';

const NXDOMAIN = 3;
const DAY = 86_400_000;

const makeCache = (limits = {}) => new AnswerCache({ maximumBytes: 1 << 20, seed: SEED, limits });

/** The TTLs of all sections. */
const ttls = (packet: Packet | undefined): (number | undefined)[] =>
  [...(packet?.answers ?? []), ...(packet?.authorities ?? []), ...(packet?.additionals ?? [])].map(
    (record) => (record as { ttl?: number }).ttl,
  );

t.test("DNS-11 answers in place with the asker's id and spelling, and TTLs that count down (RFC 2181 8)", async (t) => {
  const cache = makeCache();
  const name = 'www.example.com';
  const records = [
    { type: 'CNAME', name, ttl: 600, data: 'web.example.com' },
    address('web.example.com', 300),
    address('web.example.com', 300, '192.0.2.2'),
  ];
  const opt = { type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: [] };
  const extra = [address('ns.example.com', 900), opt];
  t.ok(cache.store(ask('www.example.com'), 0, answer(name, { answers: records, additionals: extra }), 5_000));
  for (const offset of [0, 3, 2048]) {
    const query = ask('wWw.ExAmPlE.cOm', { offset, dnssecOk: offset !== 0 });
    const packet = told(cache, query, 105_999) as Packet;
    t.equal(cache.found, CacheState.fresh);
    t.equal(packet.id, 0x1234);
    t.equal(packet.questions?.[0]?.name, 'wWw.ExAmPlE.cOm');
    t.equal(packet.answers?.[0]?.name, 'wWw.ExAmPlE.cOm', 'as it is asked');
    t.strictSame(ttls(packet), [500, 200, 200, 800], 'and no OPT');
    t.match(packet, { flag_qr: true, flag_rd: true, flag_ra: true, flag_aa: false, flag_tc: false, rcode: 'NOERROR' });
  }
  t.ok(told(cache, ask(name), 304_999), 'its last second');
  t.equal(cache.found, CacheState.fresh);
  told(cache, ask(name), 305_000);
  t.equal(cache.found, CacheState.stale, 'the least TTL is the life of all');
  for (const [query, flavour] of [
    [ask(name, { type: 'AAAA' }), 0],
    [ask(name, { class: 'CH' }), 0],
    [ask(name), 1],
    [ask('ww.example.com'), 0],
    [ask('www.example.comm'), 0],
  ] as const) {
    t.equal(told(cache, query, 6_000, flavour), undefined);
    t.equal(cache.found, CacheState.none);
  }
});

t.test('RFC 6840 5.8: AD and CD are for those who asked for them', async (t) => {
  const cache = makeCache();
  const flags = dnsPacket.AUTHENTIC_DATA | dnsPacket.AUTHORITATIVE_ANSWER;
  cache.store(ask('a.example'), 0, answer('a.example', { flags, answers: [address('a.example', 60)] }), 0);
  const asked = (flags: number, dnssecOk = false) => told(cache, ask('a.example', { flags, dnssecOk }), 1);
  t.match(asked(0), { flag_ad: false, flag_cd: false, flag_rd: false, flag_aa: false });
  t.match(asked(dnsPacket.AUTHENTIC_DATA), { flag_ad: true });
  t.match(asked(0, true), { flag_ad: true });
  t.match(asked(dnsPacket.CHECKING_DISABLED), { flag_ad: false, flag_cd: true });
});

t.test(
  'DNS-11 clamps TTLs, levels those of a set, and takes huge ones for large (RFC 2181 5.2, RFC 8767 4)',
  async (t) => {
    const cache = makeCache({ minimumTtlSeconds: 10, maximumTtlSeconds: 1000 });
    const stored = (name: string, ...seconds: number[]) => {
      const records = seconds.map((ttl, i) => address(name, ttl, `192.0.2.${i}`));
      return cache.store(ask(name), 0, answer(name, { answers: records }), 0) === 0
        ? []
        : ttls(told(cache, ask(name), 0));
    };
    t.strictSame(stored('low.example', 1), [10]);
    t.strictSame(stored('zero.example', 0), [10]);
    t.strictSame(stored('high.example', 5000), [1000]);
    t.strictSame(stored('huge.example', 0x9000_0000), [1000]);
    t.strictSame(stored('set.example', 300, 200, 400), [200, 200, 200]);
    t.strictSame(stored('many.example', ...Array.from({ length: 40 }, (_, i) => 940 - i)), Array(40).fill(901));
    const none = new AnswerCache({ maximumBytes: 1 << 16, seed: SEED });
    t.equal(
      none.store(ask('z.example'), 0, answer('z.example', { answers: [address('z.example', 0)] }), 0),
      0,
      'TTL 0',
    );
    t.equal(none.statistics.refused, 1);
  },
);

t.test('DNS-11 keeps what does not exist by its SOA record (RFC 2308 5)', async (t) => {
  const cache = makeCache();
  const cases: readonly { name: string; parts: object; ttls: readonly number[] | undefined; others?: boolean }[] = [
    { name: 'no.data', parts: { authorities: [soa('data', 900, 300)] }, ttls: [300] },
    { name: 'short.soa', parts: { authorities: [soa('soa', 60, 300)] }, ttls: [60] },
    { name: 'long.soa', parts: { authorities: [soa('soa', 90_000, 90_000)] }, ttls: [3600] },
    { name: 'no.soa', parts: {}, ttls: undefined },
    { name: 'no.soa.nx', parts: { rcode: NXDOMAIN }, ttls: undefined },
    { name: 'zero.soa', parts: { authorities: [soa('soa', 90, 0)] }, ttls: undefined },
    {
      name: 'referral.example',
      parts: { authorities: [{ type: 'NS', name: 'example', ttl: 90, data: 'ns.example' }] },
      ttls: undefined,
    },
    {
      name: 'nx.example',
      parts: { rcode: NXDOMAIN, authorities: [soa('example', 900, 30)] },
      ttls: [30],
      others: true,
    },
    {
      name: 'chain.nx',
      parts: {
        rcode: NXDOMAIN,
        answers: [{ type: 'CNAME', name: 'chain.nx', ttl: 20, data: 'gone.nx' }],
        authorities: [soa('nx', 900, 30)],
      },
      ttls: [20, 30],
    },
    {
      name: 'chain.end',
      parts: { answers: [{ type: 'CNAME', name: 'chain.end', ttl: 20, data: 'elsewhere.end' }] },
      ttls: undefined,
    },
    { name: 'servfail.example', parts: { rcode: 2, authorities: [soa('example', 900, 30)] }, ttls: undefined },
    {
      name: 'cut.off',
      parts: { flags: dnsPacket.TRUNCATED_RESPONSE, answers: [address('cut.off', 60)] },
      ttls: undefined,
    },
  ];
  for (const { name, parts, ttls: expected, others } of cases) {
    const stored = cache.store(ask(name), 0, answer(name, parts), 0);
    t.equal(stored !== 0, expected !== undefined, name);
    const packet = told(cache, ask(name), 0);
    if (expected !== undefined) t.strictSame(ttls(packet), expected, name);
    t.equal(told(cache, ask(name, { type: 'MX' }), 0) !== undefined, others === true, `${name}, another type`);
  }
  for (const type of ['AXFR', 'ANY', 'OPT']) {
    const parts = { type, answers: [address('meta.example', 60)] };
    t.equal(cache.store(ask('meta.example', { type }), 0, answer('meta.example', parts), 0), 0, type);
  }
});

t.test('DNS-11 a name that comes to exist, and one that ceases to', async (t) => {
  const cache = makeCache();
  const nx = { rcode: NXDOMAIN, authorities: [soa('example', 900, 900)] };
  cache.store(ask('a.example', { type: 'AAAA' }), 0, answer('a.example', { type: 'AAAA', ...nx }), 0);
  t.equal(told(cache, ask('a.example'), 1)?.rcode, 'NXDOMAIN');
  cache.store(ask('a.example'), 0, answer('a.example', { answers: [address('a.example', 60)] }), 1);
  t.equal(told(cache, ask('a.example'), 2)?.rcode, 'NOERROR');
  t.equal(told(cache, ask('a.example', { type: 'AAAA' }), 2), undefined, 'there may be one now');
  cache.store(ask('a.example'), 0, answer('a.example', nx), 61_000);
  t.equal(told(cache, ask('a.example'), 62_000)?.rcode, 'NXDOMAIN');
  t.equal(cache.statistics.entries, 1);
});

t.test('DNS-11 below what does not exist nothing does (RFC 8020 2)', async (t) => {
  const cache = makeCache();
  const rrsig = {
    type: 'RRSIG',
    name: 'example',
    ttl: 900,
    data: {
      typeCovered: 'SOA',
      algorithm: 13,
      labels: 1,
      originalTTL: 900,
      expiration: 2,
      inception: 1,
      keyTag: 1,
      signersName: 'example',
      signature: Buffer.alloc(64),
    },
  };
  const nsec = { type: 'NSEC', name: 'f.example', ttl: 900, data: { nextDomain: 'h.example', rrtypes: ['A'] } };
  const nx = { rcode: NXDOMAIN, authorities: [soa('example', 900, 900), rrsig, nsec, rrsig] };
  cache.store(ask('gone.example'), 0, answer('gone.example', nx), 0);
  for (const name of ['a.gone.example', 'A.b.GONE.example', `${'x'.repeat(60)}.gone.example`]) {
    for (const type of ['A', 'MX']) {
      const query = ask(name, { type });
      t.equal(cache.lookup(query, 0, 100_000), 0, 'not by itself');
      const entry = cache.nxdomainAbove(query, 0, 100_000);
      t.not(entry, 0, name);
      const packet = written(cache, entry, query, 100_000);
      t.equal(packet.rcode, 'NXDOMAIN');
      t.equal(packet.questions?.[0]?.name, name);
      t.strictSame(ttls(packet), [800, 800, 800, 800]);
      const [first, second, third] = packet.authorities as unknown as {
        name: string;
        data: { mname: string; rname: string; signersName: string; nextDomain: string };
      }[];
      t.equal(first?.name.toLowerCase(), 'example');
      t.equal(first?.data.mname.toLowerCase(), 'ns.example');
      t.equal(first?.data.rname.toLowerCase(), 'admin.example');
      t.equal(second?.data.signersName.toLowerCase(), 'example');
      t.equal(third?.data.nextDomain.toLowerCase(), 'h.example');
    }
  }
  t.equal(cache.nxdomainAbove(ask('gone.example'), 0, 1), 0, 'not above itself');
  t.equal(cache.nxdomainAbove(ask('agone.example'), 0, 1), 0);
  t.equal(cache.nxdomainAbove(ask('a.gone.example'), 1, 1), 0, 'of another flavour');
  t.equal(cache.nxdomainAbove(ask('a.gone.example'), 0, 900_000), 0, 'not when it has expired');
  const chain = { type: 'CNAME', name: 'alias.example', ttl: 60, data: 'gone.example' };
  cache.store(ask('alias.example'), 0, answer('alias.example', { ...nx, answers: [chain] }), 0);
  t.equal(cache.nxdomainAbove(ask('a.alias.example'), 0, 1), 0, 'the name that is denied is the last of the chain');
  cache.store(ask('.'), 0, answer('.', { rcode: NXDOMAIN, authorities: [soa('example', 900, 900)] }), 0);
  t.equal(cache.nxdomainAbove(ask('example.org'), 0, 1), 0, 'nobody can deny the root');
  cache.invalidate();
  t.equal(cache.nxdomainAbove(ask('a.gone.example'), 0, 1), 0, 'not under another policy');
});

t.test('DNS-12 keeps what has expired for three days, and gives it with a TTL of 30 (RFC 8767 5)', async (t) => {
  const cache = makeCache();
  cache.store(ask('a.example'), 0, answer('a.example', { answers: [address('a.example', 60)] }), 0);
  for (const [now, found] of [
    [59_999, CacheState.fresh],
    [60_000, CacheState.stale],
    [3 * DAY + 59_999, CacheState.stale],
    [3 * DAY + 60_000, CacheState.none],
  ] as const) {
    const packet = told(cache, ask('a.example'), now);
    t.equal(cache.found, found, `${now} ms`);
    if (found === CacheState.stale) t.strictSame(ttls(packet), [30]);
  }
  cache.store(ask('b.example'), 0, answer('b.example', { rcode: NXDOMAIN, authorities: [soa('example', 60, 60)] }), 0);
  t.strictSame(ttls(told(cache, ask('b.example', { type: 'TXT' }), DAY)), [30]);
  t.equal(cache.found, CacheState.stale);
  cache.storeFailure(ask('a.example'), 0, 22, DAY);
  t.ok(told(cache, ask('a.example'), DAY + 29_999));
  t.equal(cache.found, CacheState.staleAfterFailure, 'nobody is asked again for 30 s');
  t.equal(cache.extendedError, 22);
  told(cache, ask('a.example'), DAY + 30_000);
  t.equal(cache.found, CacheState.stale);
  t.equal(cache.extendedError, -1);
  cache.storeFailure(ask('a.example'), 0, 22, DAY + 30_000);
  cache.store(ask('a.example'), 0, answer('a.example', { answers: [address('a.example', 60)] }), DAY + 31_000);
  told(cache, ask('a.example'), DAY + 31_000 + 61_000);
  t.equal(cache.found, CacheState.stale, 'an answer ends the failure');
});

t.test('DNS-13 holds back a question that failed for 5 s, doubled to 300 s (RFC 9520 3.2)', async (t) => {
  const cache = makeCache();
  const query = ask('fails.example');
  let now = 1_000;
  for (const seconds of [5, 10, 20, 40, 80, 160, 300, 300]) {
    cache.storeFailure(query, 0, 23, now);
    t.equal(cache.lookup(query, 0, now + seconds * 1000 - 1), 0);
    t.equal(cache.found, CacheState.failed, `${seconds} s`);
    t.equal(cache.extendedError, 23);
    now += seconds * 1000;
    cache.lookup(query, 0, now);
    t.equal(cache.found, CacheState.none);
    t.equal(cache.extendedError, -1);
  }
  cache.storeFailure(query, 0, 23, now + 300_000);
  cache.lookup(query, 0, now + 305_000);
  t.equal(cache.found, CacheState.none, 'starts anew after a while');
  cache.storeFailure(query, 0, -1, now + 400_000);
  cache.lookup(ask('fails.example', { type: 'MX' }), 0, now + 400_000);
  t.equal(cache.found, CacheState.none, 'only this question');
  cache.lookup(query, 1, now + 400_000);
  t.equal(cache.found, CacheState.none, 'of this flavour');
  cache.forgetFailures();
  cache.lookup(query, 0, now + 400_000);
  t.equal(cache.found, CacheState.none);
});

t.test('tells once that a popular answer is about to expire', async (t) => {
  const cache = makeCache();
  const query = ask('popular.example');
  const store = (now: number) =>
    cache.store(query, 0, answer('popular.example', { answers: [address('popular.example', 100)] }), now);
  const worth = (now: number) => {
    cache.lookup(query, 0, now);
    return cache.worthRefreshing;
  };
  store(0);
  t.strictSame([1, 89_999, 90_000, 91_000, 92_000].map(worth), [false, false, true, false, false]);
  store(95_000);
  t.strictSame([96_000, 186_000, 187_000, 194_000].map(worth), [false, false, true, false], 'not before it is popular');
});

t.test(
  'DNS-05 what does not fit: first the additional section stays away, then all with TC (RFC 2181 9)',
  async (t) => {
    const cache = makeCache();
    const name = 'fit.example';
    const octets = answerOctets(name, { answers: [address(name, 60)], additionals: [address('ns.example', 60)] });
    cache.store(ask(name), 0, scanned(octets), 0);
    const shorter = answerOctets(name, { answers: [address(name, 60)] }).length;
    const at = (length: number) => {
      const query = ask(name, { offset: 7, room: octets.length + 16 });
      query.bytes.fill(0xee, query.end);
      const entry = cache.lookup(query, 0, 0);
      const end = cache.write(entry, query, 7 + length, 0);
      t.ok(
        query.bytes.subarray(Math.max(end, query.end)).every((octet) => octet === 0xee),
        'nothing behind it',
      );
      return { length: end - 7, packet: decoded(query.bytes.slice(7, end)) };
    };
    t.equal(at(octets.length).length, octets.length);
    t.match(at(octets.length).packet, { flag_tc: false, answers: [{}], additionals: [{}] });
    t.equal(at(octets.length - 1).length, shorter);
    t.match(at(shorter).packet, { flag_tc: false, answers: [{}], additionals: { length: 0 } });
    t.match(at(shorter - 1).packet, { flag_tc: true, answers: { length: 0 }, questions: [{ name }] });
  },
);

t.test('every length of an answer is written octet by octet as it came', async (t) => {
  const cache = makeCache();
  for (let length = 0; length < 700; length++) {
    const data = Buffer.from(Array.from({ length }, (_, i) => i * 7 + length));
    const name = `n${length}.example`;
    const octets = answerOctets(name, { type: 'NULL', answers: [{ type: 'NULL', name, ttl: 60, data }] });
    cache.store(ask(name, { type: 'NULL' }), 0, scanned(octets), 0);
    const query = ask(name, { type: 'NULL', offset: length % 5 });
    const end = cache.write(cache.lookup(query, 0, 0), query, query.bytes.length, 0);
    t.same(query.bytes.slice(query.start + 12, end), octets.slice(12), `${length}`);
  }
});

t.test("answers of the router's own last as long as their TTL and their generation", async (t) => {
  const cache = makeCache();
  const records = new Uint8Array([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 168, 1, 2]);
  const local: LocalRecords = { records, answers: 1, authorities: 0, rcode: 0, authoritative: true, ttlSeconds: 60 };
  const query = ask('printer.lan');
  cache.localGeneration = 3;
  t.ok(cache.storeLocal(query, 0, local, 0));
  const packet = told(cache, ask('Printer.LAN'), 10_000);
  t.match(packet, { flag_aa: true, answers: [{ name: 'Printer.LAN', ttl: 50, data: '192.168.1.2' }] });
  cache.localGeneration = 4;
  t.equal(told(cache, ask('printer.lan'), 10_000), undefined);
  t.equal(cache.found, CacheState.none);
  t.ok(cache.storeLocal(query, 0, local, 10_000));
  cache.invalidate();
  t.ok(told(cache, ask('printer.lan'), 69_999), 'policies are not about them');
  t.equal(cache.found, CacheState.fresh);
  t.equal(told(cache, ask('printer.lan'), 70_000), undefined, 'never when it has expired');
  for (const wrong of [
    { ...local, answers: 2 },
    { ...local, records: records.subarray(1) },
    { ...local, records: records.subarray(0, 15) },
    { ...local, ttlSeconds: 0 },
    { ...local, records: nameOctets('x.') },
  ]) {
    t.equal(cache.storeLocal(query, 0, wrong, 0), 0);
  }
});

t.test('after a change of policy an answer is approved before it is given', async (t) => {
  const cache = makeCache();
  const query = ask('a.example');
  cache.store(query, 0, answer('a.example', { answers: [address('a.example', 60)] }), 0);
  cache.invalidate();
  for (const [now, found] of [
    [1_000, CacheState.fresh],
    [61_000, CacheState.stale],
  ] as const) {
    const entry = cache.lookup(query, 0, now);
    t.equal(cache.found, CacheState.unchecked);
    cache.approve(entry);
    t.equal(cache.lookup(query, 0, now), entry);
    t.equal(cache.found, found);
    cache.invalidate();
  }
  cache.flush();
  t.equal(cache.lookup(query, 0, 1_000), 0);
  t.equal(cache.found, CacheState.none);
  t.equal(cache.statistics.entries, 0);
});

t.test('DNS-12 after a change of servers what the old ones said serves when nobody answers', async (t) => {
  const cache = makeCache();
  const query = ask('a.example');
  cache.store(query, 0, answer('a.example', { answers: [address('a.example', 6000)] }), 0);
  cache.store(ask('b.example'), 0, answer('b.example', { answers: [address('b.example', 60)] }), 0);
  cache.expire(61_000);
  t.strictSame(ttls(told(cache, ask('a.example'), 61_000)), [30]);
  t.equal(cache.found, CacheState.stale);
  const again = makeCache();
  t.equal(again.restore(new Uint8Array(Buffer.concat([...cache.snapshot(61_000, 0)])), 0, 0), 2);
  cache.lookup(ask('a.example'), 0, 61_000 + 3 * DAY);
  t.equal(cache.found, CacheState.none, 'three days from then');
  cache.store(query, 0, answer('a.example', { answers: [address('a.example', 60)] }), 62_000);
  t.strictSame(ttls(told(cache, ask('a.example'), 63_000)), [59], 'the new ones count');
});

t.test('a response to another question is not stored, nor one whose message is signed', async (t) => {
  const cache = makeCache();
  const to = (name: string, parts = {}) => answer(name, { answers: [address(name, 60)], ...parts });
  t.equal(cache.store(ask('a.example'), 0, to('b.example'), 0), 0);
  t.equal(cache.store(ask('a.example'), 0, to('aa.example'), 0), 0);
  t.equal(cache.store(ask('a.example', { type: 'MX' }), 0, to('a.example'), 0), 0);
  const tsig = { type: 'UNKNOWN_250', name: 'key', class: 'ANY', ttl: 0, data: Buffer.alloc(20) };
  t.equal(cache.store(ask('a.example'), 0, to('a.example', { additionals: [tsig] }), 0), 0);
  t.ok(cache.store(ask('A.example'), 0, to('a.EXAMPLE'), 0), 'in whatever spelling');
});

t.test('an Extended DNS Error of the response comes with it, and what follows OPT stays away', async (t) => {
  const cache = makeCache();
  const option = { code: 15, data: Buffer.from([0, 17]) };
  const opt = { type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: [option] };
  const parts = {
    rcode: NXDOMAIN,
    authorities: [soa('example', 60, 60)],
    additionals: [address('x.example', 60), opt, address('y.example', 60)],
  };
  cache.store(ask('a.example'), 0, answer('a.example', parts), 0);
  const packet = told(cache, ask('a.example'), 1);
  t.equal(cache.extendedError, 17);
  t.match(packet, { additionals: [{ name: 'x.example' }] });
  t.equal(packet?.additionals?.length, 1);
});
