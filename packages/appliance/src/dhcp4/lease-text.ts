import type { Lease } from '@router7/dhcp4';
import { formatDhcp4dLeases } from '../state/dhcp4d-leases.ts';
import { formatGoTime } from '../state/go-time.ts';
import { entryOf } from './lease-entry.ts';

/** The key of a client without an identifier begins with the hardware type of Ethernet. */
const ETHERNET = Uint8Array.of(1);
const NOTHING: Uint8Array = new Uint8Array(0);

/** Octets that a lease whose text is made here takes at most, apart from its names and its identifier. */
const FIXED = 512;

/** Seconds since 1970 that have a year of four digits. */
const LATEST_SECOND = 250_000_000_000;

/**
 * Writes leases as the text of leases.json: the same as `formatDhcp4dLeases` makes of their entries, octet by octet into one
 * buffer. Thousands of leases took ten times as long as objects and texts, and the garbage collector again as much.
 */
export class LeaseText {
  #bytes: Uint8Array = new Uint8Array(64 * 1024);
  #end = 0;
  /** The whole second that each of the times of a lease had last, as text. */
  readonly #expiry = new Second();
  readonly #lastAck = new Second();

  /**
   * The JSON of some leases, a list in several lines; a view that is valid until the next call.
   *
   * @param first the address whose `num` is 0
   * @param offset what makes wall-clock times of the leases' times
   */
  format(leases: readonly Lease[], first: number, offset: number): Uint8Array {
    this.#end = 0;
    this.#text('[');
    for (let i = 0; i < leases.length; i++) {
      if (i > 0) this.#text(',');
      this.#lease(leases[i] as Lease, first, offset);
    }
    this.#text(leases.length === 0 ? ']' : '\n]');
    return this.#bytes.subarray(0, this.#end);
  }

  #lease(lease: Lease, first: number, offset: number): void {
    const { hostName, hostNameOverride, clientIdentifier, hardwareAddress, clientKey } = lease;
    const identifierLength = clientIdentifier?.length ?? 0;
    this.#reserve(FIXED + hostName.length + hostNameOverride.length + 2 * identifierLength);
    if (!isOrdinary(lease, offset)) {
      const text = formatDhcp4dLeases([entryOf(lease, first, offset)]).slice(1, -2);
      const octets = Buffer.from(text);
      this.#reserve(octets.length + FIXED);
      this.#bytes.set(octets, this.#end);
      this.#end += octets.length;
      return;
    }
    const address = lease.address.value;
    this.#text('\n\t{\n\t\t"num": ');
    this.#text(`${address - first}`);
    this.#text(',\n\t\t"addr": "');
    this.#octet(address >>> 24);
    this.#text('.');
    this.#octet((address >>> 16) & 255);
    this.#text('.');
    this.#octet((address >>> 8) & 255);
    this.#text('.');
    this.#octet(address & 255);
    this.#text('",\n\t\t"hardware_addr": "');
    this.#colons(hardwareAddress);
    this.#text('",\n\t\t"hostname": "');
    this.#text(hostName);
    this.#text('",\n\t\t"hostname_override": "');
    this.#text(hostNameOverride);
    this.#text('",\n\t\t"expiry": "');
    this.#time(lease.expiresAt + offset, this.#expiry);
    this.#text('",\n\t\t"last_ack": "');
    this.#time(lease.lastAckAt + offset, this.#lastAck);
    if (clientIdentifier !== undefined) {
      this.#text('",\n\t\t"client_id": "');
      // The same digits.
      this.#text(clientKey);
    }
    this.#text('"\n\t}');
  }

  #text(text: string): void {
    const bytes = this.#bytes;
    let at = this.#end;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.#end = at;
  }

  /** A number of up to three digits. */
  #octet(value: number): void {
    const bytes = this.#bytes;
    if (value >= 100) bytes[this.#end++] = 0x30 + Math.floor(value / 100);
    if (value >= 10) bytes[this.#end++] = 0x30 + (Math.floor(value / 10) % 10);
    bytes[this.#end++] = 0x30 + (value % 10);
  }

  #colons(octets: Uint8Array): void {
    const bytes = this.#bytes;
    for (let i = 0; i < octets.length; i++) {
      const octet = octets[i] as number;
      if (i > 0) bytes[this.#end++] = 0x3a;
      bytes[this.#end++] = digit(octet >>> 4);
      bytes[this.#end++] = digit(octet & 15);
    }
  }

  #time(time: number, second: Second): void {
    const whole = Math.floor(time);
    const seconds = Math.floor(whole / 1000);
    this.#text(second.textOf(seconds));
    const milliseconds = whole - seconds * 1000;
    const bytes = this.#bytes;
    if (milliseconds > 0) {
      // Without trailing zeros.
      bytes[this.#end++] = 0x2e;
      bytes[this.#end++] = 0x30 + Math.floor(milliseconds / 100);
      if (milliseconds % 100 > 0) bytes[this.#end++] = 0x30 + (Math.floor(milliseconds / 10) % 10);
      if (milliseconds % 10 > 0) bytes[this.#end++] = 0x30 + (milliseconds % 10);
    }
    bytes[this.#end++] = 0x5a;
  }

  #reserve(length: number): void {
    if (this.#end + length <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#end + length));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}

/** The text of a whole second, made anew when it is another one. */
class Second {
  #seconds = Number.NaN;
  #text = '';

  /** @returns up to the second, without the Z */
  textOf(seconds: number): string {
    if (seconds !== this.#seconds) {
      this.#seconds = seconds;
      this.#text = formatGoTime(seconds * 1000).slice(0, -1);
    }
    return this.#text;
  }
}

/** Whether a lease is like nearly all: bound until some time, known by its identifier or else its hardware address, plain names. */
function isOrdinary(lease: Lease, offset: number): boolean {
  const { state, hostName, hostNameOverride, clientKey, clientIdentifier, hardwareAddress } = lease;
  if (state !== 'bound' || !isPlain(hostName) || !isPlain(hostNameOverride)) return false;
  if (!isOrdinaryTime(lease.expiresAt + offset) || !isOrdinaryTime(lease.lastAckAt + offset)) return false;
  if (clientIdentifier !== undefined) return isHexadecimal(clientKey, NOTHING, clientIdentifier);
  return hardwareAddress.length > 0 && isHexadecimal(clientKey, ETHERNET, hardwareAddress);
}

function isOrdinaryTime(time: number): boolean {
  return time >= 0 && time < LATEST_SECOND * 1000;
}

/** Whether JSON, as Go writes it, has a text as it is. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e) return false;
    // Quotation mark, backslash, and what is special in HTML.
    if (code === 0x22 || code === 0x5c || code === 0x26 || code === 0x3c || code === 0x3e) return false;
  }
  return true;
}

/** Whether a text is the hexadecimal digits of these octets and those behind them. */
function isHexadecimal(text: string, before: Uint8Array, octets: Uint8Array): boolean {
  const start = 2 * before.length;
  return text.length === start + 2 * octets.length && isDigits(text, 0, before) && isDigits(text, start, octets);
}

function isDigits(text: string, start: number, octets: Uint8Array): boolean {
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] as number;
    if (text.charCodeAt(start + 2 * i) !== digit(octet >>> 4)) return false;
    if (text.charCodeAt(start + 2 * i + 1) !== digit(octet & 15)) return false;
  }
  return true;
}

/** The character code of a hexadecimal digit. */
function digit(value: number): number {
  return value < 10 ? 0x30 + value : 0x57 + value;
}
