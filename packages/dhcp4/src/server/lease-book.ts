import { ExpiryQueue, type Ipv4Address, NumberMap } from '@router7/wire';
import type { Client, Hold, Holder } from './hold.ts';
import type { HostNames } from './host-name.ts';
import { LeaseIndex } from './lease-index.ts';
import type { Lease, LeaseTable } from './lease-table.ts';
import type { Subnets } from './subnet.ts';

/**
 * The lease table with everything that has to change together with it: which addresses are free, which leases end next,
 * which have ended, which names are taken, and which addresses are on offer.
 *
 * Offers are not leases: an offer that nobody takes leaves no trace, so a flood of DHCPDISCOVERs makes the server forget
 * no client. Their number is limited by the number of addresses; when those are used up, the oldest offer has to give way.
 */
export class LeaseBook {
  /** Those of clients that are known by their hardware address alone. */
  readonly plain: LeaseIndex = new LeaseIndex();
  readonly #table: LeaseTable;
  readonly #subnets: Subnets;
  readonly #names: HostNames;
  /** Of leases that are renewed only: what they have said last is in the table. */
  readonly #expiry = new ExpiryQueue((address) => this.#table.byAddress(address)?.expiresAt ?? -Infinity);
  readonly #holds = new NumberMap<Hold>();
  readonly #holdByClient = new Map<string, Hold>();
  readonly #holdExpiry = new ExpiryQueue();
  #now = -Infinity;
  #active = 0;
  #withoutEnd = 0;

  /** Takes over what is in the table. Leases that have ended before the first {@link advance} are not told. */
  constructor(table: LeaseTable, subnets: Subnets, names: HostNames) {
    this.#table = table;
    this.#subnets = subnets;
    this.#names = names;
    // The one that was released first is to be the first one that another client gets.
    for (const lease of [...table.values()].sort((a, b) => a.expiresAt - b.expiresAt)) this.#enter(lease);
  }

  /** Leases that are in force now, static ones included. */
  get active(): number {
    return this.#active;
  }

  /** Whether there is any lease without end. */
  get hasStatic(): boolean {
    return this.#withoutEnd > 0;
  }

  /** When something ends next, or earlier: a lease, a quarantine or an offer. */
  get nextEnd(): number | undefined {
    const lease = this.#expiry.soonest;
    const hold = this.#holdExpiry.next();
    return lease === undefined || (hold !== undefined && hold < lease) ? hold : lease;
  }

  /** Moves the time on. Offers that have ended are gone after this; leases are for {@link takeExpired}. */
  advance(now: number): void {
    const isFirst = this.#now === -Infinity;
    if (now > this.#now) this.#now = now;
    if (isFirst) {
      this.#passOverEnded();
      this.#takeNames();
    }
    for (let due = this.#holdExpiry.takeDue(this.#now); due !== undefined; due = this.#holdExpiry.takeDue(this.#now)) {
      const hold = this.#holds.get(due);
      if (hold !== undefined) this.withdraw(hold);
    }
  }

  /** What ended before this server began is no news: it would be told again at each restart. */
  #passOverEnded(): void {
    let lease = this.takeExpired();
    while (lease !== undefined) lease = this.takeExpired();
  }

  /** Once it is known which leases are in force: one that has ended must not take the name of one that has not. */
  #takeNames(): void {
    const isSet = ({ hostNameOverride }: Lease): boolean => hostNameOverride !== '';
    const all = [...this.#table.values()];
    // A person's word is the stronger one.
    for (const lease of [...all.filter(isSet), ...all.filter((each) => !isSet(each))]) {
      this.#names.take(this.#nameOf(lease), lease.address.value);
    }
  }

  /** A lease whose time is over, one at a time. A quarantine that is over leaves a free address, and is not told. */
  takeExpired(): Lease | undefined {
    for (let due = this.#expiry.takeDue(this.#now); due !== undefined; due = this.#expiry.takeDue(this.#now)) {
      const lease = this.#table.byAddress(due);
      if (lease?.state === 'declined') {
        this.forget(lease);
      } else if (lease !== undefined) {
        this.#active--;
        if (lease.hostNameOverride === '') this.#names.drop(lease.hostName, due);
        this.#classify(lease.address);
        return lease;
      }
    }
    return undefined;
  }

  at(address: Ipv4Address): Lease | undefined {
    return this.#table.byAddress(address.value);
  }

  /** The lease of a client, in force or not. */
  of(client: Client): Lease | undefined {
    const lease = this.#table.byClient(client.key);
    return lease === undefined && client.key !== client.ownKey ? this.#table.byClient(client.ownKey) : lease;
  }

  byKey(clientKey: string): Lease | undefined {
    return this.#table.byClient(clientKey);
  }

  /** Whether a lease keeps others away from its address. */
  isLive(lease: Lease): boolean {
    return (lease.state === 'bound' || lease.state === 'declined') && lease.expiresAt > this.#now;
  }

  /**
   * Whether a lease is this client's. One from before its reservation was made is, and so is one that is known by the
   * hardware address alone, for a client that names its address: it was written before identifiers were.
   */
  owns(client: Client, lease: Lease): boolean {
    if (lease.clientKey === client.key || lease.clientKey === client.ownKey) return true;
    return lease.clientIdentifier === undefined && lease.clientKey === client.hardwareKey;
  }

  /** Whether nobody else has an address or is being offered it, unless it has been offered to several. */
  isAvailable(address: Ipv4Address, client: Client): boolean {
    const hold = this.#holds.get(address.value);
    if (hold !== undefined && hold.clientKey !== client.key && !hold.contested) return false;
    const lease = this.#table.byAddress(address.value);
    return lease === undefined || !this.isLive(lease) || this.owns(client, lease);
  }

  /** Whether an address is kept for somebody other than this client. */
  isHeldFrom(address: Ipv4Address, clientKey: string): boolean {
    const hold = this.#holds.get(address.value);
    return hold !== undefined && hold.clientKey !== clientKey;
  }

  /** For whom an address is kept. */
  holdAt(address: Ipv4Address): Hold | undefined {
    return this.#holds.get(address.value);
  }

  /** Whether the time of this `handle` is before an end. */
  isBefore(end: number): boolean {
    return this.#now < end;
  }

  /** Whether any address is kept for anybody. */
  get hasHolds(): boolean {
    return this.#holds.size > 0;
  }

  /** Whether an address is kept for nobody. */
  isUnheld(address: number): boolean {
    return !this.#holds.has(address);
  }

  /** The address that is kept for a client. */
  heldFor(clientKey: string): Ipv4Address | undefined {
    // Asking a map about a text that it has never met costs as much as ten comparisons.
    if (this.#holdByClient.size === 0) return undefined;
    return this.#holdByClient.get(clientKey)?.address;
  }

  /**
   * Keeps an address for a client, in place of what was kept for it before.
   *
   * One that is kept for another client is contested from then on: both may have been offered it, and a client that has
   * waited for better offers must not be refused because of one that never existed. A lease decides, not an offer.
   */
  hold(address: Ipv4Address, { key, hardwareKey }: Holder, expiresAt: number): void {
    const before = this.#holdByClient.get(key);
    if (before !== undefined && !before.address.equals(address)) this.withdraw(before);
    const there = this.#holds.get(address.value);
    if (there !== undefined && there.clientKey !== key) this.#holdByClient.delete(there.clientKey);
    const contested = there !== undefined && (there.contested || there.clientKey !== key);
    const hold: Hold = { address, clientKey: key, hardwareKey, expiresAt, contested };
    this.#holds.set(address.value, hold);
    this.#holdByClient.set(key, hold);
    this.#holdExpiry.schedule(address.value, expiresAt);
    this.#classify(address);
  }

  /** Keeps nothing for a client any more. */
  withdrawFrom(clientKey: string): void {
    if (this.#holdByClient.size === 0) return;
    const hold = this.#holdByClient.get(clientKey);
    if (hold !== undefined) this.withdraw(hold);
  }

  /** Lets go of an address that was kept for somebody. */
  withdraw({ address }: { readonly address: Ipv4Address }): void {
    const hold = this.#holds.get(address.value);
    if (hold === undefined) return;
    this.#holds.delete(address.value);
    this.#holdByClient.delete(hold.clientKey);
    this.#holdExpiry.cancel(address.value);
    this.#classify(address);
  }

  /** Writes a lease in place of the one that its address had. What its client has elsewhere is to be forgotten before. */
  store(lease: Lease): void {
    const before = this.#table.byAddress(lease.address.value);
    const isRenewal = before !== undefined && this.#isRenewal(before, lease);
    if (before !== undefined && !isRenewal) this.#leave(before);
    // A renewal mostly changes no name.
    const name = this.#nameOf(lease);
    const nameBefore = before === undefined ? '' : this.#nameOf(before);
    if (name !== nameBefore) this.#names.drop(nameBefore, lease.address.value);
    this.#table.put(lease);
    if (isRenewal) this.#renew(before, lease);
    else this.#enter(lease);
    if (name !== nameBefore) this.#names.take(name, lease.address.value);
    const surplus =
      lease.state === 'declined' ? this.#subnets.containing(lease.address)?.quarantine.surplus : undefined;
    if (surplus !== undefined) this.forget(surplus);
  }

  /**
   * {@link store} for a lease of {@link plain} that is in force and prolonged, with all else as it was before.
   *
   * @param entry its number there
   */
  prolong(entry: number, before: Lease, lease: Lease): void {
    this.#table.put(lease);
    if (lease.expiresAt < before.expiresAt) this.#expiry.schedule(lease.address.value, lease.expiresAt);
    this.plain.set(entry, lease);
  }

  /** A client was offered the lease of {@link plain} that it has, see {@link LeaseTable.foresee}. */
  foresee(lease: Lease, expiresAt: number, now: number): void {
    this.#table.foresee?.(lease, expiresAt, now);
  }

  #renew(before: Lease, lease: Lease): void {
    if (lease.expiresAt < before.expiresAt) this.#expiry.schedule(lease.address.value, lease.expiresAt);
    this.plain.delete(before);
    this.plain.add(lease);
  }

  /** Whether a client just keeps its address for longer: what the address counts as does not change then. */
  #isRenewal(before: Lease, lease: Lease): boolean {
    if (before.state !== 'bound' || lease.state !== 'bound' || before.clientKey !== lease.clientKey) return false;
    if (before.expiresAt === Infinity || lease.expiresAt === Infinity) return false;
    return this.isLive(before) && this.isLive(lease);
  }

  /** Strikes a lease out. */
  forget(lease: Lease): void {
    this.#leave(lease);
    this.#names.drop(this.#nameOf(lease), lease.address.value);
    this.#table.delete(lease.address.value);
    this.#expiry.cancel(lease.address.value);
    this.#classify(lease.address);
  }

  #enter(lease: Lease): void {
    const address = lease.address.value;
    const live = this.isLive(lease);
    if (lease.expiresAt === Infinity) this.#withoutEnd++;
    if (live && lease.state === 'bound') this.#active++;
    if (lease.state === 'declined') this.#subnets.containing(lease.address)?.quarantine.add(lease);
    this.#expiry.schedule(address, live ? lease.expiresAt : Infinity);
    this.#classify(lease.address);
    this.plain.add(lease);
  }

  #leave(lease: Lease): void {
    this.plain.delete(lease);
    if (lease.expiresAt === Infinity) this.#withoutEnd--;
    if (lease.state === 'bound' && this.isLive(lease)) this.#active--;
    if (lease.state === 'declined') this.#subnets.containing(lease.address)?.quarantine.delete(lease.address.value);
  }

  /** The name that a lease keeps from others: what a person has set for good, what a client says while it is there. */
  #nameOf(lease: Lease): string {
    return lease.hostNameOverride || (this.isLive(lease) ? lease.hostName : '');
  }

  /** Sorts an address into free, ended, on offer or none of these, by what the table and the offers say about it now. */
  #classify(address: Ipv4Address): void {
    const subnet = this.#subnets.containing(address);
    if (subnet === undefined || !subnet.isDynamic(address.value)) return;
    const hold = this.#holds.get(address.value);
    const lease = this.#table.byAddress(address.value);
    const isLive = lease !== undefined && this.isLive(lease);
    subnet.pool.setFree(address.value, hold === undefined && lease === undefined);
    if (hold !== undefined || lease === undefined || isLive) subnet.ended.delete(address.value);
    else subnet.ended.add(address.value, lease);
    if (hold === undefined || isLive) subnet.offers.delete(address.value);
    else subnet.offers.add(address.value, hold);
  }
}
