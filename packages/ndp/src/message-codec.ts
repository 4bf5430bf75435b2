import { ByteReader, ByteWriter, DecodeError, EncodeError, errorWithin } from '@router7/wire';
import { type Message, MessageType, type NeighborAdvertisement, type RouterAdvertisement } from './message.ts';
import { readOptions, writeOptions } from './option-codec.ts';
import { Preference, preferenceBits, preferenceOf } from './preference.ts';

/** Bits of the octet behind Cur Hop Limit (IANA's "IPv6 ND Router Advertisement Flags"). */
const RouterFlag = { managed: 0x80, other: 0x40, homeAgent: 0x20, proxy: 0x04 } as const;
const PREFERENCE_SHIFT = 3;
/** Bits of the octet behind the checksum of a Neighbor Advertisement. */
const NeighborFlag = { router: 0x80, solicited: 0x40, override: 0x20 } as const;

/**
 * Decodes a Neighbor Discovery message (RFC 4861 section 4). Octets in the result are views of `bytes`: copy what has to
 * outlive them. A known option whose value is malformed is kept as such; whoever acts on a message passes it over.
 * Reserved fields are not looked at. What the IP header tells is for {@link messageFault}.
 *
 * @param bytes the ICMPv6 message from its type on. The checksum is not looked at: it needs the packet's addresses
 * @throws DecodeError `bad-magic` (another type of ICMPv6 message), `bad-value` (a code other than 0), `truncated`,
 *   `bad-length` (an option of length 0)
 */
export function decodeMessage(bytes: Uint8Array): Message {
  // What is given out shall be plain views: those of Node's Buffer are Buffers, whose slice() copies nothing.
  const reader = new ByteReader(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  const type = reader.u8();
  // 6.1.1, 6.1.2, 7.1.1, 7.1.2, 8.1: "ICMP Code is 0."
  if (reader.u8() !== 0) throw new DecodeError('bad-value', 'the code is not 0', 1);
  reader.skip(2);
  switch (type) {
    case MessageType.routerSolicitation:
      reader.skip(4);
      return { kind: 'routerSolicitation', options: readOptions(reader) };
    case MessageType.routerAdvertisement:
      return readRouterAdvertisement(reader);
    case MessageType.neighborSolicitation:
      reader.skip(4);
      return { kind: 'neighborSolicitation', targetAddress: reader.ipv6(), options: readOptions(reader) };
    case MessageType.neighborAdvertisement:
      return readNeighborAdvertisement(reader);
    case MessageType.redirect:
      reader.skip(4);
      return {
        kind: 'redirect',
        targetAddress: reader.ipv6(),
        destinationAddress: reader.ipv6(),
        options: readOptions(reader),
      };
    default:
      throw new DecodeError('bad-magic', `ICMPv6 type ${type} is not Neighbor Discovery's`, 0);
  }
}

function readRouterAdvertisement(reader: ByteReader): RouterAdvertisement {
  const curHopLimit = reader.u8();
  const flags = reader.u8();
  return {
    kind: 'routerAdvertisement',
    curHopLimit,
    managedAddressConfiguration: (flags & RouterFlag.managed) !== 0,
    otherConfiguration: (flags & RouterFlag.other) !== 0,
    homeAgent: (flags & RouterFlag.homeAgent) !== 0,
    // RFC 4191 2.2: "If the Reserved (10) value is received, the receiver MUST treat the value as if it were (00)."
    preference: preferenceOf((flags >>> PREFERENCE_SHIFT) & 3) ?? Preference.medium,
    proxy: (flags & RouterFlag.proxy) !== 0,
    routerLifetimeSeconds: reader.u16(),
    reachableTimeMilliseconds: reader.u32(),
    retransTimerMilliseconds: reader.u32(),
    options: readOptions(reader),
  };
}

function readNeighborAdvertisement(reader: ByteReader): NeighborAdvertisement {
  const flags = reader.u8();
  reader.skip(3);
  return {
    kind: 'neighborAdvertisement',
    router: (flags & NeighborFlag.router) !== 0,
    solicited: (flags & NeighborFlag.solicited) !== 0,
    override: (flags & NeighborFlag.override) !== 0,
    targetAddress: reader.ipv6(),
    options: readOptions(reader),
  };
}

/**
 * Encodes a Neighbor Discovery message. The checksum is left 0: it needs the packet's addresses, and the kernel fills it
 * in on a raw ICMPv6 socket (RFC 3542 section 3.1).
 *
 * @throws EncodeError `out-of-range` (a number that does not fit its field), `too-long` (an option), `bad-value` (an
 *   option's value; the reserved preference; an option that does not end at a multiple of 8 octets)
 */
export function encodeMessage(message: Message): Uint8Array {
  const type: number | undefined = MessageType[message.kind];
  if (type === undefined) throw new EncodeError('bad-value', `there is no message of the kind ${message.kind}`);
  const writer = new ByteWriter(256);
  writer.u8(type);
  writer.u8(0);
  writer.u16(0);
  switch (message.kind) {
    case 'routerSolicitation':
      writer.u32(0);
      break;
    case 'routerAdvertisement':
      writeRouterAdvertisement(writer, message);
      break;
    case 'neighborSolicitation':
      writer.u32(0);
      writer.ipv6(message.targetAddress);
      break;
    case 'neighborAdvertisement':
      writeNeighborAdvertisement(writer, message);
      break;
    case 'redirect':
      writer.u32(0);
      writer.ipv6(message.targetAddress);
      writer.ipv6(message.destinationAddress);
      break;
  }
  writeOptions(writer, message.options);
  return writer.finish();
}

function writeRouterAdvertisement(writer: ByteWriter, message: RouterAdvertisement): void {
  let field = 'curHopLimit';
  try {
    writer.u8(message.curHopLimit);
    field = 'preference';
    writer.u8(
      (message.managedAddressConfiguration ? RouterFlag.managed : 0) |
        (message.otherConfiguration ? RouterFlag.other : 0) |
        (message.homeAgent ? RouterFlag.homeAgent : 0) |
        (preferenceBits(message.preference) << PREFERENCE_SHIFT) |
        (message.proxy ? RouterFlag.proxy : 0),
    );
    field = 'routerLifetimeSeconds';
    writer.u16(message.routerLifetimeSeconds);
    field = 'reachableTimeMilliseconds';
    writer.u32(message.reachableTimeMilliseconds);
    field = 'retransTimerMilliseconds';
    writer.u32(message.retransTimerMilliseconds);
  } catch (error) {
    throw errorWithin(field, error);
  }
}

function writeNeighborAdvertisement(writer: ByteWriter, message: NeighborAdvertisement): void {
  writer.u8(
    (message.router ? NeighborFlag.router : 0) |
      (message.solicited ? NeighborFlag.solicited : 0) |
      (message.override ? NeighborFlag.override : 0),
  );
  writer.u24(0);
  writer.ipv6(message.targetAddress);
}
