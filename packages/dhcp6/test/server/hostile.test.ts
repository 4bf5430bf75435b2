import fc from 'fast-check';
import t from 'tap';
import { encodeMessage, leasedPrefixes, MessageType, type Option } from '../../src/index.ts';
import { leaseKeyOf } from '../../src/server/lease-key.ts';
import {
  addressesOf,
  homeConfig,
  iaNa,
  iaPd,
  ip,
  lasting,
  prefixesOf,
  SimulatedClient,
  SimulatedServer,
} from './simulated-server.ts';

t.test('no octets whatsoever make the engine throw, or send to anyone but their sender', (t) => {
  const server = new SimulatedServer();
  const client = new SimulatedClient(server);
  const accept: Option = { kind: 'reconfigureAccept', value: true };
  const samples = [1, 3, 4, 5, 6, 8, 9, 11].map((type) =>
    encodeMessage(client.message(type, [iaNa(1, '2001:db8:1::1234'), iaPd(1, '2001:db8:1:50::/60'), accept])),
  );
  fc.assert(
    fc.property(
      fc.nat(samples.length - 1),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 }),
      fc.nat(400),
      (sample, changes, length) => {
        const octets = (samples[sample] ?? new Uint8Array()).slice(0, length < 20 ? length : undefined);
        for (const [at, value] of changes) if (at < octets.length) octets[at] = value;
        return server.receive(octets, ip('fe80::bad')).every(({ destination }) => destination.equals(ip('fe80::bad')));
      },
    ),
    { numRuns: 3000 },
  );
  t.end();
});

t.test('a flood of made-up clients leaves no more than there is to give', (t) => {
  const server = new SimulatedServer(homeConfig({}, { firstHost: 0x100, lastHost: 0x1ff }));
  for (let number = 1; number <= 2000; number++)
    new SimulatedClient(server, number).ask(MessageType.solicit, iaNa(1), iaPd(1));
  t.equal(server.table.size, 0, 'Solicits alone leave nothing');
  for (let number = 1; number <= 2000; number++) {
    new SimulatedClient(server, number).ask(MessageType.request, iaNa(1), iaPd(1));
  }
  t.equal(server.table.size, 256 + 255);
  const all = [...server.table.values()].flatMap((lease) => leasedPrefixes(lease).map(String));
  t.equal(new Set(all).size, 255, 'each prefix once');
  server.takeEvents();
  const client = new SimulatedClient(server, 3000);
  client.ask(MessageType.request, ...Array.from({ length: 200 }, (_, iaid) => iaPd(iaid)));
  t.equal(server.takeEvents().length, 8, 'associations beyond what any host has are passed over');
  t.end();
});

t.test('D6S-02: a host that makes clients up displaces its own, and takes nothing from others', (t) => {
  const server = new SimulatedServer(homeConfig({}, { firstHost: 0x100, lastHost: 0x1ff }));
  const bystander = new SimulatedClient(server, 5000);
  const got = addressesOf(bystander.obtain(iaNa(1), iaPd(1)))[0]?.address.toString();
  const host = ip('fe80::bad');
  const make = (number: number, type: number = MessageType.request): void => {
    const message = new SimulatedClient(server, number).message(type, [iaNa(1), iaPd(1, '::/60')]);
    server.receive(message, host);
    server.advance(1);
  };
  const has = (number: number): boolean => server.table.get(leaseKeyOf(duidOf(number), 'address', 1)) !== undefined;
  const duidOf = (number: number): Uint8Array => new SimulatedClient(server, number).duid;
  for (let number = 1; number <= 64; number++) make(number);
  t.ok(has(1), 'a quarter of the addresses is its share');
  make(1, MessageType.renew);
  server.takeEvents();
  make(65);
  t.notOk(has(2), 'what it has confirmed longest ago goes first');
  t.ok(has(1), 'it has just renewed that');
  t.match(
    server.takeEvents().filter((event) => event.kind === 'lease' && event.what === 'displaced'),
    [
      { lease: { kind: 'address', duid: duidOf(2), state: 'released' } },
      { lease: { kind: 'prefix', state: 'released' } },
    ],
  );
  server.restart();
  for (let number = 100; number <= 2000; number++) make(number);
  const own = [...server.table.values()].filter(({ peer }) => peer.equals(host));
  t.equal(own.filter(({ kind }) => kind === 'address').length, 64, 'no more after a restart either');
  t.equal(own.filter(({ kind }) => kind === 'prefix').length, 8);
  t.equal(server.engine.activeLeases, 64 + 8 + 2);
  t.equal(addressesOf(bystander.ask(MessageType.renew, iaNa(1)))[0]?.address.toString(), got);
  const late = new SimulatedClient(server, 6000);
  t.equal(prefixesOf(late.obtain(iaNa(1), iaPd(1))).length, 1, 'somebody new gets something');
  t.end();
});

t.test('D6S-02: of a large range a host has as many leases as the settings say', (t) => {
  const server = new SimulatedServer(homeConfig({ leasesPerNeighbour: 20 }));
  for (let number = 1; number <= 100; number++) {
    server.receive(new SimulatedClient(server, number).message(MessageType.request, [iaNa(1)]), ip('fe80::bad'));
  }
  t.equal(server.table.size, 20);
  t.end();
});

t.test('D6S-02: addresses follow from a secret, and stay when that is another one (RFC 9915 13.1)', (t) => {
  const server = new SimulatedServer();
  const addressOf = (number: number): string =>
    String(addressesOf(new SimulatedClient(server, number).ask(MessageType.solicit, iaNa(1)))[0]?.address);
  const first = [1, 2, 3, 4].map(addressOf);
  server.restart();
  t.strictSame([1, 2, 3, 4].map(addressOf), first, 'the same client is led to the same address');
  const kept = addressesOf(new SimulatedClient(server, 1).obtain(iaNa(1)))[0]?.address.toString();
  t.equal(kept, first[0]);
  server.secret = new Uint8Array(16).fill(7);
  server.restart();
  const second = [1, 2, 3, 4].map(addressOf);
  t.equal(second[0], kept, 'a lease does not move');
  for (const n of [1, 2, 3]) t.not(second[n], first[n]);
  t.end();
});

t.test('made-up clients get the /64s of a /48 at most, however much the provider gives', (t) => {
  const delegations = [{ ...lasting('2001:db0::/32'), taken: [] }];
  const client = new SimulatedClient(new SimulatedServer(homeConfig({ delegations })));
  const wish = (text: string): string => String(prefixesOf(client.ask(MessageType.solicit, iaPd(1, text)))[0]?.prefix);
  t.equal(wish('2001:db0:0:ffff::/64'), '2001:db0:0:ffff::/64');
  t.equal(wish('2001:db0:1::/64'), '2001:db0:0:8000::/64', 'behind it there is nothing');
  t.end();
});

t.test('any row of messages of a few clients leaves nothing with two of them', (t) => {
  const step = fc.record({
    client: fc.integer({ min: 1, max: 5 }),
    type: fc.constantFrom(1, 3, 3, 3, 5, 6, 8, 9),
    ia: fc.nat(2),
    length: fc.constantFrom(0, 60, 62, 64),
    at: fc.nat(15),
    wait: fc.constantFrom(0, 0, 1000, 3_000_000, 6_000_000),
    restart: fc.integer({ min: 0, max: 12 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const server = new SimulatedServer(homeConfig({}, { firstHost: 0x100, lastHost: 0x103 }));
      for (const { client, type, ia, length, at, wait, restart } of steps) {
        if (restart === 0) server.restart();
        server.advance(wait);
        const own = [...server.table.values()].flatMap((lease) => leasedPrefixes(lease).map(String));
        const shown = own[at] ?? (length === 0 ? [] : `::/${length}`);
        new SimulatedClient(server, client).ask(
          type,
          iaNa(ia, `2001:db8:1::${(0x100 + (at % 6)).toString(16)}`),
          iaPd(ia, ...(typeof shown === 'string' ? [shown] : shown)),
        );
        const live = [...server.table.values()].filter(
          ({ expiresAt, state }) => state === 'bound' && expiresAt > server.now,
        );
        if (live.length !== server.engine.activeLeases) return false;
        const ranges = live
          .filter(({ kind }) => kind === 'prefix')
          .map(({ slot, length }) => [slot, slot + 2 ** (64 - length)]);
        const hosts = live.filter(({ kind }) => kind === 'address').map(({ slot }) => slot);
        if (new Set(hosts).size !== hosts.length) return false;
        for (const [n, a] of ranges.entries()) {
          for (const b of ranges.slice(n + 1)) {
            if ((a[0] as number) < (b[1] as number) && (b[0] as number) < (a[1] as number)) return false;
          }
        }
      }
      return true;
    }),
    { numRuns: 300 },
  );
  t.end();
});
