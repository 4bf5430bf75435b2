import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { scan, startListener } from '../../src/attack/scan.ts';
import { HardwareAddress } from '../../src/home.ts';
import { cable, type Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';
import { until } from '../../src/wait.ts';
import { WanSite } from './wan-site.ts';

/** Addresses of a {@link FirewallSite}. */
export const At = {
  wan: '198.51.100.100',
  wan6: '2001:db8:100::42',
  isp: '198.51.100.1',
  isp6: '2001:db8:100::1',
  internet: '203.0.113.10',
  internet6: '2001:db8:10::10',
  lan: '192.168.42.1',
  lan6: '2001:db8:42:1::1',
  client: '192.168.42.2',
  client6: '2001:db8:42:1::c1',
  other: '192.168.42.3',
  other6: '2001:db8:42:1::c2',
} as const;

/** What interfaces.json says. */
export const INTERFACES = [
  {
    hardware_addr: HardwareAddress.uplink,
    name: 'uplink0',
    extra_addrs: [`${At.wan6}/64`],
    extra_routes: [{ destination: '::/0', gateway: At.isp6 }],
  },
  { hardware_addr: HardwareAddress.lan, name: 'lan0', addr: `${At.lan}/24`, extra_addrs: [`${At.lan6}/64`] },
] as const;

/**
 * An Internet, a provider, a router with a lease, and two computers at home, by IPv4 and IPv6:
 *
 * ```
 * internet --- isp --- uplink0 [router] lan0 --- home (a switch) --- client, other
 * ```
 *
 * The provider routes the home's private addresses, too: what keeps them apart is the router's firewall alone.
 */
export class FirewallSite extends WanSite {
  readonly internet: Host;
  readonly client: Host;
  readonly other: Host;

  constructor(t: Test, name: string, interfaces: readonly object[] = INTERFACES) {
    super(t, name, { device: 'enp1s0', interfaces: { interfaces } });
    this.isp.ip(`-6 address add ${At.isp6}/64 dev wan nodad`);
    this.isp.ip(`-6 route add 2001:db8:42::/48 via ${At.wan6} dev wan onlink`);
    this.isp.ip(`route add 192.168.42.0/24 via ${At.wan} dev wan onlink`);

    this.internet = this.host('internet');
    cable(this.isp, 'internet0', this.internet, 'eth0');
    this.isp.ip('address add 203.0.113.1/24 dev internet0');
    this.isp.ip('-6 address add 2001:db8:10::1/64 dev internet0 nodad');
    this.isp.ip('link set internet0 up');
    this.#address(this.internet, `${At.internet}/24`, `${At.internet6}/64`, '203.0.113.1', '2001:db8:10::1');

    const home = this.host('home');
    home.ip('link add switch type bridge');
    home.ip('link set switch up');
    cable(home, 'port0', this.router, 'enp2s0');
    this.router.ip(`link set enp2s0 address ${HardwareAddress.lan}`);
    home.ip('link set port0 master switch up');
    this.client = this.#computer(home, 'client', At.client, At.client6);
    this.other = this.#computer(home, 'other', At.other, At.other6);
  }

  #computer(home: Host, name: string, address: string, address6: string): Host {
    const host = this.host(name);
    cable(home, name, host, 'eth0');
    home.ip(`link set ${name} master switch up`);
    this.#address(host, `${address}/24`, `${address6}/64`, At.lan, At.lan6);
    return host;
  }

  #address(host: Host, address: string, address6: string, router: string, router6: string): void {
    host.ip(`address add ${address} dev eth0`);
    host.ip(`-6 address add ${address6} dev eth0 nodad`);
    host.ip('link set eth0 up');
    host.ip(`route add default via ${router} dev eth0 onlink`);
    host.ip(`-6 route add default via ${router6} dev eth0 onlink`);
  }

  /** Gives the router a lease, lets the provider forward, and runs netconfigd once. @returns what it said */
  async configure(): Promise<string> {
    await this.isp.run('sysctl', ['-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']);
    await this.isp.run('mkdir', ['-p', `${this.perm}/dhcp4/wire`]);
    this.writePerm('dhcp4/wire/lease.json', {
      ...{ valid_until: '2018-05-18T23:46:04+02:00', client_ip: At.wan, subnet_mask: '255.255.255.0' },
      ...{ router: At.isp, dns: null },
    });
    // Without duplicate address detection the tests need not wait for its second. From the start: when it was
    // ended while it was under way, on a busy machine, IPv6 did not work for 15 seconds now and then.
    const devices = ['all', 'default', 'enp1s0', 'enp2s0'];
    await this.router.run('sysctl', ['-qw', ...devices.map((device) => `net.ipv6.conf.${device}.accept_dad=0`)]);
    const output = await this.netconfigd();
    for (const address of [At.internet, At.internet6]) {
      await until(`${address} answers`, 30_000, () =>
        this.client.run('ping', ['-c', '1', '-W', '1', address]).then(
          () => true,
          () => false,
        ),
      );
    }
    return output;
  }

  /** Runs netconfigd once. @returns what it said; rejects when it fails */
  async netconfigd(): Promise<string> {
    const program = this.daemon('netconfigd', '-linger=false');
    const status = await program.exited;
    const output = program.output.join('\n');
    if (status !== 0) throw new Error(`netconfigd ended with ${status}: ${output}`);
    return output;
  }

  /** Listens on a host, to be found. */
  listen(host: Host, tcp: readonly number[], udp: readonly number[]): Promise<Program> {
    return startListener(host, tcp, udp);
  }

  /** Knocks by TCP and UDP. @returns `tcp open, udp silent` and the like */
  async knock(from: Host, host: string, port: number, patience?: number): Promise<string> {
    const probes = (['tcp', 'udp'] as const).map((protocol) => ({ protocol, host, port }));
    const [tcp, udp] = await scan(from, probes, patience);
    return `tcp ${tcp}, udp ${udp}`;
  }

  /** Sends IP packets as they are from a host's interface to the next hop with this hardware address. */
  async send(from: Host, device: string, to: string, packets: readonly Uint8Array[]): Promise<void> {
    const path = fileURLToPath(new URL('frame-sender.ts', import.meta.url));
    const hex = packets.map((packet) => Buffer.from(packet).toString('hex'));
    await from.run(process.execPath, ['--conditions=@router7/source', path, device, to, ...hex]);
  }

  /** What nft lists on the router. */
  async ruleset(...args: string[]): Promise<string> {
    return this.router.run('nft', [...args, 'list', 'ruleset']);
  }

  /** Packets that a named counter of the router's table has counted. */
  async counted(name: string, table: string = 'inet router7'): Promise<number> {
    const text = await this.router.run('nft', ['list', 'counter', ...table.split(' '), name]);
    return Number(/packets (\d+)/.exec(text)?.[1]);
  }

  /** A kernel parameter of the router. */
  async sysctl(name: string): Promise<number> {
    return Number(await this.router.run('sysctl', ['-n', name]));
  }

  /** The resident memory is the machine's; so is its size. */
  static memory(): number {
    return Number(/^MemTotal:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024;
  }
}
