import { Ipv4Prefix, type Ipv6Address, type Ipv6Prefix } from '@router7/wire';
import { type InterfaceConfig, type InterfacesConfig, parseInterfaces } from '../state/interfaces.ts';
import type { Parsed } from '../state/state-file.ts';
import type { UplinkLease } from './uplink-lease.ts';
import { configuredAddresses, parsePrefix, UPLINK } from './wanted.ts';

/**
 * Reads the text of interfaces.json and looks for what cannot be: networks that two interfaces have in common. Of these the
 * later one is passed over, with a line.
 *
 * @throws StateError
 */
export function readInterfaces(text: string, file: string): Parsed<InterfacesConfig> {
  const parsed = parseInterfaces(text, file);
  const warnings = [...parsed.warnings];
  const taken: { readonly network: Ipv4Prefix | Ipv6Prefix; readonly name: string }[] = [];
  const interfaces = parsed.value.interfaces.map((entry, index): InterfaceConfig => {
    const isFree = (address: string | undefined, key: string): boolean => {
      if (address === undefined || address === '') return true;
      const network = parsePrefix(address);
      const other = taken.find(({ network: there, name }) => name !== entry.name && overlap(there, network));
      if (other === undefined) {
        taken.push({ network, name: entry.name });
        return true;
      }
      const place = `interfaces[${index}].${key}`;
      warnings.push(
        `${file}: ${place}: found "${address}", expected a network apart from ${other.network} of ${other.name}; ${place} passed over`,
      );
      return false;
    };
    const { addr, ...rest } = entry;
    return {
      ...(isFree(addr, 'addr') ? entry : rest),
      extra_addrs: (entry.extra_addrs ?? []).filter((address, at) => isFree(address, `extra_addrs[${at}]`)),
    };
  });
  const damaged = parsed.damaged || warnings.length > parsed.warnings.length;
  return { value: { ...parsed.value, interfaces }, warnings, damaged };
}

/**
 * Why a lease cannot be used; undefined when it can. A subnet that is the home's, or in it, would take the home's computers
 * away. One that is wider is no harm: the home is the more specific of the two.
 */
export function leaseConflict({ interfaces }: InterfacesConfig, lease: UplinkLease, file: string): string | undefined {
  for (const entry of interfaces) {
    if (entry.name === UPLINK) continue;
    for (const home of configuredAddresses(entry)) {
      if (!(home instanceof Ipv4Prefix) || !home.contains(lease.address.address)) continue;
      if (lease.address.length < home.length) continue;
      return `${file}: found ${lease.address}, expected a network apart from ${home} of ${entry.name}; not used, give ${entry.name} another network`;
    }
  }
  return undefined;
}

/** Whether two prefixes have addresses in common that mean the same on both: link-local ones do not (RFC 4291). */
function overlap(a: Ipv4Prefix | Ipv6Prefix, b: Ipv4Prefix | Ipv6Prefix): boolean {
  if (a instanceof Ipv4Prefix) {
    return b instanceof Ipv4Prefix && (a.length < b.length ? a.contains(b.address) : b.contains(a.address));
  }
  if (b instanceof Ipv4Prefix || isLinkLocal(a.address) || isLinkLocal(b.address)) return false;
  return a.length < b.length ? a.contains(b.address) : b.contains(a.address);
}

function isLinkLocal(address: Ipv6Address): boolean {
  const [first = 0, second = 0] = address.toBytes();
  return first === 0xfe && (second & 0xc0) === 0x80;
}
