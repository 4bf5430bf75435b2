// Runs in a namespace of its own: applies all rules by our library, then the same as text by the nft program, and
// prints how the nft program lists each of them.
import type { RuleDefinition, TableDefinition } from '@router7/nft';
import { applyRuleset, NftConnection } from '@router7/nft/node';
import { listRuleset, nft } from './namespace.ts';
import { dnatCases, forwardCases, type RuleCase, rawCases, snat6Cases, snatCases } from './rule-cases.ts';

const rulesOf = (cases: readonly RuleCase[]): RuleDefinition[] => cases.map(({ rule }) => rule);
const textOf = (cases: readonly RuleCase[]): string => cases.map(({ text }) => `    ${text}`).join('\n');

const tables: TableDefinition[] = [
  {
    family: 'inet',
    name: 'router7',
    comment: 'made by router7',
    counters: { fwded: { packets: 23n, bytes: 42n, comment: 'forwarded' } },
    sets: {
      inside: { type: 'ifname', elements: ['lan0', 'lan1'], comment: 'the home' },
      martians: { type: 'ipv4_addr', elements: ['10.0.0.0/8', '192.168.1.1', '240.0.0.0/4'] },
      local6: { type: 'ipv6_addr', elements: ['::1', '2001:db8::5'] },
      ports: { type: 'inet_service', elements: [22, '8040-8060', '8050-8070', 8071] },
      empty: { type: 'mark' },
    },
    chains: {
      side: { comment: 'jumped to' },
      forward: { type: 'filter', hook: 'forward', priority: 0, policy: 'drop', rules: rulesOf(forwardCases) },
      raw: { type: 'filter', hook: 'prerouting', priority: -300, rules: rulesOf(rawCases) },
      input: { type: 'filter', hook: 'input', priority: 10, policy: 'drop', comment: 'to us' },
    },
  },
  {
    family: 'ip',
    name: 'nat',
    chains: {
      prerouting: { type: 'nat', hook: 'prerouting', priority: -100, rules: rulesOf(dnatCases) },
      postrouting: { type: 'nat', hook: 'postrouting', priority: 100, rules: rulesOf(snatCases) },
    },
  },
  {
    family: 'ip6',
    name: 'nat6',
    flags: 1,
    chains: { postrouting: { type: 'nat', hook: 'postrouting', priority: 100, rules: rulesOf(snat6Cases) } },
  },
];

const text = `
table inet router7 {
  comment "made by router7"
  counter fwded { comment "forwarded"; packets 23 bytes 42; }
  set inside { type ifname; comment "the home"; elements = { "lan0", "lan1" }; }
  set martians { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.168.1.1, 240.0.0.0/4 }; }
  set local6 { type ipv6_addr; elements = { ::1, 2001:db8::5 }; }
  set ports { type inet_service; flags interval; elements = { 22, 8040-8071 }; }
  set empty { type mark; }
  chain side { comment "jumped to"; }
  chain forward { type filter hook forward priority filter; policy drop;
${textOf(forwardCases)}
  }
  chain raw { type filter hook prerouting priority raw;
${textOf(rawCases)}
  }
  chain input { type filter hook input priority 10; policy drop; comment "to us"; }
}
table ip nat {
  chain prerouting { type nat hook prerouting priority dstnat;
${textOf(dnatCases)}
  }
  chain postrouting { type nat hook postrouting priority srcnat;
${textOf(snatCases)}
  }
}
table ip6 nat6 { flags dormant;
  chain postrouting { type nat hook postrouting priority srcnat;
${textOf(snat6Cases)}
  }
}
`;

const connection = new NftConnection();
nft(['-f', '-'], text);
const theirs = listRuleset();
const theirText = nft(['list', 'ruleset']);
// Their tables are there: the second pass has to turn them into ours, the third ours into ours.
await applyRuleset(connection, { tables });
const replaced = listRuleset();
for (const { family, name } of tables) {
  await connection.apply([{ action: 'delete', object: { kind: 'table', family, name } }]);
}
await applyRuleset(connection, { tables });
const fresh = listRuleset();
const freshText = nft(['list', 'ruleset']);
await applyRuleset(connection, { tables });
const again = listRuleset();
// What the kernel lists, written back rule by rule, is the same rule set (known expressions and raw ones alike).
const rules = await connection.rules();
// An anonymous set belongs to the one rule that it was made for, so those rules cannot be written twice.
const rewritable = rules.filter(({ expressions }) =>
  expressions.every((expression) => expression.kind !== 'lookup' || !expression.set.startsWith('__')),
);
await connection.apply(rewritable.map(({ position: _, ...object }) => ({ action: 'replace', object })));
const rewritten = listRuleset();
const raw = rules.flatMap(({ expressions }) => expressions.filter(({ kind }) => kind === 'raw'));
connection.close();
console.log(JSON.stringify({ theirs, replaced, fresh, again, rewritten, theirText, freshText, raw: raw.length }));
