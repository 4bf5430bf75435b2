import type { Lease } from '@router7/dhcp4';
import { formatDhcp4dLeases } from '../state/dhcp4d-leases.ts';
import { hexDigit, isPlainText, isPlainTime, JsonOctets, SecondText } from '../state/json-octets.ts';
import { entryOf } from './lease-entry.ts';

/** The key of a client without an identifier begins with the hardware type of Ethernet. */
const ETHERNET = Uint8Array.of(1);
const NOTHING: Uint8Array = new Uint8Array(0);

/** Octets that a lease whose text is made here takes at most, apart from its names and its identifier. */
const FIXED = 512;

/** Between the octets of a hardware address. */
const COLON = 0x3a;

/**
 * Writes leases as the text of leases.json: the same as `formatDhcp4dLeases` makes of their entries, octet by octet.
 */
export class LeaseText {
  readonly #json = new JsonOctets();
  /** The whole second that each of the times of a lease had last, as text. */
  readonly #expiry = new SecondText();
  readonly #lastAck = new SecondText();

  /**
   * The JSON of some leases, a list in several lines; a view that is valid until the next call.
   *
   * @param first the address whose `num` is 0
   * @param offset what makes wall-clock times of the leases' times
   */
  format(leases: readonly Lease[], first: number, offset: number): Uint8Array {
    const json = this.#json;
    json.begin();
    json.text('[');
    for (let i = 0; i < leases.length; i++) {
      if (i > 0) json.text(',');
      this.#lease(leases[i] as Lease, first, offset);
    }
    json.text(leases.length === 0 ? ']' : '\n]');
    return json.view();
  }

  #lease(lease: Lease, first: number, offset: number): void {
    const { hostName, hostNameOverride, clientIdentifier, hardwareAddress, clientKey } = lease;
    const identifierLength = clientIdentifier?.length ?? 0;
    const json = this.#json;
    json.reserve(FIXED + hostName.length + hostNameOverride.length + 2 * identifierLength);
    if (!isOrdinary(lease, offset)) {
      json.anyText(formatDhcp4dLeases([entryOf(lease, first, offset)]).slice(1, -2), FIXED);
      return;
    }
    const address = lease.address.value;
    json.text('\n\t{\n\t\t"num": ');
    json.text(`${address - first}`);
    json.text(',\n\t\t"addr": "');
    json.octet(address >>> 24);
    json.text('.');
    json.octet((address >>> 16) & 255);
    json.text('.');
    json.octet((address >>> 8) & 255);
    json.text('.');
    json.octet(address & 255);
    json.text('",\n\t\t"hardware_addr": "');
    json.hex(hardwareAddress, COLON);
    json.text('",\n\t\t"hostname": "');
    json.text(hostName);
    json.text('",\n\t\t"hostname_override": "');
    json.text(hostNameOverride);
    json.text('",\n\t\t"expiry": "');
    json.time(lease.expiresAt + offset, this.#expiry);
    json.text('",\n\t\t"last_ack": "');
    json.time(lease.lastAckAt + offset, this.#lastAck);
    if (clientIdentifier !== undefined) {
      json.text('",\n\t\t"client_id": "');
      // The same digits.
      json.text(clientKey);
    }
    json.text('"\n\t}');
  }
}

/** Whether a lease is like nearly all: bound until some time, known by its identifier or else its hardware address, plain names. */
function isOrdinary(lease: Lease, offset: number): boolean {
  const { state, hostName, hostNameOverride, clientKey, clientIdentifier, hardwareAddress } = lease;
  if (state !== 'bound' || !isPlainText(hostName) || !isPlainText(hostNameOverride)) return false;
  if (!isPlainTime(lease.expiresAt + offset) || !isPlainTime(lease.lastAckAt + offset)) return false;
  if (clientIdentifier !== undefined) return isHexadecimal(clientKey, NOTHING, clientIdentifier);
  return hardwareAddress.length > 0 && isHexadecimal(clientKey, ETHERNET, hardwareAddress);
}

/** Whether a text is the hexadecimal digits of these octets and those behind them. */
function isHexadecimal(text: string, before: Uint8Array, octets: Uint8Array): boolean {
  const start = 2 * before.length;
  return text.length === start + 2 * octets.length && isDigits(text, 0, before) && isDigits(text, start, octets);
}

function isDigits(text: string, start: number, octets: Uint8Array): boolean {
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] as number;
    if (text.charCodeAt(start + 2 * i) !== hexDigit(octet >>> 4)) return false;
    if (text.charCodeAt(start + 2 * i + 1) !== hexDigit(octet & 15)) return false;
  }
  return true;
}
