/** RFC 5227 and D4C-21: probing, announcing, watching and giving up an address. */
import { MacAddress } from '@router7/wire';
import t from 'tap';
import { MessageType, optionValue } from '../../src/message.ts';
import { ADDRESS, ip, MAC, SERVER, SimulatedClient } from './simulated-client.ts';

const STRANGER = MacAddress.parse('02:00:00:00:00:99');
const NOBODY = ip('0.0.0.0');
const PROBE = { probe: true };

/** A client with its lease probed and announced. */
function settled(): SimulatedClient {
  const client = new SimulatedClient(PROBE).acquire();
  client.advance(20_000);
  return client;
}

t.test('D4C-21 three probes, a wait, then bound and two announcements (RFC 5227 2.1.1, 2.3)', async (t) => {
  const starts: number[] = [];
  for (let seed = 0; seed < 100; seed++) {
    const client = new SimulatedClient(PROBE, { seed }).acquire();
    t.equal(client.engine.lease, undefined, 'not before it is known to be free');
    client.forget();
    const begun = client.now;
    client.advance(20_000);
    t.strictSame(
      client.log.map(({ output }) => output.kind),
      ['arp-probe', 'arp-probe', 'arp-probe', 'state', 'bound', 'arp-announce', 'arp-announce'],
    );
    const [p1, p2, p3, bound, , a1, a2] = client.log.map(({ at }) => at) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    t.ok(p1 - begun >= 0 && p1 - begun <= 1000, 'PROBE_WAIT');
    for (const gap of [p2 - p1, p3 - p2]) t.ok(gap >= 1000 && gap <= 2000, 'PROBE_MIN to PROBE_MAX');
    t.ok(Math.abs(bound - p3 - 2000) < 0.01, 'ANNOUNCE_WAIT');
    t.equal(a1, bound);
    t.ok(Math.abs(a2 - a1 - 2000) < 0.01, 'ANNOUNCE_INTERVAL');
    for (const probe of client.outputs('arp-probe')) t.ok(probe.address.equals(ADDRESS));
    starts.push(p1 - begun);
  }
  t.ok(Math.max(...starts) - Math.min(...starts) > 800, 'the start is spread');
});

t.test('D4C-21 a tenth of the waits where that is asked for; announcements keep theirs', async (t) => {
  for (let seed = 0; seed < 100; seed++) {
    const client = new SimulatedClient({ ...PROBE, probePace: 0.1 }, { seed }).acquire();
    client.forget();
    const begun = client.now;
    client.advance(20_000);
    const [p1 = 0, p2 = 0, p3 = 0, bound = 0, , a1 = 0, a2 = 0] = client.log.map(({ at }) => at);
    t.ok(p1 - begun <= 100, 'PROBE_WAIT');
    for (const gap of [p2 - p1, p3 - p2]) t.ok(gap >= 100 && gap <= 200, 'PROBE_MIN to PROBE_MAX');
    t.ok(Math.abs(bound - p3 - 200) < 0.01, 'ANNOUNCE_WAIT');
    t.ok(Math.abs(a2 - a1 - 2000) < 0.01, 'ANNOUNCE_INTERVAL');
  }
});

t.test('D4C-21 a conflict while probing: DHCPDECLINE, at least 10 s, then DISCOVER without that address', async (t) => {
  for (const [name, sender, target, operation] of [
    ['an answer', ADDRESS, NOBODY, 2],
    ['a request by its owner', ADDRESS, SERVER, 1],
    ['an announcement', ADDRESS, ADDRESS, 1],
    ['a probe at the same time', NOBODY, ADDRESS, 1],
  ] as const) {
    for (const wait of [0, 10_000, 25_000]) {
      const client = new SimulatedClient({ ...PROBE, declineWaitMs: wait }).acquire();
      client.advance(2500);
      client.forget();
      client.arp(STRANGER, sender, target, operation);
      t.strictSame(
        client.sent().map(({ type }) => type),
        [MessageType.decline],
        name,
      );
      t.equal(client.engine.state, 'init');
      t.equal(client.outputs('lost').length, 0, 'it was never in use');
      const waited = client.step();
      t.equal(waited, Math.max(wait, 10_000));
      t.equal(client.sent().at(-1)?.type, MessageType.discover);
      t.equal(optionValue(client.last(), 'requestedIpAddress'), undefined);
    }
  }
});

t.test('D4C-21 a conflict in the wait behind the last probe counts as well', async (t) => {
  const client = new SimulatedClient(PROBE).acquire();
  while (client.outputs('arp-probe').length < 3) client.step();
  client.now += 1999;
  client.arp(STRANGER, ADDRESS, NOBODY, 2);
  t.equal(client.sent().at(-1)?.type, MessageType.decline);
});

t.test('D4C-21 what is no conflict', async (t) => {
  const client = new SimulatedClient(PROBE).acquire().forget();
  client.arp(MAC, ADDRESS, ADDRESS);
  client.arp(MAC, NOBODY, ADDRESS);
  client.arp(STRANGER, SERVER, ADDRESS);
  client.arp(STRANGER, NOBODY, SERVER);
  client.arp(STRANGER, NOBODY, ADDRESS, 2);
  t.equal(client.log.length, 0);
  t.equal(client.engine.state, 'probing');
  client.advance(20_000);
  client.forget();
  // In use, another's probe is for the kernel to answer.
  client.arp(STRANGER, NOBODY, ADDRESS);
  client.arp(MAC, ADDRESS, ADDRESS);
  t.equal(client.log.length, 0);
});

t.test('D4C-21 RFC 5227 2.1.1: after ten conflicts not more than one address a minute', async (t) => {
  const client = new SimulatedClient(PROBE);
  client.up();
  const waits: number[] = [];
  for (let i = 0; i < 12; i++) {
    client.acquire();
    t.equal(client.engine.state, 'probing');
    client.arp(STRANGER, ADDRESS, NOBODY, 2);
    waits.push((client.engine.deadline() as number) - client.now);
  }
  t.strictSame(waits, [...Array(9).fill(10_000), 60_000, 60_000, 60_000]);
});

t.test('D4C-21 RFC 5227 2.4 (b): defended once, given up at the second conflict within 10 s', async (t) => {
  const client = settled().forget();
  client.arp(STRANGER, ADDRESS, SERVER);
  t.strictSame(
    client.log.map(({ output }) => output.kind),
    ['arp-announce'],
  );
  t.equal(client.engine.state, 'bound');
  client.advance(9999);
  client.arp(STRANGER, ADDRESS, SERVER);
  t.match(client.outputs('lost'), [{ why: 'conflict' }]);
  t.strictSame(
    client.sent().map(({ type }) => type),
    [MessageType.decline],
  );
  t.equal(client.engine.lease, undefined);
  t.equal((client.engine.deadline() as number) - client.now, 10_000);
});

t.test('D4C-21 conflicts ten seconds apart are defended each time', async (t) => {
  const client = settled().forget();
  for (let i = 0; i < 5; i++) {
    client.arp(STRANGER, ADDRESS, SERVER);
    client.advance(10_000);
  }
  t.strictSame(
    client.log.map(({ output }) => output.kind),
    Array(5).fill('arp-announce'),
  );
  t.ok(client.engine.lease);
});

t.test('D4C-07 a lease past its end is not defended: the other host has it by right', async (t) => {
  const client = settled();
  client.advance(3600_000);
  client.forget();
  client.arp(STRANGER, ADDRESS, SERVER);
  t.strictSame(
    client.log.map(({ output }) => output.kind),
    ['lost'],
  );
  t.match(client.outputs('lost'), [{ why: 'conflict' }]);
  t.equal(client.engine.state, 'selecting');
});

t.test('renewing, confirming and getting the same address again do not probe', async (t) => {
  const client = settled().forget();
  client.advance(1800_000);
  client.answer();
  t.equal(client.engine.state, 'bound');
  t.equal(client.outputs('arp-announce').length, 0, 'renewing is not announced either');
  client.down();
  client.up();
  client.advance(1000);
  client.answer();
  t.equal(client.engine.state, 'bound');
  t.equal(client.outputs('arp-announce').length, 1, 'a link that came back is told');
  client.advance(3600_000);
  client.answer();
  client.answer();
  t.match(client.outputs('bound').at(-1), { how: 'new' });
  t.equal(client.outputs('arp-probe').length, 0);
});

t.test('another address is probed while the one that is held stays', async (t) => {
  const client = settled();
  client.advance(1800_000);
  client.forget();
  client.answer({ yiaddr: ip('192.0.2.99') });
  t.equal(client.engine.state, 'probing');
  t.equal(client.engine.lease?.address.toString(), '192.0.2.77/24');
  // A conflict about the one that is held ends it, and leaves the probing alone.
  client.arp(STRANGER, ADDRESS, SERVER);
  client.arp(STRANGER, ADDRESS, SERVER);
  t.match(client.outputs('lost'), [{ why: 'conflict' }]);
  t.equal(client.engine.state, 'probing');
  client.advance(10_000);
  t.equal(client.engine.lease?.address.toString(), '192.0.2.99/24');
});

t.test('a carrier lost while probing: the granted address is asked for again', async (t) => {
  const client = new SimulatedClient(PROBE).acquire();
  client.advance(500);
  client.down();
  t.equal(client.engine.state, 'init');
  client.advance(5000);
  client.arp(STRANGER, ADDRESS, NOBODY, 2);
  client.up();
  t.equal(client.last().options[0]?.kind, 'dhcpMessageType');
  t.ok(optionValue(client.last(), 'requestedIpAddress')?.equals(ADDRESS));
});

t.test('release while probing gives the granted lease back', async (t) => {
  const client = new SimulatedClient(PROBE).acquire().forget();
  client.handle({ kind: 'release' });
  t.strictSame(
    client.sent().map(({ type }) => type),
    [MessageType.release],
  );
});

t.test('without probing ARP packets mean nothing', async (t) => {
  const client = new SimulatedClient({ probe: false }).acquire().forget();
  for (let i = 0; i < 5; i++) client.arp(STRANGER, ADDRESS, ADDRESS, 2);
  t.equal(client.log.length, 0);
});
