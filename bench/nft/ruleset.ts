import { accept, comment, counter, drop, limit, type RuleDefinition, rule, type TableDefinition } from '@router7/nft';

/** One rule in our words and in nft's. */
interface Pair {
  readonly words: RuleDefinition;
  readonly text: string;
}

const TABLE = 'bench';

/** Five kinds of rules that a router has, each with numbers of its own. */
function pair(index: number): Pair {
  const [a, b] = [index >> 8, index & 0xff];
  const port = 1024 + index;
  switch (index % 5) {
    case 0:
      return {
        words: rule({ iifname: 'lan0', 'ip.saddr': `10.1.${a}.${b}`, 'tcp.dport': port }, counter(), accept()),
        text: `iifname "lan0" ip saddr 10.1.${a}.${b} tcp dport ${port} counter accept`,
      };
    case 1:
      return {
        words: rule({ 'ip.daddr': `10.${a}.${b}.0/24`, 'udp.dport': `${port}-${port + 9}` }, drop()),
        text: `ip daddr 10.${a}.${b}.0/24 udp dport ${port}-${port + 9} drop`,
      };
    case 2:
      return {
        words: rule({ 'ct.state': ['established', 'related'], 'ip6.saddr': `2001:db8::${index + 1}` }, accept()),
        text: `ct state established,related ip6 saddr 2001:db8::${index + 1} accept`,
      };
    case 3:
      return {
        words: rule({ oifname: 'uplink0', 'tcp.dport': [22, 80, port] }, comment(`forward ${index}`), accept()),
        text: `oifname "uplink0" tcp dport { 22, 80, ${port} } accept comment "forward ${index}"`,
      };
    default:
      return {
        words: rule({ 'ip.saddr': { set: 'blocked' }, 'udp.sport': port }, limit({ rate: 10, per: 'second' }), drop()),
        text: `ip saddr @blocked udp sport ${port} limit rate 10/second drop`,
      };
  }
}

function addresses(count: number): string[] {
  // Spread over the address space in no order, as a block list is.
  return Array.from({ length: count }, (_, i) => {
    const address = Math.imul(i + 1, 2_654_435_761) >>> 0;
    return [address >>> 24, (address >>> 16) & 0xff, (address >>> 8) & 0xff, address & 0xff].join('.');
  });
}

/** The table in our words. */
export function definition(rules: number, elements: number): TableDefinition {
  return {
    family: 'inet',
    name: TABLE,
    sets: { blocked: { type: 'ipv4_addr', elements: addresses(elements) } },
    chains: {
      forward: {
        ...{ type: 'filter', hook: 'forward', priority: 0, policy: 'drop' },
        rules: Array.from({ length: rules }, (_, index) => pair(index).words),
      },
    },
  };
}

/** The same for `nft -f`; `again`: in place of what is there, in one transaction, as everybody writes it. */
export function script(rules: number, elements: number): { readonly cold: string; readonly again: string } {
  const lines = Array.from({ length: rules }, (_, index) => `    ${pair(index).text}`).join('\n');
  const cold = `table inet ${TABLE} {
  set blocked { type ipv4_addr; elements = { ${addresses(elements).join(', ')} } }
  chain forward {
    type filter hook forward priority 0; policy drop;
${lines}
  }
}
`;
  return { cold, again: `table inet ${TABLE}\ndelete table inet ${TABLE}\n${cold}` };
}
