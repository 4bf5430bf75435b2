import type { LocalHost } from '@router7/dns';
import { fromHex, Ipv4Address, Ipv6Address } from '@router7/wire';
import { leaseOf } from '../dhcp4/lease-entry.ts';
import { leaseOf as leaseOf6 } from '../dhcp6/server-lease-entry.ts';
import type { Dhcp4dLease } from '../state/dhcp4d-leases.ts';
import type { Dhcp6dLease } from '../state/dhcp6d-leases.ts';
import type { DnsName } from '../state/dns-names.ts';

/** What the home's DHCP servers know of who is there. */
export interface HomeLeases {
  readonly ipv4: readonly Dhcp4dLease[];
  readonly ipv6: readonly Dhcp6dLease[];
}

const ETHERNET = 1;
/** Octets of option 61 before the DUID: type 255 and an IAID (RFC 4361 section 6.1). */
const CLIENT_ID_HEAD = 5;

/**
 * The hosts that have a lease and a name. A name is cleaned once more: files of router7 have what clients call themselves
 * (rows D4S-14 and DNS-10). What is no lease in force, or has no name, is left out; static leases are always in force.
 *
 * @param wall now, in milliseconds since 1970
 */
export function leaseHosts({ ipv4, ipv6 }: HomeLeases, names: readonly DnsName[], wall: number): LocalHost[] {
  const hosts: LocalHost[] = [];
  const nameOf = new Map<string, string>();
  // A name of somebody who is away must not hide that of somebody who is there.
  const leases = ipv4.map((entry) => ({ entry, lease: leaseOf(entry, wall, wall) }));
  leases.sort((a, b) => a.lease.expiresAt - b.lease.expiresAt);
  for (const { entry, lease } of leases) {
    const name = lease.hostNameOverride || lease.hostName;
    if (name === '' || lease.state !== 'bound') continue;
    const hardwareAddress = entry.hardware_addr.toLowerCase();
    if (hardwareAddress !== '') nameOf.set(hardwareAddress, name);
    const duid = entry.client_id?.startsWith('ff') === true ? entry.client_id.slice(CLIENT_ID_HEAD * 2) : '';
    if (duid !== '') nameOf.set(duid, name);
    if (lease.expiresAt <= 0) continue;
    const own = names.filter((each) => each.hardware_addr === hardwareAddress);
    hosts.push({
      name,
      addresses: [{ address: lease.address.toBytes(), expiresIn: lease.expiresAt }],
      subNames: own.map((each) => ({ name: each.name, addresses: each.addrs.map(addressOctets) })),
    });
  }
  for (const entry of ipv6) {
    const { state, expiresAt } = leaseOf6(entry, wall, wall);
    const name = nameOf.get(entry.duid) ?? nameOf.get(hardwareAddressOf(entry.duid) ?? '');
    if (name === undefined || state !== 'bound' || expiresAt <= 0 || entry.addresses === undefined) continue;
    const addresses = entry.addresses.flatMap((text) => readAddress(text) ?? []);
    hosts.push({ name, addresses: addresses.map((address) => ({ address, expiresIn: expiresAt })), subNames: [] });
  }
  return hosts;
}

/**
 * The hardware address of whoever has an address by a lease in force, as leases.json of dhcp4d has it.
 *
 * @param wall now, in milliseconds since 1970
 */
export function hardwareAddressAt(address: string, { ipv4, ipv6 }: HomeLeases, wall: number): string | undefined {
  const text = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!text.includes(':')) {
    const entry = ipv4.find(({ addr }) => addr === text);
    if (entry === undefined || entry.hardware_addr === '') return undefined;
    const { state, expiresAt } = leaseOf(entry, wall, wall);
    return state === 'bound' && expiresAt > 0 ? entry.hardware_addr.toLowerCase() : undefined;
  }
  const entry = ipv6.find(({ addresses = [] }) => addresses.includes(text));
  if (entry === undefined) return undefined;
  const { state, expiresAt } = leaseOf6(entry, wall, wall);
  if (state !== 'bound' || expiresAt <= 0) return undefined;
  const known = ipv4.find(({ client_id = '' }) => client_id.slice(CLIENT_ID_HEAD * 2) === entry.duid);
  return known?.hardware_addr.toLowerCase() ?? hardwareAddressOf(entry.duid);
}

/** The addresses that a machine has by DHCP, as both servers' files have them, whether its leases are in force or not. */
export function addressesOfMachine(hardwareAddress: string, { ipv4, ipv6 }: HomeLeases): readonly string[] {
  const own = ipv4.filter(({ hardware_addr }) => hardware_addr.toLowerCase() === hardwareAddress);
  const duids = new Set(own.map(({ client_id = '' }) => client_id.slice(CLIENT_ID_HEAD * 2)));
  const leases = ipv6.filter(({ duid }) => duids.has(duid) || hardwareAddressOf(duid) === hardwareAddress);
  return [...own.map(({ addr }) => addr), ...leases.flatMap(({ addresses = [] }) => addresses)];
}

/** The Ethernet address that is in a DUID-LLT or DUID-LL (RFC 9915 sections 11.2 and 11.4), if one is. */
function hardwareAddressOf(duid: string): string | undefined {
  const octets = fromHex(duid);
  const [, type, , hardwareType] = octets;
  const at = type === 1 ? 8 : 4;
  if ((type !== 1 && type !== 3) || hardwareType !== ETHERNET || octets.length !== at + 6) return undefined;
  return duid.slice(at * 2).replace(/..(?=.)/g, '$&:');
}

/** Octets of an address of either family. @throws EncodeError */
export function addressOctets(text: string): Uint8Array {
  return (text.includes(':') ? Ipv6Address : Ipv4Address).parse(text).toBytes();
}

function readAddress(text: string): Uint8Array | undefined {
  try {
    return addressOctets(text);
  } catch {
    return undefined;
  }
}
