import {
  accept,
  type ChainDefinition,
  counter,
  drop,
  goTo,
  type RejectReason,
  type RuleDefinition,
  reject,
  rule,
  type Statement,
} from '@router7/nft';
import { byDefault } from './provenance.ts';

/** Why a packet is dropped; each reason has a counter `drop-REASON`. */
export const dropReasons = [
  'spoofed',
  'martian',
  'invalid',
  'neighbor-hop-limit',
  'syn-flood',
  'unsolicited',
  'forbidden',
  'egress',
  'stale-prefix',
  'no-prefix',
  'stranger',
] as const;

/** One of the reasons to drop a packet. */
export type DropReason = (typeof dropReasons)[number];

/** Where packets are counted, as router7's metrics name it. */
export const countedHooks = ['forward', 'input', 'output'] as const;
/** One of the places where packets are counted. */
export type CountedHook = (typeof countedHooks)[number];

/** IP versions as router7's metrics name them. */
export const countedFamilies = ['ipv4', 'ipv6'] as const;
/** One of the IP versions. */
export type CountedFamily = (typeof countedFamilies)[number];

/** Name of the counter of dropped packets. */
export function dropCounter(reason: DropReason): string {
  return `drop-${reason}`;
}

/** Name of the counter of packets that passed. */
export function passCounter(hook: CountedHook, family: CountedFamily): string {
  return `${hook}-${family}`;
}

/** Counts the packet by its reason, and drops it. */
export function dropped(reason: DropReason): readonly Statement[] {
  return [counter(dropCounter(reason)), drop()];
}

/** Counts the packet by its reason, and tells its sender why it goes no further. */
export function refused(reason: DropReason, answer: RejectReason): readonly Statement[] {
  return [counter(dropCounter(reason)), reject(answer)];
}

/** Every counter of the table; they keep their values when the table is written anew. */
export const counters: Readonly<Record<string, object>> = Object.fromEntries(
  [
    ...dropReasons.map(dropCounter),
    ...countedHooks.flatMap((hook) => countedFamilies.map((family) => passCounter(hook, family))),
  ].map((name) => [name, {}]),
);

const FORWARDED = 'forwarded';

/** Lets a packet through that is forwarded, and counts it. Each chain of its own at a hook would cost all packets. */
export function forwarded(): Statement {
  return goTo(FORWARDED);
}

/** Behind the filters at a hook: what comes here has passed them. */
const BEHIND_FILTER = 10;

/** Chains that count what has passed, by IP version. */
export function countingChains(): Readonly<Record<string, ChainDefinition>> {
  const behind = (hook: CountedHook): ChainDefinition => ({
    ...{ type: 'filter', hook, priority: BEHIND_FILTER, policy: 'accept' },
    rules: countingRules(hook),
  });
  return {
    [FORWARDED]: { rules: countingRules('forward', accept()) },
    'count-input': behind('input'),
    'count-output': behind('output'),
  };
}

function countingRules(hook: CountedHook, ...verdict: readonly Statement[]): readonly RuleDefinition[] {
  return countedFamilies.map((family) =>
    rule({ 'meta.nfproto': family }, counter(passCounter(hook, family)), ...verdict, byDefault('metrics')),
  );
}
