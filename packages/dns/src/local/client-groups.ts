import { EncodeError } from '@router7/wire';
import type { LocalPrefix } from './local-data.ts';

/** The most groups of clients, the default one (0) among them. */
export const MAX_CLIENT_GROUPS = 64;

/** Which clients belong to a group. */
export interface ClientGroup extends LocalPrefix {
  /** 1 to 63. */
  readonly group: number;
}

/** IPv4 networks of one length. */
interface Ipv4Networks {
  readonly mask: number;
  readonly groups: Map<number, number>;
}

/** Finds the group of a client by its address: of the longest prefix that it is in. Who is in none is in group 0. */
export class ClientGroups {
  /** Longest first. */
  readonly #ipv4: readonly Ipv4Networks[];
  readonly #ipv6: readonly ClientGroup[];

  /** @throws EncodeError `out-of-range` for a group that cannot be */
  constructor(groups: readonly ClientGroup[]) {
    const byLength = new Map<number, Ipv4Networks>();
    for (const { network, length, group } of groups) {
      if (!(Number.isInteger(group) && group >= 1 && group < MAX_CLIENT_GROUPS))
        throw new EncodeError('out-of-range', `no group ${group}`);
      if (network.length !== 4) continue;
      const mask = length === 0 ? 0 : (-1 << (32 - length)) | 0;
      const networks = byLength.get(length) ?? { mask, groups: new Map<number, number>() };
      byLength.set(length, networks);
      const value = new DataView(network.buffer, network.byteOffset).getInt32(0);
      networks.groups.set(value & mask, group);
    }
    this.#ipv4 = [...byLength].sort(([a], [b]) => b - a).map(([, networks]) => networks);
    this.#ipv6 = groups.filter(({ network }) => network.length === 16).sort((a, b) => b.length - a.length);
  }

  /**
   * The group of an IPv4 address, 0 to 63.
   *
   * @param address 32 bits, with or without a sign
   */
  ofIpv4(address: number): number {
    for (const { mask, groups } of this.#ipv4) {
      const group = groups.get(address & mask);
      if (group !== undefined) return group;
    }
    return 0;
  }

  /**
   * The group of an IPv6 address, 0 to 63.
   *
   * @param at where in `bytes` 16 octets of an IPv6 address begin; an IPv4-mapped one counts as IPv4
   */
  ofIpv6(bytes: Uint8Array, at: number): number {
    if (isMapped(bytes, at)) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + at + 12);
      return this.ofIpv4(view.getInt32(0));
    }
    for (const each of this.#ipv6) if (isWithin(bytes, at, each)) return each.group;
    return 0;
  }
}

/** Whether an address of 16 octets is in a prefix. */
function isWithin(bytes: Uint8Array, at: number, { network, length }: LocalPrefix): boolean {
  for (let i = 0, left = length; left > 0; i++, left -= 8) {
    const differing = (bytes[at + i] as number) ^ (network[i] as number);
    if (left >= 8 ? differing !== 0 : differing >>> (8 - left) !== 0) return false;
  }
  return true;
}

/** ::ffff:0:0/96 (RFC 4291 section 2.5.5.2). */
function isMapped(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 10; i++) if (bytes[at + i] !== 0) return false;
  return bytes[at + 10] === 0xff && bytes[at + 11] === 0xff;
}
