import { EncodeError } from '@router7/wire';
import type { Expression } from '../expression.ts';
import { CmpOperator } from '../expressions/cmp.ts';
import { Register } from '../expressions/codec.ts';
import { MetaKey } from '../expressions/meta.ts';
import type { FamilyName } from '../family.ts';
import type { NftSet } from '../set.ts';
import type { SetElements } from '../set-elements.ts';
import { type Dependency, dependencyKeys, etherTypeOf } from './field.ts';
import { nfProtocols } from './symbols.ts';

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

/** A rule on its way from words to expressions: what is emitted so far, and what is known of the packet by then. */
export class RuleContext {
  readonly family: FamilyName;
  readonly table: string;
  readonly expressions: Expression[] = [];
  readonly sets: AnonymousSet[] = [];
  readonly #setIds: SetIds;
  readonly #known: Map<Dependency['on'], number> = new Map();
  readonly #listed: Set<Dependency['on']> = new Set();

  constructor(family: FamilyName, table: string, setIds: SetIds) {
    this.family = family;
    this.table = table;
    this.#setIds = setIds;
    if (family === 'ip') this.#known.set('nfproto', nfProtocols.ipv4);
    if (family === 'ip6') this.#known.set('nfproto', nfProtocols.ipv6);
  }

  /** Appends expressions. */
  emit(...expressions: readonly Expression[]): void {
    this.expressions.push(...expressions);
  }

  /** What is known by now: the number of the IP family or of the transport protocol. */
  known(on: Dependency['on']): number | undefined {
    return this.#known.get(on);
  }

  /** Notes that the rule goes on only for packets with this value. */
  learn(on: Dependency['on'], value: number): void {
    this.#known.set(on, value);
  }

  /** Notes that the rule goes on only for packets with one of several values. */
  learnList(on: Dependency['on']): void {
    this.#listed.add(on);
  }

  /** Whether the rule has named the value, or a list of values. */
  hasNamed(on: Dependency['on']): boolean {
    return this.#known.has(on) || this.#listed.has(on);
  }

  /**
   * Sees to it that the rule goes on only for packets with this value, as the nft program does by itself.
   *
   * @throws EncodeError `bad-value` when the rule already demands another value: it could never match
   */
  need({ on, value }: Dependency): void {
    const known = this.#known.get(on);
    if (known === value) return;
    if (known !== undefined) throw new EncodeError('bad-value', `the rule wants ${on} to be ${known} and ${value}`);
    const register = Register.r1;
    // Outside of the IP families the packet's Ethernet type stands for its IP version.
    const etherType = this.family === 'bridge' || this.family === 'netdev' ? etherTypeOf[value] : undefined;
    if (on === 'nfproto' && etherType !== undefined) {
      this.emit(
        { kind: 'meta', operation: 'load', key: MetaKey.protocol, register },
        { kind: 'cmp', register, operator: CmpOperator.eq, value: Uint8Array.of(etherType >>> 8, etherType & 0xff) },
      );
    } else {
      // The interface's type is 16 bits in host order, the others are octets.
      const bytes = on === 'iiftype' ? Uint8Array.of(value, 0) : Uint8Array.of(value);
      this.emit(
        { kind: 'meta', operation: 'load', key: dependencyKeys[on], register },
        { kind: 'cmp', register, operator: CmpOperator.eq, value: bytes },
      );
    }
    this.#known.set(on, value);
  }

  /** Makes a set for this rule alone and gives it a number. */
  addSet(
    set: Pick<NftSet, 'flags' | 'keyType' | 'keyLength' | 'userdata'>,
    elements: SetElements['elements'],
  ): AnonymousSet {
    const id = this.#setIds.take();
    const { family, table } = this;
    const name = '__set%d';
    const anonymous: AnonymousSet = {
      set: { kind: 'set', family, table, name, id, size: elements.length, ...set },
      elements: { kind: 'elements', family, table, set: name, setId: id, elements },
    };
    this.sets.push(anonymous);
    return anonymous;
  }
}
