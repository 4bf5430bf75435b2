/** The client against our own server engine, through a network that loses, repeats and reorders. */
import { createHmac } from 'node:crypto';
import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import type { ClientConfig } from '../../src/client/config.ts';
import { ClientEngine } from '../../src/client/engine.ts';
import type { ClientInput } from '../../src/client/input.ts';
import type { ClientOutput } from '../../src/client/output.ts';
import {
  defaultLinkConfig,
  defaultServerConfig,
  MemoryLeaseTable,
  MessageType,
  type ServerConfig,
  ServerEngine,
  type ServerOutput,
} from '../../src/index.ts';
import { plainConfig, SERVER, SOURCE, seeded } from './simulated-client.ts';

/** How bad the network is; shares of 1. */
interface Weather {
  readonly loss: number;
  readonly duplication: number;
  /** Longest delay in milliseconds: datagrams overtake each other. */
  readonly delayMs: number;
}

const STORM: Weather = { loss: 0.3, duplication: 0.3, delayMs: 3000 };
const FAIR: Weather = { loss: 0, duplication: 0, delayMs: 5 };
const CLIENT = Ipv6Address.parse('fe80::2');
const hmacMd5 = (key: Uint8Array, octets: Uint8Array): Uint8Array => createHmac('md5', key).update(octets).digest();

/** A provider with a /48 to delegate from, and addresses. */
function provider(prefix: string, parts: Partial<ServerConfig> = {}): ServerConfig {
  const lasting = (text: string) => ({
    prefix: Ipv6Prefix.parse(text),
    preferredUntil: Number.POSITIVE_INFINITY,
    validUntil: Number.POSITIVE_INFINITY,
  });
  return {
    ...defaultServerConfig(SERVER),
    shortestPrefixLength: 56,
    prefixLength: 56,
    links: [
      {
        ...defaultLinkConfig('wan'),
        prefixes: [lasting('2001:db8:ffff::/64')],
        addresses: true,
        options: [{ kind: 'dnsServers', value: [Ipv6Address.parse('2001:db8::53')] }],
      },
    ],
    delegations: [{ ...lasting(prefix), taken: [] }],
    ...parts,
  };
}

/** One client and one server with a network between them, on one simulated clock. */
class SimulatedNetwork {
  client: ClientEngine;
  server: ServerEngine;
  readonly table = new MemoryLeaseTable();
  readonly #config: Partial<ClientConfig>;
  /** What the client told. */
  readonly events: Exclude<ClientOutput, { readonly kind: 'send' }>[] = [];
  now = 0;
  weather: Weather;
  sent = 0;
  readonly #random: () => number;
  #underway: { readonly at: number; readonly deliver: (now: number) => void }[] = [];

  constructor(
    seed: number,
    weather: Weather,
    config: Partial<ClientConfig> = {},
    server = provider('2001:db8:1::/48'),
  ) {
    this.#random = seeded(seed);
    this.weather = weather;
    this.#config = { addresses: [{ iaid: 1 }], ...config };
    this.client = new ClientEngine(plainConfig(this.#config), { random: this.#random, hmacMd5 });
    this.server = this.#serve(server);
  }

  #serve(config: ServerConfig): ServerEngine {
    return new ServerEngine(config, this.table, {
      randomOctets: (count) => Uint8Array.from({ length: count }, () => Math.floor(this.#random() * 256)),
      placeSecret: new Uint8Array(16),
      hmacMd5,
      replayDetection: () => BigInt(Math.floor(this.now)) + 1n,
    });
  }

  /** The server goes on with other settings. */
  reconfigure(config: ServerConfig): void {
    this.server = this.#serve(config);
  }

  /** Hands the client an input. */
  act(input: ClientInput): void {
    this.client.handle(input, this.now);
    this.#drain();
  }

  up(): void {
    this.act({ kind: 'carrier', up: true });
  }

  get isBound(): boolean {
    return this.client.state === 'bound' && this.client.configuration.delegations.length > 0;
  }

  prefixes(): string[] {
    return this.client.configuration.delegations.map(({ prefix }) => prefix.toString());
  }

  /** Runs until the condition holds. Returns whether it did before the time was over. */
  run(untilMs: number, done: () => boolean = () => false): boolean {
    while (!done()) {
      const next = Math.min(
        this.client.deadline() ?? Number.POSITIVE_INFINITY,
        this.server.deadline() ?? Number.POSITIVE_INFINITY,
        ...this.#underway.map(({ at }) => at),
      );
      if (next > untilMs) {
        this.now = untilMs;
        return false;
      }
      this.now = Math.max(this.now, next);
      const due = this.#underway.filter(({ at }) => at <= this.now);
      this.#underway = this.#underway.filter(({ at }) => at > this.now);
      for (const { deliver } of due) {
        deliver(this.now);
        this.#drain();
      }
      this.client.handle({ kind: 'timeout' }, this.now);
      this.#drain();
      this.server.handle({ kind: 'timeout' }, this.now);
      this.#drain();
    }
    return true;
  }

  #drain(): void {
    for (let output = this.client.poll(); output !== undefined; output = this.client.poll()) {
      if (output.kind !== 'send') {
        this.events.push(output);
        continue;
      }
      this.sent++;
      const { payload } = output;
      const datagram = {
        kind: 'datagram',
        payload,
        source: CLIENT,
        sourcePort: 546,
        link: 'wan',
        unicast: false,
      } as const;
      this.#post((now) => this.server.handle(datagram, now));
    }
    let output: ServerOutput | undefined;
    while ((output = this.server.poll()) !== undefined) {
      if (output.kind !== 'send') continue;
      const payload = output.payload.slice();
      const { destination } = output;
      const datagram = { kind: 'datagram', payload, source: SOURCE, sourcePort: 547, destination } as const;
      this.#post((now) => this.client.handle(datagram, now));
    }
  }

  #post(deliver: (now: number) => void): void {
    const { loss, duplication, delayMs } = this.weather;
    const copies = this.#random() < duplication ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      if (this.#random() >= loss) this.#underway.push({ at: this.now + 1 + this.#random() * delayMs, deliver });
    }
  }
}

t.test('a fair network: two messages and leases, one with Rapid Commit', async (t) => {
  for (const [rapidCommit, messages] of [
    [false, 2],
    [true, 1],
  ] as const) {
    const network = new SimulatedNetwork(1, FAIR, { rapidCommit });
    network.up();
    t.ok(network.run(2000, () => network.isBound));
    t.equal(network.sent, messages, 'of the client');
    t.match(network.prefixes(), [/^2001:db8:1:\w*::\/56$|^2001:db8:1::\/56$/]);
    t.equal(network.client.configuration.addresses.length, 1);
    t.strictSame(network.client.configuration.dnsServers.map(String), ['2001:db8::53']);
    t.equal(network.server.activeLeases, 2);
  }
});

t.test('1000 seeds of loss, reordering and duplication: always bound, to what the server has', async (t) => {
  for (let seed = 0; seed < 1000; seed++) {
    const variant = {
      rapidCommit: seed % 3 === 0,
      delegations: seed % 5 === 0 ? [{ iaid: 1 }, { iaid: 2 }] : [{ iaid: 1 }],
      addresses: seed % 2 === 0 ? [] : [{ iaid: 1 }],
    };
    const preference = seed % 7 === 0 ? 0 : 255;
    const network = new SimulatedNetwork(seed, STORM, variant, provider('2001:db8:1::/48', { preference }));
    network.up();
    const complete = (): boolean => {
      const { delegations, addresses } = network.client.configuration;
      const { state } = network.client;
      return (
        state === 'bound' &&
        delegations.length + addresses.length === variant.delegations.length + variant.addresses.length
      );
    };
    if (!network.run(3_600_000, complete)) return t.fail(`seed ${seed} ends in ${network.client.state}`);
    const wanted = variant.delegations.length + variant.addresses.length;
    if (network.server.activeLeases < wanted)
      return t.fail(`seed ${seed}: the server has ${network.server.activeLeases}`);
  }
});

t.test('60 seeds: a day of renewals in bad weather, without ever losing the prefix', async (t) => {
  for (let seed = 0; seed < 60; seed++) {
    const network = new SimulatedNetwork(seed, STORM);
    network.up();
    network.run(3_600_000, () => network.isBound);
    const before = network.prefixes();
    network.run(network.now + 86_400_000);
    const lost = network.events.filter((event) => event.kind === 'changed' && event.lost.length > 0);
    if (lost.length > 0) return t.fail(`seed ${seed}: ${JSON.stringify(lost)}`);
    if (network.prefixes().join() !== before.join()) return t.fail(`seed ${seed}: another prefix`);
    // Leases of 45 minutes are renewed 64 times a day, and a lost message costs at most a few more.
    if (network.sent < 60 || network.sent > 400) return t.fail(`seed ${seed}: ${network.sent} messages`);
  }
});

t.test('D6C-12: the server is silent for three days and comes back', async (t) => {
  for (let seed = 0; seed < 30; seed++) {
    const network = new SimulatedNetwork(seed, FAIR);
    network.up();
    network.run(2000, () => network.isBound);
    const before = network.prefixes();
    network.weather = { ...FAIR, loss: 1 };
    network.run(network.now + 3 * 86_400_000);
    if (network.prefixes().length > 0) return t.fail(`seed ${seed}: used beyond its valid lifetime`);
    network.weather = FAIR;
    // SOL_MAX_RT is an hour, and its randomness a tenth of it.
    if (!network.run(network.now + 3_960_000, () => network.isBound)) return t.fail(`seed ${seed}: not back`);
    if (network.prefixes().join() !== before.join()) return t.fail(`seed ${seed}: another prefix`);
  }
});

t.test('D6C-25: carrier lost and back, through the server', async (t) => {
  const network = new SimulatedNetwork(1, FAIR);
  network.up();
  network.run(2000, () => network.isBound);
  network.now += 60_000;
  network.act({ kind: 'carrier', up: false });
  network.now += 5000;
  const before = network.now;
  network.up();
  t.ok(
    network.run(before + 1000, () => network.isBound),
    'within a second',
  );
  t.equal(network.events.filter((event) => event.kind === 'changed').at(-1)?.why, 'reboot');
});

t.test('D6C-21: a Release reaches the server', async (t) => {
  const network = new SimulatedNetwork(1, FAIR);
  network.up();
  network.run(2000, () => network.isBound);
  network.act({ kind: 'release' });
  network.run(network.now + 1000, () => network.client.state === 'stopped');
  t.equal(network.client.state, 'stopped');
  t.equal(network.server.activeLeases, 0);
});

t.test('D6C-14: a Decline reaches the server, and another address is got', async (t) => {
  const network = new SimulatedNetwork(1, FAIR);
  network.up();
  network.run(2000, () => network.isBound);
  const [first] = network.client.configuration.addresses;
  if (first === undefined) return t.fail('no address');
  network.act({ kind: 'duplicate', address: first.address });
  t.ok(network.run(network.now + 60_000, () => network.client.configuration.addresses.length === 1));
  t.notOk(network.client.configuration.addresses[0]?.address.equals(first.address));
});

t.test('D6C-17: renumbered by Reconfigure: the new prefix is there at once', async (t) => {
  for (let seed = 0; seed < 20; seed++) {
    const network = new SimulatedNetwork(seed, seed === 0 ? FAIR : { ...FAIR, loss: 0.3 }, { addresses: [] });
    network.up();
    network.run(600_000, () => network.isBound);
    network.run(network.now + 5000);
    network.reconfigure(provider('2001:db8:2::/48'));
    const renewed = network.run(network.now + 120_000, () => network.prefixes()[0]?.startsWith('2001:db8:2:') === true);
    // A Reconfigure is sent eight times at most: more than that may be lost in bad weather.
    if (!renewed && seed === 0) return t.fail(`still ${network.prefixes()}`);
  }
  t.pass();
});

t.test('a message of the client’s that the server cannot read is none', async (t) => {
  const network = new SimulatedNetwork(3, FAIR, { addresses: [{ iaid: 1 }], delegations: [{ iaid: 1 }, { iaid: 2 }] });
  network.up();
  network.run(2000, () => network.isBound);
  const received = network.events.filter((event) => event.kind === 'received').map(({ messageType }) => messageType);
  t.strictSame(received, [MessageType.advertise, MessageType.reply]);
});
