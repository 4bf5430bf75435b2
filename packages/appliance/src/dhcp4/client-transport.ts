import type { ClientEvent, ClientInput, ClientOutput, ClientSend } from '@router7/dhcp4';
import {
  ArpOperation,
  decodeArp,
  decodeIpv4Udp,
  EtherType,
  encodeArp,
  encodeIpv4Udp,
  writeEthernetHeader,
} from '@router7/pcap';
import { ByteWriter, DecodeError, Ipv4Address, MacAddress } from '@router7/wire';
import type { Receive, Transport } from '../runtime/drive.ts';
import type { Log } from '../runtime/log.ts';
import { errorCode } from '../system/libc.ts';
import { arpFilter, udpPortFilter } from '../system/packet-filter.ts';
import { PacketSocket, type Packets } from '../system/packet-socket.ts';
import { UdpSocket } from '../system/udp-socket.ts';

const CLIENT_PORT = 68;
const SERVER_PORT = 67;
const ETHERNET_HEADER = 14;

/** The interface that a client works on. */
export interface ClientLink {
  readonly index: number;
  readonly name: string;
  /** Source of frames and `chaddr`; the interface may have another one still. */
  readonly hardwareAddress: MacAddress;
}

/** What came in and was of no use, by reason. */
export interface ClientTransportCounters {
  malformed: number;
  unsent: number;
}

/**
 * Connects a DHCPv4 client engine with an interface: frames by AF_PACKET, since there is no address before there is a
 * lease, and unicast to the server by an ordinary socket, which the kernel routes and resolves (RFC 2131 section 4.1).
 */
export class ClientTransport implements Transport<ClientInput, ClientOutput> {
  readonly counters: ClientTransportCounters = { malformed: 0, unsent: 0 };
  readonly #link: ClientLink;
  readonly #log: Log;
  readonly #onEvent: (event: ClientEvent) => void;
  readonly #frames: PacketSocket;
  readonly #arp: PacketSocket;
  /** Bound to the client's port also so that the kernel does not answer a server's unicast with "port unreachable". */
  readonly #unicast: UdpSocket;

  /** Opens the sockets. @throws SystemError `ENODEV` when the interface is gone, `EPERM` */
  constructor(link: ClientLink, log: Log, onEvent: (event: ClientEvent) => void) {
    this.#link = link;
    this.#log = log;
    this.#onEvent = onEvent;
    const shared = { interfaceIndex: link.index, layer: 'frame' } as const;
    const opened: { close(): void }[] = [];
    const open = <T extends { close(): void }>(socket: T): T => {
      opened.push(socket);
      return socket;
    };
    try {
      this.#frames = open(
        PacketSocket.open({
          ...shared,
          etherType: EtherType.ipv4,
          filter: udpPortFilter(CLIENT_PORT, ETHERNET_HEADER),
        }),
      );
      this.#arp = open(
        PacketSocket.open({
          ...shared,
          etherType: EtherType.arp,
          filter: arpFilter(ETHERNET_HEADER),
          payloadSize: 128,
        }),
      );
      this.#unicast = open(UdpSocket.open({ interfaceName: link.name, port: CLIENT_PORT }));
    } catch (error) {
      for (const socket of opened) socket.close();
      throw error;
    }
  }

  start(receive: Receive<ClientInput>): void {
    const survive = (error: Error): void => {
      // The interface being down is told by its carrier.
      if (errorCode(error) !== 'ENETDOWN') this.#log.warn('socket error', { interface: this.#link.name, error });
    };
    this.#frames.start((packets) => receive(this.#decode(packets, datagramInput)), survive);
    this.#arp.start((packets) => receive(this.#decode(packets, arpInput)), survive);
    // The packet socket has seen the same datagrams; this one is only emptied.
    this.#unicast.start(() => undefined, survive);
  }

  perform(output: ClientOutput): void {
    switch (output.kind) {
      case 'send':
        this.#send(output);
        return;
      case 'arp-probe':
        this.#sendArp(output.address, Ipv4Address.unspecified);
        return;
      case 'arp-announce':
        this.#sendArp(output.address, output.address);
        return;
      default:
        this.#onEvent(output);
    }
  }

  flush(): void {
    this.#frames.flush();
    this.#arp.flush();
    this.#unicast.flush();
  }

  close(): void {
    this.#frames.close();
    this.#arp.close();
    this.#unicast.close();
  }

  #send(output: ClientSend): void {
    const unicast = !output.source.isUnspecified && !output.destination.isBroadcast;
    if (unicast) {
      if (!this.#unicast.queue(output.payload, output.destination, SERVER_PORT)) this.counters.unsent++;
      return;
    }
    const packet = encodeIpv4Udp({
      source: output.source,
      destination: output.destination,
      sourcePort: CLIENT_PORT,
      destinationPort: SERVER_PORT,
      dontFragment: true,
      payload: output.payload,
    });
    this.#queueFrame(this.#frames, EtherType.ipv4, packet);
  }

  /** RFC 5227 section 1.1: a probe's sender address is all zero, an announcement's is the address itself. */
  #sendArp(target: Ipv4Address, sender: Ipv4Address): void {
    const packet = encodeArp({
      kind: 'ethernet',
      operation: ArpOperation.request,
      senderHardwareAddress: this.#link.hardwareAddress,
      senderProtocolAddress: sender,
      targetHardwareAddress: MacAddress.zero,
      targetProtocolAddress: target,
    });
    this.#queueFrame(this.#arp, EtherType.arp, packet);
  }

  #queueFrame(socket: PacketSocket, etherType: number, packet: Uint8Array): void {
    const writer = new ByteWriter(ETHERNET_HEADER + packet.length);
    writeEthernetHeader(writer, {
      destination: MacAddress.broadcast,
      source: this.#link.hardwareAddress,
      tags: [],
      etherType,
    });
    writer.bytes(packet);
    if (!socket.queue(writer.view(), MacAddress.broadcast)) this.counters.unsent++;
  }

  #decode(packets: Packets, toInput: (packet: Uint8Array) => ClientInput | undefined): readonly ClientInput[] {
    const inputs: ClientInput[] = [];
    for (let index = 0; index < packets.count; index++) {
      try {
        const input = toInput(packets.payload(index).subarray(ETHERNET_HEADER));
        if (input !== undefined) inputs.push(input);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        this.counters.malformed++;
      }
    }
    return inputs;
  }
}

// Checksums are not verified: on a virtual Ethernet they are never filled in, and the engine believes nothing else either.
function datagramInput(packet: Uint8Array): ClientInput | undefined {
  const datagram = decodeIpv4Udp(packet);
  if (datagram === undefined || datagram.destinationPort !== CLIENT_PORT) return undefined;
  const { payload, source, sourcePort } = datagram;
  return { kind: 'datagram', payload, source, sourcePort };
}

function arpInput(packet: Uint8Array): ClientInput | undefined {
  const arp = decodeArp(packet);
  if (arp.kind !== 'ethernet') return undefined;
  return {
    kind: 'arp',
    operation: arp.operation,
    senderHardwareAddress: arp.senderHardwareAddress,
    senderAddress: arp.senderProtocolAddress,
    targetAddress: arp.targetProtocolAddress,
  };
}
