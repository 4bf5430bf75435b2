import t from 'tap';
import { leasedPrefixes, MemoryLeaseTable, MessageType, StatusCode } from '../../src/index.ts';
import {
  addressesOf,
  homeConfig,
  iaNa,
  iaPd,
  lasting,
  lines,
  net,
  prefixesOf,
  SimulatedClient,
  SimulatedServer,
  statuses,
} from './simulated-server.ts';

const prefixes = (...args: Parameters<SimulatedClient['obtain']>): ((client: SimulatedClient) => string[]) => {
  return (client) => prefixesOf(client.obtain(...args)).map(({ prefix }) => prefix.toString());
};

t.test('D6S-03, LPD-1, LPD-4, LPD-7: a router gets a /64 of what the links have left, or what it wishes', (t) => {
  const server = new SimulatedServer();
  const anything = prefixes(iaPd(1))(new SimulatedClient(server, 1));
  t.strictSame(anything, ['2001:db8:1:80::/64'], 'a /64 without a wish');
  t.strictSame(
    prefixes(iaPd(1, '::/60'))(new SimulatedClient(server, 2)),
    ['2001:db8:1:90::/60'],
    'behind the next boundary',
  );
  t.strictSame(prefixes(iaPd(1, '::/62'))(new SimulatedClient(server, 3)), ['2001:db8:1:84::/62']);
  t.strictSame(
    prefixes(iaPd(1, '::/48'))(new SimulatedClient(server, 4)),
    ['2001:db8:1:a0::/60'],
    'not shorter than allowed',
  );
  t.strictSame(
    prefixes(iaPd(1, '::/72'))(new SimulatedClient(server, 5)),
    ['2001:db8:1:81::/64'],
    'not longer than SLAAC takes',
  );
  t.strictSame(
    prefixes(iaPd(1, '2001:db8:1:40::/60'))(new SimulatedClient(server, 6)),
    ['2001:db8:1:40::/60'],
    'which one',
  );
  t.strictSame(
    prefixes(iaPd(1, '2001:db8:1::/60'))(new SimulatedClient(server, 7)),
    ['2001:db8:1:b0::/60'],
    'not a link of the home',
  );
  t.strictSame(
    prefixes(iaPd(1, '::/60'))(new SimulatedClient(server, 1)),
    ['2001:db8:1:c0::/60'],
    'another length than before',
  );
  t.strictSame(prefixes(iaPd(1))(new SimulatedClient(server, 8)), ['2001:db8:1:80::/64'], 'which leaves its old one');
  t.end();
});

t.test('LPD-7: a generous server gives the length that it is told to, as a provider does with all that it has', (t) => {
  const config = { ...homeConfig(), delegations: [{ ...lasting('2001:db8:7::/56'), taken: [] }], prefixLength: 56 };
  const generous = new SimulatedServer({ ...config, shortestPrefixLength: 56 });
  t.strictSame(prefixes(iaPd(1))(new SimulatedClient(generous, 1)), ['2001:db8:7::/56']);
  const limited = new SimulatedServer(config);
  t.strictSame(prefixes(iaPd(1))(new SimulatedClient(limited, 1)), ['2001:db8:7:80::/60'], 'not shorter than allowed');
  t.end();
});

t.test('LPD-4: everything that is left can be had, and nothing twice; LPD-2: not what links have', (t) => {
  const taken = [net('2001:db8:1::/64'), net('2001:db8:1:1::/64'), net('2001:db8:1:ff::/64')];
  const server = new SimulatedServer(homeConfig({ delegations: [{ ...lasting('2001:db8:1::/56'), taken }] }));
  const seen = new Set<string>();
  for (let number = 1; number <= 253; number++) {
    for (const prefix of prefixes(iaPd(1))(new SimulatedClient(server, number))) seen.add(prefix);
  }
  t.equal(seen.size, 253);
  for (const prefix of taken) t.notOk(seen.has(prefix.toString()));
  const late = new SimulatedClient(server, 999);
  t.strictSame(statuses(late.ask(MessageType.solicit, iaPd(1))), [0, undefined, StatusCode.noPrefixAvail]);
  t.strictSame(statuses(late.ask(MessageType.request, iaPd(1))), [0, undefined, StatusCode.noPrefixAvail]);
  // One of them goes, and the next one that comes gets its place.
  const first = new SimulatedClient(server, 1);
  const lease = [...server.table.values()].find(({ duid }) => Buffer.from(duid).equals(Buffer.from(first.duid)));
  t.ok(lease);
  first.ask(MessageType.release, iaPd(1, ...(lease === undefined ? [] : leasedPrefixes(lease).map(String))));
  t.equal(prefixesOf(late.obtain(iaPd(1))).length, 1);
  t.end();
});

t.test('LPD-8: of each delegation the same part, global ones first', (t) => {
  const server = new SimulatedServer(
    homeConfig({
      delegations: [
        { ...lasting('2001:db8:1::/56'), taken: [net('2001:db8:1::/64')] },
        { ...lasting('fd00:7::/48'), taken: [net('fd00:7::/64'), net('fd00:7:0:80::/64')] },
      ],
    }),
  );
  t.strictSame(prefixes(iaPd(1))(new SimulatedClient(server)), ['2001:db8:1:81::/64', 'fd00:7:0:81::/64']);
  t.end();
});

t.test('LPD-5: who has what is told when it changes, with the next hop', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server, 7);
  client.obtain(iaPd(1));
  client.obtain(iaPd(1, '::/60'));
  server.advance(5_401_000);
  t.strictSame(
    server
      .takeEvents()
      .map((event) =>
        event.kind === 'lease' ? `${event.what} ${leasedPrefixes(event.lease)} ${event.lease.peer}` : event.kind,
      ),
    [
      'bound 2001:db8:1:80::/64 fe80::7',
      'released 2001:db8:1:80::/64 fe80::7',
      'bound 2001:db8:1:90::/60 fe80::7',
      'expired 2001:db8:1:90::/60 fe80::7',
    ],
  );
  t.end();
});

t.test('L-15, L-16: nothing outlives what the provider has delegated', (t) => {
  const server = new SimulatedServer();
  const { now } = server;
  const left = { preferredUntil: now + 1_000_500, validUntil: now + 2_000_900 };
  server.restart(
    homeConfig(
      { delegations: [{ prefix: net('2001:db8:1::/56'), ...left, taken: [] }] },
      { prefixes: [{ prefix: net('2001:db8:1::/64'), ...left }, lasting('fd00:7::/64')] },
    ),
  );
  const client = new SimulatedClient(server);
  const reply = client.obtain(iaNa(1), iaPd(1));
  t.match(lines(addressesOf(reply)), [/ 1000 2000$/, / 2700 5400$/]);
  t.match(lines(prefixesOf(reply)), [/ 1000 2000$/]);
  server.advance(1_500_000);
  t.match(lines(prefixesOf(client.ask(MessageType.renew, iaPd(1)))), [/ 0 500$/], 'deprecated');
  server.advance(600_000);
  t.strictSame(statuses(client.ask(MessageType.rebind, iaPd(2))), [0, undefined, StatusCode.noPrefixAvail], 'over');
  const renewed = client.ask(MessageType.renew, iaNa(1));
  t.match(lines(addressesOf(renewed)), [/^fd00:7::\S+ 2700 5400$/, /^2001:db8:1::\S+ 0 0$/]);
  t.end();
});

t.test('a place that is not there for now is kept for its client', (t) => {
  const table = new MemoryLeaseTable();
  const server = new SimulatedServer(homeConfig(), table);
  const client = new SimulatedClient(server);
  t.strictSame(prefixes(iaPd(1, '::/60'))(client), ['2001:db8:1:80::/60']);
  server.restart(homeConfig({ delegations: [] }));
  server.advance(1000);
  server.restart(homeConfig({ delegations: [{ ...lasting('2001:db8:2::/56'), taken: [] }] }));
  t.strictSame(prefixes(iaPd(1, '::/60'))(new SimulatedClient(server, 2)), ['2001:db8:2:90::/60']);
  t.strictSame(prefixes(iaPd(1, '::/60'))(client), ['2001:db8:2:80::/60']);
  server.restart(homeConfig({ delegations: [{ ...lasting('2001:db8:3::/62'), taken: [net('2001:db8:3::/64')] }] }));
  t.strictSame(prefixes(iaPd(1, '::/60'))(client), ['2001:db8:3:2::/63'], 'what there is of it');
  t.end();
});
