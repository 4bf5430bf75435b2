import { openSync, readFileSync, readSync } from 'node:fs';
import { decodeMessage, type Message, optionValue } from '@router7/dhcp4';
import { CaptureReader, decodeFrame, type Frame } from '@router7/pcap';
import { DecodeError } from '@router7/wire';
import type { Host } from '../../src/host.ts';
import type { Program } from '../../src/program.ts';
import { until } from '../../src/wait.ts';

/** One packet that passed the interface. */
export interface Seen {
  /** Wall-clock milliseconds, by the kernel. */
  readonly at: number;
  readonly frame: Frame;
  /** The DHCP message and its octets, when it is one. */
  readonly message?: Message;
  readonly payload?: Uint8Array;
}

/** A packet with a DHCP message. */
export interface SeenMessage extends Seen {
  readonly message: Message;
  readonly payload: Uint8Array;
}

let count = 0;
let marks = 0;

/**
 * What tcpdump sees on an interface, decoded while it goes on. In a user namespace tcpdump does not start, for it
 * insists on changing to a user of its own; dumpcap stands in for it there.
 */
export class Capture {
  readonly #host: Host;
  readonly #device: string;
  readonly #program: Program;
  readonly #fd: number;
  readonly #reader = new CaptureReader();
  readonly #seen: Seen[] = [];
  #offset = 0;

  private constructor(host: Host, device: string, program: Program, file: string) {
    this.#host = host;
    this.#device = device;
    this.#program = program;
    this.#fd = openSync(file, 'r');
  }

  /** Resolves when every packet from now on will be seen. */
  static async start(
    host: Host,
    device: string,
    filter: string = 'arp or udp port 67 or udp port 68',
  ): Promise<Capture> {
    const file = `/tmp/capture-${count++}.pcap`;
    const [command, args, ready] = isRealRoot()
      ? [
          'tcpdump',
          ['-Z', 'root', '--immediate-mode', '-U', '-w', file, '-i', device, ...filter.split(' ')],
          /listening/,
        ]
      : ['dumpcap', ['-q', '-P', '-w', file, '-i', device, '-f', filter], /^File:/];
    const program = host.start(`${host.name} ${command}`, command, args);
    await program.line(ready, 30_000);
    return new Capture(host, device, program, file);
  }

  /** Resolves when everything that has passed until now is in {@link packets}: behind it comes a mark, an ARP probe. */
  async settle(): Promise<void> {
    const mark = `198.18.${marks >> 8}.${marks++ & 255}`;
    const arping = this.#host.start('mark', 'arping', ['-q', '-D', '-c', '1', '-w', '1', '-I', this.#device, mark]);
    await this.packet('the mark', 30_000, ({ frame: { arp } }) => {
      return arp?.kind === 'ethernet' && String(arp.targetProtocolAddress) === mark;
    });
    arping.kill('SIGKILL');
  }

  /** Everything so far. */
  get packets(): readonly Seen[] {
    const chunk = Buffer.alloc(65_536);
    for (;;) {
      const length = readSync(this.#fd, chunk, 0, chunk.length, this.#offset);
      if (length === 0) return this.#seen;
      this.#offset += length;
      this.#reader.push(chunk.subarray(0, length));
      for (let record = this.#reader.poll(); record !== undefined; record = this.#reader.poll()) {
        if (record.kind === 'packet') this.#seen.push(decode(Number(record.timestamp ?? 0n) / 1e6, record.bytes));
      }
    }
  }

  /** DHCP messages so far; of one type, when asked for. */
  messages(type?: number): readonly SeenMessage[] {
    return this.packets
      .filter((seen): seen is SeenMessage => seen.message !== undefined)
      .filter(({ message }) => type === undefined || optionValue(message, 'dhcpMessageType') === type);
  }

  /** Waits for a DHCP message. */
  message(
    what: string,
    type: number,
    timeoutMs: number,
    condition: (seen: SeenMessage) => boolean = () => true,
  ): Promise<SeenMessage> {
    return until(`${this.#program.name}: ${what}`, timeoutMs, () => this.messages(type).find(condition));
  }

  /** Waits for any packet. */
  packet(what: string, timeoutMs: number, condition: (seen: Seen) => boolean): Promise<Seen> {
    return until(`${this.#program.name}: ${what}`, timeoutMs, () => this.packets.find(condition));
  }
}

function decode(at: number, bytes: Uint8Array): Seen {
  const frame = decodeOr({}, () => decodeFrame(bytes));
  if (frame.udp === undefined) return { at, frame };
  const { payload } = frame.udp;
  const message = decodeOr(undefined, () => decodeMessage(payload));
  return message === undefined ? { at, frame } : { at, frame, message, payload };
}

function decodeOr<T>(otherwise: T, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return otherwise;
    throw error;
  }
}

/** Root of the machine, not of a user namespace: that maps only a few users. */
function isRealRoot(): boolean {
  return / 4294967295$/m.test(readFileSync('/proc/self/uid_map', 'utf8').trimEnd());
}
