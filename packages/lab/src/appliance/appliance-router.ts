import { HardwareAddress, type Home } from '../home.ts';
import { Host, type HostAddress6 } from '../host.ts';
import { permJson, writePermFiles } from '../perm-files.ts';
import type { Running } from '../program.ts';
import type { ListeningPort, Router, RouterSettings } from '../router.ts';
import { copyDisk, makePerm } from './disk.ts';
import { parseAddresses, parseAddresses6, parseListening } from './guest-network.ts';
import { diskOf, Machine, type MachineOptions, type NetworkCard } from './machine.ts';

/** How long a machine may take until its console offers a shell, in software and on a busy computer. */
export const BOOT_MS = 240_000;

/** What kind of machine it is to be. */
export interface ApplianceOptions
  extends Pick<MachineOptions, 'countInstructions' | 'memoryMiB' | 'processors' | 'debug' | 'date' | 'extra'> {
  /** The image's disk; what runs has a copy. */
  readonly image: string;
  /** The copy. `/tmp/disk.img` by default. */
  readonly disk?: string;
  /** Folder for what passes the cards: `line0.pcap` and `port0.pcap`. */
  readonly captures?: string;
}

/** The router as it is delivered: its disk image in QEMU, with two network cards; seen by way of its serial ports. */
export class ApplianceRouter implements Router {
  readonly #ends: Pick<Home, 'isp' | 'home'>;
  readonly #options: ApplianceOptions;
  readonly #host: Host;
  readonly #disk: string;
  #machine: Machine | undefined;

  /** @param ends where its cables lead to */
  constructor(ends: Pick<Home, 'isp' | 'home'>, options: ApplianceOptions) {
    this.#ends = ends;
    this.#options = options;
    this.#host = new Host('router');
    this.#disk = options.disk ?? '/tmp/disk.img';
  }

  /** The machine, once it is switched on. */
  get machine(): Machine {
    if (this.#machine === undefined) throw new Error('the router is switched off');
    return this.#machine;
  }

  async start(settings: RouterSettings): Promise<Running> {
    this.prepare(settings);
    return this.powerOn();
  }

  async cutPower(): Promise<void> {
    await this.#machine?.cutPower();
    this.#machine = undefined;
  }

  /** Cuts its power and takes it away. */
  async remove(): Promise<void> {
    await this.cutPower();
    await this.#host.cutPower();
  }

  async powerOn(): Promise<Running> {
    const machine = this.build();
    await machine.start();
    return runningMachine(machine);
  }

  /** Builds the machine around the disk, for who wants to start it in a way of their own. */
  build(): Machine {
    const { image: _, disk: __, captures, ...options } = this.#options;
    const cards = routerCards(this.#ends, captures);
    this.#machine = new Machine({ ...options, host: this.#host, disk: diskOf(this.#disk), cards });
    return this.#machine;
  }

  /** Makes the disk, with a /perm of these settings, or as it comes out of its box. */
  prepare(settings?: RouterSettings): void {
    copyDisk(this.#options.image, this.#disk);
    if (settings !== undefined) makePerm(this.#disk, (folder) => writePermFiles(folder, settings));
  }

  async setLine(isUp: boolean): Promise<void> {
    this.#ends.isp.ip(`link set line0 ${isUp ? 'up' : 'down'}`);
    await this.machine.setLink(0, isUp);
  }

  async addresses(device: string): Promise<readonly string[]> {
    return parseAddresses((await this.run(`ip -4 address show dev ${device}`)).output);
  }

  async addresses6(device: string): Promise<readonly HostAddress6[]> {
    return parseAddresses6(await this.output('cat /proc/net/if_inet6'), device);
  }

  defaultRoutes(family: 4 | 6): Promise<string> {
    return this.output(`ip -${family} route show default`);
  }

  async listeningPorts(): Promise<readonly ListeningPort[]> {
    const read = async (protocol: 'tcp' | 'udp'): Promise<readonly ListeningPort[]> =>
      parseListening(protocol, await this.output(`cat /proc/net/${protocol} /proc/net/${protocol}6`));
    return [...(await read('tcp')), ...(await read('udp'))];
  }

  async readPerm(path: string): Promise<string | undefined> {
    const { status, output } = await this.run(`[ ! -e /perm/${path} ] || cat /perm/${path}`);
    if (status !== 0) throw new Error(`/perm/${path}: ${output}`);
    return output === '' ? undefined : output;
  }

  async writePerm(path: string, content: object): Promise<void> {
    const encoded = Buffer.from(permJson(content)).toString('base64');
    await this.output(`echo ${encoded} | base64 -d >/perm/${path}.new && mv /perm/${path}.new /perm/${path}`);
  }

  async signal(daemon: string, signal: 'SIGUSR1' | 'SIGUSR2'): Promise<void> {
    await this.output(`kill -${signal.slice(3)} ${await this.pid(daemon)}`);
  }

  /** Process id of a daemon, by its title; rejects when there is not exactly one. */
  async pid(daemon: string): Promise<number> {
    const pids = (await this.processes()).filter(({ name }) => name === daemon).map(({ pid }) => pid);
    if (pids.length !== 1) throw new Error(`${pids.length} processes /user/${daemon}`);
    return pids[0] as number;
  }

  /** The daemons that run, the supervisor (`init`) among them, by their titles. */
  async processes(): Promise<readonly { readonly name: string; readonly pid: number }[]> {
    const text = await this.output(
      'cd /proc; grep -sl "^/user/" [0-9]*/cmdline | while read -r file; do echo "$file $(tr "\\0" " " <$file)"; done',
    );
    return [...text.matchAll(/^(\d+)\/cmdline \/user\/(\S+)/gm)].map(([, pid, name = '']) => ({
      name,
      pid: Number(pid),
    }));
  }

  /** Runs a command in the guest, as root. */
  async run(command: string, timeoutMs?: number): ReturnType<Machine['shell']['run']> {
    const { shell, console } = this.machine;
    if (!shell.isOpen) await shell.open(console, BOOT_MS);
    return shell.run(command, timeoutMs);
  }

  /** Runs a command in the guest, as root, that is to succeed; gives what it printed. */
  async output(command: string, timeoutMs?: number): Promise<string> {
    const { status, output } = await this.run(command, timeoutMs);
    if (status !== 0) throw new Error(`${command.split('\n')[0]}: status ${status}: ${output.trim().slice(-300)}`);
    return output;
  }
}

/**
 * The cards of a router: one of Intel's towards the provider, a virtual one towards the home.
 *
 * @param captures folder for what passes them; none is kept when absent
 */
export function routerCards(ends: Pick<Home, 'isp' | 'home'>, captures?: string): readonly NetworkCard[] {
  const capture = (cable: string): Pick<NetworkCard, 'cable' | 'capture'> =>
    captures === undefined ? { cable } : { cable, capture: `${captures}/${cable}.pcap` };
  const { uplink, lan } = HardwareAddress;
  return [
    { model: 'e1000e', hardwareAddress: uplink, ...capture('line0'), host: ends.isp, bridge: 'customer0' },
    { model: 'virtio-net-pci', hardwareAddress: lan, ...capture('port0'), host: ends.home, bridge: 'switch' },
  ];
}

/** The machine as one of the programs of the lab: what its console says is its output. */
export function runningMachine(machine: Machine): Running {
  return {
    name: 'router',
    get output() {
      return machine.console.lines;
    },
    get exited() {
      return machine.ended.then(() => 0);
    },
    follow: (follower) => machine.console.follow(follower),
    stop: async () => {
      await machine.cutPower();
      return 0;
    },
  };
}
