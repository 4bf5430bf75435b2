import type { ServerEvent, ServerInput, ServerOutput } from '@router7/dhcp4';
import { EtherType, writeIpv4Udp } from '@router7/pcap';
import { ByteWriter, type Ipv4Address, MacAddress } from '@router7/wire';
import type { Receive, Transport } from '../runtime/drive.ts';
import type { DurableTable } from '../runtime/journal-table.ts';
import type { Log } from '../runtime/log.ts';
import { errorCode } from '../system/libc.ts';
import { nothingFilter } from '../system/packet-filter.ts';
import { PacketSocket } from '../system/packet-socket.ts';
import { type UdpDatagrams, UdpSocket } from '../system/udp-socket.ts';
import { AddressProber } from './address-prober.ts';
import { HeldReplies, type HeldReply } from './held-replies.ts';

const SERVER_PORT = 67;
/** RFC 2131 says nothing about it; router7 and ISC dhcpd differ. The most lets a reply survive any relay's rewriting. */
const TTL = 255;
/**
 * With so many replies waiting for the disk there are more on their way: the write that is due waits for one more look at
 * the socket, and serves them too. It costs as much processor time as several replies do.
 */
const BUSY = 4;
const PATIENCE = 4;
const BROADCAST_OCTETS: Uint8Array = MacAddress.broadcast.toBytes();

/** The interface that a server works on. */
export interface ServerLink {
  readonly index: number;
  readonly name: string;
  readonly hardwareAddress: MacAddress;
  /** The own address there: the source of replies that are framed by hand. */
  readonly address: Ipv4Address;
}

/** What the transport has done besides moving datagrams. */
export interface ServerTransportCounters {
  /** Datagrams that were longer than any DHCP message is here. */
  truncated: number;
  /** Replies that found no room in a queue: their clients ask again. */
  unsent: number;
  /** Replies that were not sent because their lease could not be written. */
  withheld: number;
}

/**
 * Connects a DHCPv4 server engine with an interface.
 *
 * Requests come by a UDP socket that is bound to the interface, up to 64 with one system call. Replies to hosts that
 * have an address go the same way. Replies to hosts that have none are framed by hand and go by a packet socket: the
 * kernel would ask by ARP for an address that nobody has yet (RFC 2131 section 4.1).
 *
 * Replies that promise something wait until the lease table is safe, all of a batch for the same write; the others leave
 * before that.
 */
export class ServerTransport implements Transport<ServerInput, ServerOutput> {
  readonly counters: ServerTransportCounters = { truncated: 0, unsent: 0, withheld: 0 };
  readonly #link: ServerLink;
  readonly #log: Log;
  readonly #onEvent: (event: ServerEvent) => void;
  readonly #table: DurableTable | undefined;
  readonly #udp: UdpSocket;
  readonly #frames: PacketSocket;
  readonly #prober: AddressProber;
  /** Replies that wait for the next write, and those that wait for the one that is under way. */
  #held = new HeldReplies();
  #inWriting = new HeldReplies();
  readonly #packet = new ByteWriter(1536);
  /** The disk is being written to, by a thread. */
  #underway: Promise<void> | undefined;
  /** There is more to be written once it is done. */
  #again = false;
  /** A write has been put off for what comes in next. */
  #deferred: NodeJS.Immediate | undefined;
  /** How often the write may be put off further. */
  #patience = 0;
  #receive: Receive<ServerInput> | undefined;
  #lastError = '';

  /**
   * Opens the sockets.
   *
   * @param onEvent gets every output that is not a datagram or a probe, as soon as it is there
   * @param table what has to be safe before an acknowledgement leaves; undefined when nothing is kept
   * @throws SystemError `ENODEV` when the interface is gone, `EADDRINUSE`, `EPERM`, `EACCES`
   */
  constructor(link: ServerLink, log: Log, onEvent: (event: ServerEvent) => void, table?: DurableTable) {
    this.#link = link;
    this.#log = log;
    this.#onEvent = onEvent;
    this.#table = table;
    this.#udp = UdpSocket.open({ interfaceName: link.name, port: SERVER_PORT, lingers: true });
    try {
      this.#frames = PacketSocket.open({
        interfaceIndex: link.index,
        etherType: EtherType.ipv4,
        layer: 'network',
        filter: nothingFilter,
      });
    } catch (error) {
      this.#udp.close();
      throw error;
    }
    const used = (address: Ipv4Address, hardwareAddress: MacAddress): void =>
      void this.#receive?.([{ kind: 'probed', address, inUse: true, hardwareAddress }]);
    this.#prober = new AddressProber(link, used, this.#survive);
  }

  start(receive: Receive<ServerInput>): void {
    this.#receive = receive;
    this.#udp.start((datagrams) => receive(this.#inputs(datagrams)), this.#survive);
  }

  perform(output: ServerOutput): void {
    switch (output.kind) {
      case 'send':
        if (output.durable && this.#table !== undefined) this.#held.add(output);
        else this.#queue(output);
        return;
      case 'probe':
        this.#prober.probe(output.address);
        return;
      default:
        this.#onEvent(output);
    }
  }

  flush(): void | Promise<void> {
    this.#flushSockets();
    if (this.#underway !== undefined) {
      this.#again = true;
      return this.#underway;
    }
    if (this.#deferred !== undefined) return;
    if (this.#held.count < BUSY) return this.#commit();
    this.#patience = PATIENCE;
    this.#defer();
  }

  close(): void {
    this.#receive = undefined;
    clearImmediate(this.#deferred);
    this.#again = false;
    if (this.#underway === undefined) void this.#commit();
    this.#prober.close();
    this.#udp.close();
    this.#frames.close();
  }

  /** Has the write wait for the next turn of the event loop, as long as that brings more that needs it. */
  #defer(): void {
    const count = this.#held.count;
    // Twice through the event loop: what comes in during the first turn is handled after this callback.
    this.#deferred = setImmediate(() => {
      this.#deferred = setImmediate(() => {
        this.#deferred = undefined;
        if (this.#held.count > count && --this.#patience > 0) this.#defer();
        else void this.#commit();
      });
    });
  }

  /** Makes the table safe, then sends what has waited for it. */
  #commit(): void | Promise<void> {
    if (this.#table === undefined) return;
    let pending: void | Promise<void>;
    try {
      pending = this.#table.sync();
    } catch {
      // Told by the table.
      this.#withhold(this.#held);
      return;
    }
    if (pending === undefined) {
      this.#release(this.#held);
      return;
    }
    // What is added from here on is not in this write.
    const written = this.#held;
    this.#held = this.#inWriting;
    this.#inWriting = written;
    this.#underway = pending
      .then(
        () => this.#release(written),
        () => this.#withhold(written),
      )
      .finally(() => {
        this.#underway = undefined;
        if (!this.#again) return;
        this.#again = false;
        return this.#commit();
      });
    return this.#underway;
  }

  #inputs(datagrams: UdpDatagrams): ServerInput[] {
    const inputs: ServerInput[] = [];
    for (let index = 0; index < datagrams.count; index++) {
      if (datagrams.isTruncated(index)) this.counters.truncated++;
      else inputs.push({ kind: 'datagram', payload: datagrams.payload(index), source: datagrams.source(index) });
    }
    return inputs;
  }

  readonly #queue = (reply: HeldReply): void => {
    const { payload, destination, port, hardwareAddress } = reply;
    if (hardwareAddress !== undefined || destination.isBroadcast) {
      this.#queueFrame(reply, hardwareAddress ?? BROADCAST_OCTETS);
      return;
    }
    if (this.#udp.room === 0) this.#udp.flush();
    if (!this.#udp.queue(payload, destination, port)) this.counters.unsent++;
  };

  #queueFrame({ payload, destination, port }: HeldReply, hardwareAddress: Uint8Array): void {
    const packet = this.#packet;
    packet.reset();
    writeIpv4Udp(packet, {
      source: this.#link.address,
      destination,
      sourcePort: SERVER_PORT,
      destinationPort: port,
      ttl: TTL,
      dontFragment: true,
      payload,
    });
    if (this.#frames.room === 0) this.#frames.flush();
    if (!this.#frames.queue(packet.view(), hardwareAddress)) this.counters.unsent++;
  }

  #flushSockets(): void {
    this.#udp.flush();
    this.#frames.flush();
  }

  #release(replies: HeldReplies): void {
    if (replies.count === 0) return;
    replies.release(this.#queue);
    this.#flushSockets();
  }

  #withhold(replies: HeldReplies): void {
    this.counters.withheld += replies.drop();
  }

  readonly #survive = (error: Error): void => {
    const code = errorCode(error) ?? error.message;
    // An interface that is down says so again and again.
    if (code === this.#lastError) return;
    this.#lastError = code;
    this.#log.warn('socket error', { interface: this.#link.name, error });
  };
}
