import { type Lease, leasedAddresses, leasedPrefixes } from '@router7/dhcp6';
import type { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { formatDhcp6dLeases } from '../state/dhcp6d-leases.ts';
import { isPlainText, isPlainTime, JsonOctets, SecondText } from '../state/json-octets.ts';
import { entryOf } from './server-lease-entry.ts';

/** Octets that a lease whose text is made here takes at most, apart from the interface's name, its DUID and its networks. */
const FIXED = 768;
/** Octets of an address or a prefix in a list of its own lines, twice: in the network, and itself. */
const NETWORK = 128;

/** Writes leases as the text of leases.json: the same as `formatDhcp6dLeases` makes of their entries, octet by octet. */
export class LeaseText {
  readonly #json = new JsonOctets();
  /** The whole second that each of the times of a lease had last, as text. */
  readonly #expiry = new SecondText();
  readonly #lastReply = new SecondText();
  /** What leases share with the one before, most of the time, and its text. */
  #networks: readonly Ipv6Prefix[] | undefined;
  #networksText = '';
  #peer: Ipv6Address | undefined;
  #peerText = '';

  /**
   * The JSON of some leases, a list in several lines; a view that is valid until the next call.
   *
   * @param offset what makes wall-clock times of the leases' times
   */
  format(leases: readonly Lease[], offset: number): Uint8Array {
    const json = this.#json;
    json.begin();
    json.text('[');
    for (let i = 0; i < leases.length; i++) {
      if (i > 0) json.text(',');
      this.#lease(leases[i] as Lease, offset);
    }
    json.text(leases.length === 0 ? ']' : '\n]');
    return json.view();
  }

  #lease(lease: Lease, offset: number): void {
    const { kind, link, slot, length, state, duid, iaid, given, peer, reconfigureKey, expiresAt, lastReplyAt } = lease;
    const json = this.#json;
    json.reserve(FIXED + link.length + 2 * duid.length + NETWORK * given.length);
    if (!isPlainText(link) || !isPlainTime(expiresAt + offset) || !isPlainTime(lastReplyAt + offset)) {
      json.anyText(formatDhcp6dLeases([entryOf(lease, offset)]).slice(1, -2), FIXED);
      return;
    }
    json.text('\n\t{\n\t\t"interface": "');
    json.text(link);
    if (kind === 'address') {
      json.text('",\n\t\t"addresses": ');
      json.text(listOf(leasedAddresses(lease)));
    } else {
      json.text('",\n\t\t"prefixes": ');
      json.text(listOf(leasedPrefixes(lease)));
      json.text(',\n\t\t"length": ');
      json.text(`${length}`);
    }
    json.text(',\n\t\t"num": ');
    json.text(`${slot}`);
    json.text(',\n\t\t"networks": ');
    json.text(this.#networksOf(given));
    json.text(',\n\t\t"duid": "');
    json.hex(duid);
    json.text('",\n\t\t"iaid": ');
    json.text(`${iaid}`);
    json.text(',\n\t\t"peer": "');
    json.text(this.#peerOf(peer));
    json.text('",\n\t\t"expiry": "');
    json.time(expiresAt + offset, this.#expiry);
    json.text('",\n\t\t"last_reply": "');
    json.time(lastReplyAt + offset, this.#lastReply);
    if (reconfigureKey !== undefined) {
      json.text('",\n\t\t"reconfigure_key": "');
      json.hex(reconfigureKey);
    }
    if (state !== 'bound') {
      json.text('",\n\t\t"state": "');
      json.text(state);
    }
    json.text('"\n\t}');
  }

  #networksOf(networks: readonly Ipv6Prefix[]): string {
    if (networks !== this.#networks) {
      this.#networks = networks;
      this.#networksText = listOf(networks);
    }
    return this.#networksText;
  }

  #peerOf(peer: Ipv6Address): string {
    if (this.#peer?.equals(peer) !== true) {
      this.#peer = peer;
      this.#peerText = peer.toString();
    }
    return this.#peerText;
  }
}

/** A list of addresses or prefixes, as a field of an entry of a list. */
function listOf(values: readonly (Ipv6Address | Ipv6Prefix)[]): string {
  let text = '[';
  for (let i = 0; i < values.length; i++) text += `${i > 0 ? ',' : ''}\n\t\t\t"${values[i]}"`;
  return values.length === 0 ? '[]' : `${text}\n\t\t]`;
}
