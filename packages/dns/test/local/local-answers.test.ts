import { type LocalAnswer, LocalAnswers, nameOctets, Rcode, RecordType } from '@router7/dns';
import { toHex } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { answersOf, firstOf, HOME, host, ip, question, told } from './local-home.ts';

const { a, aaaa, cname, ds, mx, ns, ptr, soa, srv, txt } = RecordType;
const MINUTE = 60_000;

/** Octets of a name in hexadecimal. */
const name = (text: string): string => toHex(nameOctets(text));

/** SOA of a zone whose name is `owner` octets from the message's start: RFC 6303 section 3. */
function authority(owner: number, ttl: number, serial: number): string {
  const pointer = (0xc000 | owner).toString(16);
  const seconds = ttl.toString(16).padStart(8, '0');
  return [
    `${pointer} 0006 0001 ${seconds} 0026`,
    `${pointer} ${name('nobody.invalid')}`,
    serial.toString(16).padStart(8, '0'),
    '00000e10 000004b0 00093a80',
    seconds,
  ]
    .join('')
    .replaceAll(' ', '');
}

t.test('DNS-06 what is told of a host, octet by octet', (t) => {
  const lan = answersOf({ hosts: [host('xps', ['192.168.42.14', 'fd00:7::14'], 20 * MINUTE)] });
  const address = (type: number, ttl: number, data: string): string =>
    `c00c ${type.toString(16).padStart(4, '0')} 0001 ${ttl.toString(16).padStart(8, '0')} ${data}`.replaceAll(' ', '');
  const { generation } = lan;
  const rows: [name: string, type: number, told: string][] = [
    ['xps.lan', a, `0 1+0 ${address(a, 300, '0004 c0a82a0e')}`],
    ['xps', a, `0 1+0 ${address(a, 300, '0004 c0a82a0e')}`],
    ['XpS.LaN', a, `0 1+0 ${address(a, 300, '0004 c0a82a0e')}`],
    ['xps.lan', aaaa, `0 1+0 ${address(aaaa, 300, '0010 fd00 0007 0000 0000 0000 0000 0000 0014')}`],
    // A name that is known has nothing else: 16 is where `lan` begins in `xps.lan`.
    ['xps.lan', mx, `0 0+1 ${authority(16, 60, generation)}`],
    ['xps', mx, '0 0+0 '],
    ['nobody.lan', a, `3 0+1 ${authority(19, 60, generation)}`],
    ['below.xps.lan', a, `3 0+1 ${authority(22, 60, generation)}`],
    ['lan', a, `0 0+1 ${authority(12, 60, generation)}`],
    ['lan', ds, `0 0+1 ${authority(12, 60, generation)}`],
    ['lan', soa, `0 1+0 ${authority(12, 60, generation)}`],
    ['lan', ns, `0 1+0 ${'c00c 0002 0001 00000e10 0002 c00c'.replaceAll(' ', '')}`],
    ['14.42.168.192.in-addr.arpa', ptr, `0 1+0 ${address(ptr, 300, `0009 ${name('xps.lan')}`)}`],
    ['15.42.168.192.in-addr.arpa', ptr, `3 0+1 ${authority(12 + 3 + 3, 60, generation)}`],
    ['42.168.192.in-addr.arpa', ptr, `0 0+1 ${authority(12 + 3, 60, generation)}`],
    ['www.example.com', a, 'upstream'],
    ['.', ns, 'upstream'],
  ];
  for (const [asked, type, expected] of rows) t.equal(told(lan, asked, type), expected, `${asked} ${type}`);
  t.equal(lan.answer(question('xps.lan', a, 3), 0, 0), undefined, 'another class');
  const answer = lan.answer(question('xps.lan', a), 0, 0) as LocalAnswer;
  t.match(answer, { authoritative: true, ttlSeconds: 300, cacheable: true });
  t.end();
});

t.test('DNS-06 of several leases of a name the newest expiry counts, and none that has ended', (t) => {
  const lan = answersOf(
    {
      hosts: [
        host('xps', ['192.168.42.14'], 10 * MINUTE),
        host('xps', ['192.168.42.15'], 20 * MINUTE),
        host('xps', ['192.168.42.16'], 15 * MINUTE),
        host('nas', ['192.168.42.20']),
      ],
    },
    5000,
  );
  t.equal(firstOf(lan, 'xps.lan', a, 5000), '192.168.42.15');
  t.equal(lan.answer(question('xps.lan', a), 0, 5000)?.answers, 1);
  t.equal(firstOf(lan, '15.42.168.192.in-addr.arpa', ptr, 5000), name('xps.lan'));
  t.equal(firstOf(lan, 'xps', a, 5000 + 20 * MINUTE - 1), '192.168.42.15');
  for (const gone of ['xps', 'xps.lan']) t.equal(firstOf(lan, gone, a, 5000 + 20 * MINUTE), 'NXDOMAIN', gone);
  t.equal(firstOf(lan, '15.42.168.192.in-addr.arpa', ptr, 5000 + 20 * MINUTE), 'NXDOMAIN');
  t.equal(firstOf(lan, 'nas', a, Number.MAX_SAFE_INTEGER), '192.168.42.20', 'a static lease');
  t.end();
});

t.test('DNS-06 a time to live is at most what is left of the lease', (t) => {
  const lan = answersOf({ hosts: [host('xps', ['192.168.42.14', '2001:db8:4a00::14'], 20 * MINUTE)] });
  const name4 = '14.42.168.192.in-addr.arpa';
  for (let now = 0; now < 20 * MINUTE; now += 997) {
    for (const [asked, type] of [['xps.lan', a] as const, ['xps', aaaa] as const, [name4, ptr] as const]) {
      const { ttlSeconds, cacheable, records } = lan.answer(question(asked, type), 0, now) as LocalAnswer;
      const onWire = new DataView(records.buffer, records.byteOffset).getUint32(6);
      if (ttlSeconds !== onWire || now + ttlSeconds * 1000 > 20 * MINUTE || cacheable !== ttlSeconds > 0) {
        t.fail(`${asked} at ${now}: ${ttlSeconds}, ${onWire}`);
      }
    }
  }
  t.match(lan.answer(question('xps', a), 0, 20 * MINUTE - 999), { ttlSeconds: 0, cacheable: false, answers: 1 });
  t.end();
});

t.test('DNS-10 SE-04 a host has names in the home only, whatever it calls itself', (t) => {
  const rows: [claimed: string, asked: string, type: number, expected: string][] = [
    // Everything below a top-level domain stays where it was, and so does the domain.
    ['com', 'com', a, 'upstream'],
    ['com', 'com', ns, 'upstream'],
    ['com', 'example.com', a, 'upstream'],
    ['com', 'com.lan', a, '192.168.42.66'],
    ['xn--p1ai', 'xn--p1ai', a, 'upstream'],
    ['bank.example', 'bank.example', a, 'upstream'],
    ['bank.example', 'bank.example.lan', a, 'NXDOMAIN'],
    ['a blank', 'a blank', a, 'NXDOMAIN'],
    ['a blank', 'a blank.lan', a, 'NXDOMAIN'],
    ['🦊', '\\240\\159\\166\\138.lan', a, 'NXDOMAIN'],
    ['x'.repeat(300), `${'x'.repeat(63)}.lan`, a, 'NXDOMAIN'],
    ['x'.repeat(64), 'router7.lan', a, '192.168.42.1'],
    ['', 'lan', a, 'nothing'],
    ['.', 'lan', a, 'nothing'],
    ['router7', 'router7', a, '192.168.42.1'],
    ['Router', 'router.lan', a, '192.168.42.1'],
    ['router7', 'router7', aaaa, 'fd00:7::1'],
    ['localhost', 'localhost', a, '127.0.0.1'],
    ['localhost', 'localhost.lan', a, 'NXDOMAIN'],
    ['wpad', 'wpad.lan', a, 'NXDOMAIN'],
    ['isatap', 'isatap', a, 'NXDOMAIN'],
    ['onion', 'onion.lan', a, 'NXDOMAIN'],
    ['lan', 'lan', a, 'nothing'],
    ['-x', '-x.lan', a, 'NXDOMAIN'],
    ['*', 'any.lan', a, 'NXDOMAIN'],
    ['a\0b', 'a\\000b.lan', a, 'NXDOMAIN'],
    ['a\\.b', 'a\\.b.lan', a, 'NXDOMAIN'],
    ['_ldap', '_ldap.lan', a, 'NXDOMAIN'],
    ['kitchen', 'kitchen.lan', a, '192.168.42.66'],
    ['XPS', 'xps.lan', a, '192.168.42.66'],
  ];
  for (const [claimed, asked, type, expected] of rows) {
    const lan = answersOf({ hosts: [host(claimed, ['192.168.42.66'], MINUTE), host('nas', ['192.168.42.7'])] });
    t.equal(firstOf(lan, asked, type), expected, `${JSON.stringify(claimed.slice(0, 20))}: ${asked} ${type}`);
    t.equal(firstOf(lan, 'nas', a), '192.168.42.7');
  }
  const impostor = answersOf({ hosts: [host('evil', ['192.168.42.1'], MINUTE)] });
  t.equal(firstOf(impostor, '1.42.168.192.in-addr.arpa', ptr), name('router7.lan'), "the router's address is its own");
  t.end();
});

t.test('DNS-10 names of one label stay here, but for top-level domains', (t) => {
  const lan = answersOf({});
  for (const type of [a, aaaa, mx, srv, txt, ptr]) t.equal(told(lan, 'printer', type), '3 0+0 ', `printer ${type}`);
  t.equal(lan.answer(question('printer', a), 0, 0)?.cacheable, false, 'nothing below it is denied by a cache');
  // A top-level domain of next year.
  for (const type of [ns, soa, ds, RecordType.dnskey]) t.equal(told(lan, 'printer', type), 'upstream', `${type}`);
  for (const type of [a, ns, ds, mx]) t.equal(told(lan, 'org', type), 'upstream', `org ${type}`);
  t.equal(told(answersOf({ forwarded: ['corp'] }), 'corp', a), 'upstream', 'somebody else is to be asked');
  t.end();
});

t.test('DNS-07 DNS-08 RFC 6303 4 no question about a zone that is served everywhere gets out', (t) => {
  const lan = answersOf({});
  const zones = [
    ...['10', '168.192', '0', '127', '254.169', '2.0.192', '100.51.198', '113.0.203', '255.255.255.255'],
    ...Array.from({ length: 16 }, (_, i) => `${16 + i}.172`),
    // RFC 7793.
    ...Array.from({ length: 64 }, (_, i) => `${64 + i}.100`),
  ].map((zone) => `${zone}.in-addr.arpa`);
  zones.push(
    ...['0.'.repeat(32), `1.${'0.'.repeat(31)}`, 'D.F.', '8.E.F.', '9.E.F.', 'A.E.F.', 'B.E.F.'].map(
      (zone) => `${zone}ip6.arpa`,
    ),
    '8.b.d.0.1.0.0.2.ip6.arpa',
    ...['home.arpa', 'service.arpa'],
  );
  t.equal(zones.length, 9 + 16 + 64 + 8 + 2);
  for (const zone of zones) {
    const isLoopback = zone.startsWith('1.0.0');
    const rcodes = [ns, soa, a].map((type) => lan.answer(question(zone, type), 0, 0));
    t.match(
      rcodes,
      [
        { rcode: Rcode.noError, answers: isLoopback ? 0 : 1 },
        { rcode: Rcode.noError, answers: isLoopback ? 0 : 1 },
        { rcode: Rcode.noError, answers: 0, authorities: 1, authoritative: true },
      ],
      zone,
    );
    const below = `no-such-name.${zone}`;
    t.match(lan.answer(question(below, ptr), 0, 0), { rcode: Rcode.nxDomain, authorities: 1, ttlSeconds: 60 }, below);
    t.equal(told(lan, zone, ds), isLoopback ? told(lan, zone, ds) : 'upstream', `DS of ${zone} is the parent's`);
  }
  for (const outside of ['9.in-addr.arpa', '15.172.in-addr.arpa', '32.172.in-addr.arpa', '63.100.in-addr.arpa']) {
    t.equal(told(lan, `1.${outside}`, ptr), 'upstream', outside);
  }
  for (const outside of ['arpa', 'in-addr.arpa', 'ip6.arpa', 'c.f.ip6.arpa', '7.e.f.ip6.arpa', 'c.e.f.ip6.arpa']) {
    t.equal(told(lan, outside, ptr), 'upstream', outside);
  }
  t.equal(firstOf(lan, '1.0.0.127.in-addr.arpa', ptr), name('localhost'));
  t.equal(firstOf(lan, `1.${'0.'.repeat(31)}ip6.arpa`, ptr), name('localhost'));
  t.end();
});

t.test('DNS-07 the reverse zones of the prefixes of this home', (t) => {
  const lan = answersOf({ hosts: [host('xps', ['2001:db8:4a03::14', '203.0.114.5'], MINUTE)] });
  const nibbles = (text: string): string => `${[...text].reverse().join('.')}.ip6.arpa`;
  t.equal(firstOf(lan, nibbles(`20010db84a03${'0'.repeat(18)}14`), ptr), name('xps.lan'));
  t.equal(firstOf(lan, nibbles(`20010db84a02${'0'.repeat(18)}14`), ptr), 'NXDOMAIN');
  t.equal(firstOf(lan, '5.114.0.203.in-addr.arpa', ptr), 'upstream', 'not an address of this home');
  const delegated = answersOf({ prefixes: [{ network: ip('2a02:168:4a00::'), length: 46 }] });
  for (const [at, expected] of [
    ['2a0201684a00', 'NXDOMAIN'],
    ['2a0201684a03', 'NXDOMAIN'],
    ['2a0201684a04', 'upstream'],
    ['2a02016849ff', 'upstream'],
  ] as const) {
    t.equal(firstOf(delegated, nibbles(`${at}${'0'.repeat(20)}`), ptr), expected, at);
  }
  const odd = answersOf({ prefixes: [{ network: ip('2a02:168:4a20::'), length: 43 }] });
  for (const [at, expected] of [
    ['2a0201684a20', 'NXDOMAIN'],
    ['2a0201684a3f', 'NXDOMAIN'],
    ['2a0201684a1f', 'upstream'],
    ['2a0201684a40', 'upstream'],
  ] as const) {
    t.equal(firstOf(odd, nibbles(`${at}${'0'.repeat(20)}`), ptr), expected, at);
  }
  const public4 = answersOf({ prefixes: [{ network: ip('203.0.112.0'), length: 22 }] });
  t.equal(firstOf(public4, '9.115.0.203.in-addr.arpa', ptr), 'NXDOMAIN');
  t.equal(firstOf(public4, '9.116.0.203.in-addr.arpa', ptr), 'upstream');
  t.end();
});

// Covers: RFC 6761 6.2, RFC 6761 6.3, RFC 6761 6.4, RFC 6762 22.1, RFC 7686 2, RFC 8375 4, RFC 9462 4, RFC 9476 2
t.test('DNS-08 names that are special', (t) => {
  const lan = answersOf({});
  const rows: [name: string, type: number, expected: string][] = [
    ['localhost', a, '127.0.0.1'],
    ['localhost', aaaa, '::1'],
    ['app.localhost', a, '127.0.0.1'],
    ['a.b.localhost', aaaa, '::1'],
    ['localhost', mx, 'nothing'],
    ['localhost.lan', a, 'NXDOMAIN'],
    ...['test', 'invalid', 'onion', 'local', 'alt', 'internal'].flatMap((zone): [string, number, string][] => [
      [zone, a, 'NXDOMAIN'],
      [zone, ns, 'NXDOMAIN'],
      [zone, ds, 'NXDOMAIN'],
      [`a.b.${zone}`, txt, 'NXDOMAIN'],
    ]),
    ['home.arpa', a, 'nothing'],
    ['x.home.arpa', a, 'NXDOMAIN'],
    ['resolver.arpa', a, 'nothing'],
    ['_dns.resolver.arpa', RecordType.svcb, 'nothing'],
    ['ipv4only.arpa', aaaa, 'upstream'],
    // RFC 6761 section 6.5: these are as any others.
    ['example', a, 'NXDOMAIN'],
    ['www.example', a, 'upstream'],
    ['localhost.example.com', a, 'upstream'],
  ];
  for (const [asked, type, expected] of rows) t.equal(firstOf(lan, asked, type), expected, `${asked} ${type}`);
  t.equal(firstOf(answersOf({ forwarded: ['test'] }), 'a.test', a), 'upstream', 'unless configured otherwise');
  const own = answersOf({ domain: 'home.arpa', hosts: [host('xps', ['192.168.42.14'])] });
  t.equal(firstOf(own, 'xps.home.arpa', a), '192.168.42.14');
  t.equal(firstOf(own, 'xps', a), '192.168.42.14');
  t.equal(firstOf(own, 'xps.lan', a), 'upstream');
  t.end();
});

t.test('DNS-08 RFC 8880 7.1 a network with NAT64 is told of by ipv4only.arpa', (t) => {
  const rows: [prefix: string, length: number, address: string][] = [
    ['64:ff9b::', 96, '64:ff9b::c000:aa'],
    ['2001:db8::', 32, '2001:db8:c000:aa::'],
    ['2001:db8:100::', 40, '2001:db8:1c0:0:aa::'],
    ['2001:db8:122::', 48, '2001:db8:122:c000:0:aa00::'],
    ['2001:db8:122:300::', 56, '2001:db8:122:3c0:0:aa::'],
    ['2001:db8:122:344::', 64, '2001:db8:122:344:c0:0:aa00:0'],
  ];
  for (const [prefix, length, address] of rows) {
    const lan = answersOf({ nat64: [{ network: ip(prefix), length }] });
    t.equal(firstOf(lan, 'ipv4only.arpa', aaaa), address, `/${length}`);
    t.equal(firstOf(lan, 'ipv4only.arpa', a), '192.0.0.170');
    t.equal(lan.answer(question('ipv4only.arpa', a), 0, 0)?.answers, 2);
    t.equal(firstOf(lan, 'ipv4only.arpa', mx), 'nothing');
  }
  t.equal(firstOf(answersOf({ nat64: [{ network: ip('64:ff9b::'), length: 95 }] }), 'ipv4only.arpa', a), 'upstream');
  t.end();
});

t.test('DNS-09 names below a host are there as long as the host is', (t) => {
  const sub = { name: 'www', addresses: [ip('192.168.42.99'), ip('2001:db8:4a00::99')] };
  const lan = answersOf({ hosts: [{ ...host('xps', ['192.168.42.14'], 10 * MINUTE), subNames: [sub] }] });
  for (const asked of ['www.xps.lan', 'WWW.xps.lan', 'www.xps'])
    t.equal(firstOf(lan, asked, a), '192.168.42.99', asked);
  t.equal(firstOf(lan, 'www.xps.lan', aaaa), '2001:db8:4a00::99');
  t.equal(firstOf(lan, 'www.xps.lan', mx), 'nothing');
  t.equal(firstOf(lan, 'ftp.xps.lan', a), 'NXDOMAIN');
  t.equal(firstOf(lan, 'www.xps.lan', a, 10 * MINUTE), 'NXDOMAIN');
  t.equal(firstOf(lan, 'www.xps', a, 10 * MINUTE), 'upstream');
  const com = answersOf({ hosts: [{ ...host('com', ['192.168.42.14']), subNames: [{ ...sub, name: 'google' }] }] });
  t.equal(firstOf(com, 'google.com', a), 'upstream');
  t.equal(firstOf(com, 'google.com.lan', a), '192.168.42.99');
  t.end();
});

t.test('DNS-23 records by configuration', (t) => {
  const record = (owner: string, type: number, data: Uint8Array, ttlSeconds: number = 3600) => {
    return { name: owner, type, data, ttlSeconds };
  };
  const lan = answersOf({
    hosts: [host('nas', ['192.168.42.66', 'fd00:7::66'], MINUTE), host('xps', ['192.168.42.14'], MINUTE)],
    records: [
      record('nas', a, ip('192.168.42.5')),
      record('nas', a, ip('192.168.42.6'), 60),
      record('backup', a, ip('192.168.42.5')),
      record('www.nas.lan', cname, nameOctets('nas.lan')),
      record('files', cname, nameOctets('xps.lan')),
      record('gone', cname, nameOctets('no.such.lan')),
      record('out', cname, nameOctets('www.example.com')),
      record('round', cname, nameOctets('about.lan')),
      record('about', cname, nameOctets('round.lan')),
      record('intranet.example.com', a, ip('10.1.2.3')),
      record('_ipp._tcp.lan', srv, Uint8Array.of(0, 1, 0, 2, 2, 119, ...nameOctets('nas.lan'))),
      record('a.deep.name.lan', txt, Uint8Array.of(2, 104, 105)),
      record('router7', a, ip('192.168.42.77')),
      record('not..a.name', a, ip('192.168.42.78')),
    ],
  });
  t.equal(told(lan, 'nas.lan', a), '0 2+0 c00c000100010000003c0004c0a82a05c00c000100010000003c0004c0a82a06', 'one TTL');
  t.equal(firstOf(lan, 'nas', aaaa), 'nothing', 'the host of that name is another one');
  t.equal(firstOf(lan, '5.42.168.192.in-addr.arpa', ptr), name('nas.lan'));
  t.equal(firstOf(lan, '66.42.168.192.in-addr.arpa', ptr), name('nas.lan'));
  // 12 + 9 (files.lan) ... the target stands 12 octets into the first record.
  const chained = told(lan, 'files.lan', a);
  t.equal(
    chained,
    `0 2+0 ${`c00c 0005 0001 00000e10 0009 ${name('xps.lan')} c027 0001 0001 0000003c 0004 c0a82a0e`.replaceAll(' ', '')}`,
  );
  t.equal(lan.answer(question('files.lan', a), 0, 0)?.ttlSeconds, 60, 'as long as the shortest');
  t.equal(firstOf(lan, 'files.lan', cname), name('xps.lan'));
  t.match(lan.answer(question('files.lan', mx), 0, 0), { rcode: 0, answers: 1, authorities: 1 });
  t.match(lan.answer(question('gone.lan', a), 0, 0), { rcode: Rcode.nxDomain, answers: 1, authorities: 1 }, 'RFC 6604');
  t.match(lan.answer(question('out.lan', a), 0, 0), { rcode: 0, answers: 1, authorities: 0 });
  t.equal(lan.answer(question('round.lan', a), 0, 0)?.rcode, Rcode.servFail, 'a loop ends');
  t.equal(firstOf(lan, 'intranet.example.com', a), '10.1.2.3');
  t.equal(firstOf(lan, 'intranet.example.com', aaaa), 'nothing', 'nothing else of that name is asked outside');
  t.equal(firstOf(lan, 'example.com', a), 'upstream');
  t.equal(firstOf(lan, '3.2.1.10.in-addr.arpa', ptr), name('intranet.example.com'));
  t.equal(firstOf(lan, '_ipp._tcp.lan', srv), `000100020277${name('nas.lan')}`);
  t.equal(firstOf(lan, '_tcp.lan', srv), 'nothing', 'RFC 8020: there is something below');
  t.equal(firstOf(lan, 'deep.name.lan', txt), 'nothing');
  t.equal(firstOf(lan, 'router7', a), '192.168.42.1', "the router's name is its own");
  t.equal(firstOf(answersOf({ absent: ['example.org'] }), 'www.example.org', a), 'NXDOMAIN');
  t.equal(firstOf(answersOf({ forwarded: ['corp.lan'] }), 'x.corp.lan', a), 'upstream');
  t.equal(firstOf(answersOf({ forwarded: ['arpa'] }), '1.0.0.10.in-addr.arpa', ptr), 'NXDOMAIN', 'ours is closer');
  t.equal(firstOf(answersOf({ forwarded: ['10.in-addr.arpa'] }), '1.0.0.10.in-addr.arpa', ptr), 'upstream');
  t.end();
});

t.test('DNS-06 what is kept is dropped when answers change, and only then', (t) => {
  const lan = new LocalAnswers();
  const configure = (expiresIn: number, now: number, address: string = '192.168.42.14'): number => {
    lan.configure({ ...HOME, hosts: [host('xps', [address], expiresIn)] }, now);
    return lan.generation;
  };
  const first = configure(20 * MINUTE, 0);
  t.equal(configure(20 * MINUTE, MINUTE), first, 'a renewal');
  t.equal(firstOf(lan, 'xps', a, 20 * MINUTE + 1), '192.168.42.14');
  const shorter = configure(MINUTE, MINUTE);
  t.not(shorter, first, 'a lease that ends sooner');
  const moved = configure(MINUTE, MINUTE, '192.168.42.15');
  t.not(moved, shorter, 'another address');
  lan.configure({ ...HOME, hosts: [] }, MINUTE);
  t.not(lan.generation, moved, 'a host that is gone');
  const before = lan.generation;
  lan.configure({ ...HOME, hosts: [], forwarded: ['x.lan'] }, MINUTE);
  t.not(lan.generation, before);
  t.end();
});

t.test('DNS-10 no data of clients make an error', (t) => {
  const text = fc.oneof(fc.string({ maxLength: 12, unit: 'binary' }), fc.stringMatching(/^[a-z.\\-]{0,12}$/));
  const octets = fc.uint8Array({ maxLength: 20 });
  const life = fc.oneof(fc.double(), fc.constant(Infinity), fc.nat(5000));
  const hosts = fc.array(
    fc.record({
      name: text,
      addresses: fc.array(fc.record({ address: octets, expiresIn: life }), { maxLength: 3 }),
      subNames: fc.array(fc.record({ name: text, addresses: fc.array(octets, { maxLength: 2 }) }), { maxLength: 2 }),
    }),
    { maxLength: 4 },
  );
  const record = fc.record({ name: text, type: fc.nat(60), data: octets, ttlSeconds: fc.nat(100) });
  const asked = fc.oneof(fc.domain(), fc.constantFrom('lan', 'a.lan', '1.0.0.10.in-addr.arpa'));
  const whole = fc.record({
    hosts,
    records: fc.array(record, { maxLength: 4 }),
    domain: text,
    forwarded: fc.array(text),
  });
  fc.assert(
    fc.property(whole, asked, fc.nat(60), fc.nat(6000), (data, name, type, now) => {
      const answer = answersOf(data).answer(question(name, type), 0, now);
      if (answer === undefined) return;
      const { ttlSeconds, records } = answer;
      t.ok(ttlSeconds >= 0 && Number.isInteger(ttlSeconds) && records.length < 60_000, name);
    }),
    { numRuns: 150 },
  );
  t.end();
});
