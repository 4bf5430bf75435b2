import t from 'tap';
import { MessageType } from '../../src/index.ts';
import { sampleLease } from './lease-table-contract.ts';
import { CONFIG, ip, optionOf, ROUTER, SimulatedLan, typeOf, withSubnet } from './simulated-lan.ts';

const { ack, nak } = MessageType;
const OTHER = { from: '02:00:00:00:00:02' };
const OUTSIDE = ip('10.9.9.9');
const FREE = ip('192.168.42.13');

t.test('RFC 2131 4.3.2 SELECTING', async (t) => {
  t.test('the offered address is bound and acknowledged', (t) => {
    const lan = new SimulatedLan();
    const address = lan.discover().message.yiaddr;
    const reply = lan.select(address);
    t.equal(typeOf(reply), ack);
    t.ok(reply?.message.yiaddr.equals(address));
    t.ok(reply?.message.ciaddr.isUnspecified);
    t.ok(reply?.send.destination.equals(address));
    t.equal(reply?.send.durable, true, 'held back until it is on disk');
    t.equal(optionOf(reply, 'ipAddressLeaseTime'), 1200);
    t.same(lan.changes, [`bound ${address}`]);
    t.match(lan.at(address), {
      state: 'bound',
      clientKey: '01020000000001',
      expiresAt: lan.now + 1200_000,
      lastAckAt: lan.now,
    });
    t.equal(lan.outputs[0]?.kind, 'lease', 'the table is written before the reply is there to be sent');
    t.equal(typeOf(lan.select(address)), ack, 'a repeated request gets the same answer');
    t.same(lan.changes, [`renewed ${address}`]);
    t.end();
  });

  t.test('D4S-08 another server was chosen: silence, and our offer is free again', (t) => {
    const lan = new SimulatedLan();
    const address = lan.discover().message.yiaddr;
    t.equal(lan.select(address, {}, ip('192.168.42.254')), undefined);
    t.equal(lan.discarded, 'other-server');
    const wish = { ...OTHER, options: [{ kind: 'requestedIpAddress', value: address }] } as const;
    t.ok(lan.discover(wish).message.yiaddr.equals(address));
    t.end();
  });

  t.test('another server was chosen: a lease from before stays', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease();
    lan.select(ip('192.168.42.13'), {}, ip('192.168.42.254'));
    t.equal(lan.at(address)?.state, 'bound');
    t.end();
  });

  t.test('D4S-08 an address that is not available is refused', (t) => {
    const lan = new SimulatedLan();
    const taken = lan.lease();
    const offered = lan.discover({ from: '02:00:00:00:00:03' }).message.yiaddr;
    for (const address of [taken, offered, ROUTER, ip('192.168.42.99'), ip('192.168.42.255'), OUTSIDE]) {
      const reply = lan.select(address, OTHER);
      t.equal(typeOf(reply), nak, `${address}`);
      t.ok(reply?.send.destination.isBroadcast);
      t.ok(lan.outputs.some((output) => output.kind === 'refused' && output.address.equals(address)));
    }
    t.equal(lan.table.size, 1);
    t.end();
  });

  t.test('after a restart, which forgets offers, a free address is as good as one', (t) => {
    const lan = new SimulatedLan({ ...CONFIG, authoritative: false });
    const address = lan.discover().message.yiaddr;
    lan.restart();
    t.equal(typeOf(lan.select(address)), ack);
    t.end();
  });

  t.test('the offer has gone to somebody else meanwhile', (t) => {
    const lan = new SimulatedLan();
    const address = lan.discover().message.yiaddr;
    lan.advance(CONFIG.offerHoldMs);
    t.equal(typeOf(lan.select(address, OTHER)), ack);
    t.equal(typeOf(lan.select(address)), nak);
    t.end();
  });

  t.test('a client that takes another address gives the first one back', (t) => {
    const lan = new SimulatedLan();
    const first = lan.lease();
    const second = first.equals(FREE) ? ip('192.168.42.14') : FREE;
    t.equal(typeOf(lan.select(second)), ack);
    t.same(lan.changes, [`released ${first}`, `bound ${second}`]);
    t.equal(lan.at(first), undefined);
    t.equal(lan.engine.activeLeases, 1);
    t.end();
  });

  t.test('a ciaddr that is not the address is no place to send to', (t) => {
    const lan = new SimulatedLan();
    const address = lan.discover().message.yiaddr;
    const reply = lan.select(address, { ciaddr: ip('203.0.113.9') });
    t.ok(reply?.send.destination.equals(address));
    t.ok(reply?.message.ciaddr.isUnspecified);
    t.end();
  });

  t.test('without any address it makes no sense', (t) => {
    const lan = new SimulatedLan();
    t.equal(lan.send(MessageType.request, { options: [{ kind: 'serverIdentifier', value: ROUTER }] }), undefined);
    t.equal(lan.discarded, 'malformed');
    t.equal(lan.send(MessageType.request), undefined);
    t.equal(lan.discarded, 'malformed');
    t.end();
  });
});

t.test('D4S-09 RFC 2131 4.3.2 INIT-REBOOT', async (t) => {
  t.test('the address that the record says', (t) => {
    const lan = new SimulatedLan({ ...CONFIG, authoritative: false });
    const address = lan.lease();
    t.equal(typeOf(lan.reboot(address)), ack);
    t.same(lan.changes, [`renewed ${address}`]);
    lan.advance(1200_000);
    t.equal(typeOf(lan.reboot(address)), ack, 'expired, but nobody else has it');
    t.same(lan.changes, [`bound ${address}`]);
    lan.release(address);
    t.equal(typeOf(lan.reboot(address)), ack, 'given back, likewise');
    t.end();
  });

  t.test('another address than the record says', (t) => {
    const lan = new SimulatedLan({ ...CONFIG, authoritative: false });
    const address = lan.lease();
    const wrong = address.equals(FREE) ? ip('192.168.42.14') : FREE;
    t.equal(typeOf(lan.reboot(wrong)), nak);
    t.equal(lan.at(address)?.state, 'bound');
    t.end();
  });

  t.test('the wrong network: refused, known or not, authoritative or not', (t) => {
    for (const authoritative of [false, true]) {
      const lan = new SimulatedLan({ ...CONFIG, authoritative });
      const reply = lan.reboot(OUTSIDE);
      t.equal(typeOf(reply), nak);
      t.ok(reply?.send.destination.isBroadcast);
      t.equal(reply?.send.hardwareAddress, undefined);
      t.ok(reply?.message.yiaddr.isUnspecified);
      t.same(
        reply?.message.options.map(({ kind }) => kind),
        ['dhcpMessageType', 'serverIdentifier', 'message'],
      );
    }
    t.end();
  });

  t.test('nobody knows the client: silence, unless authoritative', (t) => {
    const shy = new SimulatedLan({ ...CONFIG, authoritative: false });
    t.equal(shy.reboot(FREE), undefined);
    t.equal(shy.discarded, 'unknown-client');
    t.equal(shy.table.size, 0);
    t.equal(typeOf(new SimulatedLan().reboot(FREE)), nak);
    t.end();
  });

  t.test('the address has gone to another client', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease();
    lan.advance(1200_000);
    t.equal(typeOf(lan.select(address, OTHER)), ack);
    t.equal(typeOf(lan.reboot(address)), nak);
    t.end();
  });
});

t.test('RFC 2131 4.3.2 RENEWING and REBINDING', async (t) => {
  t.test('more time, sent to the address itself', (t) => {
    const lan = new SimulatedLan({ ...CONFIG, authoritative: false });
    const address = lan.lease();
    lan.advance(600_000);
    const reply = lan.renew(address);
    t.equal(typeOf(reply), ack);
    t.same(lan.changes, [`renewed ${address}`]);
    t.ok(reply?.message.ciaddr.equals(address), 'ciaddr from DHCPREQUEST');
    t.ok(reply?.send.destination.equals(address));
    t.equal(reply?.send.hardwareAddress, undefined, 'it answers ARP');
    t.equal(lan.at(address)?.expiresAt, lan.now + 1200_000);
    t.same(lan.advance(1199_999), []);
    t.same(
      lan.advance(1).map(({ kind }) => kind),
      ['lease'],
    );
    t.same(lan.changes, [`expired ${address}`]);
    t.end();
  });

  t.test('late, but nobody else has it', (t) => {
    const lan = new SimulatedLan({ ...CONFIG, authoritative: false });
    const address = lan.lease();
    lan.advance(9000_000);
    t.equal(typeOf(lan.renew(address)), ack);
    t.same(lan.changes, [`bound ${address}`]);
    t.end();
  });

  t.test('an address that is somebody else’s', (t) => {
    const lan = new SimulatedLan({ ...CONFIG, authoritative: false });
    const address = lan.lease();
    t.equal(typeOf(lan.renew(address, OTHER)), nak);
    t.equal(lan.at(address)?.clientKey, '01020000000001');
    t.end();
  });

  t.test('an address that is not the one of the record', (t) => {
    const lan = new SimulatedLan({ ...CONFIG, authoritative: false });
    const address = lan.lease();
    t.equal(typeOf(lan.renew(address.plus(address.equals(ip('192.168.42.19')) ? -1 : 1))), nak);
    t.end();
  });

  t.test('nobody knows the client: only the one authority may extend its lease', (t) => {
    const shy = new SimulatedLan({ ...CONFIG, authoritative: false });
    t.equal(shy.renew(FREE), undefined);
    t.equal(shy.discarded, 'unknown-client');
    t.equal(shy.renew(OUTSIDE), undefined);
    const lan = new SimulatedLan();
    t.equal(typeOf(lan.renew(FREE)), ack, 'the table was lost: everyone keeps the address that it has');
    t.equal(typeOf(lan.renew(OUTSIDE, OTHER)), nak);
    t.equal(typeOf(lan.renew(ROUTER, OTHER)), nak);
    t.end();
  });

  t.test('the pool is elsewhere now', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease();
    lan.restart(withSubnet({ pools: [{ first: ip('192.168.42.100'), last: ip('192.168.42.110') }] }));
    t.equal(typeOf(lan.renew(address)), nak);
    t.match(`${lan.discover().message.yiaddr}`, /\.1[01]\d$/);
    t.end();
  });

  t.test('a lease that was written under the hardware address alone', (t) => {
    const lan = new SimulatedLan({ ...CONFIG, authoritative: false });
    const identified = { clientIdentifier: Uint8Array.of(0xff, 0, 1, 2, 3) };
    lan.table.put(
      sampleLease('192.168.42.13', '01020000000001', { expiresAt: lan.now + 5000, hostNameOverride: 'desk' }),
    );
    lan.restart({ ...CONFIG, authoritative: false });
    t.equal(typeOf(lan.renew(FREE, { ...identified, ...OTHER })), nak, 'another machine');
    t.equal(typeOf(lan.renew(FREE, identified)), ack);
    t.match(lan.at(FREE), { clientKey: 'ff00010203', hostNameOverride: 'desk' });
    t.equal(lan.table.size, 1);
    t.end();
  });

  t.test('a client that has a lease names another one that its hardware address has', (t) => {
    const lan = new SimulatedLan();
    const first = lan.lease({ clientIdentifier: Uint8Array.of(0xff, 1) });
    const second = lan.lease();
    t.notOk(second.equals(first));
    t.equal(typeOf(lan.renew(second, { clientIdentifier: Uint8Array.of(0xff, 1) })), ack);
    t.same(lan.changes, [`released ${first}`, `renewed ${second}`]);
    t.equal(lan.table.size, 1);
    t.equal(lan.engine.activeLeases, 1);
    lan.advance(5000_000);
    t.equal(lan.engine.activeLeases, 0);
    t.end();
  });
});

t.test('lease times', async (t) => {
  const asking = (seconds: number): object => ({ options: [{ kind: 'ipAddressLeaseTime', value: seconds }] });

  t.test('what the client asks for, within limits', (t) => {
    const rows: [asked: number, granted: number][] = [
      [0, 60],
      [59, 60],
      [300, 300],
      [7200, 7200],
      [7201, 7200],
      [0xffff_ffff, 7200],
    ];
    for (const [asked, granted] of rows) {
      const lan = new SimulatedLan();
      t.equal(optionOf(lan.discover(asking(asked)), 'ipAddressLeaseTime'), granted, `${asked} s`);
      const reply = lan.select(lan.reply()!.message.yiaddr, asking(asked));
      t.equal(optionOf(reply, 'ipAddressLeaseTime'), granted);
      t.equal(lan.at(reply!.message.yiaddr)?.expiresAt, lan.now + granted * 1000);
    }
    t.end();
  });

  t.test('for ever, when the settings say so', (t) => {
    const lan = new SimulatedLan(withSubnet({ leaseTimeSeconds: 0xffff_ffff }));
    const reply = lan.select(lan.discover().message.yiaddr);
    t.equal(optionOf(reply, 'ipAddressLeaseTime'), 0xffff_ffff);
    t.equal(optionOf(reply, 'renewalTime'), 0xffff_ffff);
    t.equal(lan.at(reply!.message.yiaddr)?.expiresAt, Infinity);
    t.equal(lan.engine.deadline(), undefined);
    t.end();
  });

  t.test('a shorter lease than before ends earlier', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease(asking(7200));
    t.equal(lan.engine.deadline(), lan.now + 7200_000);
    lan.renew(address, asking(120));
    t.equal(lan.engine.deadline(), lan.now + 120_000);
    lan.advance(120_000);
    t.same(lan.changes, [`expired ${address}`]);
    t.equal(lan.engine.activeLeases, 0);
    t.end();
  });

  t.test('RFC 2131 4.3.1: without a wish, a client that starts over has what is left of its lease', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease();
    lan.advance(399_500);
    t.equal(optionOf(lan.discover(), 'ipAddressLeaseTime'), 801, 'up to a whole second');
    const reply = lan.select(address);
    t.equal(optionOf(reply, 'ipAddressLeaseTime'), 801, 'as was offered');
    t.equal(optionOf(reply, 'renewalTime'), 400);
    t.equal(lan.at(address)?.expiresAt, lan.now + 801_000);
    lan.advance(800_000);
    t.equal(optionOf(lan.discover(), 'ipAddressLeaseTime'), 60, 'enough to look whether somebody else has it');
    t.equal(optionOf(lan.select(address), 'ipAddressLeaseTime'), 60);
    t.equal(optionOf(lan.discover(asking(3000)), 'ipAddressLeaseTime'), 3000, 'a wish prolongs it');
    t.equal(optionOf(lan.renew(address), 'ipAddressLeaseTime'), 1200, 'so does a renewal without one');
    lan.advance(400_000);
    t.equal(optionOf(lan.reboot(address), 'ipAddressLeaseTime'), 1200, 'and a reboot');
    const other = address.equals(FREE) ? ip('192.168.42.14') : FREE;
    lan.advance(400_000);
    t.equal(optionOf(lan.select(other), 'ipAddressLeaseTime'), 1200, 'another address is another lease');
    lan.advance(1200_000);
    t.equal(optionOf(lan.discover(), 'ipAddressLeaseTime'), 1200, 'nothing is left: a new one');
    t.end();
  });

  t.test('T1 and T2 are spread, RFC 2131 4.4.5', (t) => {
    const lan = new SimulatedLan();
    lan.engine = new (lan.engine.constructor as typeof import('../../src/server/engine.ts').ServerEngine)(
      CONFIG,
      lan.table,
      {
        random: () => 0.999,
      },
    );
    const reply = lan.discover();
    const [t1, t2] = [optionOf(reply, 'renewalTime') ?? 0, optionOf(reply, 'rebindingTime') ?? 0];
    t.ok(t1 >= 525 && t1 < 600, `T1 ${t1}`);
    t.ok(t2 >= 975 && t2 < 1050, `T2 ${t2}`);
    t.end();
  });
});

t.test('D4S-18 leases in force are counted', (t) => {
  const lan = new SimulatedLan();
  lan.table.put(sampleLease('192.168.42.10', '01aa', { expiresAt: lan.now - 5000 }));
  lan.table.put(sampleLease('192.168.42.11', '01bb', { expiresAt: lan.now + 5000 }));
  lan.table.put(sampleLease('192.168.42.12', '01cc', { state: 'released', expiresAt: lan.now + 5000 }));
  lan.table.put(sampleLease('192.168.42.30', '01dd', { expiresAt: Infinity }));
  lan.restart();
  lan.handle({ kind: 'timeout' });
  t.same(lan.changes, [], 'what has ended long ago is not told again at each restart');
  t.equal(lan.engine.activeLeases, 2);
  const address = lan.lease();
  t.equal(lan.engine.activeLeases, 3);
  lan.renew(address);
  t.equal(lan.engine.activeLeases, 3);
  lan.release(address);
  t.equal(lan.engine.activeLeases, 2);
  lan.advance(5000);
  t.same(lan.changes, ['expired 192.168.42.11']);
  t.equal(lan.engine.activeLeases, 1);
  t.end();
});
