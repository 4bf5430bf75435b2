import { EncodeError, encodeUtf8, type Ipv4Address, type MacAddress, OldestFirst } from '@router7/wire';
import type { Option } from '../option.ts';
import { FILE } from '../option-areas.ts';
import { AddressPool } from './address-pool.ts';
import { hardwareKey, identifierKey } from './client-key.ts';
import type { ClientClass, Reservation, ServerConfig, SubnetConfig } from './config.ts';
import type { Hold } from './hold.ts';
import type { Lease } from './lease-table.ts';
import { optionsByCode } from './prepared-options.ts';
import { Quarantine } from './quarantine.ts';

/** Hardware type of Ethernet and everything that looks like it (IANA's "Hardware Types"). */
const ETHERNET = 1;

/** A reservation with the key that its leases are under. */
export interface ReservedAddress {
  readonly reservation: Reservation;
  /**
   * {@link Reservation.clientIdentifier} or {@link Reservation.hardwareAddress} as a client key: a boot ROM and the
   * systems on one machine send different identifiers, and a reservation by hardware address is for all of them.
   */
  readonly clientKey: string;
  /** {@link Reservation.options} by code. */
  readonly options: ReadonlyMap<number, Option>;
}

/** A class with its options by code. */
export interface PreparedClass {
  readonly config: ClientClass;
  readonly options: ReadonlyMap<number, Option>;
}

/** A subnet that is served, with what the engine keeps about it. */
export class Subnet {
  readonly config: SubnetConfig;
  /** Option 54 towards the clients of this subnet. */
  readonly serverIdentifier: Ipv4Address;
  readonly pool: AddressPool;
  /** Leases that have ended: addresses for when no other is left, the one that ended first coming first. */
  readonly ended: OldestFirst<Lease> = new OldestFirst<Lease>();
  /** Addresses that are on offer and nobody's yet, the one that has been so longest coming first. */
  readonly offers: OldestFirst<Hold> = new OldestFirst<Hold>();
  readonly quarantine: Quarantine;
  /** {@link SubnetConfig.options} by code, and option 1 in any case. */
  readonly options: ReadonlyMap<number, Option>;
  readonly classes: readonly PreparedClass[];
  /** Addresses that nobody in this subnet gets: its network and broadcast addresses and the router's own. */
  readonly #forbidden: ReadonlySet<number>;
  readonly #reservedByAddress = new Map<number, ReservedAddress>();
  readonly #reservedByKey = new Map<string, ReservedAddress>();

  /** @throws EncodeError `bad-value` or `out-of-range` when the settings contradict themselves */
  constructor(config: SubnetConfig, server: ServerConfig) {
    const { prefix } = config;
    this.config = config;
    // "on each subnet with an address of its own, that one does": with no host bits the prefix is just the network's.
    const hasOwnAddress = prefix.length < 31 && !prefix.address.equals(prefix.network);
    this.serverIdentifier = hasOwnAddress || prefix.length >= 31 ? prefix.address : server.serverIdentifier;
    this.#forbidden = new Set([prefix.address.value, this.serverIdentifier.value, ...networkAddresses(config)]);
    this.pool = new AddressPool(config.pools);
    for (const { first, last } of config.pools) {
      if (!prefix.contains(first) || !prefix.contains(last)) {
        throw new EncodeError('bad-value', `the pool ${first}-${last} is not inside of ${prefix}`);
      }
    }
    this.quarantine = new Quarantine(this.pool.size);
    this.options = optionsByCode([{ kind: 'subnetMask', value: prefix.mask }, ...config.options]);
    for (const { name, bootFile = '' } of config.classes) {
      if (encodeUtf8(bootFile).length > FILE.length) {
        throw new EncodeError('too-long', `the boot file of ${name} has more than ${FILE.length} octets`);
      }
    }
    this.classes = config.classes.map((each) => ({ config: each, options: optionsByCode(each.options) }));
    for (const address of this.#forbidden) this.pool.setFree(address, false);
    for (const reservation of config.reservations) this.#addReservation(reservation);
  }

  contains(address: Ipv4Address): boolean {
    return this.config.prefix.contains(address);
  }

  get hasReservations(): boolean {
    return this.#reservedByKey.size > 0;
  }

  /** What is reserved for a client. A reservation by client identifier is stronger than one by hardware address. */
  reservedFor(ownKey: string, byHardware: string): ReservedAddress | undefined {
    if (this.#reservedByKey.size === 0) return undefined;
    return this.#reservedByKey.get(ownKey) ?? this.#reservedByKey.get(byHardware);
  }

  /** Whether an address is given to anyone who asks: in a pool, reserved for nobody and not the router's. */
  isDynamic(address: number): boolean {
    return this.pool.has(address) && !this.#reservedByAddress.has(address) && !this.#forbidden.has(address);
  }

  /** Whether the settings let a client have this address, whoever has it now. */
  allows(address: Ipv4Address, reserved: ReservedAddress | undefined): boolean {
    if (reserved !== undefined && address.equals(reserved.reservation.address)) return true;
    return this.isDynamic(address.value);
  }

  #addReservation(reservation: Reservation): void {
    const { address, clientIdentifier, hardwareAddress } = reservation;
    if (!this.contains(address) || this.#forbidden.has(address.value)) {
      throw new EncodeError('bad-value', `${address} cannot be reserved in ${this.config.prefix}`);
    }
    if (clientIdentifier === undefined && hardwareAddress === undefined) {
      throw new EncodeError('bad-value', `the reservation of ${address} names no client`);
    }
    if (this.#reservedByAddress.has(address.value)) {
      throw new EncodeError('bad-value', `${address} is reserved twice`);
    }
    const clientKey =
      clientIdentifier === undefined
        ? hardwareKey(ETHERNET, (hardwareAddress as MacAddress).toBytes())
        : identifierKey(clientIdentifier);
    const reserved: ReservedAddress = { reservation, clientKey, options: optionsByCode(reservation.options ?? []) };
    this.#reservedByAddress.set(address.value, reserved);
    this.pool.setFree(address.value, false);
    this.#addKey(clientKey, reserved);
    if (hardwareAddress !== undefined) this.#addKey(hardwareKey(ETHERNET, hardwareAddress.toBytes()), reserved);
  }

  #addKey(key: string, reserved: ReservedAddress): void {
    const other = this.#reservedByKey.get(key);
    if (other !== undefined && other !== reserved) {
      const both = `${other.reservation.address} and ${reserved.reservation.address}`;
      throw new EncodeError('bad-value', `${both} are reserved for one client`);
    }
    this.#reservedByKey.set(key, reserved);
  }
}

/** All zeros and all ones in the host part mean the network itself and every host on it (RFC 1122 3.2.1.3). */
function networkAddresses({ prefix }: SubnetConfig): number[] {
  // A /31 has neither (RFC 3021), a /32 is one host.
  return prefix.length >= 31 ? [] : [prefix.network.value, prefix.broadcast.value];
}

/** The subnets of a server, found by address. */
export class Subnets {
  readonly all: readonly Subnet[];
  /** Where clients without a relay are. */
  readonly local: Subnet;
  readonly #identifiers: ReadonlySet<number>;
  /** Longest prefix first; subnets by network address for each prefix length that occurs. */
  readonly #byLength: readonly { readonly length: number; readonly byNetwork: ReadonlyMap<number, Subnet> }[];

  /** @throws EncodeError `bad-value` without any subnet, and what {@link Subnet} throws */
  constructor(config: ServerConfig) {
    this.all = config.subnets.map((subnet) => new Subnet(subnet, config));
    const [local] = this.all;
    if (local === undefined) throw new EncodeError('bad-value', 'a server needs a subnet');
    this.local = local;
    this.#identifiers = new Set([
      config.serverIdentifier.value,
      ...this.all.map((subnet) => subnet.serverIdentifier.value),
    ]);
    const lengths = new Map<number, Map<number, Subnet>>();
    for (const subnet of this.all) {
      const { prefix } = subnet.config;
      const byNetwork = lengths.get(prefix.length) ?? new Map<number, Subnet>();
      if (byNetwork.has(prefix.network.value)) throw new EncodeError('bad-value', `${prefix} is there twice`);
      lengths.set(prefix.length, byNetwork.set(prefix.network.value, subnet));
    }
    this.#byLength = [...lengths]
      .map(([length, byNetwork]) => ({ length, byNetwork }))
      .sort((a, b) => b.length - a.length);
  }

  /** The smallest subnet that an address lies in. */
  containing(address: Ipv4Address): Subnet | undefined {
    for (const { length, byNetwork } of this.#byLength) {
      const network = length === 0 ? 0 : (address.value & (0xffff_ffff << (32 - length))) >>> 0;
      const subnet = byNetwork.get(network);
      if (subnet !== undefined) return subnet;
    }
    return undefined;
  }

  /** Whether a server identifier is one of ours. */
  isOurs(identifier: Ipv4Address): boolean {
    return this.#identifiers.has(identifier.value);
  }
}
