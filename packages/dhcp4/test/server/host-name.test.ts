import { isTopLevelDomain } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { cleanHostName, HostNames } from '../../src/server/host-name.ts';
import { CONFIG, ip, mac, optionOf, SimulatedLan, type Wanted, withSubnet } from './simulated-lan.ts';

t.test('D4S-14 a host name becomes one RFC 1123 label', (t) => {
  const rows: [sent: string, label: string][] = [
    ['xps', 'xps'],
    ['XPS-13', 'xps-13'],
    ['Michael’s iPhone', 'michaels-iphone'],
    ["Michael's iPhone (2)", 'michaels-iphone-2'],
    ['living_room', 'living-room'],
    ['google.com', 'google'],
    ['.com', ''],
    ['nas.home.lan.', 'nas'],
    ['-a-', 'a'],
    ['a--b', 'a-b'],
    ['xn--e1afmkfd', 'xn-e1afmkfd'],
    ['Müller', 'muller'],
    ['Café Ångström', 'cafe-angstrom'],
    ['日本', ''],
    ['', ''],
    ['---', ''],
    ['192.168.42.1', ''],
    ['12345', ''],
    ['0x7f000001', ''],
    ['0xbeef-1', '0xbeef-1'],
    ['1password', '1password'],
    ['a\0b', 'a-b'],
    ['a\nb', 'a-b'],
    ['<script>alert(1)</script>', 'script-alert-1-script'],
    ['a'.repeat(64), 'a'.repeat(63)],
    [`${'a'.repeat(62)}-b`, 'a'.repeat(62)],
    [`${'a'.repeat(61)}-b`, `${'a'.repeat(61)}-b`],
  ];
  for (const [sent, label] of rows) t.equal(cleanHostName(sent), label, JSON.stringify(sent));
  t.end();
});

t.test('D4S-14 whatever is sent, what comes out is a label or nothing', (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 300 })), (sent) => {
      const label = cleanHostName(sent);
      return (label === '' || /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label)) && cleanHostName(label) === label;
    }),
  );
  t.end();
});

t.test('D4S-14 top-level domains', (t) => {
  for (const name of ['com', 'org', 'dev', 'arpa', 'google', 'xbox', 'ch', 'tv', 'zz'])
    t.ok(isTopLevelDomain(name), name);
  for (const name of ['laptop', 'xps', 'a1', '1a', 'printer', 'com-1']) t.notOk(isTopLevelDomain(name), name);
  t.end();
});

t.test('D4S-14 who is called what', (t) => {
  const names = new HostNames(['router7']);
  const [a, b] = [ip('10.1.42.17').value, ip('10.1.42.18').value];
  t.equal(names.choose('laptop', a, ''), 'laptop');
  names.take('laptop', a);
  t.equal(names.choose('laptop', b, ''), 'laptop-42-18');
  names.take('laptop-42-18', b);
  t.equal(names.choose('laptop', a, 'laptop'), 'laptop');
  names.drop('laptop', b);
  t.equal(names.ownerOf('laptop'), a, 'only its owner can give it up');
  names.drop('laptop', a);
  t.equal(names.choose('laptop', b, 'laptop-42-18'), 'laptop-42-18', 'a name does not change under its owner');
  t.equal(names.choose('laptop', b, ''), 'laptop');
  names.take('printer', a);
  names.take('printer-42-18', a);
  t.equal(names.choose('printer', b, ''), 'printer-0a012a12');
  names.take('printer-0a012a12', a);
  t.equal(names.choose('printer', b, ''), '');
  t.equal(names.choose('kitchen', b, ''), 'kitchen-42-18');
  for (const name of ['router7', 'localhost', 'wpad', 'lan', '']) t.equal(names.choose(name, b, ''), '');
  names.fix('server', a);
  t.equal(names.choose('server', b, ''), 'server-42-18');
  t.equal(names.choose('server', a, ''), 'server');
  names.take('nas', b);
  names.fix('nas', a);
  t.equal(names.choose('nas', b, 'nas'), 'nas-42-18', 'a reservation was made meanwhile');
  names.take('router7', b);
  t.equal(names.ownerOf('router7'), undefined);
  t.equal(names.choose('a'.repeat(63), b, ''), 'a'.repeat(63));
  names.take('a'.repeat(63), a);
  t.equal(names.choose('a'.repeat(63), b, ''), `${'a'.repeat(57)}-42-18`);
  t.end();
});

const named = (name: string, last: number): Wanted => ({
  chaddr: Uint8Array.of(2, 0, 0, 0, 0, last),
  options: [{ kind: 'hostName', value: name }],
});

t.test('D4S-14 host names of leases', async (t) => {
  t.test('the name is free again once its lease has ended', (t) => {
    const lan = new SimulatedLan();
    const first = lan.lease(named('laptop', 1));
    const second = lan.lease(named('laptop', 2));
    t.equal(lan.at(first)?.hostName, 'laptop');
    t.equal(lan.at(second)?.hostName, `laptop-42-${second.value & 255}`);
    lan.release(first, { chaddr: Uint8Array.of(2, 0, 0, 0, 0, 1) });
    const third = lan.lease(named('laptop', 3));
    t.equal(lan.at(third)?.hostName, 'laptop');
    lan.advance(1000_000);
    lan.renew(third, named('laptop', 3));
    lan.advance(300_000);
    t.equal(lan.at(lan.lease(named('laptop', 4)))?.hostName.startsWith('laptop-42-'), true);
    t.end();
  });

  t.test('after a restart a lease that has ended does not keep its name from the one that has it now', (t) => {
    const lan = new SimulatedLan();
    lan.lease(named('laptop', 1));
    lan.advance(1300_000);
    const second = lan.lease(named('laptop', 2));
    t.equal(lan.at(second)?.hostName, 'laptop');
    lan.restart();
    const third = lan.lease(named('laptop', 3));
    t.equal(lan.at(third)?.hostName, `laptop-42-${third.value & 255}`);
    t.end();
  });

  t.test('after a restart a name that a person has set is stronger than what a device says', (t) => {
    const lan = new SimulatedLan();
    const first = lan.lease(named('printer', 1));
    lan.advance(1000);
    const second = lan.lease(named('lamp', 2));
    const lease = lan.at(second);
    t.ok(lease);
    if (lease !== undefined) lan.table.put({ ...lease, hostNameOverride: 'printer' });
    lan.restart();
    lan.renew(first, named('printer', 1));
    lan.renew(second, named('lamp', 2));
    t.equal(lan.at(first)?.hostName, `printer-42-${first.value & 255}`);
    t.equal(lan.at(second)?.hostNameOverride, 'printer');
    t.end();
  });

  t.test('a name that a client stops sending is kept; a new one is taken', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease(named('laptop', 1));
    lan.renew(address, { from: '02:00:00:00:00:01' });
    t.equal(lan.at(address)?.hostName, 'laptop');
    lan.renew(address, named('thinkpad', 1));
    t.equal(lan.at(address)?.hostName, 'thinkpad');
    t.equal(lan.at(lan.lease(named('laptop', 2)))?.hostName, 'laptop');
    t.end();
  });

  t.test('option 81 names a client that sends no option 12', (t) => {
    const lan = new SimulatedLan();
    const fqdn = { flags: 4, rcode1: 0, rcode2: 0, name: 'Desk.corp.example.' };
    const address = lan.lease({ options: [{ kind: 'clientFqdn', value: fqdn }] });
    t.equal(lan.at(address)?.hostName, 'desk');
    t.end();
  });

  t.test('no client is called like the router, a zone or a number', (t) => {
    const lan = new SimulatedLan(withSubnet({}, { reservedHostNames: ['fritz'] }));
    for (const [i, name] of ['fritz', 'FRITZ.lan', 'localhost', '10.0.0.1', 'wpad'].entries()) {
      t.equal(lan.at(lan.lease(named(name, i + 1)))?.hostName, '', name);
    }
    const address = lan.lease(named('com', 9));
    t.equal(lan.at(address)?.hostName, `com-42-${address.value & 255}`);
    t.end();
  });

  t.test('a reservation’s name is its own, even while it is away', (t) => {
    const lan = new SimulatedLan(
      withSubnet({
        reservations: [
          { address: ip('192.168.42.99'), hardwareAddress: mac('02:00:00:00:00:09'), hostName: 'Printer' },
        ],
      }),
    );
    t.match(lan.at(lan.lease(named('printer', 1)))?.hostName, /^printer-42-/);
    lan.discover({ ...named('HP1234', 9), options: [{ kind: 'parameterRequestList', value: [12] }] });
    t.equal(optionOf(lan.reply(), 'hostName'), 'printer');
    t.equal(lan.at(lan.lease(named('HP1234', 9)))?.hostName, 'printer');
    t.end();
  });

  t.test('names from a table of a time without rules are cleaned on renewal', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease();
    const lease = lan.at(address);
    lan.table.put({ ...lease!, hostName: 'www.google.com' });
    lan.restart();
    lan.renew(address);
    t.equal(lan.at(address)?.hostName, 'www');
    t.end();
  });
});

t.test('D4S-15 a person’s name for a host', async (t) => {
  t.test('survives renewals, expiry and another address, and is told to the client', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease(named('laptop', 1));
    lan.handle({ kind: 'set-host-name', client: address, hostName: 'desk' });
    t.same(lan.changes, [`renamed ${address}`]);
    t.match(lan.at(address), { hostName: 'laptop', hostNameOverride: 'desk' });
    const reply = lan.renew(address, {
      ...named('laptop', 1),
      options: [{ kind: 'parameterRequestList', value: [12] }],
    });
    t.equal(optionOf(reply, 'hostName'), 'desk');
    t.equal(lan.at(address)?.hostNameOverride, 'desk');
    t.match(lan.at(lan.lease(named('desk', 2)))?.hostName, /^desk-42-/);
    lan.advance(5000_000);
    t.match(lan.at(lan.lease(named('desk', 3)))?.hostName, /^desk-42-/, 'kept while the host is away');
    const other = address.equals(ip('192.168.42.10')) ? ip('192.168.42.11') : ip('192.168.42.10');
    lan.handle({ kind: 'forget', address: other });
    lan.select(other, named('laptop', 1));
    t.equal(lan.at(other)?.hostNameOverride, 'desk');
    t.end();
  });

  t.test('by hardware address, as the web page of r7 does', (t) => {
    const lan = new SimulatedLan();
    const plain = lan.lease({ from: '02:00:00:00:00:01' });
    const identified = lan.lease({ from: '02:00:00:00:00:02', clientIdentifier: Uint8Array.of(0xff, 1, 2) });
    lan.handle({ kind: 'set-host-name', client: mac('02:00:00:00:00:01'), hostName: 'one' });
    lan.handle({ kind: 'set-host-name', client: mac('02:00:00:00:00:02'), hostName: 'two' });
    t.equal(lan.at(plain)?.hostNameOverride, 'one');
    t.equal(lan.at(identified)?.hostNameOverride, 'two');
    t.end();
  });

  t.test('is refused when it is nobody’s, no name, or taken', (t) => {
    const lan = new SimulatedLan(CONFIG);
    const first = lan.lease(named('laptop', 1));
    const second = lan.lease(named('phone', 2));
    lan.handle({ kind: 'set-host-name', client: second, hostName: 'desk' });
    const refusals = (client: typeof first | ReturnType<typeof mac>, hostName: string): unknown =>
      lan.handle({ kind: 'set-host-name', client, hostName });
    const refused = (hostName: string, reason: string): object[] => [{ kind: 'host-name-refused', hostName, reason }];
    t.same(refusals(ip('192.168.42.250'), 'x1y'), refused('x1y', 'unknown-client'));
    t.same(refusals(mac('02:00:00:00:00:99'), 'x1y'), refused('x1y', 'unknown-client'));
    t.same(refusals(first, 'my desk'), refused('my desk', 'bad-name'));
    t.same(refusals(first, 'a.b'), refused('a.b', 'bad-name'));
    t.same(refusals(first, '42'), refused('42', 'bad-name'));
    t.same(refusals(first, 'router7'), refused('router7', 'reserved'));
    t.same(refusals(first, 'desk'), refused('desk', 'taken'));
    t.equal(lan.at(first)?.hostNameOverride, '');
    t.end();
  });

  t.test('survives a DHCPDECLINE, unless somebody else is called so meanwhile', (t) => {
    const lan = new SimulatedLan();
    const first = lan.lease({});
    lan.handle({ kind: 'set-host-name', client: first, hostName: 'desk' });
    lan.decline(first);
    const second = lan.lease({});
    t.equal(lan.at(second)?.hostNameOverride, 'desk');
    lan.decline(second);
    lan.lease(named('desk', 2));
    t.equal(lan.at(lan.lease({}))?.hostNameOverride, '');
    t.end();
  });

  t.test('is stronger than a device’s, and can be taken back', (t) => {
    const lan = new SimulatedLan();
    const first = lan.lease(named('laptop', 1));
    const second = lan.lease(named('tablet', 2));
    lan.handle({ kind: 'set-host-name', client: second, hostName: 'Laptop' });
    t.same(lan.changes, [`renamed ${first}`, `renamed ${second}`]);
    t.equal(lan.at(second)?.hostNameOverride, 'laptop');
    t.equal(lan.at(first)?.hostName, `laptop-42-${first.value & 255}`);
    lan.handle({ kind: 'set-host-name', client: second, hostName: '' });
    t.equal(lan.at(second)?.hostNameOverride, '');
    t.equal(lan.at(lan.lease(named('laptop', 3)))?.hostName, 'laptop');
    lan.handle({ kind: 'set-host-name', client: second, hostName: 'kitchen' });
    t.equal(lan.at(second)?.hostNameOverride, 'kitchen', 'a top-level domain, but a person’s choice');
    t.end();
  });
});
