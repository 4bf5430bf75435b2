import type { ServerEvent, ServerInput, ServerOutput, ServerSend } from '@router7/dhcp4';
import { EtherType, writeIpv4Udp } from '@router7/pcap';
import { ByteWriter, type Ipv4Address, MacAddress } from '@router7/wire';
import type { Receive, Transport } from '../runtime/drive.ts';
import { DurableReplies, type ReplyCounters } from '../runtime/durable-replies.ts';
import type { DurableTable } from '../runtime/durable-table.ts';
import type { Log } from '../runtime/log.ts';
import { errorCode } from '../system/libc.ts';
import { nothingFilter } from '../system/packet-filter.ts';
import { PacketSocket } from '../system/packet-socket.ts';
import { type UdpDatagrams, UdpSocket } from '../system/udp-socket.ts';
import { AddressProber } from './address-prober.ts';

const SERVER_PORT = 67;
/** RFC 2131 says nothing about it; router7 and ISC dhcpd differ. The most lets a reply survive any relay's rewriting. */
const TTL = 255;
const BROADCAST_OCTETS: Uint8Array = MacAddress.broadcast.toBytes();

/** The interface that a server works on. */
export interface ServerLink {
  readonly index: number;
  readonly name: string;
  readonly hardwareAddress: MacAddress;
  /** The own address there: the source of replies that are framed by hand. */
  readonly address: Ipv4Address;
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
  readonly #link: ServerLink;
  readonly #log: Log;
  readonly #onEvent: (event: ServerEvent) => void;
  readonly #udp: UdpSocket;
  readonly #frames: PacketSocket;
  readonly #prober: AddressProber;
  readonly #replies: DurableReplies<ServerSend>;
  readonly #packet = new ByteWriter(1536);
  #receive: Receive<ServerInput> | undefined;
  #truncated = 0;
  #unsent = 0;
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
    this.#replies = new DurableReplies(table, this.#queue, () => this.#flushSockets());
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

  /** As of now. */
  get counters(): ReplyCounters {
    return { truncated: this.#truncated, unsent: this.#unsent, withheld: this.#replies.withheld };
  }

  start(receive: Receive<ServerInput>): void {
    this.#receive = receive;
    this.#udp.start(
      (datagrams) => receive(this.#inputs(datagrams)),
      this.#survive,
      () => this.#replies.settle(),
    );
  }

  perform(output: ServerOutput): void {
    switch (output.kind) {
      case 'send':
        this.#replies.add(output, output.durable);
        return;
      case 'probe':
        this.#prober.probe(output.address);
        return;
      default:
        this.#onEvent(output);
    }
  }

  flush(): void | Promise<void> {
    return this.#replies.flush();
  }

  close(): void {
    this.#receive = undefined;
    this.#replies.close();
    this.#prober.close();
    this.#udp.close();
    this.#frames.close();
  }

  #inputs(datagrams: UdpDatagrams): ServerInput[] {
    const inputs: ServerInput[] = [];
    for (let index = 0; index < datagrams.count; index++) {
      if (datagrams.isTruncated(index)) this.#truncated++;
      else inputs.push({ kind: 'datagram', payload: datagrams.payload(index), source: datagrams.source(index) });
    }
    return inputs;
  }

  readonly #queue = ({ destination, port, hardwareAddress }: ServerSend, payload: Uint8Array): void => {
    if (hardwareAddress !== undefined || destination.isBroadcast) {
      this.#queueFrame(payload, destination, port, hardwareAddress ?? BROADCAST_OCTETS);
      return;
    }
    if (this.#udp.room === 0) this.#udp.flush();
    if (!this.#udp.queue(payload, destination, port)) this.#unsent++;
  };

  #queueFrame(payload: Uint8Array, destination: Ipv4Address, port: number, hardwareAddress: Uint8Array): void {
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
    if (!this.#frames.queue(packet.view(), hardwareAddress)) this.#unsent++;
  }

  #flushSockets(): void {
    this.#udp.flush();
    this.#frames.flush();
  }

  readonly #survive = (error: Error): void => {
    const code = errorCode(error) ?? error.message;
    // An interface that is down says so again and again.
    if (code === this.#lastError) return;
    this.#lastError = code;
    this.#log.warn('socket error', { interface: this.#link.name, error });
  };
}
