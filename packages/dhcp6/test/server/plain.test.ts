/** What is answered in a shorter way for nearly all clients comes to the same as the long way. */
// Covers: D6S-01, D6S-02, D6S-03, RFC 9915 18.3
import { toHex } from '@router7/wire';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import {
  decodeMessage,
  encodeMessage,
  type Lease,
  type LinkConfig,
  leasedAddresses,
  leasedPrefixes,
  MessageType,
  type Option,
  type ServerConfig,
  type ServerSend,
} from '../../src/index.ts';
import { LeaseIndex } from '../../src/server/lease-index.ts';
import { leaseKeyOf } from '../../src/server/lease-key.ts';
import { PlainMessage } from '../../src/server/plain-message.ts';
import {
  homeConfig,
  iaNa,
  iaPd,
  ip,
  lasting,
  net,
  SERVER_DUID,
  SimulatedClient,
  SimulatedServer,
} from './simulated-server.ts';

const asking = (...codes: number[]): Option => ({ kind: 'optionRequest', value: codes });
const raw = (code: number, ...octets: number[]): Option => ({ kind: 'raw', code, data: Uint8Array.from(octets) });
const { solicit, request, renew, rebind, confirm, release, decline, informationRequest } = MessageType;

/** What clients send besides, the plain things first. */
const others: readonly (readonly Option[])[] = [
  [],
  [{ kind: 'elapsedTime', value: 7 }, asking(23, 24)],
  [asking(24, 82, 24, 23, 7), raw(16, 0, 0, 1, 55, 0, 1, 65), raw(39, 0)],
  [asking(), raw(15), raw(17, 1)],
  [{ kind: 'reconfigureAccept', value: true }, asking(23, 32)],
  [{ kind: 'rapidCommit', value: true }],
  [raw(6, 0), raw(79, 0, 1, 2, 0, 0, 0, 0, 1)],
  [asking(23), asking(24)],
  Array.from({ length: 101 }, () => raw(16)),
];

/** Two links, with settings of the home's and of the first. */
function twoLinks(over: Partial<ServerConfig> = {}, link: Partial<LinkConfig> = {}): ServerConfig {
  const config = homeConfig(over, link);
  const second = { ...(config.links[0] as LinkConfig), name: 'lan1', prefixes: [lasting('2001:db8:1:1::/64')] };
  return { ...config, links: [...config.links, second] };
}

/** Settings of which one after the other is in force. */
const settings: readonly ServerConfig[] = [
  twoLinks({ preference: 255 }),
  twoLinks({ rapidCommit: false, shortestPrefixLength: 48, prefixLength: 62, leasesPerNeighbour: 2 }),
  twoLinks(
    { delegations: [{ ...lasting('2001:db8:1::/56', 2_600_000, 9_000_000), taken: [net('2001:db8:1::/64')] }] },
    { prefixes: [lasting('2001:db8:1::/64', 3_000_000, 4_000_500), lasting('fd00:7::/64')], lastHost: 0x1003 },
  ),
  twoLinks(
    { delegations: [lasting('2001:db8:1::/56'), lasting('fd00:7::/50')].map((each) => ({ ...each, taken: [] })) },
    { reservations: [2, 3].map((number) => ({ duid: duidOf(number), host: 0x1000 + number })) },
  ),
  homeConfig({ validLifetimeSeconds: 2 ** 32 }, { delegates: false }),
  homeConfig({ preferredLifetimeSeconds: 6, validLifetimeSeconds: 9 }, { kept: [0x1001], options: [] }),
  homeConfig({ delegations: [] }, { addresses: false }),
  homeConfig(
    { reconfigure: false },
    { prefixes: [lasting('2001:db8:2::/64')], options: [raw(200, ...new Array<number>(1480).fill(1))] },
  ),
];

function duidOf(number: number): Uint8Array {
  return Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, number >> 8, number & 0xff);
}

/** A server, and one that has to decode each message: an option without a meaning comes first in it. */
class Pair {
  readonly short: SimulatedServer;
  readonly long: SimulatedServer;

  constructor(config: ServerConfig) {
    this.short = new SimulatedServer(config);
    this.long = new SimulatedServer(config);
  }

  /** Hands octets to both. @returns what both have said to it, and what is known about them now */
  receive(
    payload: Uint8Array,
    from: string,
    where: { link?: string; unicast?: boolean } = {},
  ): readonly [string, string] {
    // A message in a relay message would have to be opened for it.
    const isRelayed = payload[0] === MessageType.relayForw || payload[0] === MessageType.relayRepl;
    const other = isRelayed
      ? payload
      : Uint8Array.of(...payload.subarray(0, 4), 0, 13, 0, 2, 0, 0, ...payload.subarray(4));
    const sent = [
      this.short.receive(payload.slice(), ip(from), where),
      this.long.receive(other, ip(from), where),
    ] as const;
    return [told(this.short, sent[0]), told(this.long, sent[1])];
  }

  /** A table with a lease. */
  filled(): Lease[] {
    new SimulatedClient(this.short).obtain(iaNa(1));
    return [...this.short.table.values()];
  }

  each(act: (server: SimulatedServer) => void): void {
    act(this.short);
    act(this.long);
  }
}

function told(server: SimulatedServer, sent: readonly ServerSend[]): string {
  const plain = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? toHex(value) : value);
  const leases = [...server.table.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const { activeLeases } = server.engine;
  const events = server.takeEvents();
  return JSON.stringify({ sent, events, leases, activeLeases, deadline: server.engine.deadline() }, plain, 1);
}

/** What a client's lease says that it has; `::` when there is none. */
function shownOf(pair: Pair, number: number, kind: Lease['kind'], iaid: number): string[] {
  const lease = pair.short.table.get(leaseKeyOf(duidOf(number), kind, iaid));
  return lease === undefined ? [] : [...leasedAddresses(lease), ...leasedPrefixes(lease)].map(String);
}

/** Of evenly spread numbers: those of fast-check are most often the smallest or the largest one. */
const below = (limit: number): fc.Arbitrary<number> => fc.constantFrom(...Array.from({ length: limit }, (_, i) => i));
const either = <T>(weight: number, often: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: often }, { weight: 1, arbitrary: seldom });
const associationOf = fc.record({
  kind: fc.constantFrom('address' as const, 'prefix' as const),
  iaid: fc.constantFrom(1, 1, 1, 0xffff_ffff),
  shows: either(
    8,
    fc.constantFrom('own', 'own', 'nothing'),
    fc.constantFrom('one', 'others', 'wish', 'wish', 'twenty'),
  ),
});
const stepOf = fc.record({
  client: fc.constantFrom(1, 2, 3),
  type: either(
    8,
    fc.constantFrom(solicit, request, renew),
    fc.constantFrom(rebind, confirm, release, decline, informationRequest),
  ),
  associations: either(
    3,
    associationOf.map((one) => [one]),
    fc.array(associationOf, { maxLength: 4, size: 'max' }),
  ),
  other: either(4, below(3), below(others.length)),
  strange: below(40),
  settings: below(20 * settings.length),
  pause: fc.constantFrom(0, 0, 0, 0, 0, 1, 1, 40, 3000, 3000, 700_000, 6_000_000, -1500),
  changes: either(
    12,
    fc.constant<[number, number][]>([]),
    fc.array(fc.tuple(below(120), below(256)), { maxLength: 3 }),
  ),
  cut: either(16, fc.constant(0), below(60)),
});
type Step = typeof stepOf extends fc.Arbitrary<infer T> ? T : never;

function messageOf(pair: Pair, { client, type, associations, other, changes, cut }: Step): Uint8Array {
  const options = associations.map(({ kind, iaid, shows }): Option => {
    const own = shownOf(pair, client, kind, iaid);
    const isAddress = kind === 'address';
    const shown: { readonly [K in typeof shows]: string[] } = {
      own,
      nothing: [],
      one: own.slice(0, 1),
      others: isAddress ? ['2001:db8:1::1003', '2001:db8:9::1'] : ['2001:db8:1:80::/64', '2001:db8:9::/60'],
      wish: isAddress ? ['::'] : ['::/60'],
      twenty: new Array<string>(20).fill(own[0] ?? (isAddress ? 'fd00:7::1002' : 'fd00:7:0:8::/64')),
    };
    return isAddress ? iaNa(iaid, ...shown[shows]) : iaPd(iaid, ...shown[shows]);
  });
  const octets = encodeMessage(
    new SimulatedClient(pair.short, client).message(type, [...options, ...(others[other] ?? [])]),
  ).slice();
  for (const [at, value] of changes) if (at < octets.length) octets[at] = value;
  return octets.subarray(0, Math.max(octets.length - cut, 4));
}

function take(t: Test, pair: Pair, step: Step): void {
  const { client, strange } = step;
  const next = settings[step.settings];
  if (next !== undefined) pair.each((server) => server.restart(next));
  pair.each((server) => server.advance(step.pause));
  const from = strange === 1 ? '2001:db8:1::7' : `fe80::${strange === 2 ? 'bad' : client}`;
  const link = strange === 3 ? 'lan9' : strange < 8 ? 'lan1' : 'lan0';
  const where = { link, unicast: strange === 4 };
  const [short, long] = pair.receive(messageOf(pair, step), from, where);
  if (short !== long) t.equal(short, long, JSON.stringify(step));
}

t.test('D6S-02: whatever clients say, both ways give the same answers, and leave the same leases', (t) => {
  fc.assert(
    fc.property(
      fc.nat(settings.length - 1),
      fc.array(stepOf, { minLength: 40, maxLength: 60, size: 'max' }),
      (first, steps) => {
        const pair = new Pair(settings[first] as ServerConfig);
        for (const step of steps) take(t, pair, step);
        return t.passing();
      },
    ),
    { numRuns: 250, endOnFailure: true },
  );
  t.end();
});

t.test('D6S-02: a lease of a second is in force when the clock goes back, and ends once it has come that far', (t) => {
  const pair = new Pair(twoLinks({ preferredLifetimeSeconds: 1, validLifetimeSeconds: 1 }));
  const clients = [pair.short, pair.long].map((server) => new SimulatedClient(server, 1));
  for (const client of clients) client.obtain(iaNa(1), iaPd(1));
  pair.each((server) => {
    server.takeEvents();
    server.now -= 5000;
  });
  const message = encodeMessage((clients[0] as SimulatedClient).message(renew, [iaNa(1), iaPd(1)]));
  const [short, long] = pair.receive(message, 'fe80::1');
  t.equal(short, long);
  pair.each((server) => {
    t.equal(server.engine.activeLeases, 2);
    server.advance(5999);
    t.strictSame(server.takeEvents(), []);
    server.advance(1);
    t.strictSame(
      server.takeEvents().map((event) => event.kind === 'lease' && event.what),
      ['expired', 'expired'],
    );
    t.equal(server.engine.activeLeases, 0);
  });
  t.end();
});

/** What the clients of one neighbour say, in both ways. @returns what was displaced, by client and kind */
function neighbour(t: Test, config: ServerConfig): (type: number, client: number, from?: string) => string[] {
  const pair = new Pair(config);
  return (type, number, from = 'fe80::1') => {
    const client = new SimulatedClient(pair.short, number);
    const [short, long] = pair.receive(encodeMessage(client.message(type, [iaNa(1), iaPd(1)])), from);
    t.equal(short, long);
    pair.each((server) => server.advance(1));
    const { events } = JSON.parse(short) as { events: { what: string; lease: { kind: string; duid: string } }[] };
    const displaced = events.filter(({ what }) => what === 'displaced');
    return displaced.map(({ lease }) => `${Number.parseInt(lease.duid.slice(-2), 16)} ${lease.kind}`);
  };
}

t.test('D6S-02: who has renewed keeps what it has when its neighbour gets too much', (t) => {
  const say = neighbour(t, twoLinks({ leasesPerNeighbour: 2 }));
  t.strictSame([...say(request, 1), ...say(request, 2), ...say(renew, 1)], []);
  t.strictSame(say(request, 3), ['2 address', '2 prefix']);
  t.strictSame(say(renew, 1), [], 'the first time it was made anew');
  t.strictSame(say(request, 4), ['3 address', '3 prefix']);
  t.end();
});

t.test("D6S-02: who renews from elsewhere is its new neighbour's", (t) => {
  const say = neighbour(t, twoLinks({ leasesPerNeighbour: 2 }));
  t.strictSame([...say(request, 1), ...say(request, 2), ...say(renew, 1, 'fe80::2')], []);
  t.strictSame(say(request, 3), [], 'the old one has room');
  t.strictSame(say(request, 4, 'fe80::2'), []);
  t.strictSame(say(request, 5, 'fe80::2'), ['1 address', '1 prefix'], 'the new one has not');
  t.end();
});

t.test('D6S-02: what is reserved is not counted, however it goes on', (t) => {
  const reservations = [{ duid: duidOf(9), host: 0x2000 }];
  const say = neighbour(t, twoLinks({ leasesPerNeighbour: 2, delegations: [] }, { reservations }));
  t.strictSame([...say(request, 9), ...say(request, 1), ...say(renew, 9), ...say(rebind, 9), ...say(renew, 9)], []);
  t.strictSame([...say(request, 2), ...say(renew, 9, 'fe80::2')], []);
  t.strictSame([...say(request, 3, 'fe80::2'), ...say(request, 4, 'fe80::2')], []);
  t.strictSame(say(renew, 9), []);
  t.strictSame(say(request, 5), ['1 address']);
  t.end();
});

t.test('D6S-02: a lease that goes on ends sooner when less than a second of its prefix is lost by that', (t) => {
  const until = lasting('2001:db8:1::/56', Infinity, 4_000_500);
  const one = { prefixes: [lasting('2001:db8:1::/64', Infinity, 4_000_500)] };
  for (const association of [iaNa(1), iaPd(1)]) {
    const pair = new Pair(homeConfig({ delegations: [{ ...until, taken: [net('2001:db8:1::/64')] }] }, one));
    const client = new SimulatedClient(pair.short, 1);
    for (const type of [request, renew, renew]) {
      const [short, long] = pair.receive(encodeMessage(client.message(type, [association])), 'fe80::1');
      t.equal(short, long);
      pair.each((server) => server.advance(300));
    }
    pair.each((server) => {
      const [lease] = [...server.table.values()] as [Lease];
      t.equal(lease.expiresAt, 3_999_600);
      t.equal(server.engine.deadline(), lease.expiresAt);
      server.advance(lease.expiresAt - server.now);
      t.match(server.takeEvents(), [{ kind: 'lease', what: 'expired' }]);
    });
  }
  t.end();
});

t.test('D6S-04: who does not accept to be asked any more is not, also when all else is as it was', (t) => {
  const pair = new Pair(homeConfig());
  const client = new SimulatedClient(pair.short, 1);
  const accept: Option = { kind: 'reconfigureAccept', value: true };
  const keys: boolean[] = [];
  for (const [type, ...options] of [[request], [renew], [request, accept], [renew]] as [number, ...Option[]][]) {
    const [short, long] = pair.receive(encodeMessage(client.message(type, [iaNa(1), ...options])), 'fe80::1');
    t.equal(short, long);
    keys.push([...pair.short.table.values()][0]?.reconfigureKey !== undefined);
  }
  t.strictSame(keys, [false, false, true, false]);
  t.end();
});

t.test('D6S-02: what hosts and routers send is read where it lies, and the rest is not', (t) => {
  const client = new SimulatedClient(new SimulatedServer());
  const reads = (type: number, ...options: Option[]): boolean =>
    new PlainMessage(SERVER_DUID).read(encodeMessage(client.message(type, options)));
  for (const type of [solicit, request, renew]) {
    t.ok(reads(type, iaNa(1), iaPd(1), asking(23, 24), { kind: 'elapsedTime', value: 0 }));
    t.ok(reads(type, iaNa(1, '2001:db8:1::1', 'fd00:7::1'), iaPd(1, '2001:db8:1:50::/60', '::/60'), raw(16, 0)));
    t.notOk(reads(type), 'no association');
    t.notOk(reads(type, iaNa(1), iaNa(1)), 'one twice');
    t.notOk(reads(type, iaNa(1), { kind: 'rapidCommit', value: true }));
    t.notOk(reads(type, iaNa(1), asking(23), asking(24)));
    t.ok(reads(type, iaNa(1), asking(...new Array<number>(64).fill(23))));
    t.notOk(reads(type, iaNa(1), asking(...new Array<number>(65).fill(23))), 'a list that is long to look for');
    t.notOk(reads(type, iaNa(1), raw(1, 0, 3, 0, 1, 9)), 'two identifiers');
    t.notOk(reads(type, iaNa(1), raw(2, 0, 3, 0, 1, 9)), 'another server, or one that a Solicit names');
    t.notOk(reads(type, ...Array.from({ length: 9 }, (_, iaid) => iaNa(iaid))), 'too many');
  }
  t.notOk(reads(rebind, iaNa(1)));
  t.notOk(reads(renew, iaNa(1), raw(6, 0, 23, 0)), 'a code that is cut off');
  t.notOk(reads(renew, iaNa(1, ...new Array<string>(17).fill('fd00:7::1'))), 'more than is looked at');
  t.notOk(reads(renew, iaNa(1), raw(25, 0, 0, 0, 1, ...new Array<number>(8).fill(0), 0, 13, 0, 2, 0, 0)), 'a status');
  const prefix = [0, 26, 0, 25, ...new Array<number>(8).fill(0), 129, ...new Array<number>(16).fill(0)];
  t.notOk(reads(renew, raw(25, 0, 0, 0, 1, ...new Array<number>(8).fill(0), ...prefix)), 'no length of a prefix');
  for (const length of [2, 131]) {
    const identifier = raw(1, ...new Array<number>(length).fill(0));
    const message = encodeMessage({ messageType: solicit, transactionId: 1, options: [identifier, iaNa(1)] });
    t.notOk(new PlainMessage(SERVER_DUID).read(message), `a DUID of ${length} octets`);
  }
  t.end();
});

t.test('D6S-02: leases that go on share what is the same in all of them', (t) => {
  const server = new SimulatedServer();
  const clients = [1, 2].map((number) => new SimulatedClient(server, number));
  const given = (): unknown[] => clients.map(({ duid }) => server.table.get(leaseKeyOf(duid, 'prefix', 1))?.given);
  for (const client of clients) client.obtain(iaPd(1));
  t.not(given()[0], given()[1], 'a lease is made the long way');
  for (const client of clients) client.ask(renew, iaPd(1));
  t.equal(given()[0], given()[1], 'and prolonged the short one');
  server.restart({
    ...homeConfig(),
    delegations: [{ ...lasting('2001:db8:1::/56'), taken: [net('2001:db8:1::/64')] }],
  });
  for (const client of clients) client.ask(renew, iaPd(1));
  t.equal(given()[0], given()[1], 'after a start, too');
  t.end();
});

t.test('D6S-02: what a client asked for stays as it was when its datagram, in a Buffer, is overwritten', (t) => {
  const server = new SimulatedServer();
  const [first, second] = [new SimulatedClient(server, 1), new SimulatedClient(server, 2)];
  for (const client of [first, second]) client.obtain(iaNa(1));
  const buffer = Buffer.alloc(1500);
  const given = (client: SimulatedClient, ...codes: number[]): string[] => {
    const octets = encodeMessage(client.message(renew, [iaNa(1), asking(...codes)]));
    buffer.set(octets);
    const [reply] = server.receive(buffer.subarray(0, octets.length), client.address);
    return (reply === undefined ? [] : decodeMessage(reply.payload).options).slice(3).map(({ kind }) => kind);
  };
  t.strictSame(given(first, 23, 24), ['dnsServers', 'domainSearchList']);
  t.strictSame(given(second, 24, 23), ['domainSearchList', 'dnsServers'], 'another list as long');
  t.strictSame(given(first, 32, 7), ['informationRefreshTime']);
  t.end();
});

t.test('what has no room in the index is left out of it', (t) => {
  const index = new LeaseIndex();
  const [lease] = new Pair(homeConfig()).filled() as [Lease];
  const leases = Array.from({ length: 5000 }, (_, slot) => ({ ...lease, slot }));
  const slots = (hash: number): number[] => {
    const found: number[] = [];
    for (let at = index.next(hash, -1); at >= 0; at = index.next(hash, at)) found.push(index.leaseAt(at).slot);
    return found;
  };
  const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const change = (how: 'add' | 'delete', hash: number, slot: number): void => index[how](hash, leases[slot] as Lease);
  for (let slot = 1; slot <= 20; slot++) change('add', 7, slot);
  t.strictSame(slots(7), range(1, 16), 'of one hash so many');
  change('delete', 7, 20);
  change('delete', 7, 3);
  change('add', 7, 21);
  t.strictSame(slots(7), [1, 2, 21, ...range(4, 16)]);
  const hashes = Array.from({ length: 5000 }, (_, slot) => Math.imul(slot, 0x9e37_79b1));
  for (let slot = 1000; slot < 5000; slot++) change('add', hashes[slot] as number, slot);
  const found = hashes.filter((hash, slot) => slot >= 1000 && slots(hash).includes(slot)).length;
  t.ok(found > 3900, `it grows: ${found} of 4000 are found`);
  t.equal(slots(7).length, 16);
  t.end();
});
