// Runs in a namespace of its own: applies the rule set that router7 has always had, twice, and prints how the nft
// program lists it, by number, before and after traffic could have counted.
import {
  clampMss,
  counter,
  dnat,
  jump,
  masquerade,
  type RuleDefinition,
  rule,
  type TableDefinition,
} from '@router7/nft';
import { applyRuleset, NftConnection } from '@router7/nft/node';
import { nft } from './namespace.ts';

const forwarding = (
  protocol: 'tcp' | 'udp',
  port: number | string,
  to: string,
  toPort: number | string,
): RuleDefinition =>
  rule(
    { 'ip.daddr': { not: '127.0.0.0/8' } },
    { 'ip.daddr': { not: '192.168.42.0/24' }, 'fib.daddr.type': 'local', [`${protocol}.dport`]: port },
    dnat(to, { port: toPort }),
  );

const nat: TableDefinition = {
  family: 'ip',
  name: 'nat',
  chains: {
    'router7-portforwardings': {
      rules: [
        forwarding('tcp', 8080, '192.168.42.23', 9999),
        forwarding('tcp', '8040-8060', '192.168.42.99', '8040-8060'),
        forwarding('udp', 53, '192.168.42.99', 53),
      ],
    },
    prerouting: { type: 'nat', hook: 'prerouting', priority: 0, rules: [rule(jump('router7-portforwardings'))] },
    postrouting: {
      ...{ type: 'nat', hook: 'postrouting', priority: 100 },
      rules: [
        rule({ oifname: 'uplink0' }, masquerade()),
        rule({ iifname: 'lan0', oifname: 'lan0', 'ct.status': 'dnat' }, masquerade()),
      ],
    },
  },
};

const filter = (family: 'ip' | 'ip6'): TableDefinition => ({
  family,
  name: 'filter',
  counters: { fwded: { packets: 23n, bytes: 42n }, inputc: {}, outputc: {} },
  chains: {
    forward: {
      ...{ type: 'filter', hook: 'forward', priority: 0 },
      rules: [rule({ oifname: 'uplink0', 'tcp.flags': 'syn' }, clampMss()), rule(counter('fwded'))],
    },
    input: { type: 'filter', hook: 'input', priority: 0, rules: [rule(counter('inputc'))] },
    output: { type: 'filter', hook: 'output', priority: 0, rules: [rule(counter('outputc'))] },
  },
});

const tables = [nat, filter('ip'), filter('ip6')];
const list = (): string => nft(['--numeric', 'list', 'ruleset']);
using connection = new NftConnection();
await applyRuleset(connection, { tables });
const fresh = list();
await applyRuleset(connection, { tables });
const again = list();

// Five at once, each with a table of its own and all under the guard of the one generation.
const connections = Array.from({ length: 5 }, () => new NftConnection());
await Promise.all(
  connections.map((other, index) =>
    applyRuleset(other, { tables: [{ ...filter('ip'), name: `concurrent${index}`, chains: { c: {} } }] }),
  ),
);
for (const other of connections) other.close();
const names = (await connection.tables('ip')).map(({ name }) => name).toSorted();
console.log(JSON.stringify({ fresh, again, names }));
