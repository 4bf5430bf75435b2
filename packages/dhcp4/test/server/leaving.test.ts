import { Ipv4Prefix } from '@router7/wire';
import t from 'tap';
import { MessageType } from '../../src/index.ts';
import { defaultServerConfig } from '../../src/server/default-config.ts';
import { sampleLease } from './lease-table-contract.ts';
import { CONFIG, ip, NOBODY, optionOf, ROUTER, SimulatedLan, typeOf } from './simulated-lan.ts';

const OTHER = { from: '02:00:00:00:00:02' };
const DAY_MS = 24 * 3600_000;

t.test('D4S-10 DHCPDECLINE', async (t) => {
  t.test('the address is nobody’s for a day, and its client gets another', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease();
    lan.decline(address);
    t.same(lan.changes, [`declined ${address}`]);
    t.equal(lan.reply(), undefined);
    t.match(lan.at(address), { state: 'declined', expiresAt: lan.now + DAY_MS });
    t.equal(lan.engine.activeLeases, 0);
    t.equal(typeOf(lan.select(address, OTHER)), MessageType.nak);
    t.equal(typeOf(lan.renew(address)), MessageType.nak);
    const next = lan.lease();
    t.notOk(next.equals(address));
    lan.advance(DAY_MS - 1);
    t.equal(lan.at(address)?.state, 'declined');
    lan.advance(1);
    t.equal(lan.at(address), undefined);
    t.notOk(lan.changes.includes(`expired ${address}`), 'it was no lease');
    t.equal(typeOf(lan.select(address, OTHER)), MessageType.ack);
    t.end();
  });

  t.test('a MacBook that insists on the address that it declines gets out of its loop', (t) => {
    const lan = new SimulatedLan();
    const first = lan.lease();
    const wish = { options: [{ kind: 'requestedIpAddress', value: first }] } as const;
    lan.decline(first);
    const second = lan.discover(wish).message.yiaddr;
    t.notOk(second.equals(first));
    t.equal(typeOf(lan.select(second)), MessageType.ack);
    t.equal(typeOf(lan.renew(second)), MessageType.ack);
    t.end();
  });

  t.test('an address that was only offered', (t) => {
    const lan = new SimulatedLan();
    const address = lan.discover().message.yiaddr;
    lan.decline(address);
    t.equal(lan.at(address)?.state, 'declined');
    t.end();
  });

  t.test('of somebody else’s address, or of none, or to another server: nothing', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease();
    lan.decline(address, OTHER);
    t.equal(lan.discarded, 'not-leased-here');
    lan.decline(ip('192.168.42.13'), OTHER);
    t.equal(lan.discarded, 'not-leased-here');
    lan.decline(address, {}, ip('192.168.42.254'));
    t.equal(lan.discarded, 'other-server');
    lan.send(MessageType.decline, { options: [{ kind: 'serverIdentifier', value: ROUTER }] });
    t.equal(lan.discarded, 'malformed');
    lan.release(address);
    lan.decline(address);
    t.equal(lan.discarded, 'not-leased-here', 'it was given back before');
    t.equal(lan.at(address)?.state, 'released');
    t.end();
  });

  t.test('a quarantine outlives a restart', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease();
    lan.decline(address);
    lan.restart();
    t.equal(typeOf(lan.select(address, OTHER)), MessageType.nak);
    lan.advance(DAY_MS);
    t.equal(typeOf(lan.select(address, OTHER)), MessageType.ack);
    t.end();
  });

  t.test('a static lease stays, but rests for as long', (t) => {
    const lan = new SimulatedLan();
    lan.table.put(sampleLease('192.168.42.99', '01020000000001', { expiresAt: Infinity }));
    lan.restart();
    const address = lan.lease();
    lan.decline(address);
    const passing = lan.lease();
    t.notOk(passing.equals(address));
    t.equal(typeOf(lan.renew(passing)), MessageType.ack);
    t.match(lan.at(address), { state: 'bound', expiresAt: Infinity });
    lan.advance(DAY_MS);
    t.ok(lan.lease().equals(address));
    t.end();
  });

  t.test('one client cannot empty the pool', (t) => {
    const lan = new SimulatedLan(defaultServerConfig(Ipv4Prefix.parse('192.168.42.1/24')));
    const addresses = new Set<number>();
    for (let i = 0; i < 100; i++) {
      const address = lan.discover().message.yiaddr;
      addresses.add(address.value);
      lan.decline(address);
      t.same(lan.changes, [`declined ${address}`]);
    }
    t.equal([...lan.table.values()].filter(({ state }) => state === 'declined').length, 4);
    t.equal(addresses.size, 5);
    t.end();
  });

  t.test('all clients together cannot empty it either', (t) => {
    const lan = new SimulatedLan(defaultServerConfig(Ipv4Prefix.parse('192.168.42.1/24')));
    for (let i = 0; i < 1000; i++) {
      const who = { chaddr: Uint8Array.of(2, 0, 0, 1, i >>> 8, i) };
      lan.decline(lan.discover(who).message.yiaddr, who);
      lan.now += 10;
    }
    t.equal([...lan.table.values()].length, Math.floor(230 / 4));
    t.ok(lan.lease(OTHER));
    t.end();
  });
});

t.test('D4S-11 DHCPRELEASE', async (t) => {
  t.test('ends the lease without a reply, and is remembered', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease();
    lan.release(address);
    t.same(lan.changes, [`released ${address}`]);
    t.equal(lan.reply(), undefined);
    t.match(lan.at(address), { state: 'released', expiresAt: lan.now });
    t.equal(lan.engine.deadline(), undefined);
    t.equal(typeOf(lan.select(address, OTHER)), MessageType.ack, 'free for others');
    t.end();
  });

  t.test('only by its owner, in time and to us', (t) => {
    const lan = new SimulatedLan();
    const address = lan.lease();
    lan.release(address, OTHER);
    t.equal(lan.discarded, 'not-leased-here');
    lan.release(address, {}, ip('192.168.42.254'));
    t.equal(lan.discarded, 'other-server');
    lan.release(address, { source: ip('192.168.42.77') });
    t.equal(lan.discarded, 'no-subnet', 'sent from another address');
    lan.release(ip('10.9.9.9'));
    t.equal(lan.discarded, 'no-subnet');
    lan.release(NOBODY);
    t.equal(lan.discarded, 'no-subnet');
    lan.release(ip('192.168.42.99'));
    t.equal(lan.discarded, 'not-leased-here');
    t.equal(lan.at(address)?.state, 'bound');
    lan.release(address);
    lan.release(address);
    t.equal(lan.discarded, 'not-leased-here', 'twice');
    t.end();
  });
});

t.test('D4S-11 DHCPINFORM', async (t) => {
  t.test('parameters without a lease, to the client’s address', (t) => {
    const lan = new SimulatedLan();
    const address = ip('192.168.42.77');
    const reply = lan.send(MessageType.inform, {
      ciaddr: address,
      source: address,
      flags: 0x8000,
      options: [{ kind: 'parameterRequestList', value: [1, 3, 6, 51, 58, 59] }],
    });
    t.equal(typeOf(reply), MessageType.ack);
    t.ok(reply?.message.yiaddr.isUnspecified);
    t.ok(reply?.message.ciaddr.equals(address));
    t.ok(reply?.send.destination.equals(address));
    t.equal(reply?.send.port, 68);
    t.equal(reply?.send.durable, false);
    t.same(
      reply?.message.options.map(({ kind }) => kind),
      ['dhcpMessageType', 'serverIdentifier', 'subnetMask', 'router', 'domainNameServer'],
    );
    t.equal(optionOf(reply, 'ipAddressLeaseTime'), undefined);
    t.equal(lan.table.size, 0);
    t.end();
  });

  t.test('ciaddr not filled in: where it came from', (t) => {
    const lan = new SimulatedLan();
    const reply = lan.send(MessageType.inform, { source: ip('192.168.42.77') });
    t.ok(reply?.send.destination.equals(ip('192.168.42.77')));
    t.end();
  });

  t.test('nothing is sent to strangers', (t) => {
    const lan = new SimulatedLan(CONFIG);
    const rows = [
      { ciaddr: ip('203.0.113.5'), source: ip('203.0.113.5') },
      { ciaddr: ip('192.168.42.77'), source: ip('192.168.42.78') },
      { ciaddr: ip('203.0.113.5'), giaddr: ip('192.168.42.2') },
      {},
    ];
    for (const wanted of rows) {
      t.equal(lan.send(MessageType.inform, wanted), undefined);
      t.equal(lan.discarded, 'no-subnet');
    }
    t.end();
  });
});

t.test('a person strikes a lease out', (t) => {
  const lan = new SimulatedLan();
  const address = lan.lease();
  lan.handle({ kind: 'forget', address });
  t.same(lan.changes, [`released ${address}`]);
  t.equal(lan.table.size, 0);
  t.equal(lan.engine.activeLeases, 0);
  t.same(lan.handle({ kind: 'forget', address }), []);
  lan.decline(lan.lease());
  lan.handle({ kind: 'forget', address });
  t.equal(lan.table.size, 0, 'a quarantine too');
  t.ok(lan.discover().message.yiaddr.equals(address));
  t.end();
});
