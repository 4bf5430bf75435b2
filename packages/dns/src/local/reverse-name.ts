import type { LocalPrefix } from './local-data.ts';

const IPV4_ROOT = 'in-addr.arpa';
const IPV6_ROOT = 'ip6.arpa';

/**
 * The name under which an address is looked up: `1.42.168.192.in-addr.arpa` (RFC 1035 section 3.5), or nibbles below
 * `ip6.arpa` (RFC 3596 section 2.5).
 *
 * @param address 4 or 16 octets
 */
export function reverseName(address: Uint8Array): string {
  return reverseZone(address, address.length * 8);
}

/**
 * The zones that are a prefix's: one where it ends with an octet (IPv4) or a nibble (IPv6), else as many as it takes.
 * A /20 of IPv4 has 16 of them.
 */
export function reverseZones({ network, length }: LocalPrefix): readonly string[] {
  const step = network.length === 4 ? 8 : 4;
  const end = Math.ceil(length / step) * step;
  const count = 2 ** (end - length);
  const zones: string[] = [];
  for (let i = 0; i < count; i++) {
    const each = network.slice();
    // The bits from the prefix's end to the label's, which are in one octet.
    if (end > length) {
      const at = (end - 1) >> 3;
      const shift = (8 - (end & 7)) & 7;
      each[at] = ((each[at] as number) & ~((count - 1) << shift)) | (i << shift);
    }
    zones.push(reverseZone(each, end));
  }
  return zones;
}

/** @param bits how many of the address count: whole octets of an IPv4 address, whole nibbles of an IPv6 address */
function reverseZone(address: Uint8Array, bits: number): string {
  let name = '';
  if (address.length === 4) {
    for (let i = 0; i < bits >> 3; i++) name = `${address[i]}.${name}`;
    return name + IPV4_ROOT;
  }
  for (let i = 0; i < bits >> 2; i++) {
    const octet = address[i >> 1] as number;
    name = `${((i & 1) === 0 ? octet >> 4 : octet & 15).toString(16)}.${name}`;
  }
  return name + IPV6_ROOT;
}
