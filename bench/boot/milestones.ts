import { decodeMessage, MessageType, optionValue } from '@router7/dhcp4';
import { type CapturedPacket, decodeFrame, type Frame, IpProtocol, readCapture } from '@router7/pcap';

/**
 * When the first lease was given that passed a card.
 *
 * @param capture of the card
 * @param powerOn what the machine's clock said then
 * @returns seconds since power-on; undefined when there was none
 */
export function firstLease(capture: Uint8Array, powerOn: Date): number | undefined {
  return first(capture, powerOn, ({ udp }) => {
    if (udp?.sourcePort !== 67 || udp.destinationPort !== 68) return false;
    return optionValue(decodeMessage(udp.payload), 'dhcpMessageType') === MessageType.ack;
  });
}

/** As {@link firstLease}: when the first echo request to an address passed that is not the router's own business. */
export function firstForwarded(capture: Uint8Array, to: string, powerOn: Date): number | undefined {
  return first(
    capture,
    powerOn,
    ({ ipv4 }) => ipv4?.protocol === IpProtocol.icmp && ipv4.destination.toString() === to,
  );
}

function first(capture: Uint8Array, powerOn: Date, is: (frame: Frame) => boolean): number | undefined {
  for (const packet of packets(capture)) {
    if (is(frame(packet.bytes)) && packet.timestamp !== undefined) {
      return Number(packet.timestamp - BigInt(powerOn.getTime()) * 1_000_000n) / 1e9;
    }
  }
  return undefined;
}

/** All packets that are written as a whole so far. */
function packets(capture: Uint8Array): readonly CapturedPacket[] {
  const found: CapturedPacket[] = [];
  try {
    for (const record of readCapture(capture)) if (record.kind === 'packet') found.push(record);
  } catch {
    // QEMU is in the middle of the last one, or of the file's header.
  }
  return found;
}

function frame(bytes: Uint8Array): Frame {
  try {
    return decodeFrame(bytes);
  } catch {
    return {};
  }
}
