import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { MissingForGuest } from '../guest/kernel.ts';
import type { Host } from '../host.ts';
import { GuestShell } from './guest-shell.ts';
import { Qmp } from './qmp.ts';
import { SerialConsole } from './serial-console.ts';

/** QEMU's program. */
export const QEMU = 'qemu-system-x86_64';

/** Descriptors on which QEMU has the two serial ports and its monitor. */
const SERIAL = 3;
const SECOND_SERIAL = 4;
const MONITOR = 5;
/** Descriptor of the debugger's port. */
const DEBUG = 6;

/** A network card, and where its cable leads to. */
export interface NetworkCard {
  readonly model: 'e1000e' | 'virtio-net-pci';
  readonly hardwareAddress: string;
  /** Name of the other end of the cable, at its host. */
  readonly cable: string;
  /** Where the cable ends. */
  readonly host: Host;
  /** The bridge there that it is plugged into. */
  readonly bridge: string;
  /** File that gets all that passes the card (pcap), with the machine's own time: since power-on, when instructions are counted. */
  readonly capture?: string;
}

/** Of what a machine is built. */
export interface MachineOptions {
  /** Where QEMU runs; the cards' cables are made there, and then laid to their hosts. */
  readonly host?: Host;
  readonly memoryMiB?: number;
  readonly processors?: number;
  /** One processor that takes 1 ns for each instruction, and whose time passes only with them: the same on every machine. */
  readonly countInstructions?: boolean;
  /** Arguments that make disks; see {@link diskOf}. */
  readonly disk?: readonly string[];
  /** Started instead of a disk's boot loader. */
  readonly kernel?: { readonly image: string; readonly initrd: string; readonly commandLine: string };
  /** Arguments for another firmware than a PC's BIOS; see `uefiOf`. */
  readonly firmware?: readonly string[];
  readonly cards?: readonly NetworkCard[];
  /** Whether there is a port for a debugger: {@link Machine.debug}. */
  readonly debug?: boolean;
  /** What the machine's clock says at power-on; now when absent. */
  readonly date?: Date;
  /** Further arguments. */
  readonly extra?: readonly string[];
}

/** Arguments for a raw disk on an AHCI port, whose writes go to the file at once, and are safe there only when flushed. */
export function diskOf(path: string): readonly string[] {
  return [
    ...['-blockdev', `driver=file,node-name=file0,filename=${path},cache.direct=off,cache.no-flush=off`],
    ...['-blockdev', 'driver=raw,node-name=disk0,file=file0'],
    ...DISK_DEVICE,
  ];
}

/** The drive that shows node `disk0` to the guest. */
export const DISK_DEVICE: readonly string[] = ['-device', 'ide-hd,drive=disk0,bus=ide.0,serial=ROUTER7,bootindex=1'];

/** What every machine of the lab is: no other devices than are asked for, q35, TCG. */
export function machineArguments(options: MachineOptions): readonly string[] {
  const {
    memoryMiB = 1024,
    processors = 2,
    countInstructions = false,
    kernel,
    firmware = [],
    cards = [],
    date,
  } = options;
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-machine', 'q35', '-cpu', 'max', '-m', `${memoryMiB}`],
    ...(countInstructions
      ? ['-accel', 'tcg,thread=single', '-smp', '1', '-icount', 'shift=0,sleep=on']
      : ['-accel', 'tcg,thread=multi', '-smp', `${processors}`]),
    ...['-rtc', `${countInstructions ? 'clock=vm' : 'clock=host'},base=${rtcBase(date)}`],
    ...firmware,
    ...(kernel === undefined ? [] : ['-kernel', kernel.image, '-initrd', kernel.initrd, '-append', kernel.commandLine]),
    ...(options.disk ?? []),
    // Without the virtual header a capture has nothing but frames.
    ...cards.flatMap(({ model, hardwareAddress, cable, capture }, index) => [
      ...['-netdev', `tap,id=net${index},ifname=${cable},script=no,downscript=no,vnet_hdr=off`],
      ...['-device', `${model},netdev=net${index},mac=${hardwareAddress},bus=pcie.0,addr=0x${index + 4},romfile=`],
      ...(capture === undefined ? [] : ['-object', `filter-dump,id=dump${index},netdev=net${index},file=${capture}`]),
    ]),
    ...(options.extra ?? []),
  ];
}

/** A PC in QEMU, emulated in software. It dies with this process. */
export class Machine {
  readonly console: SerialConsole;
  readonly shell: GuestShell;
  readonly qmp: Qmp;
  /** Resolves when QEMU is gone. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #options: MachineOptions;
  readonly #complaints: string[] = [];

  /** Starts QEMU with the machine standing still: see {@link start}. Throws MissingForGuest when there is no QEMU. */
  constructor(options: MachineOptions) {
    requireQemu();
    this.#options = options;
    const socket = (id: string, descriptor: number): string[] => ['-chardev', `socket,id=${id},fd=${descriptor}`];
    const qemu = ['setpriv', '--pdeathsig', 'KILL', QEMU, '-S', ...machineArguments(options)];
    const command = [
      ...(options.host === undefined ? [] : ['ip', 'netns', 'exec', options.host.name]),
      ...qemu,
      ...[...socket('serial0', SERIAL), '-serial', 'chardev:serial0'],
      ...[...socket('serial1', SECOND_SERIAL), '-serial', 'chardev:serial1'],
      ...[...socket('monitor', MONITOR), '-mon', 'chardev=monitor,mode=control'],
      ...(options.debug === true ? [...socket('debug', DEBUG), '-gdb', 'chardev:debug'] : []),
    ];
    this.#child = spawn(command[0] as string, command.slice(1), {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      // Ctrl-C is for this process to handle.
      detached: true,
    });
    const pipe = (descriptor: number): Duplex => this.#child.stdio[descriptor] as Duplex;
    (this.#child.stdio[2] as Readable).on('data', (chunk: Buffer) => this.#complaints.push(chunk.toString()));
    this.console = new SerialConsole(pipe(SERIAL));
    this.shell = new GuestShell(pipe(SECOND_SERIAL));
    this.qmp = new Qmp(pipe(MONITOR));
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => this.#complaints.push(error.message));
      this.#child.once('close', () => resolve());
    });
  }

  /** The debugger's port, by the GDB remote protocol. */
  get debug(): Duplex {
    return (this.#child.stdio as readonly unknown[])[DEBUG] as Duplex;
  }

  /** What QEMU itself has complained of. */
  get complaints(): string {
    return this.#complaints.join('');
  }

  /** QEMU's process id. */
  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Lays the cables and switches the machine on. */
  async start(): Promise<void> {
    try {
      // QEMU has made them when it answers.
      await this.qmp.execute('query-status');
      const { host, cards = [] } = this.#options;
      for (const { cable, host: end, bridge } of cards) {
        if (host !== undefined && host !== end) host.ip(`link set ${cable} netns ${end.name}`);
        end.ip(`link set ${cable} master ${bridge} up`);
      }
      await this.qmp.execute('cont');
    } catch (error) {
      throw new Error(`QEMU: ${(error as Error).message} ${this.complaints.trim()}`);
    }
  }

  /** Pulls or plugs the cable of a card: the guest sees its carrier go or come. */
  async setLink(card: number, isUp: boolean): Promise<void> {
    await this.qmp.execute('set_link', { name: `net${card}`, up: isUp });
  }

  /** Presses the reset button. */
  async reset(): Promise<void> {
    this.shell.forget();
    await this.qmp.execute('system_reset');
  }

  /** The power goes: QEMU is killed. */
  async cutPower(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}

/** As `-rtc base=` takes a date. */
function rtcBase(date: Date | undefined): string {
  return date === undefined ? 'utc' : date.toISOString().slice(0, 19);
}

/** Throws MissingForGuest when QEMU is not installed. */
export function requireQemu(): void {
  try {
    execFileSync(QEMU, ['--version'], { stdio: 'ignore' });
  } catch {
    throw new MissingForGuest(`${QEMU} is not installed (package qemu-system-x86)`);
  }
}
