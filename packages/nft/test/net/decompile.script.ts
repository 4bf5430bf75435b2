// Runs in a namespace of its own: rule sets of the nft program are read, put in words, the words into JSON and back, and
// compared and made again.
import {
  addTable,
  compileRuleset,
  decompileRuleset,
  describeOperation,
  diffRuleset,
  encodeExpression,
  type Rule,
  type RulesetDefinition,
} from '@router7/nft';
import { NftConnection } from '@router7/nft/node';
import { toHex } from '@router7/wire';
import { foreignRulesets } from './foreign-rulesets.ts';
import { listRuleset, nft } from './namespace.ts';
import { dnatCases, forwardCases, type RuleCase, snatCases } from './rule-cases.ts';
import { wordText } from './word-cases.ts';

const lines = (cases: readonly RuleCase[]): string => cases.map(({ text }) => text).join('\n');
const cases = `
table inet router7 {
  counter fwded { packets 23 bytes 42; }
  set inside { type ifname; elements = { "lan0", "lan1" }; }
  set martians { type ipv4_addr; flags interval; elements = { 10.0.0.0/8, 192.168.1.1, 240.0.0.0/4 }; }
  set local6 { type ipv6_addr; elements = { ::1, 2001:db8::5 }; }
  set ports { type inet_service; flags interval; elements = { 22, 8040-8071 }; }
  chain side { }
  chain forward { type filter hook forward priority 0; policy drop;
${lines(forwardCases)}
  }
}
table ip nat {
  chain prerouting { type nat hook prerouting priority dstnat;
${lines(dnatCases)}
  }
  chain postrouting { type nat hook postrouting priority srcnat;
${lines(snatCases)}
  }
}
`;

const bits = `
table inet bits {
  set opening { type tcp_flag; elements = { syn, syn | ack }; }
  set marks { type mark; elements = { 1 }; }
  chain c {
    tcp flags syn,ack
    tcp flags & (syn | ack) != syn | ack
    tcp flags { syn, syn | ack }
    tcp flags != { syn, syn | ack }
    tcp flags & (fin | syn | rst | ack) { syn, fin | ack }
    tcp flags & (fin | syn | rst | ack) != { syn, fin | ack }
    tcp flags & (fin | syn) vmap { syn : drop, fin | syn : accept }
    tcp flags vmap { syn : drop, fin | syn : accept }
    tcp flags & (syn | ack) @opening
    tcp flags ! syn
    tcp flags & (syn | rst) == 0
    tcp flags & (fin | syn | rst | psh | ack | urg) == 0
    ct state { new, established | related }
    ct state vmap { established : accept, new | invalid : drop }
    ct status & (dnat | snat) == { dnat, snat }
    ct mark set ct state map { new : 1, established | related : 2 }
    meta mark & 0xff @marks
    meta mark & 0xff vmap { 1 : accept }
    ct event set new,destroy
  }
}
`;

/** The octets of a rule's expressions, but for the names of its anonymous sets. */
function octets({ expressions }: Rule): string {
  return expressions
    .map((each) => ('set' in each && each.set.startsWith('__') ? { ...each, set: '', setId: 0 } : each))
    .map((each) => toHex(encodeExpression(each)))
    .join(' ');
}

using connection = new NftConnection();
const results: { [name: string]: object } = {};
for (const [name, text] of Object.entries({ words: wordText, cases, bits, ...foreignRulesets })) {
  nft(['-f', '-'], text);
  const theirs = listRuleset();
  const present = await connection.list();
  const words = decompileRuleset(present);
  const json = JSON.stringify(words);
  const again = compileRuleset(JSON.parse(json) as RulesetDefinition);
  const difference = diffRuleset(again, present).map((each) => describeOperation(each));
  const parts = words.tables.flatMap(({ chains = {} }) => Object.values(chains).flatMap(({ rules = [] }) => rules));
  const raw = parts.filter((rule) =>
    // Octets of a header that has a name are no words either.
    rule.parts.some((part) =>
      'statement' in part ? part.statement === 'expressions' : name === 'bits' && JSON.stringify(part).includes('@th'),
    ),
  );
  nft(['flush', 'ruleset']);
  await connection.apply(again.tables.flatMap(addTable));
  const made = await connection.list();
  const same = made.rules.filter((rule, index) => octets(rule) === octets(present.rules[index] as Rule)).length;
  const ours = listRuleset();
  nft(['flush', 'ruleset']);
  const rules = (list: readonly unknown[]): string[] =>
    list.filter((entry) => 'rule' in (entry as object)).map((entry) => JSON.stringify(entry));
  const theirRules = rules(theirs);
  const differ = rules(ours).filter((entry, index) => entry !== theirRules[index]);
  results[name] = { rules: parts.length, same, difference, raw, differ };
}
console.log(JSON.stringify(results));
