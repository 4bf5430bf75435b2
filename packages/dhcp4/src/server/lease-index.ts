import type { Lease } from './lease-table.ts';

const SMALLEST = 256;
/** Entries that are looked through for one lease. */
const WINDOW = 8;
/** Octets of an Ethernet address, and digits of a client key that is made of one and its type. */
const HARDWARE_LENGTH = 6;
const KEY_LENGTH = 14;

// An entry: two words that say whose it is, the address, one that is not used, and the end as a double.
const WORDS = 6;
const DOUBLES = 3;
const ADDRESS = 2;
const END = 2;

/** In the first word, next to the type and the first octets: an entry is in use; its client sends option 61. */
const IN_USE = 1 << 9;
const HAS_IDENTIFIER = 1 << 8;

/**
 * Bound leases by the hardware address of their clients, for those that are known by it and by nothing else: without option
 * 61, or with one that is made of it, as most are. A client is found by the octets of its message, and with it what an offer
 * says, in one place of memory: without a text being made of them, looked for among all texts of the process, then in a
 * `Map`, and then one object being read after the other.
 *
 * Left out are leases without end or with a name that a person has set, and what finds no room near its place: octets that
 * somebody makes up so that their hashes are equal do nothing worse. Those go the long way.
 */
export class LeaseIndex {
  #capacity = SMALLEST;
  #words = new Int32Array(0);
  #doubles = new Float64Array(0);
  #leases: (Lease | undefined)[] = [];
  #size = 0;

  constructor() {
    this.#allocate();
  }

  /**
   * The number of the entry of a client; -1 when there is none. Valid until a lease is added or deleted.
   *
   * @param octets the hardware address stands there from `at` on
   */
  find(htype: number, hasIdentifier: boolean, octets: Uint8Array, at: number): number {
    return this.#find(firstWord(htype, hasIdentifier, octets, at), secondWord(octets, at));
  }

  /** The address of an entry's lease. */
  addressAt(entry: number): number {
    return (this.#words[WORDS * entry + ADDRESS] as number) >>> 0;
  }

  /** When an entry's lease ends. */
  endAt(entry: number): number {
    return this.#doubles[DOUBLES * entry + END] as number;
  }

  leaseAt(entry: number): Lease {
    return this.#leases[entry] as Lease;
  }

  /** Puts a lease in the place of what it was before: one of the same client, which it would find room for as well. */
  set(entry: number, lease: Lease): void {
    this.#words[WORDS * entry + ADDRESS] = lease.address.value;
    this.#doubles[DOUBLES * entry + END] = lease.expiresAt;
    this.#leases[entry] = lease;
  }

  /** Adds a lease, if it is such a one. */
  add(lease: Lease): void {
    const htype = hardwareTypeOf(lease);
    if (htype < 0) return;
    if (2 * this.#size > this.#capacity) this.#grow();
    this.#put(firstWord(htype, lease.clientIdentifier !== undefined, lease.hardwareAddress, 0), lease);
  }

  /** Takes a lease out, if it is such a one. */
  delete(lease: Lease): void {
    const htype = hardwareTypeOf(lease);
    if (htype < 0) return;
    const entry = this.find(htype, lease.clientIdentifier !== undefined, lease.hardwareAddress, 0);
    if (entry < 0) return;
    this.#size--;
    this.#words[WORDS * entry] = 0;
    this.#leases[entry] = undefined;
  }

  #find(first: number, second: number): number {
    const start = this.#startOf(first, second);
    for (let entry = start; entry < start + WINDOW; entry++) {
      if (this.#words[WORDS * entry] === first && this.#words[WORDS * entry + 1] === second) return entry;
    }
    return -1;
  }

  #put(first: number, lease: Lease): void {
    const second = secondWord(lease.hardwareAddress, 0);
    const start = this.#startOf(first, second);
    for (let entry = start; entry < start + WINDOW; entry++) {
      if (this.#words[WORDS * entry] !== 0) continue;
      this.#size++;
      this.#words[WORDS * entry] = first;
      this.#words[WORDS * entry + 1] = second;
      this.set(entry, lease);
      return;
    }
  }

  #startOf(first: number, second: number): number {
    let hash = Math.imul(first, 0x85eb_ca6b) ^ second;
    hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2_ae35);
    return (hash ^ (hash >>> 15)) & (this.#capacity - 1);
  }

  #grow(): void {
    const [words, leases] = [this.#words, this.#leases];
    this.#capacity *= 2;
    this.#size = 0;
    this.#allocate();
    for (const [entry, lease] of leases.entries()) {
      if (lease !== undefined) this.#put(words[WORDS * entry] as number, lease);
    }
  }

  #allocate(): void {
    const entries = this.#capacity + WINDOW;
    this.#doubles = new Float64Array(DOUBLES * entries);
    this.#words = new Int32Array(this.#doubles.buffer);
    this.#leases = new Array<undefined>(entries).fill(undefined);
  }
}

function firstWord(htype: number, hasIdentifier: boolean, octets: Uint8Array, at: number): number {
  const start = ((octets[at] as number) << 24) | ((octets[at + 1] as number) << 16);
  return start | IN_USE | (hasIdentifier ? HAS_IDENTIFIER : 0) | htype;
}

function secondWord(octets: Uint8Array, at: number): number {
  const high = ((octets[at + 2] as number) << 24) | ((octets[at + 3] as number) << 16);
  return high | ((octets[at + 4] as number) << 8) | (octets[at + 5] as number);
}

/** The hardware type of the client of a lease that belongs in here; -1 for another one. */
function hardwareTypeOf(lease: Lease): number {
  if (lease.state !== 'bound' || lease.expiresAt === Infinity || lease.hostNameOverride !== '') return -1;
  const { clientKey, hardwareAddress, clientIdentifier } = lease;
  if (hardwareAddress.length !== HARDWARE_LENGTH || clientKey.length !== KEY_LENGTH) return -1;
  const htype = octetAt(clientKey, 0);
  if (htype < 0) return -1;
  for (let i = 0; i < HARDWARE_LENGTH; i++) if (octetAt(clientKey, 2 * i + 2) !== hardwareAddress[i]) return -1;
  if (clientIdentifier === undefined) return htype;
  if (clientIdentifier.length !== HARDWARE_LENGTH + 1 || clientIdentifier[0] !== htype) return -1;
  for (let i = 0; i < HARDWARE_LENGTH; i++) if (clientIdentifier[i + 1] !== hardwareAddress[i]) return -1;
  return htype;
}

/** What two hexadecimal digits of a key say; -1 for other characters. */
function octetAt(key: string, at: number): number {
  const high = digitValue(key.charCodeAt(at));
  const low = digitValue(key.charCodeAt(at + 1));
  return high < 0 || low < 0 ? -1 : (high << 4) | low;
}

function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1;
}
