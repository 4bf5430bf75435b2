import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { cable, Host, type Program } from '@router7/lab';
import type { RuleSet } from './rule-sets.ts';

/** Beside the sender's, if there is one. */
const SERVER_CPU = availableParallelism() > 1 ? '1' : '0';
const SERVER = { ipv4: '203.0.113.10', ipv6: '2001:db8:ffff::10' } as const;

/** A kind of traffic. */
export interface Load {
  readonly name: string;
  /** Arguments of iperf3's client. */
  readonly arguments: readonly string[];
  readonly family: 'ipv4' | 'ipv6';
  /** Which of the router's interfaces the data leaves by. */
  readonly leavesBy: 'uplink0' | 'lan0';
}

/** What one run showed. */
export interface Sample {
  /** Of data, as the receiver saw it. */
  readonly bitsPerSecond: number;
  /** That the router sent on, in the direction of the data; several segments of TCP may be one. */
  readonly packetsPerSecond: number;
  /**
   * Processor time of the sender, microseconds: what forwards runs in the time of whoever sends, and what others on the
   * machine do is not in it.
   */
  readonly cpuPerPacket: number;
  /** Share of the packets that arrived. */
  readonly arrived: number;
}

interface Iperf {
  readonly error?: string;
  readonly end: {
    readonly sum: { readonly packets?: number; readonly lost_packets?: number; readonly bits_per_second: number };
    readonly sum_received?: { readonly bits_per_second: number };
    readonly cpu_utilization_percent: { readonly host_total: number; readonly remote_total: number };
  };
}

/** A computer at home, a router with a rule set, and a server on the Internet: each set has a chain of its own. */
export class Site {
  readonly ruleSet: RuleSet;
  readonly samples: Map<string, Sample[]> = new Map();
  readonly #client: Host;
  readonly #router: Host;
  readonly #server: Host;
  #iperf: Program | undefined;

  constructor(ruleSet: RuleSet, index: number) {
    this.ruleSet = ruleSet;
    this.#client = new Host(`client${index}`);
    this.#router = new Host(`router${index}`);
    this.#server = new Host(`server${index}`);
    cable(this.#client, 'eth0', this.#router, 'lan0');
    cable(this.#server, 'eth0', this.#router, 'uplink0');
    address(this.#client, 'eth0', '192.168.42.2/24', '2001:db8:42::2/64');
    address(this.#router, 'lan0', '192.168.42.1/24', '2001:db8:42::1/64');
    address(this.#router, 'uplink0', '203.0.113.2/24', '2001:db8:ffff::2/64');
    address(this.#server, 'eth0', `${SERVER.ipv4}/24`, `${SERVER.ipv6}/64`);
    this.#client.ip('route add default via 192.168.42.1');
    this.#client.ip('route add default via 2001:db8:42::1');
    // Without rules nothing is translated.
    this.#server.ip('route add 192.168.42.0/24 via 203.0.113.2');
    this.#server.ip('route add 2001:db8:42::/64 via 2001:db8:ffff::2');
  }

  async start(): Promise<void> {
    for (const key of ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']) {
      await this.#router.run('sysctl', ['-qw', key]);
    }
    await this.ruleSet.apply(this.#router);
    this.#iperf = this.#server.start('iperf3', 'taskset', ['-c', SERVER_CPU, 'iperf3', '-s', '--forceflush']);
    await this.#iperf.line(/Server listening/, 20_000);
  }

  /** @throws Error when the router hands no flow of this kind over to its flowtable */
  async assertOffloaded(load: Load): Promise<void> {
    const isOver = this.#iperf3(load, 2).then(() => true);
    const protocol = load.arguments.includes('-u') ? 'udp' : 'tcp';
    const list = ['-L', '-f', load.family, '-p', protocol];
    for (let over = false; !over; over = await Promise.race([isOver, sleep(100, false)])) {
      // iperf3 also has a connection of TCP by which it tells the other side what to do.
      const flows = (await this.#router.run('conntrack', list)).split('\n');
      const offloaded = flows.filter((flow) => flow.includes('[OFFLOAD]')).length;
      if (offloaded < (protocol === 'tcp' ? 2 : 1)) continue;
      await isOver;
      return;
    }
    throw new Error(`${load.name}, ${this.ruleSet.name}: no flow was offloaded`);
  }

  async measure(load: Load, seconds: number): Promise<Sample> {
    const before = await this.#sent(load.leavesBy);
    const end = await this.#iperf3(load, seconds);
    const packets = (await this.#sent(load.leavesBy)) - before;
    const { packets: sent = 1, lost_packets: lost = 0 } = end.sum ?? {};
    const { host_total: here, remote_total: there } = end.cpu_utilization_percent;
    const sender = load.leavesBy === 'uplink0' ? here : there;
    return {
      bitsPerSecond: (end.sum_received ?? end.sum).bits_per_second,
      packetsPerSecond: packets / seconds,
      cpuPerPacket: ((sender / 100) * seconds * 1e6) / packets,
      arrived: 1 - lost / sent,
    };
  }

  async #iperf3(load: Load, seconds: number): Promise<Iperf['end']> {
    const args = ['-c', '0', 'iperf3', '-c', SERVER[load.family], '-J', '-t', String(seconds), ...load.arguments];
    const { error, end } = JSON.parse(await this.#client.run('taskset', args, (seconds + 30) * 1000)) as Iperf;
    if (error !== undefined) throw new Error(`iperf3, ${load.name}, ${this.ruleSet.name}: ${error}`);
    return end;
  }

  async stop(): Promise<void> {
    await this.#iperf?.stop('SIGKILL');
  }

  async #sent(device: string): Promise<number> {
    const text = await this.#router.run('ip', ['-json', '-stats', 'link', 'show', 'dev', device]);
    const [link] = JSON.parse(text) as readonly { readonly stats64: { readonly tx: { readonly packets: number } } }[];
    return link?.stats64.tx.packets ?? 0;
  }
}

function address(host: Host, device: string, ...addresses: readonly string[]): void {
  for (const each of addresses) host.ip(`address add ${each} dev ${device}${each.includes(':') ? ' nodad' : ''}`);
  host.ip(`link set ${device} up`);
}
