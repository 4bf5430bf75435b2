import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import type { Binding } from './bindings.ts';
import { sameIa, wantedIas } from './bindings.ts';
import type { IaWish } from './client-message.ts';
import type { ClientConfig } from './config.ts';
import type { IaKind, WantedIa } from './ia-answer.ts';

/**
 * What to ask for in an IA that the client has nothing in (D6C-12, D6C-13): first what it had last, or the length that is
 * configured; after each refusal the next of the configured lengths, and round again.
 */
export class PrefixHints {
  readonly #config: ClientConfig;
  /** Latest leases by IA. */
  readonly #latest: Map<string, readonly Ipv6Prefix[]> = new Map();
  /** Refusals in a row by IA. */
  readonly #turns: Map<string, number> = new Map();

  constructor(config: ClientConfig) {
    this.#config = config;
  }

  /** Takes note of what is held, for when it is not any more. */
  remember({ ia, leases }: Pick<Binding, 'ia' | 'leases'>): void {
    this.#latest.set(
      keyOf(ia),
      leases.map(({ prefix }) => prefix),
    );
  }

  /** What was held is somebody else's: not asked for again. */
  forget(ia: WantedIa): void {
    this.#latest.delete(keyOf(ia));
  }

  /** A server would not give what was asked for. */
  refused(ia: WantedIa): void {
    this.#turns.set(keyOf(ia), this.#turnOf(ia) + 1);
  }

  /** Something was given. */
  granted(ia: WantedIa): void {
    this.#turns.delete(keyOf(ia));
  }

  /** Every wanted IA with the leases that are held in it, or a hint. */
  wishes(bindings: readonly Binding[]): readonly IaWish[] {
    return wantedIas(this.#config).map((ia) => {
      const binding = bindings.find((other) => sameIa(other.ia, ia));
      return { ia, leases: binding?.leases.map(({ prefix }) => prefix) ?? this.#hint(ia) };
    });
  }

  #turnOf(ia: WantedIa): number {
    return this.#turns.get(keyOf(ia)) ?? 0;
  }

  #hint(ia: WantedIa): readonly Ipv6Prefix[] {
    const latest = this.#latest.get(keyOf(ia)) ?? [];
    const turn = this.#turnOf(ia);
    if (ia.kind === 'iaNa') return turn === 0 ? latest : [];
    const own = this.#config.delegations.find(({ iaid }) => iaid === ia.iaid)?.prefixLength;
    const first: readonly (readonly Ipv6Prefix[])[] = [
      ...(latest.length > 0 ? [latest] : []),
      ...(own === undefined ? [] : [lengthHint(own)]),
    ];
    const others = this.#config.prefixLengthHints.filter((length) => length === undefined || length !== own);
    const all = [...first, ...others.map(lengthHint)];
    return all[turn % Math.max(all.length, 1)] ?? [];
  }
}

/** Section 18.2.4 of RFC 8415 and RFC 8168: the prefix `::` with the length that is wished for. */
function lengthHint(length: number | undefined): readonly Ipv6Prefix[] {
  return length === undefined ? [] : [new Ipv6Prefix(Ipv6Address.unspecified, length)];
}

function keyOf({ kind, iaid }: { readonly kind: IaKind; readonly iaid: number }): string {
  return `${kind} ${iaid}`;
}
