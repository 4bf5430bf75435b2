import { ArpOperation, decodeArp, EtherType, encodeArp } from '@router7/pcap';
import { DecodeError, Ipv4Address, MacAddress } from '@router7/wire';
import { arpFilter } from '../system/packet-filter.ts';
import { PacketSocket, type Packets } from '../system/packet-socket.ts';

/** A question that got lost is asked again after this many milliseconds; the engine waits for 500. */
const REPEAT_AFTER = 200;
/** The socket is closed when nothing has been asked for this long: without it, ARP on the link costs nothing. */
const IDLE = 3000;

/** An address that was asked for. */
interface Asked {
  /** When the socket may forget it (performance.now()). */
  readonly until: number;
  /** Who has answered last: the same host is told once. */
  user: MacAddress | undefined;
}

/** The interface that is asked on. */
export interface ProbeLink {
  readonly index: number;
  readonly hardwareAddress: MacAddress;
}

/**
 * Finds out whether some host uses an address (row D4S-13): RFC 2131 section 2.2 wants a server to probe an address
 * before it gives it to somebody new. An ARP probe (RFC 5227 section 2.1.1) is answered by hosts that drop ICMP, too.
 */
export class AddressProber {
  readonly #link: ProbeLink;
  readonly #onUsed: (address: Ipv4Address, user: MacAddress) => void;
  readonly #onError: (error: Error) => void;
  readonly #asked = new Map<number, Asked>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #socket: PacketSocket | undefined;
  #idle: NodeJS.Timeout | undefined;

  /**
   * @param onUsed an address that was asked for is in use, and who uses it; also told when the answer comes late, and of
   *   each host when several answer
   * @param onError the socket could not be opened or has failed: the address then counts as free
   */
  constructor(
    link: ProbeLink,
    onUsed: (address: Ipv4Address, user: MacAddress) => void,
    onError: (error: Error) => void,
  ) {
    this.#link = link;
    this.#onUsed = onUsed;
    this.#onError = onError;
  }

  /** Asks twice who has an address. The caller limits how many are asked for at a time. Never throws. */
  probe(address: Ipv4Address): void {
    try {
      this.#socket ??= this.#open();
    } catch (error) {
      this.#onError(error as Error);
      return;
    }
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#stop(), IDLE);
    this.#asked.set(address.value, { until: performance.now() + IDLE, user: undefined });
    this.#ask(address);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#ask(address);
    }, REPEAT_AFTER);
    this.#timers.add(timer);
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#stop();
  }

  #open(): PacketSocket {
    const socket = PacketSocket.open({
      interfaceIndex: this.#link.index,
      layer: 'network',
      etherType: EtherType.arp,
      filter: arpFilter(0),
      payloadSize: 128,
    });
    socket.start((packets) => this.#receive(packets), this.#onError);
    return socket;
  }

  #stop(): void {
    clearTimeout(this.#idle);
    this.#socket?.close();
    this.#socket = undefined;
    this.#asked.clear();
  }

  /** RFC 5227 section 2.1.1: an all-zero sender address, so that nobody's ARP cache changes. */
  #ask(address: Ipv4Address): void {
    if (this.#socket === undefined || !this.#asked.has(address.value)) return;
    const packet = encodeArp({
      kind: 'ethernet',
      operation: ArpOperation.request,
      senderHardwareAddress: this.#link.hardwareAddress,
      senderProtocolAddress: Ipv4Address.unspecified,
      targetHardwareAddress: MacAddress.zero,
      targetProtocolAddress: address,
    });
    this.#socket.queue(packet, MacAddress.broadcast);
    this.#socket.flush();
  }

  #receive(packets: Packets): void {
    for (let index = 0; index < packets.count; index++) {
      const sender = senderOf(packets.payload(index), this.#link.hardwareAddress);
      const asked = sender && this.#asked.get(sender.address.value);
      if (sender === undefined || asked === undefined || asked.user?.equals(sender.user) === true) continue;
      asked.user = sender.user;
      if (asked.until >= performance.now()) this.#onUsed(sender.address, sender.user);
    }
  }
}

/** A host and the address that it uses. */
interface Sender {
  readonly address: Ipv4Address;
  readonly user: MacAddress;
}

/** Who says to have an address: any ARP packet with it as the sender's does, reply or request (RFC 5227 section 2.1.1). */
function senderOf(packet: Uint8Array, own: MacAddress): Sender | undefined {
  try {
    const arp = decodeArp(packet);
    if (arp.kind !== 'ethernet' || arp.senderHardwareAddress.equals(own)) return undefined;
    return { address: arp.senderProtocolAddress, user: arp.senderHardwareAddress };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
