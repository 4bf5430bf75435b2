import {
  HEADER_LENGTH,
  nameKey,
  RecordClass,
  RecordType,
  ResponseScan,
  ResponseView,
  Section,
  scanResponse,
} from '@router7/dns';
import { Ipv4Address, Ipv6Address } from '@router7/wire';

/** Recursion desired, one question. */
const HEADER = [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];

const view = new ResponseView();

/** Addresses of a host, and for how long they are good. */
export interface FoundAddresses {
  readonly addresses: readonly string[];
  readonly ttlSeconds: number;
}

/** A question for the addresses of a host. @throws EncodeError when that is no name */
export function encodeAddressQuestion(id: number, name: string, type: 'a' | 'aaaa'): Uint8Array {
  const octets = Uint8Array.from([...HEADER, ...nameKey(name), 0, RecordType[type], 0, RecordClass.internet]);
  octets[0] = id >> 8;
  octets[1] = id & 0xff;
  return octets;
}

/**
 * The addresses in an answer. Those that lead back to this machine are left out: a question for a server's address must
 * not go to that server.
 *
 * @returns undefined when it is no answer to the question, or the server could not find out
 */
export function readAddresses(question: Uint8Array, message: Uint8Array): FoundAddresses | undefined {
  if (scanResponse(view, message, 0, message.length) !== ResponseScan.ok || view.rcode !== 0) return undefined;
  for (let i = HEADER_LENGTH; i < question.length; i++) if (message[i] !== question[i]) return undefined;
  const octets = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const addresses: string[] = [];
  let ttlSeconds = Infinity;
  for (let i = 0; i < view.records; i++) {
    if (view.section[i] !== Section.answer || view.recordClass[i] !== RecordClass.internet) continue;
    const at = view.dataAt[i] as number;
    const address = readAddress(
      view.recordType[i] as number,
      message.subarray(at, at + (view.dataLength[i] as number)),
    );
    if (address === undefined) continue;
    addresses.push(address);
    ttlSeconds = Math.min(ttlSeconds, octets.getUint32(view.ttlAt[i] as number));
  }
  return { addresses, ttlSeconds };
}

function readAddress(type: number, data: Uint8Array): string | undefined {
  if (type === RecordType.a && data.length === 4) {
    const address = Ipv4Address.fromBytes(data);
    const isHost = !address.isUnspecified && !address.isLoopback && !address.isMulticast && !address.isBroadcast;
    return isHost ? String(address) : undefined;
  }
  if (type === RecordType.aaaa && data.length === 16) {
    const address = Ipv6Address.fromBytes(data);
    const isHost = !address.isUnspecified && !address.isLoopback && !address.isMulticast && !address.isLinkLocal;
    // IPv4 in IPv6 would be a way around the rules above.
    return isHost && address.value >> 32n !== 0xffffn ? String(address) : undefined;
  }
  return undefined;
}
