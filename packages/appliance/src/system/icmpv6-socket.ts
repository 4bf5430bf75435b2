import { Ipv6Address } from '@router7/wire';
import { BatchSocket } from './batch-socket.ts';
import type { SocketCounters } from './batch-socket-options.ts';
import {
  AF_INET6,
  Ipv6Option,
  readIpv6,
  readSocketAddress,
  SOCKADDR_IN6,
  SOL_IPV6,
  setMembership,
  writeIpv6,
  writeSocketAddress,
} from './ipv6-socket.ts';
import { SystemError, setBytesOption, setIntOption } from './libc.ts';
import type { MessageBatch } from './message-batch.ts';

const SOCK_RAW = 3;
const IPPROTO_ICMPV6 = 58;
const SOL_SOCKET = 1;
const SO_BINDTODEVICE = 25;
const IPV6_UNICAST_HOPS = 16;
const IPV6_MULTICAST_HOPS = 18;
const IPV6_RECVHOPLIMIT = 51;
const IPV6_HOPLIMIT = 52;
const ICMP6_FILTER = 1;
/** in6_pktinfo: the address, then the interface. */
const IN6_PKTINFO = 20;
/** A bit for each type. */
const FILTER_OCTETS = 32;

/** An interface, by name and by number: the device that it stands for can change behind either. */
export interface Icmpv6Interface {
  readonly name: string;
  readonly index: number;
}

/** How {@link Icmpv6Socket.open} opens. */
export interface Icmpv6SocketOptions {
  /** Receive from and send to this interface only. */
  readonly interface: Icmpv6Interface;
  /** ICMPv6 types to receive; the kernel drops the others. */
  readonly types: readonly number[];
  /** Multicast groups to hear besides all nodes (ff02::1), to which every interface belongs. */
  readonly groups: readonly Ipv6Address[];
  /** Hop limit of what is sent; 255 when absent, as Neighbor Discovery wants it (RFC 4861). */
  readonly hopLimit?: number;
  /** Longest message in octets; longer ones are counted and come in cut off, see `isTruncated`. 2048 when absent. */
  readonly payloadSize?: number;
}

/** The messages of one system call. All of it is overwritten after the handler has returned, or its promise settled. */
export interface Icmpv6Messages {
  readonly count: number;
  /** A view of the ICMPv6 message, type first. The kernel has verified its checksum. */
  payload(index: number): Uint8Array;
  /** Whether the message was longer than `payloadSize`. */
  isTruncated(index: number): boolean;
  source(index: number): Ipv6Address;
  /** `::` when the kernel had no memory to tell. */
  destination(index: number): Ipv6Address;
  /** Hop limit of the IPv6 header: 255 proves that the sender is on the link. 0 when the kernel had no memory to tell. */
  hopLimit(index: number): number;
  /** Number of the interface that it came in by; 0 when the kernel had no memory to tell. */
  interfaceIndex(index: number): number;
}

/**
 * A raw ICMPv6 socket (ipv6(7), RFC 3542) on one interface. The kernel takes the IPv6 header off and puts it on, with the
 * checksum. What it sends to a group does not come back to this machine.
 *
 * While the interface is down what is sent is dropped and counted, and the socket works again once it is up. An interface
 * that was removed and came back is another one: {@link Icmpv6Socket.rebind} follows it.
 */
export class Icmpv6Socket implements Icmpv6Messages {
  /** Messages of the batch that is being handled. */
  count = 0;
  readonly #socket: BatchSocket;
  readonly #groups: readonly Ipv6Address[];
  #interface: Icmpv6Interface;
  #batch: MessageBatch | undefined;

  private constructor(socket: BatchSocket, options: Icmpv6SocketOptions) {
    this.#socket = socket;
    this.#groups = options.groups;
    this.#interface = options.interface;
  }

  /**
   * Opens and binds. It receives nothing before {@link Icmpv6Socket.start}, but the kernel keeps what comes in.
   *
   * @throws SystemError `EPERM` without CAP_NET_RAW, `ENODEV` when there is no such interface, or none with IPv6
   */
  static open(options: Icmpv6SocketOptions): Icmpv6Socket {
    const socket = new BatchSocket({
      domain: AF_INET6,
      type: SOCK_RAW,
      protocol: IPPROTO_ICMPV6,
      nameSize: SOCKADDR_IN6,
      payloadSize: options.payloadSize ?? 2048,
      receiveBufferSize: 1 << 20,
    });
    try {
      // First of all, so that what comes in before the rest is set has been chosen already.
      setBytesOption(socket.fd, IPPROTO_ICMPV6, ICMP6_FILTER, filterOf(options.types), 'ICMP6_FILTER');
      const set = (name: number, value: number, what: string): void =>
        setIntOption(socket.fd, SOL_IPV6, name, value, what);
      set(Ipv6Option.receivePacketInfo, 1, 'IPV6_RECVPKTINFO');
      set(IPV6_RECVHOPLIMIT, 1, 'IPV6_RECVHOPLIMIT');
      set(IPV6_UNICAST_HOPS, options.hopLimit ?? 255, 'IPV6_UNICAST_HOPS');
      set(IPV6_MULTICAST_HOPS, options.hopLimit ?? 255, 'IPV6_MULTICAST_HOPS');
      set(Ipv6Option.multicastLoop, 0, 'IPV6_MULTICAST_LOOP');
      // Groups that other processes have joined are theirs.
      set(Ipv6Option.multicastAll, 0, 'IPV6_MULTICAST_ALL');
      const opened = new Icmpv6Socket(socket, options);
      opened.rebind(options.interface);
      return opened;
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  /** The interface it is bound to. */
  get interface(): Icmpv6Interface {
    return this.#interface;
  }

  /** What the socket has moved and dropped. */
  get counters(): Readonly<SocketCounters> {
    return this.#socket.counters;
  }

  /**
   * Binds to another interface, or to the same one anew, and joins the groups there. An interface that lost IPv6 for a
   * while (an MTU below 1280 is enough) has forgotten its groups.
   *
   * @throws SystemError `ENODEV`
   */
  rebind(to: Icmpv6Interface): void {
    const { fd } = this.#socket;
    const before = this.#interface;
    const name = new TextEncoder().encode(to.name);
    setBytesOption(fd, SOL_SOCKET, SO_BINDTODEVICE, name, `SO_BINDTODEVICE ${to.name}`);
    setIntOption(fd, SOL_IPV6, Ipv6Option.multicastIf, to.index, `IPV6_MULTICAST_IF ${to.name}`);
    this.#interface = to;
    for (const group of this.#groups) {
      // Refused when it never was a member there, or the interface is gone.
      setMembership(fd, Ipv6Option.dropMembership, group, before.index);
      const errno = setMembership(fd, Ipv6Option.addMembership, group, to.index);
      if (errno !== 0) throw new SystemError('setsockopt', errno, `IPV6_ADD_MEMBERSHIP ${group} on ${to.name}`);
    }
  }

  /**
   * Starts receiving: `receive` gets the messages of one system call at a time. While a promise that it returned is
   * pending, nothing more is received: the kernel's buffer holds it, and the next batch is larger.
   *
   * @param onError hears of errors that the socket survives, such as `ENETDOWN`, and of what `receive` throws
   */
  start(receive: (messages: Icmpv6Messages) => void | Promise<void>, onError: (error: Error) => void): void {
    this.#socket.start((batch, count) => {
      this.#batch = batch;
      this.count = count;
      return receive(this);
    }, onError);
  }

  /**
   * Copies a message into the queue; it leaves with {@link Icmpv6Socket.flush}. A queue takes 128.
   *
   * @param payload the ICMPv6 message with any checksum: the kernel writes the right one
   * @param source the own address to send from; the kernel chooses when absent. One that the interface does not have, or
   *   not yet, has the message dropped
   * @returns false when it was dropped: the queue is full or the message longer than `payloadSize`
   */
  queue(payload: Uint8Array, destination: Ipv6Address, source?: Ipv6Address): boolean {
    const index = this.#socket.reserve(payload.length);
    if (index < 0) return false;
    const { out } = this.#socket;
    const name = out.name(index);
    writeSocketAddress(out.view, name, destination, 0, this.#interface.index);
    const info = out.setControl(index, SOL_IPV6, Ipv6Option.packetInfo, IN6_PKTINFO);
    writeIpv6(out.view, info, source ?? Ipv6Address.unspecified);
    out.view.setUint32(info + 16, this.#interface.index, true);
    out.setPayload(index, payload);
    return true;
  }

  /** Messages that the queue has room for. */
  get room(): number {
    return this.#socket.room;
  }

  /** Sends the queue. What the kernel refuses (`ENETDOWN`, `EINVAL`, `ENOBUFS`) is dropped and counted. */
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
    return readSocketAddress(batch.view, batch.name(index));
  }

  destination(index: number): Ipv6Address {
    const batch = this.#received(index);
    const at = batch.control(index, SOL_IPV6, Ipv6Option.packetInfo);
    return at < 0 ? Ipv6Address.unspecified : readIpv6(batch.view, at);
  }

  hopLimit(index: number): number {
    const batch = this.#received(index);
    const at = batch.control(index, SOL_IPV6, IPV6_HOPLIMIT);
    return at < 0 ? 0 : batch.view.getInt32(at, true);
  }

  interfaceIndex(index: number): number {
    const batch = this.#received(index);
    const at = batch.control(index, SOL_IPV6, Ipv6Option.packetInfo);
    return at < 0 ? 0 : batch.view.getUint32(at + 16, true);
  }

  #received(index: number): MessageBatch {
    if (this.#batch === undefined || index < 0 || index >= this.count) {
      throw new RangeError(`there is no message ${index}`);
    }
    return this.#batch;
  }
}

/** struct icmp6_filter (RFC 3542 section 3.2): Linux drops the types whose bits are set. */
function filterOf(types: readonly number[]): Uint8Array {
  const filter = new Uint8Array(FILTER_OCTETS).fill(0xff);
  const view = new DataView(filter.buffer);
  for (const type of types) {
    const at = (type >> 5) * 4;
    view.setUint32(at, view.getUint32(at, true) & ~(1 << (type & 31)), true);
  }
  return filter;
}
