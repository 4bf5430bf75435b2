import { RecordType } from '../record-type.ts';
import { LOWER_CASE, nameKey } from '../scan/name.ts';
import { hashName } from '../scan/name-hash.ts';
import type { LocalData, LocalHost, LocalRecord } from './local-data.ts';
import { nat64Records } from './nat64.ts';
import { reverseName, reverseZones } from './reverse-name.ts';
import { SPECIAL_ZONES, type ZoneKind } from './special-zones.ts';

/** A name as the tree knows it: its octets with length octets and root, in lower case, each as a character. */
export type NameKey = string;

/** One record's data, and until when it is there in milliseconds of the monotonic clock; Infinity: for ever. */
export interface LocalEntry {
  readonly data: Uint8Array;
  readonly expiresAt: number;
}

/** The records of one type that a name has. */
export interface LocalSet {
  readonly type: number;
  readonly ttlSeconds: number;
  readonly entries: readonly LocalEntry[];
}

/** What a name has. */
export interface LocalNode {
  readonly sets: readonly LocalSet[];
  /** When the last of its records has ended. */
  readonly expiresAt: number;
}

/** Names, zones, and what is asked elsewhere. */
export interface LocalTree {
  readonly nodes: ReadonlyMap<NameKey, LocalNode>;
  /** Names without records that have names with records below them, and until when they do. */
  readonly parents: ReadonlyMap<NameKey, number>;
  readonly zones: ReadonlyMap<NameKey, ZoneKind>;
  readonly forwarded: ReadonlySet<NameKey>;
  readonly domain: NameKey;
  /**
   * Hashes of the last labels of all names and zones, and of names in the home's domain without that: nothing is known here of
   * a name of several labels with another one.
   */
  readonly lastLabels: ReadonlySet<number>;
}

/** RFC 1123 section 2.1. */
const HOST_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Names that programs trust when they find them. */
const TRUSTED: ReadonlySet<string> = new Set(['localhost', 'wpad', 'isatap']);
/** Octets of the records of one type at most, to fit into a message with all around. */
const LARGEST_SET = 32_768;
const LOOPBACK: readonly Uint8Array[] = [Uint8Array.of(127, 0, 0, 1), Uint8Array.of(...new Array(15).fill(0), 1)];
const LOOPBACK_TTL_SECONDS = 3600;

const ARPA: NameKey = '\x04arpa\0';

/** Names without anything to be escaped, which nearly all are. */
const PLAIN = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** The key of a name in presentation form; undefined when it is none. */
export function keyOf(name: string): NameKey | undefined {
  // By hand: a thousand hosts have some thousands of names, and whoever asks waits meanwhile.
  if (name.length <= 253 && PLAIN.test(name)) {
    let key = '';
    for (const label of name.split('.')) key += String.fromCharCode(label.length) + label;
    return `${key}\0`;
  }
  try {
    return String.fromCharCode(...nameKey(name));
  } catch {
    return undefined;
  }
}

/** The key of an uncompressed name in octets. @param length with the root */
export function keyAt(bytes: Uint8Array, at: number, length: number): NameKey {
  let key = '';
  for (let i = at; i < at + length; i++) key += String.fromCharCode(LOWER_CASE[bytes[i] as number] as number);
  return key;
}

/** The last label of a key, with the root. */
function lastLabelOf(key: NameKey): NameKey {
  let at = 0;
  for (let next = 0; next < key.length - 1; next += key.charCodeAt(next) + 1) at = next;
  return key.slice(at);
}

/** The octets of a key. */
function octetsOf(key: NameKey): Uint8Array {
  const octets = new Uint8Array(key.length);
  for (let i = 0; i < key.length; i++) octets[i] = key.charCodeAt(i);
  return octets;
}

/** The name without its first label; the root's is empty. */
export function parentOf(key: NameKey): NameKey {
  return key.slice(key.charCodeAt(0) + 1);
}

/** Hash of the last label of an uncompressed name; undefined where there is only one, or none. */
export function lastLabelAt(bytes: Uint8Array, start: number): number | undefined {
  let at = start;
  for (;;) {
    const next = at + (bytes[at] as number) + 1;
    if (bytes[at] === 0 || bytes[next] === 0) return at === start ? undefined : hashName(bytes, at, next + 1, 0, 0, 0);
    at = next;
  }
}

/** Whether a label may be a host's name here: no client gets one that means something else to programs. */
export function isHostLabel(label: string): boolean {
  return HOST_LABEL.test(label) && !TRUSTED.has(label) && !SPECIAL_ZONES.has(label);
}

/**
 * Builds the tree. What cannot be a name or an address is passed over.
 *
 * @param now what the data's times count from
 */
export function buildTree(data: LocalData, now: number): LocalTree {
  const builder = new TreeBuilder(data, now);
  return builder.build();
}

class TreeBuilder {
  readonly #data: LocalData;
  readonly #now: number;
  readonly #domain: string;
  readonly #nodes = new Map<NameKey, LocalNode>();
  readonly #zones = new Map<NameKey, ZoneKind>();

  constructor(data: LocalData, now: number) {
    this.#data = data;
    this.#now = now;
    this.#domain = keyOf(data.domain) === undefined ? 'lan' : data.domain;
  }

  build(): LocalTree {
    const data = this.#data;
    for (const [name, kind] of SPECIAL_ZONES) this.#zone(name, kind);
    for (const name of [...data.prefixes.flatMap(reverseZones), this.#domain]) {
      if (SPECIAL_ZONES.get(name.toLowerCase()) !== 'served') this.#zone(name, 'private');
    }
    for (const name of data.absent) this.#zone(name, 'absent');

    // The first one to claim a name has it: first the router, then what a person wrote, then what clients say.
    this.#routerNames();
    for (const address of LOOPBACK) this.#pointer(address, 'localhost', LOOPBACK_TTL_SECONDS, Infinity);
    const records = [...data.records, ...nat64Records(data.nat64)];
    for (const [name, group] of grouped(records, ({ name }) => this.#absolute(name))) this.#record(name, group);
    for (const { name, type, data: address, ttlSeconds } of records) {
      if (type === RecordType.a || type === RecordType.aaaa) {
        this.#pointer(address, this.#absolute(name), ttlSeconds, Infinity);
      }
    }
    const hosts = data.hosts.filter(({ name }) => isHostLabel(name.toLowerCase()));
    for (const [name, group] of grouped(hosts, ({ name }) => this.#absolute(name))) this.#host(name, group);

    return {
      nodes: this.#nodes,
      parents: this.#parents(),
      zones: this.#zones,
      forwarded: new Set(data.forwarded.map(keyOf).filter((key) => key !== undefined)),
      domain: keyOf(this.#domain) as NameKey,
      lastLabels: this.#lastLabels(),
    };
  }

  #routerNames(): void {
    const { names, addresses } = this.#data.router;
    const entries = addresses.map((data) => ({ data, expiresAt: Infinity }));
    for (const name of names) this.#add(this.#absolute(name), addressSets(entries, this.#data.hostTtlSeconds));
    const [first] = names;
    if (first === undefined) return;
    for (const address of addresses) {
      this.#pointer(address, this.#absolute(first), this.#data.hostTtlSeconds, Infinity);
    }
  }

  #record(name: string, group: readonly LocalRecord[]): void {
    const sets = [...grouped(group, ({ type }) => type)].map(([type, records]): LocalSet => {
      const entries: LocalEntry[] = records.map(({ data }) => ({ data, expiresAt: Infinity }));
      return { type, ttlSeconds: Math.min(...records.map(({ ttlSeconds }) => ttlSeconds)), entries: fitting(entries) };
    });
    // RFC 1034 section 3.6.2: "If a CNAME RR is present at a node, no other data should be present".
    const alias = sets.find(({ type }) => type === RecordType.cname);
    this.#add(name, alias === undefined ? sets : [{ ...alias, entries: alias.entries.slice(0, 1) }]);
  }

  /** @param group all hosts of a name */
  #host(name: string, group: readonly LocalHost[]): void {
    const { hostTtlSeconds } = this.#data;
    const entries = [4, 16].flatMap((octets) => this.#newest(group, octets));
    if (entries.length === 0) return;
    this.#add(name, addressSets(entries, hostTtlSeconds));
    for (const { data, expiresAt } of entries) this.#pointer(data, name, hostTtlSeconds, expiresAt);
    const expiresAt = Math.max(...entries.map((entry) => entry.expiresAt));
    for (const sub of group.flatMap(({ subNames }) => subNames)) {
      const under = sub.addresses.map((data) => ({ data, expiresAt }));
      this.#add(`${sub.name}.${name}`, addressSets(under, hostTtlSeconds));
    }
  }

  /** Row DNS-06: of several leases with a name, that counts which ends last. */
  #newest(group: readonly LocalHost[], octets: number): readonly LocalEntry[] {
    let newest: readonly LocalEntry[] = [];
    let end = Number.NEGATIVE_INFINITY;
    for (const { addresses } of group) {
      const own = addresses.filter(({ address }) => address.length === octets);
      const last = Math.max(...own.map(({ expiresIn }) => expiresIn));
      if (own.length === 0 || last <= end) continue;
      end = last;
      newest = own.map(({ address, expiresIn }) => ({ data: address, expiresAt: this.#now + expiresIn }));
    }
    return newest;
  }

  /** Notes the name of an address in a reverse zone of ours. Of several, the first stays, unless it ends sooner. */
  #pointer(address: Uint8Array, name: string, ttlSeconds: number, expiresAt: number): void {
    if (address.length !== 4 && address.length !== 16) return;
    const key = keyOf(reverseName(address));
    const target = keyOf(name);
    if (key === undefined || target === undefined || !this.#isServed(key)) return;
    if ((this.#nodes.get(key)?.expiresAt ?? Number.NEGATIVE_INFINITY) >= expiresAt) return;
    const sets = [{ type: RecordType.ptr, ttlSeconds, entries: [{ data: octetsOf(target), expiresAt }] }];
    this.#nodes.set(key, { sets, expiresAt });
  }

  #isServed(key: NameKey): boolean {
    for (let suffix = key; suffix !== ''; suffix = parentOf(suffix)) if (this.#zones.has(suffix)) return true;
    return false;
  }

  #add(name: string, sets: readonly LocalSet[]): void {
    const key = keyOf(name);
    if (key === undefined || this.#nodes.has(key)) return;
    const ends = sets.flatMap(({ entries }) => entries.map(({ expiresAt }) => expiresAt));
    this.#nodes.set(key, { sets, expiresAt: Math.max(...ends, Number.NEGATIVE_INFINITY) });
  }

  #zone(name: string, kind: ZoneKind): void {
    const key = keyOf(name);
    if (key !== undefined) this.#zones.set(key, kind);
  }

  #absolute(name: string): string {
    return (name.includes('.') ? name : `${name}.${this.#domain}`).toLowerCase();
  }

  #lastLabels(): Set<number> {
    const domain = keyOf(this.#domain) as NameKey;
    const labels = new Set<NameKey>();
    for (const keys of [this.#nodes, this.#zones]) {
      for (const key of keys.keys()) {
        // Most names are of these, and addresses' have many labels.
        if (key.endsWith(ARPA)) continue;
        labels.add(lastLabelOf(key));
        if (key.length > domain.length && key.endsWith(domain)) {
          labels.add(lastLabelOf(`${key.slice(0, -domain.length)}\0`));
        }
      }
    }
    labels.add(ARPA);
    return new Set([...labels].map((label) => hashName(octetsOf(label), 0, label.length, 0, 0, 0)));
  }

  #parents(): Map<NameKey, number> {
    const parents = new Map<NameKey, number>();
    for (const [key, { expiresAt }] of this.#nodes) {
      for (let above = parentOf(key); above.length > 1; above = parentOf(above)) {
        // What is further up has been told by then.
        if ((parents.get(above) ?? Number.NEGATIVE_INFINITY) >= expiresAt) break;
        parents.set(above, expiresAt);
      }
    }
    return parents;
  }
}

function addressSets(entries: readonly LocalEntry[], ttlSeconds: number): readonly LocalSet[] {
  const set = (type: number, octets: number): LocalSet[] => {
    const own = entries.filter(({ data }) => data.length === octets);
    return own.length === 0 ? [] : [{ type, ttlSeconds, entries: fitting(own) }];
  };
  return [...set(RecordType.a, 4), ...set(RecordType.aaaa, 16)];
}

/** As many of them as fit. */
function fitting(entries: readonly LocalEntry[]): readonly LocalEntry[] {
  let octets = 0;
  const end = entries.findIndex(({ data }) => {
    octets += data.length + 12;
    return octets > LARGEST_SET;
  });
  return end < 0 ? entries : entries.slice(0, end);
}

function grouped<T, K>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
