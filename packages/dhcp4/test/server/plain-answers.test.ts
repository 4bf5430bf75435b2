/** Clients that go on with their lease are answered a shorter way, which comes to the same as the long one. */
// Covers: D4S-03, D4S-05, RFC 2131 4.1, RFC 2131 4.3.1, RFC 2131 4.3.2, RFC 2131 4.3.5, RFC 6842 3
import assert from 'node:assert';
import { Ipv4Prefix, toHex } from '@router7/wire';
import t from 'tap';
import { type Lease, MessageType, type Option } from '../../src/index.ts';
import type { ServerConfig } from '../../src/server/config.ts';
import { LeaseIndex } from '../../src/server/lease-index.ts';
import { MemoryLeaseTable } from '../../src/server/memory-lease-table.ts';
import { PlainAnswers } from '../../src/server/plain-answers.ts';
import {
  CONFIG,
  ip,
  mac,
  ROUTER,
  request,
  SimulatedLan,
  SUBNET,
  type Wanted,
  withClass,
  withSubnet,
} from './simulated-lan.ts';

const CLIENTS = 9;
/** Where the last octet of a hardware address stands. */
const CHADDR_END = 33;
const RELAY = ip('192.168.42.3');
const STATIC = ip('192.168.42.77');
const INFINITE = 0xffff_ffff;

/** Leases that end soon, and offers that are kept for a third of that time. */
const BRIEF = { ...SUBNET, leaseTimeSeconds: 90 };

const nested = {
  ...BRIEF,
  prefix: Ipv4Prefix.parse('192.168.42.129/25'),
  pools: [{ first: ip('192.168.42.140'), last: ip('192.168.42.142') }],
};
const wide = { ...BRIEF, pools: [...SUBNET.pools, { first: ip('192.168.42.138'), last: ip('192.168.42.143') }] };

/** Settings of which one after the other is in force. */
const settings: readonly ServerConfig[] = [
  withSubnet(BRIEF),
  withSubnet({ leaseTimeSeconds: 50, maximumLeaseTimeSeconds: 90 }, { probe: true, rapidCommit: true }),
  withSubnet(
    { ...BRIEF, pools: [{ first: ip('192.168.42.10'), last: ip('192.168.42.14') }] },
    { authoritative: false },
  ),
  withSubnet({
    ...BRIEF,
    reservations: [
      { address: ip('192.168.42.12'), hardwareAddress: mac('02:00:00:00:00:02'), hostName: 'printer' },
      {
        address: ip('192.168.42.40'),
        clientIdentifier: identifierOf(3),
        options: [{ kind: 'domainName', value: 'x' }],
      },
    ],
  }),
  { ...CONFIG, subnets: [wide, nested], probe: true, offerHoldMs: 2000, reservedHostNames: ['host-4', 'router7'] },
  { ...CONFIG, subnets: [nested, wide] },
  withSubnet({ leaseTimeSeconds: INFINITE, maximumLeaseTimeSeconds: INFINITE }),
  withSubnet({ options: [...SUBNET.options, { kind: 'rebindingTime', value: 77 }] }),
  withSubnet({
    leaseTimeSeconds: 70,
    classes: [{ name: 'first', matches: ({ chaddr }) => chaddr[5] === 1, options: [], leaseTimeSeconds: 60 }],
  }),
];

function identifierOf(number: number): Uint8Array {
  return Uint8Array.of(1, 2, 0, 0, 0, 0, number);
}

/** Numbers from 0 up to but not including 1, the same ones for the same seed (xorshift, Marsaglia 2003). */
function numbers(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** How often the short way was taken. */
let short = 0;
const { answer } = PlainAnswers.prototype;
PlainAnswers.prototype.answer = function (this: PlainAnswers, ...args: Parameters<typeof answer>): boolean {
  const isDone = answer.apply(this, args);
  if (isDone) short++;
  return isDone;
};

/** Two servers with one history, one of which knows the long way only. */
class Pair {
  readonly #random: () => number;
  readonly #lans: readonly [SimulatedLan, SimulatedLan];
  #config: ServerConfig;

  constructor(seed: number) {
    this.#random = numbers(seed);
    this.#config = this.#pick(settings);
    const lan = (config: ServerConfig): SimulatedLan =>
      new SimulatedLan(config, new MemoryLeaseTable([staticLease, oldLease]), numbers(seed));
    this.#lans = [lan(this.#config), lan(withClass(this.#config))];
  }

  /** Lets something happen, and compares all that comes of it. */
  step(): void {
    const client = this.#upTo(CLIENTS);
    const what = this.#random();
    const lease = [...this.#lans[0].table.values()].find(({ hardwareAddress }) => hardwareAddress[5] === client);
    const own = lease?.address ?? ip(`192.168.42.${this.#pick([5, 11, 14, 19, 77, 140])}`);
    const address = this.#random() < 0.9 ? own : ip(`192.168.42.${10 + this.#upTo(12)}`);
    const wanted = this.#wanted(client);
    if (what < 0.3) this.#both((lan) => lan.send(MessageType.discover, wanted));
    else if (what < 0.31)
      this.#both((lan) => lan.send(MessageType.discover, { ...wanted, ciaddr: ip('192.168.42.140') }));
    else if (what < 0.5) this.#both((lan) => lan.select(address, wanted, this.#config.serverIdentifier));
    else if (what < 0.65) this.#both((lan) => lan.renew(address, wanted));
    else if (what < 0.75) this.#both((lan) => lan.reboot(address, wanted));
    else if (what < 0.78) this.#both((lan) => lan.select(address, wanted, ip('192.168.42.250')));
    else if (what < 0.8) this.#both((lan) => lan.select(address, { ...wanted, ciaddr: own }));
    else if (what < 0.82) this.#both((lan) => lan.release(own, wanted));
    else if (what < 0.84) this.#both((lan) => lan.decline(own, wanted));
    else if (what < 0.86) this.#name(client);
    else if (what < 0.87) this.#both((lan) => lan.handle({ kind: 'forget', address: own }));
    else if (what < 0.89) {
      const inUse = this.#random() < 0.3;
      this.#both((lan) => lan.handle({ kind: 'probed', address: own, inUse }));
    } else if (what < 0.985) {
      const milliseconds = this.#pick([
        1,
        300,
        500,
        500,
        4000,
        4000,
        31_000,
        60_000,
        this.#random() < 0.2 ? 1_300_000 : 20,
      ]);
      this.#both((lan) => lan.advance(milliseconds));
    } else {
      this.#config = this.#pick(settings);
      this.#lans[0].restart(this.#config);
      this.#lans[1].restart(withClass(this.#config));
    }
  }

  /** What a message says besides. */
  #wanted(client: number): Wanted {
    const r = (): boolean => this.#random() < 0.07;
    const options: Option[] = [];
    if (!r()) options.push({ kind: 'parameterRequestList', value: r() ? [6, 3, 58, 12] : [1, 3, 6, 15] });
    if (client % 4 !== 0)
      options.push({
        kind: 'hostName',
        value: this.#pick([...Array.from({ length: 40 }, () => `host-${client}`), 'Lamp', 'lamp', '10']),
      });
    if (r()) options.push({ kind: 'ipAddressLeaseTime', value: this.#pick([1, 80, 5000, INFINITE]) });
    if (r()) options.push({ kind: 'maximumDhcpMessageSize', value: this.#pick([576, 1400]) });
    if (r() && r()) options.push({ kind: 'rapidCommit', value: true });
    const chaddr = Uint8Array.of(client === 8 ? 3 : 2, 0, 0, 0, 0, client);
    // Most say always the same about themselves.
    const identifier = r() ? this.#upTo(4) : client % 3;
    const htype = client === 7 || (r() && r()) ? 6 : 1;
    const own = Uint8Array.of(r() ? 1 : htype, ...chaddr);
    return {
      chaddr: r() ? Uint8Array.of(...chaddr, 9, 9) : chaddr,
      htype,
      ...(identifier === 0 ? {} : { clientIdentifier: identifier === 3 ? Uint8Array.of(0, 7, 7, client) : own }),
      ...(r() ? { flags: 0x8000 } : {}),
      ...(r() ? { giaddr: this.#pick([RELAY, RELAY, ip('192.168.42.130'), ip('10.0.0.1')]) } : {}),
      xid: this.#upTo(0xffff_ffff),
      options,
    };
  }

  #name(client: number): void {
    const hostName = this.#pick(['', 'lamp', `host-${client + 1}`, 'desk']);
    const device = mac(`02:00:00:00:00:0${client}`);
    this.#both((lan) => lan.handle({ kind: 'set-host-name', client: device, hostName }));
  }

  #both(happen: (lan: SimulatedLan) => void): void {
    for (const lan of this.#lans) happen(lan);
    const [one, other] = this.#lans.map((lan) => ({
      outputs: lan.outputs.map((output) =>
        output.kind === 'send' ? { ...output, payload: toHex(output.payload) } : output,
      ),
      active: lan.engine.activeLeases,
      deadline: lan.engine.deadline(),
    }));
    assert.deepStrictEqual(one, other);
  }

  /** Compares what is in the tables. */
  compare(): void {
    const [one, other] = this.#lans.map(({ table }) => [...table.values()]);
    assert.deepStrictEqual(one, other);
  }

  #upTo(most: number): number {
    return Math.floor(this.#random() * most);
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#upTo(values.length)] as T;
  }
}

/** The lease of a client without end. */
const staticLease: Lease = {
  address: STATIC,
  state: 'bound',
  clientKey: '01020000000005',
  hardwareAddress: Uint8Array.of(2, 0, 0, 0, 0, 5),
  clientIdentifier: undefined,
  hostName: 'nas',
  hostNameOverride: '',
  expiresAt: Number.POSITIVE_INFINITY,
  lastAckAt: 0,
};

/** One from a time when there were no rules for names. */
const oldLease: Lease = {
  ...staticLease,
  address: ip('192.168.42.14'),
  clientKey: '01020000000004',
  hardwareAddress: Uint8Array.of(2, 0, 0, 0, 0, 4),
  clientIdentifier: identifierOf(4),
  hostName: 'Old_One',
  expiresAt: 1_600_000,
};

t.test('D4S-03 D4S-05 the short way and the long one answer alike, whatever has happened before', (t) => {
  const steps = 250;
  const histories = 120;
  for (let seed = 0; seed < histories; seed++) {
    const pair = new Pair(seed);
    for (let step = 0; step < steps; step++) {
      try {
        pair.step();
        if (step % 50 === 0) pair.compare();
      } catch (error) {
        t.fail(`history ${seed}, step ${step}: ${error}`);
        t.end();
        return;
      }
    }
  }
  t.ok(short > 1500, `the short way was taken ${short} times`);
  t.end();
});

t.test('a reply that was made the short way stays as it is while others are made beside it', (t) => {
  const options: Option[] = [{ kind: 'parameterRequestList', value: [3] }];
  const lan = new SimulatedLan(withSubnet({}, { probe: true }));
  const address = lan.select(ip('192.168.42.10'), { options })?.message.yiaddr;
  assert(address?.equals(ip('192.168.42.10')));
  lan.send(MessageType.discover, { options, from: '02:00:00:00:00:02' });
  t.same(
    lan.outputs.map(({ kind }) => kind),
    ['probe'],
    'a stranger has to wait',
  );
  lan.now += 1000;
  const before = short;
  const outputs = lan.handle({ kind: 'datagram', payload: request(MessageType.discover, { options }), source: ROUTER });
  t.equal(short, before + 1, 'the short way');
  const clients = outputs.flatMap((output) => (output.kind === 'send' ? output.payload[CHADDR_END] : []));
  t.same(clients, [1, 2], 'an offer for each of both');
  t.end();
});

t.test('an offer that is kept for longer than the lease, and one of a lease that has ended, go the long way', (t) => {
  const options: Option[] = [{ kind: 'parameterRequestList', value: [3] }];
  const lan = new SimulatedLan(withSubnet({ leaseTimeSeconds: 60 }, { offerHoldMs: 20_000 }));
  const address = ip('192.168.42.10');
  lan.select(address, { options });
  const isShort = (happen: () => void): boolean => {
    const before = short;
    happen();
    return short > before;
  };
  t.ok(isShort(() => lan.discover({ options })));
  lan.advance(39_999);
  t.ok(isShort(() => lan.discover({ options })));
  lan.advance(1);
  t.notOk(
    isShort(() => lan.discover({ options })),
    'as long as the lease',
  );
  lan.advance(20_000);
  t.notOk(
    isShort(() => lan.renew(address, { options })),
    'ended',
  );
  t.same(lan.changes, [`bound ${address}`]);
  t.ok(isShort(() => lan.renew(address, { options })));
  t.end();
});

t.test('D4S-05 a table hears what a client will be given that was offered its own lease', (t) => {
  const options: Option[] = [{ kind: 'parameterRequestList', value: [3] }];
  const foreseen: { lease: Lease; expiresAt: number; now: number }[] = [];
  class Foreseeing extends MemoryLeaseTable {
    foresee(lease: Lease, expiresAt: number, now: number): void {
      foreseen.push({ lease, expiresAt, now });
    }
  }
  const lan = new SimulatedLan(CONFIG, new Foreseeing());
  lan.discover({ options });
  t.same(foreseen, [], 'nothing of a stranger');
  lan.select(ip('192.168.42.10'), { options });
  t.same(foreseen, []);
  lan.now += 600_500;
  const before = lan.table.byAddress(ip('192.168.42.10').value);
  lan.discover({ options });
  t.equal(foreseen[0]?.lease, before);
  t.equal(lan.table.byAddress(ip('192.168.42.10').value), before, 'nothing has changed');
  const offeredAt = lan.now;
  t.equal(foreseen[0]?.now, offeredAt);
  lan.now += 30;
  lan.select(ip('192.168.42.10'), { options });
  const after = lan.table.byAddress(ip('192.168.42.10').value);
  t.equal((after?.expiresAt ?? 0) - (foreseen[0]?.expiresAt ?? 0), 30, 'that much later it asks');
  t.equal(foreseen.length, 1);
  t.end();
});

t.test('the index has all leases that belong there, and finds them by their octets', (t) => {
  const index = new LeaseIndex();
  const leases = Array.from({ length: 2000 }, (_, number) => plainLease(number));
  for (const lease of leases) index.add(lease);
  const entryOf = ({ hardwareAddress, clientIdentifier }: Lease): number =>
    index.find(1, clientIdentifier !== undefined, hardwareAddress, 0);
  let missing = 0;
  for (const lease of leases) {
    const entry = entryOf(lease);
    if (entry < 0) missing++;
    else if (index.leaseAt(entry) !== lease) t.fail('another one');
    else if (index.addressAt(entry) !== lease.address.value || index.endAt(entry) !== lease.expiresAt)
      t.fail('not its own');
  }
  t.ok(missing < 20, `${missing} found no room`);
  for (const lease of leases.slice(0, 1000)) index.delete(lease);
  for (const [number, lease] of leases.entries())
    if (number < 1000 && entryOf(lease) >= 0) t.fail('deleted, and there');
  const [lease] = leases.slice(1500);
  assert(lease !== undefined);
  t.equal(index.find(6, true, lease.hardwareAddress, 0), -1, 'another type');
  for (const [name, change] of Object.entries<Partial<Lease>>({
    'no end': { expiresAt: Number.POSITIVE_INFINITY },
    'given back': { state: 'released' },
    'a name by a person': { hostNameOverride: 'desk' },
    'another key': { clientKey: '010200000007' },
    'a key of other digits': { clientKey: '0102000000DC' },
    'an identifier of its own': { clientIdentifier: Uint8Array.of(0, 1, 2, 3, 4, 5, 6) },
  })) {
    const other = new LeaseIndex();
    other.add({ ...lease, ...change });
    t.equal(other.find(1, true, lease.hardwareAddress, 0), -1, name);
    t.equal(other.find(1, false, lease.hardwareAddress, 0), -1, name);
  }
  t.end();
});

function plainLease(number: number): Lease {
  const hardwareAddress = Uint8Array.of(2, 0, 0, 0, number >> 8, number & 0xff);
  return {
    ...staticLease,
    address: ip('10.0.0.0').plus(number),
    clientKey: `01${toHex(hardwareAddress)}`,
    hardwareAddress,
    clientIdentifier: Uint8Array.of(1, ...hardwareAddress),
    expiresAt: 1e6 + number,
  };
}
