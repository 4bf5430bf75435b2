import { EncodeError } from '@router7/wire';
import type { Expression } from '../expression.ts';
import { CmpOperator } from '../expressions/cmp.ts';
import { Register } from '../expressions/codec.ts';
import { MetaKey } from '../expressions/meta.ts';
import { PayloadBase } from '../expressions/payload.ts';
import type { FamilyName } from '../family.ts';
import { type NftSet, SetFlag } from '../set.ts';
import type { SetElement, SetElements } from '../set-elements.ts';
import { type Dependency, NfProto } from './field.ts';
import { keyTypeOf } from './key-type.ts';
import { setHints } from './set-hints.ts';
import { etherTypes, protocols } from './symbols.ts';
import { valueTypes } from './value-type.ts';

/** Numbers for the anonymous sets of one transaction. */
export class SetIds {
  #next = 1;

  /** The next number. */
  take(): number {
    return this.#next++;
  }
}

/** A set that only one rule uses, with its elements. */
export interface AnonymousSet {
  readonly set: NftSet;
  readonly elements: SetElements;
}

/** What a rule has to know of the sets and maps that it names. */
export interface NamedSet {
  /** Whether numbers lie in network order in its keys. */
  readonly ordered: boolean;
  /** For a map: the type of its data, in nft's words, or `verdict`. */
  readonly data?: string;
}

type Topic = Dependency['on'];

const register = Register.r1;
/** The Ethernet types that stand for a protocol family where packets have no such family yet. */
const etherTypeOf = new Map<number, number>([
  [NfProto.ipv4, etherTypes.ip],
  [NfProto.ipv6, etherTypes.ip6],
  [NfProto.arp, etherTypes.arp],
]);
const familyProtocol: { readonly [F in FamilyName]?: number } = {
  ip: NfProto.ipv4,
  ip6: NfProto.ipv6,
  arp: NfProto.arp,
};

/** A rule on its way from words to expressions: what is emitted so far, and what is known of the packet by then. */
export class RuleContext {
  readonly family: FamilyName;
  readonly table: string;
  readonly expressions: Expression[] = [];
  readonly sets: AnonymousSet[] = [];
  readonly #setIds: SetIds;
  readonly #namedSets: (name: string) => NamedSet | undefined;
  readonly #known: Map<Topic, number> = new Map();
  /** Fields of which only a list of values is known, by the values. */
  readonly #listed: Map<Topic, string> = new Map();

  constructor(
    where: { readonly family: FamilyName; readonly table: string },
    setIds: SetIds,
    namedSets: (name: string) => NamedSet | undefined = () => undefined,
  ) {
    this.family = where.family;
    this.table = where.table;
    this.#setIds = setIds;
    this.#namedSets = namedSets;
    const protocol = familyProtocol[where.family];
    if (protocol !== undefined) this.#known.set('nfproto', protocol);
  }

  /** Appends expressions. */
  emit(...expressions: readonly Expression[]): void {
    this.expressions.push(...expressions);
  }

  /** What is known by now: the number of the IP family or of the transport protocol. */
  known(on: Topic): number | undefined {
    return this.#known.get(on);
  }

  /** What the table says of a set or map; undefined when it has none of this name. */
  namedSet(name: string): NamedSet | undefined {
    return this.#namedSets(name);
  }

  /** Notes that the rule goes on only for packets with this value; the Ethernet type tells the family, too. */
  learn(on: Topic, bytes: Uint8Array): void {
    const value = bytes.reduce((sum, octet) => sum * 256 + octet, 0);
    const isEtherType = on === 'etherType' || (on === 'nfproto' && bytes.length === 2);
    if (on === 'etherType') this.#known.set('etherType', value);
    if (!isEtherType) {
      // Only the interface's type lies in host order.
      this.#known.set(on, on === 'iiftype' ? (bytes[0] ?? 0) + 256 * (bytes[1] ?? 0) : value);
      return;
    }
    for (const [protocol, etherType] of etherTypeOf) if (etherType === value) this.#known.set('nfproto', protocol);
  }

  /** Notes that the rule goes on only for packets with one of several values. */
  learnList(on: Topic, values: string = ''): void {
    this.#listed.set(on, values);
  }

  /** Whether the rule has named the value, or a list of values. */
  hasNamed(on: Topic): boolean {
    return this.#known.has(on) || this.#listed.has(on);
  }

  /**
   * Sees to it that the rule goes on only for packets with this value, as the nft program does by itself.
   *
   * @throws EncodeError `bad-value` when the rule already demands another value: it could never match
   */
  need({ on, value, or }: Dependency): void {
    const known = this.#known.get(on);
    if (known === value || (known !== undefined && known === or)) return;
    if (known !== undefined) throw new EncodeError('bad-value', `the rule wants ${on} to be ${known} and ${value}`);
    if (or !== undefined) {
      this.#needEither(on, value, or);
      return;
    }
    if (on === 'nfproto') this.#needProtocol(value);
    else if (on === 'etherType') this.#compare(PayloadBase.link, 12, value >>> 8, value & 0xff);
    else if (on === 'icmpType') this.#compare(PayloadBase.transport, 0, value);
    // A bridge's ports are all of Ethernet.
    else if (on === 'iiftype' && this.family !== 'bridge') this.#compareMeta(MetaKey.iiftype, value, 0);
    else if (on === 'l4proto') this.#compareMeta(MetaKey.l4proto, value);
    this.#known.set(on, value);
  }

  /** Makes a set for this rule alone and gives it a number. */
  addSet(
    set: Omit<NftSet, 'kind' | 'family' | 'table' | 'name' | 'id' | 'size'>,
    elements: readonly SetElement[],
  ): AnonymousSet {
    const id = this.#setIds.take();
    const { family, table } = this;
    const isMap = (set.flags & SetFlag.map) !== 0;
    const isObjects = (set.flags & SetFlag.object) !== 0;
    const name = isObjects ? '__objmap%d' : isMap ? '__map%d' : '__set%d';
    const anonymous: AnonymousSet = {
      set: { kind: 'set', family, table, name, id, size: elements.length, ...set },
      elements: { kind: 'elements', family, table, set: name, setId: id, elements },
    };
    this.sets.push(anonymous);
    return anonymous;
  }

  #needProtocol(value: number): void {
    const etherType = etherTypeOf.get(value) ?? 0;
    if (this.family === 'bridge' || this.family === 'netdev') {
      // Outside of the IP families the packet's Ethernet type stands for its protocol.
      const bytes = [etherType >>> 8, etherType & 0xff];
      if (this.family === 'bridge' && value === NfProto.arp) this.#compare(PayloadBase.link, 12, ...bytes);
      else this.#compareMeta(MetaKey.protocol, ...bytes);
    } else {
      if (value === NfProto.arp) throw new EncodeError('bad-value', `no ARP comes to a table of ${this.family}`);
      this.#compareMeta(MetaKey.nfproto, value);
    }
  }

  #needEither(on: Topic, value: number, or: number): void {
    const listed = `${value},${or}`;
    if (this.#listed.get(on) === listed) return;
    const isV4 = this.#known.get('l4proto') === protocols.icmp;
    const key = keyTypeOf([isV4 ? valueTypes.icmp_type : valueTypes.icmpv6_type]);
    const flags = SetFlag.anonymous | SetFlag.constant;
    const hints = { flags, keyType: key.code, keyLength: key.length, userdata: setHints({ key, kind: 'set' }) };
    const { set } = this.addSet(hints, [{ key: Uint8Array.of(value) }, { key: Uint8Array.of(or) }]);
    const where = { base: PayloadBase.transport, offset: 0, length: 1 };
    this.emit(
      { kind: 'payload', operation: 'load', register, ...where },
      { kind: 'lookup', set: set.name, setId: set.id ?? 0, source: register, inverted: false },
    );
    this.#listed.set(on, listed);
  }

  #compareMeta(key: number, ...bytes: readonly number[]): void {
    this.emit({ kind: 'meta', operation: 'load', key, register });
    this.emit({ kind: 'cmp', register, operator: CmpOperator.eq, value: Uint8Array.from(bytes) });
  }

  #compare(base: number, offset: number, ...bytes: readonly number[]): void {
    this.emit({ kind: 'payload', operation: 'load', register, base, offset, length: bytes.length });
    this.emit({ kind: 'cmp', register, operator: CmpOperator.eq, value: Uint8Array.from(bytes) });
  }
}
