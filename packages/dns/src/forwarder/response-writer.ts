import { EDNS_DNSSEC_OK, EdnsOptionCode } from '../edns-code.ts';
import { HEADER_LENGTH, HeaderFlag, Rcode } from '../header.ts';
import { UPSTREAM_PAYLOAD_SIZE } from '../payload-size.ts';
import { RecordType } from '../record-type.ts';
import type { QueryView } from '../scan/query-view.ts';
import type { Asking } from './asker.ts';
import { copyOctets, readU16, writeU16 } from './message-writing.ts';
import { CLIENT_COOKIE_LENGTH, SERVER_COOKIE_LENGTH, type ServerCookies } from './server-cookies.ts';
import { countRcode, type ForwarderStatistics } from './statistics.ts';

/** Owner, type, class, TTL and length of an OPT record. */
const OPT_LENGTH = 11;
const OPTION_HEADER = 4;
const COOKIE_LENGTH = CLIENT_COOKIE_LENGTH + SERVER_COOKIE_LENGTH;
/** Of a query's flags, what its response repeats: opcode, RD and CD (RFC 4035 section 3.2.2). */
const REPEATED = 0x7800 | HeaderFlag.recursionDesired | HeaderFlag.checkingDisabled;

/** Makes what clients get: the header, and the OPT record of the forwarder's own. */
export class ResponseWriter {
  /** Undefined: clients get no cookies. */
  cookies: ServerCookies | undefined = undefined;
  /** How long a TCP connection stays open, milliseconds; 0: it is not said. */
  tcpIdleMs: number = 0;
  /** Who we are; no octets: nobody is told. */
  identity: Uint8Array = new Uint8Array(0);
  readonly #statistics: ForwarderStatistics;

  constructor(statistics: ForwarderStatistics) {
    this.#statistics = statistics;
  }

  /** Octets of the OPT record that the response to this query needs at most. */
  optLength(asking: Asking, extendedError: number, subnetLength: number = 0): number {
    if (!asking.hasOpt) return 0;
    let length = OPT_LENGTH + subnetLength;
    if (asking.hasCookie && this.cookies !== undefined) length += OPTION_HEADER + COOKIE_LENGTH;
    if (extendedError >= 0) length += OPTION_HEADER + 2;
    if (asking.overTcp && this.tcpIdleMs > 0) length += OPTION_HEADER + 2;
    if (asking.nsid && this.identity.length > 0) length += OPTION_HEADER + this.identity.length;
    return length;
  }

  /** Makes a query's header that of a response without records. */
  header(view: QueryView, rcode: number, extraFlags: number): void {
    const { bytes, start, questionEnd } = view;
    const flags = HeaderFlag.response | HeaderFlag.recursionAvailable | (view.flags & REPEATED) | extraFlags;
    writeU16(bytes, start + 2, flags | (rcode & 0xf));
    writeU16(bytes, start + 4, questionEnd > start + HEADER_LENGTH ? 1 : 0);
    bytes.fill(0, start + 6, start + HEADER_LENGTH);
  }

  /** Makes a query a response without records. @returns offset behind it */
  bare(view: QueryView, rcode: number, extraFlags: number, asking: Asking, extendedError: number, now: number): number {
    // Twelve bits only with OPT.
    const told = rcode > 0xf && !asking.hasOpt ? Rcode.servFail : rcode;
    const { bytes, start, questionEnd } = view;
    this.header(view, told, extraFlags);
    return this.finish(bytes, start, questionEnd, asking, told, extendedError, now);
  }

  /**
   * Puts the OPT record behind a response that is whole otherwise; there is room for {@link optLength}.
   *
   * RFC 6891 section 7: "Lack of presence of an OPT record in a request MUST be taken as an indication that the requestor
   * does not implement any part of this specification and that the responder MUST NOT include an OPT record in its response."
   *
   * @param subnet an option that is put in as it is
   * @returns offset behind the response
   */
  finish(
    bytes: Uint8Array,
    start: number,
    end: number,
    asking: Asking,
    rcode: number,
    extendedError: number,
    now: number,
    subnet?: Uint8Array,
  ): number {
    countRcode(this.#statistics, rcode);
    if (!asking.hasOpt) return end;
    writeU16(bytes, start + 10, readU16(bytes, start + 10) + 1);
    bytes[end] = 0;
    writeU16(bytes, end + 1, RecordType.opt);
    writeU16(bytes, end + 3, UPSTREAM_PAYLOAD_SIZE);
    bytes[end + 5] = rcode >>> 4;
    bytes[end + 6] = 0;
    // RFC 3225 section 3: "The DO bit of the query MUST be copied in the response."
    writeU16(bytes, end + 7, asking.dnssecOk ? EDNS_DNSSEC_OK : 0);
    let at = end + OPT_LENGTH;
    if (asking.hasCookie && this.cookies !== undefined) {
      at = optionHeader(bytes, at, EdnsOptionCode.cookie, COOKIE_LENGTH);
      copyOctets(bytes, at, asking.cookie, 0, CLIENT_COOKIE_LENGTH);
      this.cookies.write(bytes, at, asking.source, now);
      at += COOKIE_LENGTH;
    }
    if (extendedError >= 0) {
      at = optionHeader(bytes, at, EdnsOptionCode.extendedError, 2);
      writeU16(bytes, at, extendedError);
      at += 2;
    }
    if (asking.overTcp && this.tcpIdleMs > 0) {
      // RFC 7828 section 3.1: in units of 100 milliseconds.
      at = optionHeader(bytes, at, EdnsOptionCode.tcpKeepalive, 2);
      writeU16(bytes, at, Math.min(Math.round(this.tcpIdleMs / 100), 0xffff));
      at += 2;
    }
    if (asking.nsid && this.identity.length > 0) {
      at = optionHeader(bytes, at, EdnsOptionCode.nsid, this.identity.length);
      bytes.set(this.identity, at);
      at += this.identity.length;
    }
    if (subnet !== undefined) {
      bytes.set(subnet, at);
      at += subnet.length;
    }
    writeU16(bytes, end + 9, at - end - OPT_LENGTH);
    return at;
  }
}

function optionHeader(bytes: Uint8Array, at: number, code: number, length: number): number {
  writeU16(bytes, at, code);
  writeU16(bytes, at + 2, length);
  return at + OPTION_HEADER;
}
