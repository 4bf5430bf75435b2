import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { Address, Address6, type Home } from '../home.ts';
import type { Program } from '../program.ts';
import type { ListeningPort } from '../router.ts';
import { sourceOf } from '../steps-ipv6.ts';
import { until } from '../wait.ts';
import type { Probe } from './probe.ts';
import { listeningPorts, openPorts, scan, startListener } from './scan.ts';

/** What the computers of the home offer to each other, and nobody else is to reach. */
const TCP = [22, 80, 443, 8443, 9000, 9101, 9102];
const UDP = [53, 5353, 9000];
/** What IPv6 hosts are reached at unasked: IKE, and ESP in UDP (RFC 6092 REC-24). */
const IKE = [500, 4500];

/** Ports that a router, a printer or a camera might be found at, whether somebody listens there or not. */
const FAVOURITES = [21, 23, 25, 67, 68, 69, 111, 123, 139, 161, 445, 514, 546, 547, 631, 1900, 3389, 5060, 7547, 49152];

/** What portforwardings.json says: one port by both protocols, and two ports that become others. */
const forwardings = (address: string): object => ({
  forwardings: [
    { proto: 'tcp,udp', port: '8080', dest_addr: address, dest_port: '9000' },
    { port: '8101-8102', dest_addr: address, dest_port: '9101-9102' },
  ],
});

/** Where everybody is to be found. */
export interface Targets {
  /** The router's address outside. */
  readonly wan: string;
  /** The router's IPv6 addresses, on both sides. */
  readonly router6: readonly string[];
  /** The inner router's, on both sides. */
  readonly inner6: readonly string[];
  /** The clients in their order. */
  readonly clients: readonly { readonly address: string; readonly addresses6: readonly string[] }[];
}

/** A siege of the home: the first client is the one that ports are forwarded to. */
export class Attack {
  readonly #home: Home;
  readonly #wan: string;
  readonly #targets: Targets;
  readonly #listeners: Program[] = [];

  constructor(home: Home, targets: Targets) {
    this.#home = home;
    this.#wan = targets.wan;
    this.#targets = targets;
  }

  /** Gives the attacker something to find, and a way to try: the provider routes private addresses into the home. */
  async prepare(): Promise<readonly Program[]> {
    const { isp, internet, clients } = this.#home;
    isp.ip(`route replace ${Address.lanNetwork} via ${this.#wan} dev customer0 onlink`);
    for (const client of clients) this.#listeners.push(await startListener(client, TCP, [...UDP, ...IKE]));
    this.#listeners.push(await startListener(internet, [9], [9]));
    return this.#listeners;
  }

  /** Forwards ports to the first client, and waits until they are reached from outside. */
  async forward(): Promise<string> {
    const target = this.#first().address;
    const { router } = this.#home;
    await router.writePerm('portforwardings.json', forwardings(target));
    await router.signal('netconfigd', 'SIGUSR1');
    const wanted = this.#forwarded(this.#wan);
    await until('the forwarded ports from the Internet', 15_000, async () => {
      const outcomes = await scan(this.#home.attacker, wanted, 1000);
      return outcomes.every((outcome) => outcome === 'open');
    });
    return `${wanted.length} ports of ${this.#wan} lead to ${target}`;
  }

  /** Knocks at every port at which anybody listens, from the Internet and from the provider's own link. */
  async scan(): Promise<string> {
    const probes = await this.#probes();
    const expected = new Set(
      [...this.#forwarded(this.#wan), ...this.#ike()].map((probe) => `${probe.protocol} ${probe.host} ${probe.port}`),
    );
    const hidden = probes.filter(({ protocol, host, port }) => !expected.has(`${protocol} ${host} ${port}`));
    const found = await Promise.all(
      [this.#home.attacker, this.#home.isp].map(async (host) =>
        (await openPorts(host, hidden)).map((port) => `${port} from ${host.name}`),
      ),
    );
    const open = found.flat();
    if (open.length > 0) throw new Error(`${open.length} open ports: ${open.slice(0, 8).join(', ')}`);
    return `${hidden.length} ports, none open; ${expected.size} that are to be open`;
  }

  /** Every listener's ports at every address of its host, and those that are always worth a try. */
  async #probes(): Promise<readonly Probe[]> {
    const { router, inner, clients } = this.#home;
    type Listening = () => Promise<readonly ListeningPort[]>;
    const hosts: [Listening, readonly string[]][] = [
      [() => router.listeningPorts(), [this.#wan, Address.lan, ...this.#targets.router6]],
      [() => listeningPorts(inner), this.#targets.inner6],
      ...clients.map((client, index): [Listening, readonly string[]] => {
        const { address, addresses6 } = this.#targets.clients[index] ?? { address: '', addresses6: [] };
        return [() => listeningPorts(client), [address, ...addresses6]];
      }),
    ];
    const probes = await Promise.all(
      hosts.map(async ([ports, addresses]) => {
        const listening = await ports();
        const favourites = FAVOURITES.flatMap((port) => [
          { protocol: 'tcp', port } as const,
          { protocol: 'udp', port } as const,
        ]);
        return addresses.flatMap((address) =>
          [...listening, ...favourites].map((port) => ({ ...port, host: address })),
        );
      }),
    );
    return probes.flat();
  }

  #first(): Targets['clients'][number] {
    const [first] = this.#targets.clients;
    if (first === undefined) throw new Error('nobody is at home');
    return first;
  }

  #forwarded(host: string): readonly Probe[] {
    return [
      { protocol: 'tcp', host, port: 8080 },
      { protocol: 'udp', host, port: 8080 },
      { protocol: 'tcp', host, port: 8101 },
      { protocol: 'tcp', host, port: 8102 },
    ];
  }

  #ike(): readonly Probe[] {
    return this.#targets.clients
      .flatMap(({ addresses6 }) => addresses6)
      .flatMap((host) => IKE.map((port) => ({ protocol: 'udp', host, port }) as const));
  }

  /** Reaches the forwarded ports from home, by the address that they have outside; also from the very server. */
  async hairpin(): Promise<string> {
    const ports = this.#forwarded(this.#wan);
    for (const client of this.#home.clients.slice(0, 2)) {
      const found = await openPorts(client, ports);
      if (found.length < ports.length) throw new Error(`${client.name} reaches only ${found.join(', ')}`);
    }
    return 'from another computer, and from the server to itself';
  }

  /** Sends packets whose source nobody can have there; none may arrive. */
  async spoof(): Promise<string> {
    const { isp, internet, clients } = this.#home;
    const [client] = clients;
    if (client === undefined) return 'nobody at home';
    const ours = ['192.168.42.99', Address.lan, '240.0.0.66', '0.1.2.3'];
    // Of its addresses the one that its answers come from.
    const address6 = await sourceOf(client);
    const { network } = new Ipv6Prefix(Ipv6Address.parse(address6), 64);
    const ours6 = [new Ipv6Address(network.value + 0xbadn).toString(), 'fd00::bad', 'fec0::bad'];
    const inwards: Probe[] = [
      ...ours.map((from) => ({ protocol: 'udp', host: this.#wan, port: 8080, from }) as const),
      ...ours6.map((from) => ({ protocol: 'udp', host: address6, port: 500, from }) as const),
    ];
    const outwards: Probe[] = [
      { protocol: 'udp', host: Address.web, port: 9, from: '203.0.113.99' },
      { protocol: 'udp', host: Address6.web, port: 9, from: '2001:db8:bad::bad' },
      { protocol: 'udp', host: Address6.web, port: 9, from: 'fd00::bad' },
    ];
    for (const [host, probes] of [
      [isp, inwards],
      [client, outwards],
    ] as const) {
      for (const { from = '' } of probes)
        host.ip(`address add ${from}/${from.includes(':') ? '128 dev lo nodad' : '32 dev lo'}`);
      await scan(host, probes, 500);
      for (const { from = '' } of probes) host.ip(`address del ${from}/${from.includes(':') ? 128 : 32} dev lo`);
    }
    const sources = [...inwards, ...outwards].map(({ from }) => from);
    const seen = this.#listeners.flatMap(({ output }) => output).filter((line) => sources.includes(line.split(' ')[2]));
    if (seen.length > 0) throw new Error(`arrived: ${seen.join(', ')}`);
    // What is not spoofed does arrive by the same ways.
    const honest = await openPorts(internet, [
      { protocol: 'udp', host: this.#wan, port: 8080 },
      { protocol: 'udp', host: address6, port: 500 },
    ]);
    if (honest.length < 2) throw new Error(`of honest packets only ${honest.join(', ')} arrived`);
    return `${sources.length} sources, none arrived`;
  }

  /** Reaches the Internet by IPv6. */
  async outwards6(): Promise<string> {
    const [client] = this.#home.clients;
    if (client === undefined) return 'nobody at home';
    const probes = [
      { protocol: 'tcp', host: Address6.web, port: 9 },
      { protocol: 'udp', host: Address6.web, port: 9 },
    ] as const;
    await until('an answer by IPv6', 15_000, async () => (await openPorts(client, probes)).length === probes.length);
    const [, line = ''] = this.#listeners.at(-1)?.output ?? [];
    return `the Internet saw ${line.split(' ')[2]}`;
  }
}
