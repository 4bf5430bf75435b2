import {
  type ChainDefinition,
  clampMss,
  counter,
  dnat,
  jump,
  masquerade,
  type RuleDefinition,
  rule,
  type TableDefinition,
} from '@router7/nft';
import { Ipv4Prefix } from '@router7/wire';
import { configuredPrefixes, type Situation } from './situation.ts';

/*
 * The rule set of router7, to the letter: it accepts everything. The comments of the default profile are missing, for
 * router7 has none.
 */

const LAN = 'lan0';
const FILTER = 0;
const SOURCE_NAT = 100;
const PORT_FORWARDINGS = 'router7-portforwardings';

/** Names of the counters at each hook, in both tables `filter`. */
export const compatCounters = { forward: 'fwded', input: 'inputc', output: 'outputc' } as const;

/** The three tables of router7. */
export function compatTables(situation: Situation): readonly TableDefinition[] {
  return [natTable(situation), filterTable('ip', situation.uplink), filterTable('ip6', situation.uplink)];
}

/** What tells a table of these from one of the same name that somebody else has made: all of this is in it. */
export const compatMarks: readonly {
  readonly family: 'ip' | 'ip6';
  readonly table: string;
  readonly chains: readonly string[];
  readonly counters: readonly string[];
}[] = [
  { family: 'ip', table: 'nat', chains: [PORT_FORWARDINGS, 'prerouting', 'postrouting'], counters: [] },
  ...(['ip', 'ip6'] as const).map((family) => ({
    ...{ family, table: 'filter', chains: ['forward', 'input', 'output'] },
    counters: Object.values(compatCounters),
  })),
];

function natTable(situation: Situation): TableDefinition {
  const { uplink } = situation;
  return {
    family: 'ip',
    name: 'nat',
    chains: {
      [PORT_FORWARDINGS]: { rules: forwardingRules(situation) },
      prerouting: {
        ...{ type: 'nat', hook: 'prerouting', priority: FILTER, policy: 'accept' },
        rules: [rule(jump(PORT_FORWARDINGS))],
      },
      postrouting: {
        ...{ type: 'nat', hook: 'postrouting', priority: SOURCE_NAT, policy: 'accept' },
        rules: [
          rule({ oifname: uplink }, masquerade()),
          rule({ iifname: LAN, oifname: LAN, 'ct.status': 'dnat' }, masquerade()),
        ],
      },
    },
  };
}

function forwardingRules({ portForwardings, interfaces }: Situation): readonly RuleDefinition[] {
  const lan = configuredPrefixes(interfaces, [LAN]).find((prefix) => prefix instanceof Ipv4Prefix);
  // router7 takes every LAN for a /24.
  const others = lan === undefined ? [] : [new Ipv4Prefix(lan.address, 24).network];
  return portForwardings.flatMap((forwarding) =>
    forwarding.protocols.map((protocol) => {
      const { firstPort, lastPort, firstDestinationPort, lastDestinationPort } = forwarding;
      return rule(
        { 'ip.daddr': { not: '127.0.0.0/8' } },
        ...others.map((network) => ({ 'ip.daddr': { not: `${network}/24` } })),
        { 'fib.daddr.type': 'local', [`${protocol}.dport`]: range(firstPort, lastPort) },
        dnat(String(forwarding.destination), { port: range(firstDestinationPort, lastDestinationPort) }),
      );
    }),
  );
}

function filterTable(family: 'ip' | 'ip6', uplink: string): TableDefinition {
  const chain = (hook: 'forward' | 'input' | 'output', rules: readonly RuleDefinition[]): ChainDefinition => ({
    ...{ type: 'filter', hook, priority: FILTER, policy: 'accept' },
    rules,
  });
  return {
    family,
    name: 'filter',
    counters: Object.fromEntries(Object.values(compatCounters).map((name) => [name, {}])),
    chains: {
      forward: chain('forward', [
        rule({ oifname: uplink, 'tcp.flags': 'syn' }, clampMss()),
        rule(counter(compatCounters.forward)),
      ]),
      input: chain('input', [rule(counter(compatCounters.input))]),
      output: chain('output', [rule(counter(compatCounters.output))]),
    },
  };
}

function range(first: number, last: number): string {
  return first === last ? String(first) : `${first}-${last}`;
}
