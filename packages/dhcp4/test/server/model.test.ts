import type { Ipv4Address } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { decodeMessage, MessageType, optionValue } from '../../src/index.ts';
import type { ServerOutput } from '../../src/server/output.ts';
import { ip, mac, SimulatedLan, type Wanted, withSubnet } from './simulated-lan.ts';

const CLIENTS = 8;
const RESERVED = ip('192.168.42.40');
const FIRST = ip('192.168.42.10');
const LAST = ip('192.168.42.15');

/** Six addresses for eight clients, one of which has a reservation. */
const SETTINGS = withSubnet(
  {
    pools: [{ first: FIRST, last: LAST }],
    reservations: [{ address: RESERVED, hardwareAddress: mac('02:00:00:00:00:07') }],
  },
  { offerHoldMs: 5000, declineHoldMs: 60_000, rapidCommit: true, maximumPendingProbes: 3 },
);

const ACTIONS = [
  'discover',
  'select',
  'select-other',
  'reboot',
  'renew',
  'release',
  'decline',
  'rapid',
  'wait',
  'restart',
  'probe-free',
  'probe-in-use',
  'forget',
] as const;

const step = fc.record({
  client: fc.nat(CLIENTS - 1),
  what: fc.constantFrom(...ACTIONS),
  /** An address near the pool, for requests out of the blue. */
  address: fc.integer({ min: 8, max: 17 }).map((last) => ip(`192.168.42.${last}`)),
  milliseconds: fc.constantFrom(0, 10, 499, 500, 4999, 5000, 59_000, 130_000, 1_300_000),
});

/** What a client itself believes: that it may use an address until some time. */
interface Belief {
  readonly address: Ipv4Address;
  readonly until: number;
}

/** A server, its clients, and what each of them has been told. */
class Model {
  readonly lan: SimulatedLan;
  readonly #config: typeof SETTINGS;
  readonly #beliefs = new Map<number, Belief>();
  readonly #offers = new Map<number, Ipv4Address>();
  /** Addresses that the server wants probed, the oldest first. */
  readonly #probes: Ipv4Address[] = [];

  constructor(config: typeof SETTINGS) {
    this.#config = config;
    this.lan = new SimulatedLan(config);
  }

  take({ client, what, address, milliseconds }: typeof step extends fc.Arbitrary<infer S> ? S : never): void {
    const { lan } = this;
    const who: Wanted = { chaddr: Uint8Array.of(2, 0, 0, 0, 0, client) };
    const own = this.#beliefs.get(client)?.address ?? address;
    const offered = this.#offers.get(client) ?? address;
    const probed = this.#probes[0] ?? address;
    lan.outputs = [];
    switch (what) {
      case 'discover':
        lan.send(MessageType.discover, { ...who, options: [{ kind: 'requestedIpAddress', value: address }] });
        break;
      case 'rapid':
        lan.send(MessageType.discover, { ...who, options: [{ kind: 'rapidCommit', value: true }] });
        break;
      case 'select':
        lan.select(offered, who);
        break;
      case 'select-other':
        lan.select(address, who, ip('192.168.42.250'));
        break;
      case 'reboot':
        lan.reboot(own, who);
        break;
      case 'renew':
        lan.renew(own, who);
        break;
      case 'release':
        lan.release(own, who);
        this.#beliefs.delete(client);
        break;
      case 'decline':
        lan.decline(this.#beliefs.get(client)?.address ?? offered, who);
        this.#beliefs.delete(client);
        break;
      case 'wait':
        this.#wait(milliseconds);
        break;
      case 'restart':
        lan.restart(this.#config);
        break;
      case 'probe-free':
      case 'probe-in-use':
        this.#probes.shift();
        lan.handle({ kind: 'probed', address: probed, inUse: what === 'probe-in-use' });
        break;
      case 'forget':
        // A person's doing breaks the promise to whoever had the address.
        lan.handle({ kind: 'forget', address });
        for (const [each, belief] of this.#beliefs) if (belief.address.equals(address)) this.#beliefs.delete(each);
        break;
    }
    for (const output of lan.outputs) this.#listen(output);
    this.#checkBooks();
  }

  /** Lets time go by; what is said meanwhile is heard when it is said. */
  #wait(milliseconds: number): void {
    const { lan } = this;
    const until = lan.now + milliseconds;
    do {
      const due = Math.min(lan.engine.deadline() ?? until, until);
      for (const output of lan.advance(Math.max(due - lan.now, 0))) this.#listen(output);
    } while (lan.now < until);
    lan.outputs = [];
  }

  /** Takes in what the server says, and checks it against what all others were told. */
  #listen(output: ServerOutput): void {
    if (output.kind === 'probe') this.#probes.push(output.address);
    if (output.kind !== 'send') return;
    const message = decodeMessage(output.payload, { strict: true });
    const client = message.chaddr[5] as number;
    const type = optionValue(message, 'dhcpMessageType');
    const { yiaddr } = message;
    if (type === MessageType.nak) {
      this.#beliefs.delete(client);
      return;
    }
    if (type === MessageType.offer) this.#offers.set(client, yiaddr);
    if (type === MessageType.ack) {
      const seconds = optionValue(message, 'ipAddressLeaseTime') ?? 0;
      this.#beliefs.set(client, { address: yiaddr, until: this.lan.now + seconds * 1000 });
    }
    for (const [other, { address, until }] of this.#beliefs) {
      if (other === client || until <= this.lan.now || !address.equals(yiaddr)) continue;
      throw new Error(`${yiaddr} is ${other}'s, and was told to ${client}`);
    }
    const inPool = yiaddr.value >= FIRST.value && yiaddr.value <= LAST.value;
    if (!inPool && !(client === 7 && yiaddr.equals(RESERVED))) throw new Error(`${yiaddr} is not to be given`);
  }

  /** The table against what the clients were told, and the engine's counter against the table. */
  #checkBooks(): void {
    const { lan } = this;
    const live = [...lan.table.values()].filter(({ state, expiresAt }) => state === 'bound' && expiresAt > lan.now);
    const late = lan.handle({ kind: 'timeout' });
    if (late.some(({ kind }) => kind === 'send')) throw new Error('a reply out of nothing');
    if (lan.engine.activeLeases !== live.length)
      throw new Error(`${lan.engine.activeLeases} counted of ${live.length}`);
    for (const [client, { address, until }] of this.#beliefs) {
      if (until <= lan.now) continue;
      const lease = lan.at(address);
      if (lease?.hardwareAddress[5] !== client || lease.expiresAt < until) {
        throw new Error(`${address} of ${client} is lost`);
      }
    }
  }
}

/** Two clients never both have reason to believe that one address is theirs: the one promise that a server makes. */
for (const authoritative of [true, false]) {
  for (const probe of [true, false]) {
    t.test(`an address is never two clients' at once; authoritative ${authoritative}, probe ${probe}`, (t) => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 20, maxLength: 120 }), (steps) => {
          const model = new Model({ ...SETTINGS, authoritative, probe });
          for (const each of steps) model.take(each);
        }),
        { numRuns: 150 },
      );
      t.end();
    });
  }
}
