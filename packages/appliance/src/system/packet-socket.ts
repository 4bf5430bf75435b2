import { MacAddress } from '@router7/wire';
import { BatchSocket } from './batch-socket.ts';
import type { SocketCounters } from './batch-socket-options.ts';
import { Arena, bind, lastErrno, SystemError, setBytesOption, setIntOption } from './libc.ts';
import type { MessageBatch } from './message-batch.ts';
import type { PacketFilter } from './packet-filter.ts';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_DGRAM = 2;
const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
const SOL_PACKET = 263;
const PACKET_AUXDATA = 8;
const TP_STATUS_CSUMNOTREADY = 1 << 3;
/** sockaddr_ll (packet(7)): family, protocol (network order), ifindex, hardware type, packet type, length, 8 octets. */
const SOCKADDR_LL = 20;
const PACKET_OUTGOING = 4;

/** How {@link PacketSocket.open} opens. */
export interface PacketSocketOptions {
  /** The interface, by number: names can change hands. */
  readonly interfaceIndex: number;
  /** Frames of this EtherType only: 0x0800 IPv4, 0x0806 ARP. */
  readonly etherType: number;
  /** What the kernel lets through; everything of that EtherType when absent. */
  readonly filter?: PacketFilter;
  /**
   * `network`: the kernel takes the Ethernet header off and puts it on. `frame`: with the header, as when the source
   * is to be another MAC address than the interface's.
   */
  readonly layer: 'network' | 'frame';
  /** Longest packet in octets; 2048 when absent, enough for every MTU up to 2034. */
  readonly payloadSize?: number;
}

/** The packets of one system call. All of it is overwritten after the handler has returned, or its promise settled. */
export interface Packets {
  readonly count: number;
  /** A view of the packet, with the Ethernet header when `layer` is `frame`. */
  payload(index: number): Uint8Array;
  isTruncated(index: number): boolean;
  /** The Ethernet source. */
  source(index: number): MacAddress;
  /**
   * Whether the sender left the transport checksum to hardware that the packet never met, as every virtual Ethernet
   * pair does: then it is wrong, and must not be verified. The kernel looks away in the same way.
   */
  hasPartialChecksum(index: number): boolean;
}

/**
 * An AF_PACKET socket (packet(7)) on one interface: it hears and speaks without any IP address.
 *
 * When the interface goes down `onError` gets `ENETDOWN`, and the socket works again once it is up. An interface that
 * was removed and came back has another index: {@link PacketSocket.rebind} follows it.
 */
export class PacketSocket implements Packets {
  /** Packets of the batch that is being handled. */
  count = 0;
  readonly #socket: BatchSocket;
  readonly #etherType: number;
  #interfaceIndex: number;
  #batch: MessageBatch | undefined;

  private constructor(socket: BatchSocket, options: PacketSocketOptions) {
    this.#socket = socket;
    this.#etherType = options.etherType;
    this.#interfaceIndex = options.interfaceIndex;
  }

  /** @throws SystemError `EPERM` without CAP_NET_RAW, `ENODEV` when there is no such interface */
  static open(options: PacketSocketOptions): PacketSocket {
    // Protocol 0 receives nothing, so no packet comes in before filter and interface are set.
    const socket = new BatchSocket({
      domain: AF_PACKET,
      type: options.layer === 'frame' ? SOCK_RAW : SOCK_DGRAM,
      protocol: 0,
      nameSize: SOCKADDR_LL,
      payloadSize: options.payloadSize ?? 2048,
      receiveBufferSize: 1 << 20,
    });
    try {
      setIntOption(socket.fd, SOL_PACKET, PACKET_AUXDATA, 1, 'PACKET_AUXDATA');
      if (options.filter !== undefined) attach(socket.fd, options.filter);
      const packets = new PacketSocket(socket, options);
      packets.rebind(options.interfaceIndex);
      return packets;
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  /** The interface it is bound to. */
  get interfaceIndex(): number {
    return this.#interfaceIndex;
  }

  /** What the socket has moved and dropped. */
  get counters(): Readonly<SocketCounters> {
    return this.#socket.counters;
  }

  /** Binds to another interface, or to the same one that came back. @throws SystemError `ENODEV`, `ENETDOWN` never */
  rebind(interfaceIndex: number): void {
    const arena = new Arena(SOCKADDR_LL);
    writeAddress(arena.view, 0, this.#etherType, interfaceIndex);
    if (bind(this.#socket.fd, arena.address, SOCKADDR_LL) < 0) {
      throw new SystemError('bind', lastErrno(), `interface ${interfaceIndex}`);
    }
    this.#interfaceIndex = interfaceIndex;
  }

  /**
   * Starts receiving: `receive` gets the packets of one system call at a time, and no more while its promise is
   * pending.
   *
   * @param onError hears of errors that the socket survives (`ENETDOWN`), and of what `receive` throws
   */
  start(receive: (packets: Packets) => void | Promise<void>, onError: (error: Error) => void): void {
    this.#socket.start((batch, count) => {
      this.#batch = batch;
      this.count = count;
      return receive(this);
    }, onError);
  }

  /**
   * Copies a packet into the queue; it leaves with {@link PacketSocket.flush}. A queue takes 128.
   *
   * @param payload with the Ethernet header when `layer` is `frame`
   * @param destination the Ethernet destination; with `frame` the header decides and this only has to be given
   * @returns false when it was dropped: the queue is full or the payload too long
   */
  queue(payload: Uint8Array, destination: MacAddress | Uint8Array): boolean {
    const index = this.#socket.reserve(payload.length);
    if (index < 0) return false;
    const { out } = this.#socket;
    const name = out.name(index);
    writeAddress(out.view, name, this.#etherType, this.#interfaceIndex);
    const octets = destination instanceof MacAddress ? destination.toBytes() : destination.subarray(0, 6);
    out.bytes[name + 11] = 6;
    out.bytes.set(octets, name + 12);
    out.setPayload(index, payload);
    return true;
  }

  /** Packets that the queue has room for. */
  get room(): number {
    return this.#socket.room;
  }

  /** Sends the queue. What the kernel refuses (`ENETDOWN`, `ENXIO`, `ENOBUFS`) is dropped and counted. */
  flush(): void {
    this.#socket.flush();
  }

  close(): void {
    this.#socket.close();
  }

  payload(index: number): Uint8Array {
    return this.#received(index).payload(index);
  }

  isTruncated(index: number): boolean {
    return this.#received(index).isTruncated(index);
  }

  source(index: number): MacAddress {
    const batch = this.#received(index);
    const name = batch.name(index);
    return MacAddress.fromBytes(batch.bytes.subarray(name + 12, name + 18));
  }

  hasPartialChecksum(index: number): boolean {
    const batch = this.#received(index);
    // tpacket_auxdata (linux/if_packet.h) starts with the status word.
    const at = batch.control(index, SOL_PACKET, PACKET_AUXDATA);
    return at >= 0 && (batch.view.getUint32(at, true) & TP_STATUS_CSUMNOTREADY) !== 0;
  }

  /** Whether this host sent the packet itself. */
  isOutgoing(index: number): boolean {
    const batch = this.#received(index);
    return batch.bytes[batch.name(index) + 10] === PACKET_OUTGOING;
  }

  #received(index: number): MessageBatch {
    if (this.#batch === undefined || index < 0 || index >= this.count) {
      throw new RangeError(`there is no packet ${index}`);
    }
    return this.#batch;
  }
}

function writeAddress(view: DataView, at: number, etherType: number, interfaceIndex: number): void {
  view.setUint16(at, AF_PACKET, true);
  view.setUint16(at + 2, etherType);
  view.setInt32(at + 4, interfaceIndex, true);
}

/** SO_ATTACH_FILTER takes a struct sock_fprog: a count and, at 8, a pointer. */
function attach(fd: number, filter: PacketFilter): void {
  const program = new Arena(filter.length);
  program.u8.set(filter);
  const fprog = new Arena(16);
  fprog.view.setUint16(0, filter.length / 8, true);
  fprog.u64[1] = BigInt(program.address);
  setBytesOption(fd, SOL_SOCKET, SO_ATTACH_FILTER, fprog.u8.subarray(0, 16), 'SO_ATTACH_FILTER');
}
