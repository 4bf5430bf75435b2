import { type Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { type Binding, sameIa } from './bindings.ts';
import { lose } from './entry-actions.ts';
import type { IaKind, WantedIa } from './ia-answer.ts';
import type { Machine } from './machine.ts';

/** A lease of an earlier run. Times are milliseconds from now, negative ones are over; Infinity is never. */
export interface RememberedTimes {
  readonly iaid: number;
  /** T1. */
  readonly renewInMs: number;
  /** T2. */
  readonly rebindInMs: number;
  readonly preferredForMs: number;
  readonly validForMs: number;
}

/** Leases of an earlier run (D6C-12): what is valid still is used and asked for again, the rest is a hint. */
export interface RememberedLeases {
  readonly serverIdentifier: Uint8Array | undefined;
  /** How long ago they came, milliseconds. */
  readonly ageMs: number;
  readonly delegations: readonly (RememberedTimes & {
    readonly prefix: Ipv6Prefix;
    readonly excluded?: Ipv6Prefix | undefined;
  })[];
  readonly addresses: readonly (RememberedTimes & { readonly address: Ipv6Address })[];
  readonly dnsServers: readonly Ipv6Address[];
  readonly domainSearchList: readonly string[];
}

/** Turns what is remembered into bindings, once there is a clock to count their times on. */
export function recall(m: Machine, remembered: RememberedLeases, now: number): void {
  const bindings: Binding[] = [];
  const add = (ia: WantedIa, prefix: Ipv6Prefix, excluded: Ipv6Prefix | undefined, times: RememberedTimes): void => {
    // What the configuration does not ask for any longer stays with its server until it ends.
    if (!m.wanted.some((wanted) => sameIa(wanted, ia))) return;
    const at = (ms: number): number => (Number.isNaN(ms) ? now : now + ms);
    const lease = {
      prefix,
      excluded,
      preferredUntil: at(times.preferredForMs),
      validUntil: at(times.validForMs),
    };
    const index = bindings.findIndex((binding) => sameIa(binding.ia, ia));
    const others = bindings[index]?.leases ?? [];
    const binding = {
      ia,
      renewAt: at(times.renewInMs),
      rebindAt: at(times.rebindInMs),
      leases: [...others, lease],
    };
    if (index < 0) bindings.push(binding);
    else bindings[index] = binding;
  };
  for (const delegation of remembered.delegations) {
    const prefix = new Ipv6Prefix(delegation.prefix.network, delegation.prefix.length);
    add(iaOf('iaPd', delegation), prefix, delegation.excluded, delegation);
  }
  for (const address of remembered.addresses) {
    add(iaOf('iaNa', address), new Ipv6Prefix(address.address, 128), undefined, address);
  }
  m.bindings = bindings;
  for (const binding of bindings) m.hints.remember(binding);
  const { serverIdentifier, dnsServers, domainSearchList } = remembered;
  m.serverIdentifier = serverIdentifier;
  m.granted = {
    serverIdentifier: serverIdentifier ?? new Uint8Array(),
    receivedAt: now - Math.max(remembered.ageMs, 0),
    dnsServers,
    domainSearchList,
    options: [],
  };
  lose(m, 'expired', ({ validUntil }) => validUntil <= now);
}

function iaOf(kind: IaKind, { iaid }: { readonly iaid: number }): WantedIa {
  return { kind, iaid };
}
