import type { Test } from 'tap';
import { cable, type Host } from '../../src/host.ts';
import { LanSite } from './lan-site.ts';
import { Agent, type Endpoint, type RemoteSocket } from './remote-sockets.ts';

/** Addresses of a {@link NatSite}. */
export const Nat = {
  /** The router's outside. */
  outside: '198.51.100.100',
  /** Two servers. */
  first: '203.0.113.10',
  second: '203.0.113.11',
  /** Two computers at home, which are one. */
  own: '192.168.42.2',
  other: '192.168.42.3',
} as const;

let texts = 0;

/** A text that no other packet has. */
export function fresh(): string {
  return `text-${++texts};`;
}

/** A router with a lease, between two addresses at home and two on the Internet. */
export class NatSite extends LanSite {
  readonly internet: Host;
  #home: Agent | undefined;
  #servers: Agent | undefined;

  /** @param mtu of the provider's link */
  constructor(t: Test, name: string, mtu: number = 1500) {
    super(t, name, {
      interfaces: [
        { hardware_addr: '02:73:53:00:07:00', name: 'uplink0', mtu },
        { hardware_addr: '02:73:53:00:07:01', name: 'lan0', addr: '192.168.42.1/24' },
      ],
    });
    for (const device of ['customer0', 'wan']) this.isp.ip(`link set ${device} mtu ${mtu}`);
    this.internet = this.host('internet');
    cable(this.isp, 'internet0', this.internet, 'eth0');
    this.isp.ip('address add 203.0.113.1/24 dev internet0');
    this.isp.ip('link set internet0 up');
    for (const address of [Nat.first, Nat.second]) this.internet.ip(`address add ${address}/24 dev eth0`);
    this.internet.ip('link set eth0 up');
    this.internet.ip('route add default via 203.0.113.1');
    this.client.ip(`address add ${Nat.other}/24 dev eth0`);
    this.client.ip('route add default via 192.168.42.1');
  }

  /** Starts the agents, and configures the router with firewall.json and portforwardings.json. */
  async configured(firewall: object = {}, forwardings: readonly object[] = []): Promise<void> {
    await this.isp.run('sysctl', ['-qw', 'net.ipv4.ip_forward=1']);
    await this.isp.run('mkdir', ['-p', `${this.perm}/dhcp4/wire`]);
    this.writePerm('dhcp4/wire/lease.json', {
      ...{ valid_until: '2018-05-18T23:46:04+02:00', client_ip: Nat.outside, subnet_mask: '255.255.255.0' },
      ...{ router: '198.51.100.1', dns: null },
    });
    this.writePerm('firewall.json', firewall);
    this.writePerm('portforwardings.json', { forwardings });
    const { status, output } = await this.run();
    if (status !== 0) throw new Error(`netconfigd ended with ${status}: ${output}`);
    [this.#home, this.#servers] = await Promise.all([Agent.start(this.client), Agent.start(this.internet)]);
  }

  /** Opens sockets at home. */
  get home(): Agent {
    if (this.#home === undefined) throw new Error('not configured yet');
    return this.#home;
  }

  /** Opens sockets on the Internet. */
  get servers(): Agent {
    if (this.#servers === undefined) throw new Error('not configured yet');
    return this.#servers;
  }

  /** A parameter of the router's kernel. */
  async sysctl(name: string): Promise<number> {
    return Number(await this.router.run('sysctl', ['-n', `net.netfilter.nf_conntrack_${name}`]));
  }

  /** Makes the router forget all connections. */
  async forget(): Promise<void> {
    await this.router.run('conntrack', ['-F']);
  }
}

/** Where a server sees a packet of this socket come from. */
export async function seenFrom(socket: RemoteSocket, server: RemoteSocket, at: Endpoint): Promise<Endpoint> {
  const text = fresh();
  socket.send(text, at);
  return server.text(text);
}

/**
 * Whether a packet of `from` reaches a socket behind `outside`. What cannot pass is told from what is late by a packet of
 * `known`, which can, sent behind it.
 */
export async function reaches(
  from: RemoteSocket,
  outside: Endpoint,
  socket: RemoteSocket,
  known: RemoteSocket,
): Promise<boolean> {
  const [text, mark] = [fresh(), fresh()];
  from.send(text, outside);
  known.send(mark, outside);
  await socket.text(mark);
  return socket.has(text);
}
