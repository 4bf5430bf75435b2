import { ByteWriter, isTopLevelDomain } from '@router7/wire';
import { HEADER_LENGTH, Rcode } from '../header.ts';
import { RecordClass, RecordType } from '../record-type.ts';
import { nameOctets } from '../scan/name.ts';
import { type LocalData, NO_LOCAL_DATA } from './local-data.ts';
import type { LocalQuestion } from './local-question.ts';
import { buildTree, keyAt, type LocalNode, type LocalTree, lastLabelAt, type NameKey, parentOf } from './local-tree.ts';
import { sameTree } from './same-tree.ts';
import type { ZoneKind } from './special-zones.ts';

/** An answer that needs nobody else. */
export interface LocalAnswer {
  /**
   * The records behind the question, answers first. Names point at offset 12 (the question's name, in the asker's spelling)
   * or further back, for a question that stands right behind a header of 12 octets.
   */
  readonly records: Uint8Array;
  /** Records in the answer section. */
  readonly answers: number;
  /** Records in the authority section. */
  readonly authorities: number;
  /** {@link Rcode} */
  readonly rcode: number;
  /** AA. */
  readonly authoritative: boolean;
  /** How long it may be kept: never longer than a lease, 0 for not at all. */
  readonly ttlSeconds: number;
  /** Whether it may be kept in a cache, until `ttlSeconds` are over or `LocalAnswers.generation` is another one. */
  readonly cacheable: boolean;
}

/** Of RFC 1034 section 5.2.2: aliases of aliases are followed so far. */
const LONGEST_CHAIN = 8;
/** Names may come any time where hosts are. */
const SERVED_NEGATIVE_TTL = 60;
const SPECIAL_TTL = 3600;
/** The mailbox of empty zones by RFC 6303 section 3. */
const NOBODY = nameOctets('nobody.invalid');
const LOOPBACK_IPV4 = Uint8Array.of(127, 0, 0, 1);
const LOOPBACK_IPV6 = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
const POINTER = 0xc000;
/** Octets of a record before its data, with a pointer as owner. */
const RECORD_HEAD = 12;

/** What is asked about zones rather than hosts. */
const ZONE_TYPES: ReadonlySet<number> = new Set([RecordType.ns, RecordType.soa, RecordType.ds, RecordType.dnskey]);

/**
 * The router's own zones: hosts of the home, their addresses, and names that must not get out.
 *
 * A name that is not below one of the zones goes upstream, but for names of one label: these are names of hosts, known or
 * not, and would tell outsiders what is at home. They get out only
 *
 * - when they are top-level domains of the public DNS (`com`, `xn--...`), whatever is asked: a host of that name is found in
 *   the home's domain only, or it would stand in for everything below;
 * - when a zone's NS, SOA, DS or DNSKEY is asked, as it is for a top-level domain that this program is too old to know.
 *
 * All other such names do not exist, unless they are hosts: `printer` is `printer.lan`. So it is with `www.printer`, if there
 * is such a name in the home's domain.
 */
export class LocalAnswers {
  /** Another number after each change of what is answered. */
  generation: number = 1;
  #tree: LocalTree = buildTree(NO_LOCAL_DATA, 0);

  /**
   * Takes new data in place of all that was there. {@link generation} stays when answers are as before, but for leases
   * that end later: what is kept of them is true for its time. What cannot be a name or an address is passed over.
   *
   * @param now milliseconds of a monotonic clock
   */
  configure(data: LocalData, now: number): void {
    const tree = buildTree(data, now);
    if (!sameTree(this.#tree, tree)) this.generation = (this.generation + 1) >>> 0;
    this.#tree = tree;
  }

  /**
   * Answers a question, unless others are to be asked.
   *
   * @param _group of the client; everybody is told the same by now
   * @param now milliseconds of the clock of {@link configure}
   */
  answer(question: LocalQuestion, _group: number, now: number): LocalAnswer | undefined {
    if (question.class !== RecordClass.internet) return undefined;
    const nameAt = question.start + HEADER_LENGTH;
    // Nearly all names are others', and whoever forwards a question has asked here first.
    const lastLabel = lastLabelAt(question.bytes, nameAt);
    if (lastLabel !== undefined && !this.#tree.lastLabels.has(lastLabel)) return undefined;
    const key = keyAt(question.bytes, nameAt, question.nameLength);
    const composer = new Composer(this.#tree, this.generation, question, now);
    return composer.compose(key);
  }
}

/** Makes one answer. */
class Composer {
  readonly #tree: LocalTree;
  readonly #serial: number;
  readonly #now: number;
  readonly #type: number;
  /** Where the records begin in the response. */
  readonly #base: number;
  readonly #writer: ByteWriter = new ByteWriter(128);
  #answers = 0;
  #ttl = Infinity;

  constructor(tree: LocalTree, serial: number, question: LocalQuestion, now: number) {
    this.#tree = tree;
    this.#serial = serial;
    this.#now = now;
    this.#type = question.type;
    this.#base = HEADER_LENGTH + question.nameLength + 4;
  }

  compose(asked: NameKey): LocalAnswer | undefined {
    let key = asked;
    // Offset of the name in question in the response.
    let owner = HEADER_LENGTH;
    for (let link = 0; link <= LONGEST_CHAIN; link++) {
      const node = this.#node(key);
      if (node === undefined) return this.#without(key, owner);
      const alias = node.sets.find(({ type }) => type === RecordType.cname);
      if (alias === undefined || this.#type === RecordType.cname || this.#type === RecordType.any) {
        return this.#has(node, key, owner);
      }
      const target = alias.entries[0]?.data as Uint8Array;
      const at = this.#base + this.#writer.length + RECORD_HEAD;
      this.#record(owner, RecordType.cname, alias.ttlSeconds, target);
      this.#answers++;
      key = keyAt(target, 0, target.length);
      owner = at;
    }
    // RFC 1034 section 3.6.2: "CNAME loops should be caught".
    return this.#finish(Rcode.servFail, 0, false);
  }

  /** The records of a name, also of one in the home's domain without that. Nothing of what has ended. */
  #node(key: NameKey): LocalNode | undefined {
    const { nodes, domain } = this.#tree;
    const node = nodes.get(key);
    if (node !== undefined) return node.expiresAt > this.#now ? node : undefined;
    if (isPublic(key) || this.#zoneOf(key) !== undefined) return undefined;
    const host = nodes.get(key.slice(0, -1) + domain);
    return host !== undefined && host.expiresAt > this.#now ? host : undefined;
  }

  #has(node: LocalNode, key: NameKey, owner: number): LocalAnswer {
    const isLive = ({ expiresAt }: { readonly expiresAt: number }): boolean => expiresAt > this.#now;
    const wanted = node.sets.find(
      ({ type, entries }) => (type === this.#type || this.#type === RecordType.any) && entries.some(isLive),
    );
    if (wanted === undefined) return this.#negative(Rcode.noError, key, owner);
    const live = wanted.entries.filter(isLive);
    // RFC 2181 section 5.2: "the TTLs of all RRs in an RRSet must be the same".
    const left = Math.min(...live.map(({ expiresAt }) => expiresAt)) - this.#now;
    const ttl = Math.min(wanted.ttlSeconds, Math.floor(left / 1000));
    for (const { data } of live) this.#record(owner, wanted.type, ttl, data);
    this.#answers += live.length;
    return this.#finish(Rcode.noError, 0, true);
  }

  /** A name without records: of one of the zones, or nobody's. */
  #without(key: NameKey, owner: number): LocalAnswer | undefined {
    const zone = this.#zoneOf(key);
    if (zone !== undefined) return this.#inZone(zone.key, zone.kind, key, owner);
    const isUnknownHost =
      isBare(key) && !this.#tree.forwarded.has(key) && !ZONE_TYPES.has(this.#type) && !isPublic(key);
    if (isUnknownHost) return this.#finish(Rcode.nxDomain, 0, false);
    // The alias of something outside: whoever asked goes on from there.
    return this.#answers > 0 ? this.#finish(Rcode.noError, 0, true) : undefined;
  }

  #inZone(zone: NameKey, kind: ZoneKind, key: NameKey, owner: number): LocalAnswer | undefined {
    // Where the zone's name stands in the response.
    const apex = owner + key.length - zone.length;
    const isApex = key === zone;
    if (kind === 'loopback') {
      const data = loopback(this.#type);
      if (data === undefined) return this.#negative(Rcode.noError, key, owner);
      this.#record(owner, data.length === 4 ? RecordType.a : RecordType.aaaa, SPECIAL_TTL, data);
      this.#answers++;
      return this.#finish(Rcode.noError, 0, true);
    }
    const hasNames = kind === 'served' || kind === 'private';
    if (hasNames && isApex) {
      // RFC 4035 section 3.1.4.1: DS is on the parent's side of a zone cut.
      if (this.#type === RecordType.ds && kind === 'served' && this.#answers === 0) return undefined;
      if (this.#type === RecordType.soa || this.#type === RecordType.ns) {
        if (this.#type === RecordType.soa) this.#startOfAuthority(apex, negativeTtl(kind));
        else this.#record(apex, RecordType.ns, SPECIAL_TTL, pointerTo(apex));
        this.#answers++;
        return this.#finish(Rcode.noError, 0, true);
      }
    }
    const exists = kind === 'empty' || (hasNames && (isApex || (this.#tree.parents.get(key) ?? -Infinity) > this.#now));
    return this.#negative(exists ? Rcode.noError : Rcode.nxDomain, key, owner);
  }

  /** RFC 2308 section 2: with the SOA record of the zone, if there is one, so that others can keep it. */
  #negative(rcode: number, key: NameKey, owner: number): LocalAnswer {
    const zone = this.#zoneOf(key);
    if (zone === undefined) {
      this.#ttl = Math.min(this.#ttl, SERVED_NEGATIVE_TTL);
      return this.#finish(rcode, 0, true);
    }
    this.#startOfAuthority(owner + key.length - zone.key.length, negativeTtl(zone.kind));
    return this.#finish(rcode, 1, true);
  }

  /** The closest zone of ours that a name is in, unless a closer one, or the same, is asked elsewhere. */
  #zoneOf(key: NameKey): { readonly key: NameKey; readonly kind: ZoneKind } | undefined {
    const { zones, forwarded } = this.#tree;
    for (let suffix = key; suffix.length > 1; suffix = parentOf(suffix)) {
      if (forwarded.has(suffix)) return undefined;
      const kind = zones.get(suffix);
      if (kind !== undefined) return { key: suffix, kind };
    }
    return undefined;
  }

  #startOfAuthority(owner: number, ttl: number): void {
    const data = new ByteWriter(40);
    // RFC 6303 section 3: the name itself, which has no address, so that nobody sends updates here.
    data.bytes(pointerTo(owner));
    data.bytes(NOBODY);
    for (const value of [this.#serial, 3600, 1200, 604_800, ttl]) data.u32(value);
    // "Both TTL values SHOULD match."
    this.#record(owner, RecordType.soa, ttl, data.finish());
  }

  #record(owner: number, type: number, ttl: number, data: Uint8Array): void {
    const writer = this.#writer;
    writer.u16(POINTER | owner);
    writer.u16(type);
    writer.u16(RecordClass.internet);
    writer.u32(ttl);
    writer.u16(data.length);
    writer.bytes(data);
    this.#ttl = Math.min(this.#ttl, ttl);
  }

  #finish(rcode: number, authorities: number, authoritative: boolean): LocalAnswer {
    // Names of one label without a zone are not kept: nothing below them is ours to deny (RFC 8020).
    const ttlSeconds = this.#ttl === Infinity ? 0 : this.#ttl;
    return {
      records: this.#writer.finish(),
      answers: this.#answers,
      authorities,
      rcode,
      authoritative,
      ttlSeconds,
      cacheable: ttlSeconds > 0,
    };
  }
}

/** Of one label. */
function isBare(key: NameKey): boolean {
  return key.length === key.charCodeAt(0) + 2 && key.length > 1;
}

/** Whether a name may be a top-level domain of the public DNS, or below one. */
function isPublic(key: NameKey): boolean {
  let last = 0;
  while (last + key.charCodeAt(last) + 2 < key.length) last += key.charCodeAt(last) + 1;
  const label = key.slice(last + 1, -1);
  return label.startsWith('xn--') || isTopLevelDomain(label);
}

function loopback(type: number): Uint8Array | undefined {
  if (type === RecordType.a) return LOOPBACK_IPV4;
  return type === RecordType.aaaa ? LOOPBACK_IPV6 : undefined;
}

function negativeTtl(kind: ZoneKind): number {
  return kind === 'served' || kind === 'private' ? SERVED_NEGATIVE_TTL : SPECIAL_TTL;
}

function pointerTo(offset: number): Uint8Array {
  return Uint8Array.of((POINTER | offset) >> 8, offset & 0xff);
}
