import { DecodeError, EncodeError } from '@router7/wire';
import type { FamilyName } from './family.ts';

/** Where in a packet's way a base chain is called. */
export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'ingress' | 'egress';

const ipHooks = { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4 } as const;

/** The numbers of each family's hooks: NF_INET_*, NF_BR_*, NF_ARP_*, NF_NETDEV_*. */
const hooks: { readonly [F in FamilyName]: { readonly [H in Hook]?: number } } = {
  ip: ipHooks,
  ip6: ipHooks,
  inet: { ...ipHooks, ingress: 5 },
  bridge: ipHooks,
  arp: { input: 0, output: 1, forward: 2 },
  netdev: { ingress: 0, egress: 1 },
};

/** The kernel's number of a hook. @throws EncodeError `bad-value` when the family has no such hook */
export function hookNumber(family: FamilyName, hook: Hook): number {
  const ofFamily = hooks[family];
  const number = Object.hasOwn(ofFamily, hook) ? ofFamily[hook] : undefined;
  if (number === undefined) throw new EncodeError('bad-value', `family ${family} has no hook ${hook}`);
  return number;
}

/** The name of a hook. @throws DecodeError `bad-value` when the family has no such hook */
export function hookName(family: FamilyName, number: number): Hook {
  for (const [hook, code] of Object.entries(hooks[family])) if (code === number) return hook as Hook;
  throw new DecodeError('bad-value', `family ${family} has no hook ${number}`, 0);
}

/** The names that nft has for priorities of the families ip, ip6 and inet; lower numbers come first. */
export const Priority = { raw: -300, mangle: -150, dstnat: -100, filter: 0, security: 50, srcnat: 100 } as const;

/** The names that nft has for priorities of the family bridge. */
export const BridgePriority = { dstnat: -300, filter: -200, out: 100, srcnat: 300 } as const;

/** The one name that nft has for a priority of the families arp and netdev. */
const filterOnly = { filter: 0 } as const;

const priorities: { readonly [F in FamilyName]: { readonly [name: string]: number } } = {
  ip: Priority,
  ip6: Priority,
  inet: Priority,
  bridge: BridgePriority,
  arp: filterOnly,
  netdev: filterOnly,
};

/**
 * The number of a priority in nft's words: `filter`, `dstnat - 5`, `-150`.
 *
 * @throws EncodeError `bad-value` for a name that the family does not have
 */
export function priorityOf(family: FamilyName, priority: number | string): number {
  if (typeof priority === 'number') return priority;
  if (/^-?\d{1,10}$/.test(priority)) return Number(priority);
  const [, name = '', sign = '+', offset = '0'] = /^([a-z]+)(?:\s*([+-])\s*(\d{1,10}))?$/.exec(priority) ?? [];
  const names = priorities[family];
  const base = Object.hasOwn(names, name) ? names[name] : undefined;
  if (base === undefined) {
    throw new EncodeError('bad-value', `family ${family} has no priority ${JSON.stringify(priority)}`);
  }
  return base + Number(`${sign}${offset}`);
}
