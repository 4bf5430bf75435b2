import { type Ipv4Address, Ipv4Prefix } from '@router7/wire';

/**
 * Whether a host can have this address: not 0.0.0.0/8, 127.0.0.0/8, 224.0.0.0/4, 240.0.0.0/4 or 255.255.255.255
 * (RFC 1122 section 3.2.1.3), and with a subnet of more than two addresses neither its first nor its last (RFC 3021
 * allows both in a /31).
 *
 * @param subnet the address with its subnet's length, when that is known
 */
export function isHostAddress(address: Ipv4Address, subnet?: Ipv4Prefix): boolean {
  const first = address.value >>> 24;
  if (first === 0 || first === 127 || first >= 224) return false;
  if (subnet === undefined || subnet.length > 30) return true;
  return !address.equals(subnet.network) && !address.equals(subnet.broadcast);
}

/**
 * The address with the length of its subnet mask (option 1), or undefined when the mask is absent, has holes or is
 * 0.0.0.0, which would put the whole Internet on the link.
 */
export function subnetOf(address: Ipv4Address, mask: Ipv4Address | undefined): Ipv4Prefix | undefined {
  if (mask === undefined || mask.isUnspecified) return undefined;
  const length = Math.clz32(~mask.value);
  const subnet = new Ipv4Prefix(address, length);
  return subnet.mask.equals(mask) ? subnet : undefined;
}
