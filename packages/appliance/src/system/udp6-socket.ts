import { Ipv6Address } from '@router7/wire';
import { BatchSocket } from './batch-socket.ts';
import type { SocketCounters } from './batch-socket-options.ts';
import {
  AF_INET6,
  Ipv6Option,
  readIpv6,
  readSocketAddress,
  readSocketPort,
  SOCKADDR_IN6,
  SOL_IPV6,
  setMembership,
  writeSocketAddress,
} from './ipv6-socket.ts';
import { Arena, bind, lastErrno, SystemError, setBytesOption, setIntOption } from './libc.ts';
import type { MessageBatch } from './message-batch.ts';

const SOCK_DGRAM = 2;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_BINDTODEVICE = 25;

/** How {@link Udp6Socket.open} opens. */
export interface Udp6SocketOptions {
  /** Receive from and send to this interface only. */
  readonly interface: { readonly name: string; readonly index: number };
  readonly port: number;
  /** Multicast groups to hear. */
  readonly groups: readonly Ipv6Address[];
  /** Longest payload in octets; longer ones are counted and come in cut off, see `isTruncated`. 2048 when absent. */
  readonly payloadSize?: number;
  /** Whether to look out for the next datagram when they come one at a time, see `Linger`; false when absent. */
  readonly lingers?: boolean;
}

/** The datagrams of one system call. All of it is overwritten after the handler has returned, or its promise settled. */
export interface Udp6Datagrams {
  readonly count: number;
  /** A view of the payload. */
  payload(index: number): Uint8Array;
  /** Whether the payload was longer than `payloadSize`. */
  isTruncated(index: number): boolean;
  source(index: number): Ipv6Address;
  sourcePort(index: number): number;
  /** Where it was sent to: a group, or an own address. `::` when the kernel had no memory to tell. */
  destination(index: number): Ipv6Address;
}

/** An IPv6 UDP socket on one interface that moves up to 64 datagrams with one system call. */
export class Udp6Socket implements Udp6Datagrams {
  /** Datagrams of the batch that is being handled. */
  count = 0;
  readonly #socket: BatchSocket;
  readonly #interfaceIndex: number;
  #batch: MessageBatch | undefined;
  /** What was read last: datagrams often have an address in common with the one before. */
  #source: Ipv6Address = Ipv6Address.unspecified;
  #destination: Ipv6Address = Ipv6Address.unspecified;

  private constructor(socket: BatchSocket, interfaceIndex: number) {
    this.#socket = socket;
    this.#interfaceIndex = interfaceIndex;
  }

  /**
   * Opens and binds. It receives nothing before {@link Udp6Socket.start}, but the kernel keeps what comes in.
   *
   * @throws SystemError `ENODEV` (no such interface, or none with IPv6), `EADDRINUSE`, `EACCES` (port below 1024), `EPERM`
   */
  static open(options: Udp6SocketOptions): Udp6Socket {
    const { name, index } = options.interface;
    const socket = new BatchSocket({
      domain: AF_INET6,
      type: SOCK_DGRAM,
      protocol: 0,
      nameSize: SOCKADDR_IN6,
      payloadSize: options.payloadSize ?? 2048,
      receiveBufferSize: 4 << 20,
      joins: true,
      lingers: options.lingers ?? false,
    });
    try {
      const { fd } = socket;
      setIntOption(fd, SOL_SOCKET, SO_REUSEADDR, 1, 'SO_REUSEADDR');
      setBytesOption(fd, SOL_SOCKET, SO_BINDTODEVICE, new TextEncoder().encode(name), `SO_BINDTODEVICE ${name}`);
      setIntOption(fd, SOL_IPV6, Ipv6Option.v6Only, 1, 'IPV6_V6ONLY');
      setIntOption(fd, SOL_IPV6, Ipv6Option.receivePacketInfo, 1, 'IPV6_RECVPKTINFO');
      // Groups that other processes have joined are theirs.
      setIntOption(fd, SOL_IPV6, Ipv6Option.multicastAll, 0, 'IPV6_MULTICAST_ALL');
      setIntOption(fd, SOL_IPV6, Ipv6Option.multicastIf, index, `IPV6_MULTICAST_IF ${name}`);
      const arena = new Arena(SOCKADDR_IN6);
      writeSocketAddress(arena.view, 0, Ipv6Address.unspecified, options.port, 0);
      if (bind(fd, arena.address, SOCKADDR_IN6) < 0) {
        throw new SystemError('bind', lastErrno(), `[::%${name}]:${options.port}`);
      }
      for (const group of options.groups) {
        const errno = setMembership(fd, Ipv6Option.addMembership, group, index);
        if (errno !== 0) throw new SystemError('setsockopt', errno, `IPV6_ADD_MEMBERSHIP ${group} on ${name}`);
      }
      return new Udp6Socket(socket, index);
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  /** What the socket has moved and dropped. */
  get counters(): Readonly<SocketCounters> {
    return this.#socket.counters;
  }

  /**
   * Starts receiving: `receive` gets the datagrams of one system call at a time. While a promise that it returned is
   * pending, nothing more is received: the kernel's buffer holds it, and the next batch is larger.
   *
   * @param onError hears of errors that the socket survives, such as `ENETDOWN`, and of what `receive` throws
   * @param onEmpty called when all that had come was handed in; true when replies have left, and others may have come since
   */
  start(
    receive: (datagrams: Udp6Datagrams) => void | Promise<void>,
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
   * Copies a datagram into the queue; it leaves by the interface with {@link Udp6Socket.flush}. A queue takes 128.
   *
   * @returns false when it was dropped: the queue is full or the payload longer than `payloadSize`
   */
  queue(payload: Uint8Array, destination: Ipv6Address, port: number): boolean {
    const index = this.#socket.reserve(payload.length);
    if (index < 0) return false;
    const { out } = this.#socket;
    writeSocketAddress(out.view, out.name(index), destination, port, this.#interfaceIndex);
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

  source(index: number): Ipv6Address {
    const batch = this.#received(index);
    this.#source = readSocketAddress(batch.view, batch.name(index), this.#source);
    return this.#source;
  }

  sourcePort(index: number): number {
    const batch = this.#received(index);
    return readSocketPort(batch.view, batch.name(index));
  }

  destination(index: number): Ipv6Address {
    const batch = this.#received(index);
    const at = batch.control(index, SOL_IPV6, Ipv6Option.packetInfo);
    if (at < 0) return Ipv6Address.unspecified;
    this.#destination = readIpv6(batch.view, at, this.#destination);
    return this.#destination;
  }

  #received(index: number): MessageBatch {
    if (this.#batch === undefined || index < 0 || index >= this.count) {
      throw new RangeError(`there is no datagram ${index}`);
    }
    return this.#batch;
  }
}
