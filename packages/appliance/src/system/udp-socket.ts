import { Ipv4Address } from '@router7/wire';
import { BatchSocket } from './batch-socket.ts';
import type { SocketCounters } from './batch-socket-options.ts';
import { Arena, bind, getsockname, lastErrno, SystemError, setBytesOption, setIntOption } from './libc.ts';
import type { MessageBatch } from './message-batch.ts';

const AF_INET = 2;
const SOCK_DGRAM = 2;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_BROADCAST = 6;
const SO_BINDTODEVICE = 25;
const IPPROTO_IP = 0;
const IP_PKTINFO = 8;
/** sockaddr_in (ip(7)): family in host order, port and address in network order, 8 octets of padding. */
const SOCKADDR_IN = 16;

/** How {@link UdpSocket.open} opens. */
export interface UdpSocketOptions {
  /** Receive from and send to this interface only (SO_BINDTODEVICE); any when absent. */
  readonly interfaceName?: string;
  /** The own address; any when absent. A socket bound to one hears no broadcasts. */
  readonly address?: Ipv4Address;
  /** The own port; 0 lets the kernel choose. */
  readonly port: number;
  /** Whether {@link UdpDatagrams.destination} is asked for; false when absent, which saves the kernel some work. */
  readonly tellsDestination?: boolean;
  /** Longest payload in octets; longer ones are counted and come in cut off, see `isTruncated`. 2048 when absent. */
  readonly payloadSize?: number;
  /** Whether to look out for the next datagram when they come one at a time, see `Linger`; false when absent. */
  readonly lingers?: boolean;
  /** SO_RCVBUF in octets; 4 MiB when absent. */
  readonly receiveBufferSize?: number;
}

/** The datagrams of one system call. All of it is overwritten after the handler has returned, or its promise settled. */
export interface UdpDatagrams {
  readonly count: number;
  /** A view of the payload. */
  payload(index: number): Uint8Array;
  /** Whether the payload was longer than `payloadSize`. */
  isTruncated(index: number): boolean;
  source(index: number): Ipv4Address;
  sourcePort(index: number): number;
  /**
   * Where the datagram was sent to: 255.255.255.255, a subnet's broadcast, or an own address. 0.0.0.0 unless the socket
   * {@link UdpSocketOptions.tellsDestination | tells destinations}.
   */
  destination(index: number): Ipv4Address;
}

/**
 * An IPv4 UDP socket that moves up to 64 datagrams with one system call, bound to a device if asked to, with
 * SO_REUSEADDR (a server on each of several interfaces shares the port) and SO_BROADCAST.
 */
export class UdpSocket implements UdpDatagrams {
  /** The own port. */
  readonly port: number;
  /** Datagrams of the batch that is being handled. */
  count = 0;
  readonly #socket: BatchSocket;
  #batch: MessageBatch | undefined;

  private constructor(socket: BatchSocket, port: number) {
    this.#socket = socket;
    this.port = port;
  }

  /**
   * Opens and binds. It receives nothing before {@link UdpSocket.start}, but the kernel keeps what comes in.
   *
   * @throws SystemError `ENODEV` (no such interface), `EADDRINUSE`, `EACCES` (port below 1024), `EPERM`
   */
  static open(options: UdpSocketOptions): UdpSocket {
    const socket = new BatchSocket({
      domain: AF_INET,
      type: SOCK_DGRAM,
      protocol: 0,
      nameSize: SOCKADDR_IN,
      payloadSize: options.payloadSize ?? 2048,
      receiveBufferSize: options.receiveBufferSize ?? 4 << 20,
      joins: true,
      ...(options.lingers === undefined ? {} : { lingers: options.lingers }),
    });
    try {
      setIntOption(socket.fd, SOL_SOCKET, SO_REUSEADDR, 1, 'SO_REUSEADDR');
      setIntOption(socket.fd, SOL_SOCKET, SO_BROADCAST, 1, 'SO_BROADCAST');
      if (options.tellsDestination === true) setIntOption(socket.fd, IPPROTO_IP, IP_PKTINFO, 1, 'IP_PKTINFO');
      if (options.interfaceName !== undefined) {
        const name = new TextEncoder().encode(options.interfaceName);
        setBytesOption(socket.fd, SOL_SOCKET, SO_BINDTODEVICE, name, `SO_BINDTODEVICE ${options.interfaceName}`);
      }
      const arena = new Arena(SOCKADDR_IN + 8);
      writeAddress(arena.view, 0, options.address?.value ?? 0, options.port);
      const what = `${options.address ?? '0.0.0.0'}:${options.port}`;
      if (bind(socket.fd, arena.address, SOCKADDR_IN) < 0) throw new SystemError('bind', lastErrno(), what);
      arena.view.setUint32(SOCKADDR_IN, SOCKADDR_IN, true);
      if (getsockname(socket.fd, arena.address, arena.address + SOCKADDR_IN) < 0) {
        throw new SystemError('getsockname', lastErrno());
      }
      return new UdpSocket(socket, arena.view.getUint16(2));
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  /** What the socket has moved and dropped. */
  get counters(): Readonly<SocketCounters> {
    return this.#socket.counters;
  }

  /** The descriptor, for socket options. */
  get fd(): number {
    return this.#socket.fd;
  }

  /**
   * Starts receiving: `receive` gets the datagrams of one system call at a time. While a promise that it returned is
   * pending, nothing more is received: the kernel's buffer holds it, and the next batch is larger.
   *
   * @param onError hears of errors that the socket survives, such as `ENETDOWN`, and of what `receive` throws
   * @param onEmpty called when all that had come was handed in; true when replies have left, and others may have come since
   */
  start(
    receive: (datagrams: UdpDatagrams) => void | Promise<void>,
    onError: (error: Error) => void,
    onEmpty?: () => boolean,
  ): void {
    const onBatch = (batch: MessageBatch, count: number): void | Promise<void> => {
      this.#batch = batch;
      this.count = count;
      return receive(this);
    };
    this.#socket.start(onBatch, onError, onEmpty);
  }

  /**
   * Copies a datagram into the queue; it leaves with {@link UdpSocket.flush}. A queue takes 128.
   *
   * @returns false when it was dropped: the queue is full or the payload longer than `payloadSize`
   */
  queue(payload: Uint8Array, destination: Ipv4Address, port: number): boolean {
    const index = this.#socket.reserve(payload.length);
    if (index < 0) return false;
    const { out } = this.#socket;
    writeAddress(out.view, out.name(index), destination.value, port);
    out.setPayload(index, payload);
    return true;
  }

  /** Datagrams that the queue has room for. */
  get room(): number {
    return this.#socket.room;
  }

  /** Sends the queue. What the kernel refuses is dropped and counted, what has no room now is sent later. */
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

  source(index: number): Ipv4Address {
    const batch = this.#received(index);
    return new Ipv4Address(batch.view.getUint32(batch.name(index) + 4));
  }

  sourcePort(index: number): number {
    const batch = this.#received(index);
    return batch.view.getUint16(batch.name(index) + 2);
  }

  destination(index: number): Ipv4Address {
    const batch = this.#received(index);
    // in_pktinfo (ip(7)): interface index, the local address that took it, the destination in the header.
    const at = batch.control(index, IPPROTO_IP, IP_PKTINFO);
    return at < 0 ? Ipv4Address.unspecified : new Ipv4Address(batch.view.getUint32(at + 8));
  }

  #received(index: number): MessageBatch {
    if (this.#batch === undefined || index < 0 || index >= this.count) {
      throw new RangeError(`there is no datagram ${index}`);
    }
    return this.#batch;
  }
}

function writeAddress(view: DataView, at: number, address: number, port: number): void {
  view.setUint16(at, AF_INET, true);
  view.setUint16(at + 2, port);
  view.setUint32(at + 4, address);
}
