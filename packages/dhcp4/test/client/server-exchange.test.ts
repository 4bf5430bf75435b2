/** The client against the server engine, over a network that loses, delays, reorders and doubles datagrams. */
import { Ipv4Address, Ipv4Prefix } from '@router7/wire';
import t from 'tap';
import type { ClientConfig } from '../../src/client/config.ts';
import { ClientEngine } from '../../src/client/engine.ts';
import type { ClientInput } from '../../src/client/input.ts';
import type { ClientOutput } from '../../src/client/output.ts';
import { defaultServerConfig } from '../../src/server/default-config.ts';
import { ServerEngine } from '../../src/server/engine.ts';
import { MemoryLeaseTable } from '../../src/server/memory-lease-table.ts';
import { plainConfig, seeded } from './simulated-client.ts';

/** How bad the network is; shares of 1. */
interface Weather {
  readonly loss: number;
  readonly duplication: number;
  /** Longest delay in milliseconds: datagrams overtake each other. */
  readonly delayMs: number;
}

interface Underway {
  readonly at: number;
  readonly deliver: (now: number) => void;
}

/** One client and one server with a network between them, on one simulated clock. */
class SimulatedNetwork {
  readonly client: ClientEngine;
  readonly server: ServerEngine;
  readonly table = new MemoryLeaseTable();
  /** What the client told, and the ARP packets that nobody here answers. */
  readonly events: Exclude<ClientOutput, { readonly kind: 'send' }>[] = [];
  now = 0;
  weather: Weather;
  sent = 0;
  readonly #random: () => number;
  #underway: Underway[] = [];

  constructor(seed: number, weather: Weather, overrides: Partial<ClientConfig> = {}, leaseTimeSeconds = 1200) {
    this.#random = seeded(seed);
    this.weather = weather;
    const prefix = Ipv4Prefix.parse('192.0.2.1/24');
    const config = defaultServerConfig(prefix);
    const subnets = config.subnets.map((subnet) => ({ ...subnet, leaseTimeSeconds }));
    this.server = new ServerEngine({ ...config, subnets, rapidCommit: true }, this.table, {
      random: this.#random,
    });
    this.client = new ClientEngine(plainConfig(overrides), { random: this.#random });
  }

  /** Hands the client an input. */
  act(input: ClientInput): void {
    this.client.handle(input, this.now);
    this.#drain();
  }

  up(): void {
    this.act({ kind: 'carrier', up: true });
  }

  /** Runs until the condition holds. Returns whether it did before the time was over. */
  run(untilMs: number, done: () => boolean = () => false): boolean {
    while (!done()) {
      const next = Math.min(
        this.client.deadline() ?? Number.POSITIVE_INFINITY,
        this.server.deadline() ?? Number.POSITIVE_INFINITY,
        ...this.#underway.map(({ at }) => at),
      );
      if (next > untilMs) return false;
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
      const { payload, source } = output;
      this.#post((now) => this.server.handle({ kind: 'datagram', payload, source }, now));
    }
    for (let output = this.server.poll(); output !== undefined; output = this.server.poll()) {
      if (output.kind !== 'send') continue;
      const payload = output.payload.slice();
      const source = Ipv4Address.parse('192.0.2.1');
      this.#post((now) => this.client.handle({ kind: 'datagram', payload, source, sourcePort: 67 }, now));
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

const STORM: Weather = { loss: 0.35, duplication: 0.3, delayMs: 9000 };
const FAIR: Weather = { loss: 0, duplication: 0, delayMs: 5 };

t.test('a fair network: four messages and a lease, two with rapid commit', async (t) => {
  for (const [rapidCommit, messages] of [
    [false, 2],
    [true, 1],
  ] as const) {
    const network = new SimulatedNetwork(1, FAIR, { rapidCommit });
    network.up();
    t.ok(network.run(1000, () => network.client.state === 'bound'));
    t.equal(network.sent, messages, 'of the client');
    t.equal(network.client.lease?.address.mask.toString(), '255.255.255.0');
    t.strictSame(network.client.lease?.routers.map(String), ['192.0.2.1']);
    t.equal(network.server.activeLeases, 1);
  }
});

t.test('600 seeds of loss, reordering and duplication: always bound, to what the server has', async (t) => {
  for (let seed = 0; seed < 600; seed++) {
    const variant = {
      selectingWindowMs: seed % 2 === 0 ? 0 : 1000,
      rapidCommit: seed % 3 === 0,
      probe: seed % 5 === 0,
    };
    const network = new SimulatedNetwork(seed, STORM, variant);
    network.up();
    const bound = network.run(3_600_000, () => network.client.state === 'bound');
    if (!bound) t.fail(`seed ${seed} ends in ${network.client.state}`);
    const address = network.client.lease?.address.address.value ?? 0;
    const state = network.table.byAddress(address)?.state;
    if (state !== 'bound') t.fail(`seed ${seed}: the server has the lease as ${state}`);
  }
});

t.test('200 seeds: a day of renewals in bad weather, without ever losing the lease', async (t) => {
  for (let seed = 0; seed < 200; seed++) {
    const network = new SimulatedNetwork(seed, STORM, {}, 7200);
    network.up();
    network.run(3_600_000, () => network.client.state === 'bound');
    const address = network.client.lease?.address.toString();
    network.run(network.now + 86_400_000);
    const lost = network.events.filter(({ kind }) => kind === 'lost');
    if (lost.length > 0) t.fail(`seed ${seed}: ${JSON.stringify(lost)}`);
    if (network.client.lease?.address.toString() !== address) t.fail(`seed ${seed}: another address`);
    // A day of leases of two hours is renewed at least every hour, and a lost message costs at most a few more.
    if (network.sent < 12 || network.sent > 400) t.fail(`seed ${seed}: ${network.sent} messages`);
  }
});

t.test('D4C-07 the server is silent for three days and comes back', async (t) => {
  for (let seed = 0; seed < 50; seed++) {
    const network = new SimulatedNetwork(seed, FAIR);
    network.up();
    network.run(1000, () => network.client.state === 'bound');
    const address = network.client.lease?.address.toString();
    network.weather = { ...FAIR, loss: 1 };
    network.run(network.now + 3 * 86_400_000);
    if (network.client.lease?.address.toString() !== address) t.fail(`seed ${seed}: gave the address up`);
    network.weather = FAIR;
    const back = network.run(network.now + 70_000, () => network.client.state === 'bound');
    if (!back) t.fail(`seed ${seed}: not back within 70 s`);
    t.equal(network.events.filter(({ kind }) => kind === 'expired').length, 1);
    t.equal(network.events.filter(({ kind }) => kind === 'lost').length, 0);
  }
});

t.test('D4C-27 carrier lost and back, through the server', async (t) => {
  const network = new SimulatedNetwork(1, FAIR);
  network.up();
  network.run(1000, () => network.client.state === 'bound');
  network.now += 60_000;
  network.act({ kind: 'carrier', up: false });
  const begun = (network.now += 5000);
  network.up();
  t.ok(
    network.run(begun + 1000, () => network.client.state === 'bound'),
    'within a second',
  );
  t.equal(network.events.filter((event) => event.kind === 'bound').at(-1)?.how, 'reboot');
});

t.test('D4C-11 a DHCPRELEASE reaches the server', async (t) => {
  const network = new SimulatedNetwork(1, FAIR);
  network.up();
  network.run(1000, () => network.client.state === 'bound');
  network.act({ kind: 'release' });
  network.run(network.now + 1000, () => network.server.activeLeases === 0);
  t.equal(network.server.activeLeases, 0);
  t.equal(network.client.state, 'stopped');
});
