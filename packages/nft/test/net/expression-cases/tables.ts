import { actionsCases } from './actions.ts';
import type { ExpressionCases } from './expression-cases.ts';
import { familiesCases } from './families.ts';
import { headersCases } from './headers.ts';
import { routesCases } from './routes.ts';
import { stateCases } from './state.ts';

/** All of them. */
export const expressionCases: readonly ExpressionCases[] = [
  ...headersCases,
  ...stateCases,
  ...actionsCases,
  ...routesCases,
  ...familiesCases,
];

/** Each table's sets, objects and chains, which nft makes for both. */
export const tables: { readonly [table: string]: string } = {
  'ip x': `
  set recent { type ipv4_addr; flags dynamic,timeout; size 100; }
  set counted { type ipv4_addr; flags dynamic; size 100; }
  set pairs { type ipv4_addr . inet_service; }
  map learned { type ipv4_addr : mark; flags dynamic,timeout; size 100; }
  map marks { type ipv4_addr : mark; }
  map verdicts { type inet_service : verdict; elements = { 22 : accept, 80 : jump side }; }
  map counters { type ipv4_addr : counter; }
  map targets { type inet_service : ipv4_addr . inet_service; }
  map prefixes { type ipv4_addr : interval ipv4_addr; flags interval; elements = { 10.0.0.0/24 : 192.0.2.0/24 }; }
  quota q { 25 mbytes; }
  limit l { rate 10/second; }
  ct helper h { type "ftp" protocol tcp; }
  ct timeout t { protocol tcp; policy = { established: 100 }; }
  ct expectation e {
    protocol tcp
    dport 9876
    timeout 2m
    size 12
    l3proto ip
  }
  synproxy p {
    mss 1460
    wscale 7
  }
  chain side { }
  chain forward { type filter hook forward priority filter; }
  chain raw { type filter hook prerouting priority raw; }
  chain pre { type nat hook prerouting priority dstnat; }
  chain post { type nat hook postrouting priority srcnat; }
`,
  'ip6 x6': `
  chain forward { type filter hook forward priority filter; }
`,
  'netdev dev': `
  chain ingress { type filter hook ingress device "lo" priority filter; }
`,
  'arp neighbors': `
  chain input { type filter hook input priority filter; }
`,
  'bridge br': `
  chain forward { type filter hook forward priority filter; }
`,
  'inet fast': `
  flowtable fast { hook ingress priority 0; devices = { lo }; }
  chain forward { type filter hook forward priority filter; }
`,
  'inet marked': `
  secmark m { "system_u:object_r:ssh_server_packet_t:s0"; }
  chain forward { type filter hook forward priority filter; }
`,
};
