import { encodeMessage, type RouterAdvertisement } from '@router7/ndp';
import { EtherType, encodeEthernet, encodeIcmpv6, encodeIpv6, IpProtocol } from '@router7/pcap';
import { Ipv6Address, MacAddress } from '@router7/wire';
import { PacketSocket } from '../system/packet-socket.ts';

const ALL_NODES = Ipv6Address.parse('ff02::1');
/** Where a packet to all nodes goes on Ethernet (RFC 2464 section 7). */
const ALL_NODES_MAC = MacAddress.parse('33:33:00:00:00:01');
/** MIN_DELAY_BETWEEN_RAS (RFC 4861 section 10), which holds for other people's names as well. */
const INTERVAL_MS = 3000;
/** Of how many routers it is known when they were last spoken for. */
const MOST_ROUTERS = 64;

/** Sends advertisements in the name of other routers on a link, at most one every three seconds for each. */
export class CounterSender {
  readonly #socket: PacketSocket;
  readonly #hardwareAddress: MacAddress;
  readonly #sentAt = new Map<bigint, number>();

  /** @throws SystemError `ENODEV` when the interface is gone, `EPERM` */
  constructor(interfaceIndex: number, hardwareAddress: MacAddress) {
    this.#hardwareAddress = hardwareAddress;
    // It only sends: what comes in of an EtherType for experiments (IEEE 802) is nothing.
    this.#socket = PacketSocket.open({ interfaceIndex, etherType: 0x88b5, layer: 'frame' });
  }

  /** @returns false when it is too soon */
  send(router: Ipv6Address, advertisement: RouterAdvertisement, now: number): boolean {
    const before = this.#sentAt.get(router.value) ?? Number.NEGATIVE_INFINITY;
    if (now - before < INTERVAL_MS) return false;
    if (this.#sentAt.size >= MOST_ROUTERS) this.#sentAt.clear();
    this.#sentAt.set(router.value, now);
    this.#socket.queue(this.#frame(router, advertisement), ALL_NODES_MAC);
    this.#socket.flush();
    return true;
  }

  close(): void {
    this.#socket.close();
  }

  /** The sender on Ethernet is ourselves: switches learn nothing that is not true. */
  #frame(source: Ipv6Address, advertisement: RouterAdvertisement): Uint8Array {
    const [type, code, , , ...body] = encodeMessage(advertisement);
    const message = { type: type as number, code: code as number, body: Uint8Array.from(body) };
    const payload = encodeIpv6({
      trafficClass: 0,
      flowLabel: 0,
      hopLimit: 255,
      source,
      destination: ALL_NODES,
      extensionHeaders: [],
      nextHeader: IpProtocol.icmpv6,
      payload: encodeIcmpv6(message, { source, destination: ALL_NODES }),
    });
    return encodeEthernet({
      destination: ALL_NODES_MAC,
      source: this.#hardwareAddress,
      tags: [],
      etherType: EtherType.ipv6,
      payload,
    });
  }
}
