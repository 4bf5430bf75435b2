import { RecordType, ResponseScan, ResponseView, scanResponse } from '@router7/dns';

const view = new ResponseView();

/**
 * Counts the TTLs of a message down by the time that it has spent in HTTP caches. RFC 8484 section 5.1: "The DoH client
 * MUST account for the Age of a response when calculating the DNS TTL of a response."
 *
 * @param message is changed
 * @param age seconds
 * @returns the same message
 */
export function subtractAge(message: Uint8Array, age: number): Uint8Array {
  if (age === 0 || scanResponse(view, message, 0, message.length) !== ResponseScan.ok) return message;
  const octets = new DataView(message.buffer, message.byteOffset, message.byteLength);
  for (let i = 0; i < view.records; i++) {
    if (view.recordType[i] === RecordType.opt) continue;
    const at = view.ttlAt[i] as number;
    octets.setUint32(at, Math.max(octets.getUint32(at) - age, 0));
  }
  return message;
}
