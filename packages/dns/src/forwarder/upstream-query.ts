import { EDNS_DNSSEC_OK, EdnsOptionCode } from '../edns-code.ts';
import { HEADER_LENGTH, HeaderFlag } from '../header.ts';
import { UPSTREAM_PAYLOAD_SIZE } from '../payload-size.ts';
import { RecordClass, RecordType } from '../record-type.ts';
import { copyOctets, writeU16 } from './message-writing.ts';
import type { Exchange } from './pending.ts';

/** Queries over TLS are padded to a multiple of so many octets (RFC 8467 section 4.1). */
const PADDING_BLOCK = 128;

/** What an upstream is asked to see whether it is there: the name servers of the root, which every resolver has. */
const PROBE_QUESTION = Uint8Array.of(0, 0, RecordType.ns, 0, RecordClass.internet);

/**
 * Writes what an upstream is sent: the client's question, and an OPT record of the forwarder's own. What a client says to
 * the forwarder only (cookies, keepalive, padding, its subnet) does not go on (RFC 6891 section 6.2.6).
 *
 * @param bytes with room for 65,535 octets
 * @returns octets of it
 */
export function writeUpstreamQuery(exchange: Exchange, bytes: Uint8Array): number {
  const { pending } = exchange;
  writeU16(bytes, 0, exchange.id);
  if (pending?.raw !== undefined) {
    bytes.set(pending.raw.subarray(2), 2);
    return pending.raw.length;
  }
  // RFC 6840 section 5.7: AD in a query says that the asker understands AD in the response.
  let flags: number = HeaderFlag.recursionDesired | HeaderFlag.authenticData;
  let end = HEADER_LENGTH;
  if (pending === undefined) {
    bytes.set(PROBE_QUESTION, end);
    end += PROBE_QUESTION.length;
  } else {
    if (pending.checkingDisabled) flags |= HeaderFlag.checkingDisabled;
    end = pending.questionEnd;
    copyOctets(bytes, HEADER_LENGTH, pending.question, HEADER_LENGTH, end - HEADER_LENGTH);
    if (exchange.caseSeed !== 0) mixCase(bytes, HEADER_LENGTH, end - 4, exchange.caseSeed);
  }
  writeU16(bytes, 2, flags);
  writeU16(bytes, 4, 1);
  bytes.fill(0, 6, 10);
  writeU16(bytes, 10, exchange.edns ? 1 : 0);
  return exchange.edns ? writeOpt(exchange, bytes, end) : end;
}

function writeOpt(exchange: Exchange, bytes: Uint8Array, end: number): number {
  const { pending, upstream } = exchange;
  bytes[end] = 0;
  writeU16(bytes, end + 1, RecordType.opt);
  writeU16(bytes, end + 3, UPSTREAM_PAYLOAD_SIZE);
  writeU16(bytes, end + 5, 0);
  writeU16(bytes, end + 7, pending?.dnssecOk === true ? EDNS_DNSSEC_OK : 0);
  let at = end + 11;
  if (exchange.cookie) {
    writeU16(bytes, at, EdnsOptionCode.cookie);
    writeU16(bytes, at + 2, upstream.cookieLength);
    copyOctets(bytes, at + 4, upstream.cookie, 0, upstream.cookieLength);
    at += 4 + upstream.cookieLength;
  }
  if (pending?.subnet !== undefined) {
    bytes.set(pending.subnet, at);
    at += pending.subnet.length;
  }
  if (upstream.settings.encrypted === true) {
    const padding = (PADDING_BLOCK - ((at + 4) % PADDING_BLOCK)) % PADDING_BLOCK;
    writeU16(bytes, at, EdnsOptionCode.padding);
    writeU16(bytes, at + 2, padding);
    bytes.fill(0, at + 4, at + 4 + padding);
    at += 4 + padding;
  }
  writeU16(bytes, end + 9, at - end - 11);
  return at;
}

/**
 * Gives each letter of a name a random case, the same one for the same seed: whoever forges an answer without having seen
 * the question has one bit more to guess for each letter (draft-vixie-dnsext-dns0x20).
 *
 * @param seed 32 random bits, not 0
 */
export function mixCase(bytes: Uint8Array, at: number, end: number, seed: number): void {
  let state = seed;
  for (let i = at; i < end; i++) {
    const lower = (bytes[i] as number) | 0x20;
    if (lower < 0x61 || lower > 0x7a) continue;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = (state & 0x8000) === 0 ? lower : lower & 0xdf;
  }
}

/** Whether letters have the case that {@link mixCase} gives them, at the same place in a message. */
export function hasMixedCase(bytes: Uint8Array, at: number, end: number, seed: number): boolean {
  let state = seed;
  for (let i = at; i < end; i++) {
    const octet = bytes[i] as number;
    const lower = octet | 0x20;
    if (lower < 0x61 || lower > 0x7a) continue;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    if (octet !== ((state & 0x8000) === 0 ? lower : lower & 0xdf)) return false;
  }
  return true;
}
