import t from 'tap';
import { type RouterConfig, RouterEngine, RouterVariableError } from '../../src/index.ts';
import { ip, net, prefix, routerConfig, SimulatedLink } from './simulated-link.ts';

const lifetime = { mostSeconds: 1800 };
const medium = 0;

const malformed: [variable: string, changes: Partial<RouterConfig>][] = [
  ['maxRtrAdvIntervalSeconds', { maxRtrAdvIntervalSeconds: 3.9, minRtrAdvIntervalSeconds: 3 }],
  ['maxRtrAdvIntervalSeconds', { maxRtrAdvIntervalSeconds: 65536 }],
  ['maxRtrAdvIntervalSeconds', { maxRtrAdvIntervalSeconds: Number.NaN }],
  ['minRtrAdvIntervalSeconds', { minRtrAdvIntervalSeconds: 2.9 }],
  ['minRtrAdvIntervalSeconds', { minRtrAdvIntervalSeconds: 451 }],
  ['routerLifetimeSeconds', { routerLifetimeSeconds: 599 }],
  ['routerLifetimeSeconds', { routerLifetimeSeconds: 65536 }],
  ['routerLifetimeSeconds', { routerLifetimeSeconds: 1800.5 }],
  ['reachableTimeMilliseconds', { reachableTimeMilliseconds: 3_600_001 }],
  ['retransTimerMilliseconds', { retransTimerMilliseconds: 2 ** 32 }],
  ['curHopLimit', { curHopLimit: 256 }],
  ['curHopLimit', { curHopLimit: -1 }],
  ['linkMtu', { linkMtu: 1279 }],
  ['maximumMessageSize', { maximumMessageSize: 1239 }],
  ['linkLocalAddress', { linkLocalAddress: ip('2001:db8::1') }],
  ['prefixes[0].prefix', { prefixes: [prefix('fe80::/64')] }],
  ['prefixes[0].prefix', { prefixes: [prefix('ff05::/64')] }],
  ['prefixes[1]', { prefixes: [prefix('2001:db8::/64'), prefix('2001:db8::1/64')] }],
  ['prefixes[0].valid', { prefixes: [prefix('2001:db8::/64', { valid: { mostSeconds: 2 ** 32 } })] }],
  ['prefixes[0].preferred', { prefixes: [prefix('2001:db8::/64', { valid: { mostSeconds: 2699 } })] }],
  [
    'prefixes[0].preferred',
    {
      prefixes: [
        prefix('2001:db8::/64', {
          valid: { mostSeconds: 5400, until: 10 },
          preferred: { mostSeconds: 2700, until: 11 },
        }),
      ],
    },
  ],
  ['routes[0].prefix', { routes: [{ prefix: net('ff00::/8'), preference: medium, lifetime }] }],
  ['dnsServers[0].address', { dnsServers: [{ address: ip('::1'), lifetime }] }],
  ['dnsServers[1]', { dnsServers: [1, 2].map(() => ({ address: ip('fd00::1'), lifetime })) }],
  ['searchDomains[0].name', { searchDomains: [{ name: '', lifetime }] }],
  ['searchDomains[1]', { searchDomains: ['lan', 'LAN'].map((name) => ({ name, lifetime })) }],
  ['pref64[0].prefix', { pref64: [{ prefix: net('64:ff9b::/95'), lifetime }] }],
  ['pref64[0].lifetime', { pref64: [{ prefix: net('64:ff9b::/96'), lifetime: { mostSeconds: 0.5 } }] }],
  ['captivePortal', { captivePortal: '' }],
  ['captivePortal', { captivePortal: `https://${'a'.repeat(2040)}` }],
];

t.test('RA-03, L-7: a variable out of bounds is refused by its name (RFC 4861 6.2.1)', (t) => {
  for (const [variable, changes] of malformed) {
    const make = (): unknown => new RouterEngine(routerConfig(changes), { random: Math.random });
    t.throws(make, { name: 'RouterVariableError', variable }, `${variable}: ${JSON.stringify(changes)}`);
  }
  t.end();
});

t.test('the bounds themselves are allowed', (t) => {
  const good: Partial<RouterConfig>[] = [
    { maxRtrAdvIntervalSeconds: 4, minRtrAdvIntervalSeconds: 3 },
    { maxRtrAdvIntervalSeconds: 65535, minRtrAdvIntervalSeconds: 49151, routerLifetimeSeconds: 65535 },
    { routerLifetimeSeconds: 0 },
    { routerLifetimeSeconds: 600 },
    { reachableTimeMilliseconds: 3_600_000, retransTimerMilliseconds: 2 ** 32 - 1, curHopLimit: 255 },
    { linkMtu: 1280, maximumMessageSize: 1240 },
    { prefixes: [prefix('::/0'), prefix('fd00::/128')] },
  ];
  for (const changes of good) t.ok(new RouterEngine(routerConfig(changes), { random: Math.random }));
  t.end();
});

t.test('what cannot be encoded is refused before it is in force, and what was before goes on', (t) => {
  const link = new SimulatedLink();
  link.run(4000);
  const searchDomains = [{ name: 'a'.repeat(64), lifetime }];
  t.throws(() => link.input({ kind: 'configure', config: routerConfig({ searchDomains }) }));
  t.throws(() => link.input({ kind: 'configure', config: routerConfig({ curHopLimit: 300 }) }), RouterVariableError);
  link.run(100_000);
  t.equal(link.last.curHopLimit, 64);
  t.strictSame(link.prefixes, ['2001:db8:1::/64 LA 5400 2700']);
  t.end();
});
