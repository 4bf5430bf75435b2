import { Ipv4Prefix } from '@router7/wire';
import t from 'tap';
import { MessageType } from '../../src/index.ts';
import { defaultServerConfig } from '../../src/server/default-config.ts';
import { sampleLease } from './lease-table-contract.ts';
import { CONFIG, ip, mac, NOBODY, optionOf, ROUTER, SimulatedLan, typeOf, withSubnet } from './simulated-lan.ts';

t.test('D4S-02 the default pool is the 230 addresses behind the router', (t) => {
  const rows: [prefix: string, first: string, last: string][] = [
    ['192.168.42.1/24', '192.168.42.2', '192.168.42.231'],
    ['192.168.1.254/24', '192.168.1.24', '192.168.1.253'],
    ['10.0.0.1/30', '10.0.0.2', '10.0.0.2'],
    ['10.0.0.1/16', '10.0.0.2', '10.0.0.231'],
    ['172.16.0.65/28', '172.16.0.66', '172.16.0.78'],
  ];
  for (const [prefix, first, last] of rows) {
    const [subnet] = defaultServerConfig(Ipv4Prefix.parse(prefix)).subnets;
    t.equal(`${subnet?.pools[0]?.first}`, first, prefix);
    t.equal(`${subnet?.pools[0]?.last}`, last, prefix);
    t.equal(subnet?.leaseTimeSeconds, 1200);
  }
  t.throws(() => defaultServerConfig(Ipv4Prefix.parse('10.0.0.1/31')), { code: 'bad-value' });
  t.throws(() => defaultServerConfig(Ipv4Prefix.parse('10.0.0.1/32')), { code: 'bad-value' });
  t.end();
});

t.test('D4S-01 an offer goes to the hardware address, or to everyone when the client wants that', (t) => {
  const lan = new SimulatedLan();
  const unicast = lan.discover();
  t.ok(unicast.send.destination.equals(unicast.message.yiaddr));
  t.same(unicast.send.hardwareAddress, mac('02:00:00:00:00:01').toBytes());
  t.equal(unicast.send.port, 68);
  t.equal(unicast.send.durable, false);
  const broadcast = lan.discover({ flags: 0x8000 });
  t.ok(broadcast.send.destination.isBroadcast);
  t.equal(broadcast.send.hardwareAddress, undefined);
  t.equal(broadcast.message.flags, 0x8000);
  const infiniband = lan.discover({
    htype: 32,
    chaddr: new Uint8Array(0),
    clientIdentifier: Uint8Array.of(0xff, 1, 2),
  });
  t.ok(infiniband.send.destination.isBroadcast, 'RFC 4390: no hardware address to send to');
  const group = lan.discover({ chaddr: Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff) });
  t.equal(group.send.hardwareAddress, undefined, 'not by hand to a group address');
  t.end();
});

t.test('RFC 2131 table 3: the fields of an offer', (t) => {
  const lan = new SimulatedLan();
  const { message } = lan.discover({ xid: 0xdeadbeef, options: [{ kind: 'parameterRequestList', value: [3] }] });
  t.equal(message.op, 2);
  t.equal(message.xid, 0xdeadbeef);
  t.equal(message.secs, 0);
  t.equal(message.hops, 0);
  t.ok(message.ciaddr.isUnspecified);
  t.ok(message.siaddr.isUnspecified);
  t.ok(message.giaddr.isUnspecified);
  t.same(message.chaddr, mac('02:00:00:00:00:01').toBytes());
  t.same(
    message.options.map(({ kind }) => kind),
    [
      'dhcpMessageType',
      'serverIdentifier',
      'ipAddressLeaseTime',
      'renewalTime',
      'rebindingTime',
      'subnetMask',
      'router',
    ],
  );
  const reply = { message, send: lan.reply()!.send };
  t.ok(optionOf(reply, 'serverIdentifier')?.equals(ROUTER));
  t.equal(optionOf(reply, 'ipAddressLeaseTime'), 1200);
  t.equal(optionOf(reply, 'renewalTime'), 600);
  t.equal(optionOf(reply, 'rebindingTime'), 1050);
  t.equal(`${optionOf(reply, 'subnetMask')}`, '255.255.255.0');
  t.equal(lan.table.size, 0, 'an offer is no lease');
  t.end();
});

t.test('D4S-07 the order in which addresses are chosen', async (t) => {
  t.test('the same offer again while it stands', (t) => {
    const lan = new SimulatedLan();
    const first = lan.discover().message.yiaddr;
    t.ok(
      lan
        .discover({ options: [{ kind: 'requestedIpAddress', value: ip('192.168.42.19') }] })
        .message.yiaddr.equals(first),
    );
    t.end();
  });

  t.test('its live lease before what it asks for', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease();
    const other = address.equals(ip('192.168.42.12')) ? ip('192.168.42.13') : ip('192.168.42.12');
    t.ok(lan.discover({ options: [{ kind: 'requestedIpAddress', value: other }] }).message.yiaddr.equals(address));
    t.end();
  });

  t.test('its lease from before, expired or released', (t) => {
    const lan = new SimulatedLan();
    const wish = { options: [{ kind: 'requestedIpAddress', value: ip('192.168.42.17') }] } as const;
    lan.discover(wish);
    lan.select(ip('192.168.42.17'));
    lan.advance(1200_000);
    t.same(lan.changes, ['expired 192.168.42.17']);
    lan.advance(60_000);
    t.equal(`${lan.discover().message.yiaddr}`, '192.168.42.17');
    lan.select(ip('192.168.42.17'));
    lan.release(ip('192.168.42.17'));
    lan.advance(60_000);
    t.equal(`${lan.discover().message.yiaddr}`, '192.168.42.17');
    t.end();
  });

  t.test('what it asks for, if that is free', (t) => {
    const lan = new SimulatedLan();
    const wish = { options: [{ kind: 'requestedIpAddress', value: ip('192.168.42.15') }] } as const;
    t.equal(`${lan.discover(wish).message.yiaddr}`, '192.168.42.15');
    t.not(
      `${lan.discover({ ...wish, from: '02:00:00:00:00:02' }).message.yiaddr}`,
      '192.168.42.15',
      'on offer to another',
    );
    t.end();
  });

  t.test('not what it asks for, if that is not to be had', (t) => {
    const lan = new SimulatedLan();
    for (const wish of ['192.168.42.1', '192.168.42.20', '192.168.42.0', '192.168.42.255', '10.0.0.1', '0.0.0.0']) {
      const { yiaddr } = lan.discover({ options: [{ kind: 'requestedIpAddress', value: ip(wish) }] }).message;
      t.match(`${yiaddr}`, /^192\.168\.42\.1\d$/, wish);
    }
    t.end();
  });

  t.test('else the same address on every server, whoever came before', (t) => {
    const plain = new SimulatedLan();
    const busy = new SimulatedLan();
    busy.lease({ from: '02:00:00:00:00:77' });
    const who = { from: '02:00:00:00:00:42' };
    t.ok(plain.discover(who).message.yiaddr.equals(busy.discover(who).message.yiaddr));
    const spread = new Set<number>();
    const wide = new SimulatedLan(defaultServerConfig(Ipv4Prefix.parse('192.168.42.1/24')));
    for (let i = 0; i < 50; i++)
      spread.add(wide.discover({ chaddr: Uint8Array.of(2, 0, 0, 0, 0, i) }).message.yiaddr.value);
    t.equal(spread.size, 50);
    t.end();
  });

  t.test('a full pool gives up the address whose lease ended longest ago', (t) => {
    const lan = new SimulatedLan();
    const leases = new Map<number, string>();
    for (let i = 0; i < 10; i++) {
      leases.set(i, `${lan.lease({ chaddr: Uint8Array.of(2, 0, 0, 0, 1, i) })}`);
      lan.now += 1000;
    }
    t.equal(new Set(leases.values()).size, 10);
    t.equal(lan.send(MessageType.discover, { from: '02:00:00:00:00:99' }), undefined);
    t.equal(lan.discarded, 'no-free-address');
    // Client 3 has renewed, client 7 has given its address back early, and then the others run out.
    lan.advance(600_000);
    lan.renew(ip(leases.get(3) as string), { chaddr: Uint8Array.of(2, 0, 0, 0, 1, 3) });
    lan.release(ip(leases.get(7) as string), { chaddr: Uint8Array.of(2, 0, 0, 0, 1, 7) });
    lan.advance(650_000);
    const order = [7, 0, 1, 2, 4, 5, 6, 8, 9].map((i) => leases.get(i));
    const given = order.map((_, i) => `${lan.discover({ chaddr: Uint8Array.of(2, 0, 0, 0, 2, i) }).message.yiaddr}`);
    t.same(given, order);
    t.equal(`${lan.discover({ from: '02:00:00:00:00:99' }).message.yiaddr}`, order[0], 'then the oldest offer');
    t.ok(lan.advance(CONFIG.offerHoldMs).length === 0);
    t.equal(
      `${lan.discover({ chaddr: Uint8Array.of(2, 0, 0, 0, 1, 4) }).message.yiaddr}`,
      leases.get(4),
      'still remembered',
    );
    t.end();
  });
});

t.test('D4S-06 reservations, inside and outside of the pool', (t) => {
  const lan = new SimulatedLan(
    withSubnet({
      reservations: [
        { address: ip('192.168.42.200'), hardwareAddress: mac('02:00:00:00:00:01'), hostName: 'printer' },
        { address: ip('192.168.42.12'), clientIdentifier: Uint8Array.of(0xff, 7, 7, 7) },
      ],
    }),
  );
  t.equal(`${lan.lease()}`, '192.168.42.200');
  t.equal(`${lan.lease({ from: '02:00:00:00:00:01', clientIdentifier: Uint8Array.of(0xff, 1) })}`, '192.168.42.200');
  t.equal(lan.table.size, 1, 'whatever runs on the machine');
  t.equal(
    `${lan.lease({ from: '02:00:00:00:00:05', clientIdentifier: Uint8Array.of(0xff, 7, 7, 7) })}`,
    '192.168.42.12',
  );
  const others = new Set<string>();
  for (let i = 0; i < 9; i++) others.add(`${lan.lease({ chaddr: Uint8Array.of(2, 0, 0, 0, 1, i) })}`);
  t.notOk(others.has('192.168.42.12'), 'nobody else gets it');
  t.equal(others.size, 9);
  t.equal(lan.send(MessageType.discover, { from: '02:00:00:00:00:99' }), undefined);
  t.equal(typeOf(lan.select(ip('192.168.42.12'), { from: '02:00:00:00:00:99' })), MessageType.nak);
  t.end();
});

t.test('a reservation that is made for a client that has a lease', (t) => {
  const lan = new SimulatedLan();
  const who = { from: '02:00:00:00:00:0a', clientIdentifier: Uint8Array.of(0xff, 1, 2, 3) };
  const address = lan.lease(who);
  lan.restart(withSubnet({ reservations: [{ address, hardwareAddress: mac(who.from) }] }));
  t.equal(typeOf(lan.renew(address, who)), MessageType.ack, 'of the address that it has');
  lan.restart(withSubnet({ reservations: [{ address: ip('192.168.42.50'), hardwareAddress: mac(who.from) }] }));
  t.equal(typeOf(lan.renew(address, who)), MessageType.nak, 'of another one');
  t.equal(`${lan.discover(who).message.yiaddr}`, '192.168.42.50');
  t.end();
});

t.test('D4S-05 a static lease of the table is a reservation for its hardware address', (t) => {
  const lan = new SimulatedLan();
  lan.table.put(sampleLease('192.168.42.99', '01020000000001', { expiresAt: Infinity, hostNameOverride: 'nas' }));
  lan.restart();
  t.equal(`${lan.lease()}`, '192.168.42.99');
  t.equal(lan.at(ip('192.168.42.99'))?.expiresAt, Infinity, 'and stays one');
  t.equal(lan.at(ip('192.168.42.99'))?.hostNameOverride, 'nas');
  const withIdentifier = { clientIdentifier: Uint8Array.of(0xff, 9, 9, 9) };
  t.equal(`${lan.lease(withIdentifier)}`, '192.168.42.99', 'with any identifier');
  t.equal(lan.at(ip('192.168.42.99'))?.clientKey, '01020000000001');
  lan.release(ip('192.168.42.99'));
  t.equal(lan.at(ip('192.168.42.99'))?.state, 'bound', "not the client's to end");
  t.not(`${lan.discover({ from: '02:00:00:00:00:02' }).message.yiaddr}`, '192.168.42.99');
  t.equal(lan.engine.activeLeases, 1);
  t.end();
});

t.test('D4S-12 the client identifier comes before the hardware address, and is echoed', (t) => {
  const lan = new SimulatedLan();
  const id = Uint8Array.of(0xff, 0, 0, 0, 1, 0, 4, 0xaa);
  const first = lan.lease({ from: '02:00:00:00:00:01', clientIdentifier: id });
  const second = lan.lease({ from: '02:00:00:00:00:02', clientIdentifier: id });
  t.ok(second.equals(first), 'one client with two hardware addresses');
  const third = lan.lease({ from: '02:00:00:00:00:01', clientIdentifier: Uint8Array.of(0xff, 1, 1) });
  t.notOk(third.equals(first), 'two clients with one hardware address');
  const reply = lan.discover({ clientIdentifier: id });
  t.same(optionOf(reply, 'clientIdentifier'), id, 'RFC 6842');
  t.equal(optionOf(lan.discover({ from: '02:00:00:00:00:0b' }), 'clientIdentifier'), undefined);
  const plain = lan.lease({ from: '02:00:00:00:00:0c' });
  const typed = lan.lease({ from: '02:00:00:00:00:0c', clientIdentifier: Uint8Array.of(1, 2, 0, 0, 0, 0, 0x0c) });
  t.ok(typed.equals(plain), 'hardware type and address are the same client as no identifier');
  t.end();
});

t.test('D4S-28 a client with a new hardware address keeps lease and name by its identifier', (t) => {
  const lan = new SimulatedLan();
  const id = Uint8Array.of(0xff, 5, 5, 5, 5);
  const named = { options: [{ kind: 'hostName', value: 'galaxy' }] } as const;
  const address = lan.lease({ ...named, from: '02:aa:00:00:00:01', clientIdentifier: id });
  lan.handle({ kind: 'set-host-name', client: address, hostName: 'my-phone' });
  lan.advance(3600_000);
  t.ok(lan.lease({ ...named, from: '06:bb:00:00:00:02', clientIdentifier: id }).equals(address));
  t.equal(lan.at(address)?.hostName, 'galaxy');
  t.equal(lan.at(address)?.hostNameOverride, 'my-phone');
  t.same(lan.at(address)?.hardwareAddress, mac('06:bb:00:00:00:02').toBytes());
  t.end();
});

t.test('RFC 4039 rapid commit, where it is wanted by both', (t) => {
  const options = [{ kind: 'rapidCommit', value: true }] as const;
  const off = new SimulatedLan();
  t.equal(typeOf(off.send(MessageType.discover, { options })), MessageType.offer);
  const on = new SimulatedLan({ ...CONFIG, rapidCommit: true });
  t.equal(typeOf(on.send(MessageType.discover)), MessageType.offer);
  const reply = on.send(MessageType.discover, { options });
  t.equal(typeOf(reply), MessageType.ack);
  t.equal(optionOf(reply, 'rapidCommit'), true);
  t.equal(reply?.send.durable, true);
  t.same(on.changes, [`bound ${reply?.message.yiaddr}`]);
  t.equal(on.table.size, 1);
  t.end();
});

t.test('an offer ends, and its address is free again', (t) => {
  const lan = new SimulatedLan({ ...CONFIG, offerHoldMs: 10_000 });
  for (let i = 0; i < 10; i++) lan.discover({ chaddr: Uint8Array.of(2, 0, 0, 0, 1, i) });
  const wish = {
    from: '02:00:00:00:00:99',
    options: [{ kind: 'requestedIpAddress', value: ip('192.168.42.13') }],
  } as const;
  t.equal(lan.engine.deadline(), lan.now + 10_000);
  t.same(lan.advance(9_999), []);
  t.equal(typeOf(lan.select(ip('192.168.42.13'), { from: wish.from })), MessageType.nak);
  lan.advance(1);
  t.equal(`${lan.discover(wish).message.yiaddr}`, '192.168.42.13');
  t.end();
});

t.test('the server needs no clients: nothing to do, nothing to wait for', (t) => {
  const lan = new SimulatedLan();
  t.equal(lan.engine.deadline(), undefined);
  t.same(lan.handle({ kind: 'timeout' }), []);
  t.equal(lan.send(MessageType.offer), undefined);
  t.equal(lan.discarded, 'unexpected-type');
  t.equal(lan.send(MessageType.discover, { source: NOBODY, chaddr: new Uint8Array(0) }), undefined);
  t.equal(lan.discarded, 'malformed', 'without hardware address and identifier');
  t.end();
});
