import { Preference, RouterEngine } from '@router7/ndp';
import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import { planLans } from '../../src/lans/lan-plan.ts';
import { type AdvertisingLink, type RouterFacts, routerSettings } from '../../src/radvd/router-settings.ts';
import type { Delegation } from '../../src/state/dhcp6-lease.ts';
import { parseInterfaces } from '../../src/state/interfaces.ts';
import { parseIpv6Config } from '../../src/state/ipv6-config.ts';
import { parseRadvdConfig } from '../../src/state/radvd-config.ts';

const NOW = 1_000_000;
const net = (text: string): Ipv6Prefix => Ipv6Prefix.parse(text);
const link: AdvertisingLink = {
  name: 'lan0',
  index: 2,
  mtu: 1500,
  linkLocalAddress: Ipv6Address.parse('fe80::1'),
  linkLayerAddress: Uint8Array.of(2, 0, 0, 0, 0, 1),
};
const interfaces = parseInterfaces(
  JSON.stringify({ interfaces: [{ name: 'uplink0' }, { name: 'lan0', addr: '192.168.42.1/24' }, { name: 'lan1' }] }),
).value;

function delegation(text: string, changes: Partial<Delegation> = {}): Delegation {
  const ends = { preferredUntil: NOW + 7_200_000, validUntil: NOW + 14_400_000 };
  return { prefix: net(text), iaid: 1, excluded: undefined, ...ends, isOpenEnded: false, ...changes };
}

/** Facts of a home with a delegation, a unique local prefix and a way out. */
function facts(
  ipv6: Record<string, unknown> = {},
  changes: Partial<RouterFacts> & { readonly delegations?: readonly Delegation[] } = {},
): RouterFacts {
  const { delegations = [delegation('2001:db8:100::/56')], ...others } = changes;
  const config = parseIpv6Config(JSON.stringify(ipv6)).value;
  const subnets = { subnets: { lan0: 0, lan1: 1 }, ula: 'fd12:3456:789a::/48' };
  return {
    plan: planLans({ interfaces, config, subnets, delegations }),
    ipv6: config,
    radvd: parseRadvdConfig(config.radvd, 'ipv6.json').value,
    extra: [],
    hasDefaultRoute: true,
    dnsIsDead: false,
    now: NOW,
    // The clocks agree here.
    ends: (_, ends) => ends,
    ...others,
  };
}

t.test('RA-04, L-16: by default everything is told for as long as RFC 9096 has it', (t) => {
  const config = routerSettings(link, facts());
  t.match(config, {
    maxRtrAdvIntervalSeconds: 600,
    minRtrAdvIntervalSeconds: 450,
    routerLifetimeSeconds: 2700,
    otherConfiguration: true,
    managedAddressConfiguration: false,
    linkMtu: 1500,
    curHopLimit: 64,
  });
  t.match(
    config.prefixes.map(({ prefix, valid, preferred }) => [`${prefix}`, valid, preferred]),
    [
      [
        '2001:db8:100::/64',
        { mostSeconds: 5400, until: NOW + 14_400_000 },
        { mostSeconds: 2700, until: NOW + 7_200_000 },
      ],
      ['fd12:3456:789a::/64', { mostSeconds: 5400 }, { mostSeconds: 2700 }],
    ],
  );
  t.match(
    config.routes.map(({ prefix, lifetime }) => [`${prefix}`, lifetime]),
    [
      ['2001:db8:100::/56', { mostSeconds: 5400, until: NOW + 14_400_000 }],
      ['fd12:3456:789a::/48', { mostSeconds: 5400 }],
    ],
  );
  t.ok(new RouterEngine(config, { random: () => 0 }));
  t.end();
});

t.test('RA-07, G-4, L-4, ULA-5: a default router only with a way out and a prefix that is not unique local', (t) => {
  const lifetime = (changes: Parameters<typeof facts>[1]): number =>
    routerSettings(link, facts({}, changes)).routerLifetimeSeconds;
  t.equal(lifetime({}), 2700);
  t.equal(lifetime({ hasDefaultRoute: false }), 0);
  t.equal(lifetime({ delegations: [] }), 0);
  t.equal(lifetime({ delegations: [delegation('2001:db8:100::/56', { validUntil: NOW })] }), 0, 'it has just ended');
  t.equal(lifetime({ delegations: [], extra: [net('2001:db8:9::/64')] }), 2700, 'prefixes.json');
  t.equal(lifetime({ delegations: [], extra: [net('fd00:9::/64')] }), 0);
  t.end();
});

t.test('RA-08: the name server has an address that outlives the provider’s prefixes, unless another is wanted', (t) => {
  const servers = (dns: unknown, ula = 'auto'): string[] =>
    routerSettings(link, facts({ ula, radvd: { dns } })).dnsServers.map(({ address }) => `${address}`);
  t.strictSame(servers('auto'), ['fd12:3456:789a::1']);
  t.strictSame(servers('auto', 'off'), ['fe80::1']);
  t.strictSame(servers('link-local'), ['fe80::1']);
  t.strictSame(servers('off'), []);
  t.strictSame(servers(['2001:db8::53', 'fd00::53']), ['2001:db8::53', 'fd00::53']);
  t.end();
});

t.test('RA-01: router7’s constants, whatever the lease says', (t) => {
  const config = routerSettings(link, facts({ ula: 'off', radvd: { compat: 'router7' } }));
  t.match(config, { routerLifetimeSeconds: 1800, otherConfiguration: false, routes: [] });
  t.strictSame(
    config.prefixes.map(({ valid, preferred }) => [valid, preferred]),
    [[{ mostSeconds: 7200 }, { mostSeconds: 1800 }]],
  );
  t.strictSame(config.dnsServers[0]?.lifetime, { mostSeconds: 1800 });
  t.strictSame(config.searchDomains, [{ name: 'lan', lifetime: { mostSeconds: 1200 } }]);
  t.equal(
    routerSettings(link, facts({ radvd: { compat: 'router7', other: true } })).otherConfiguration,
    true,
    'what is said holds',
  );
  t.end();
});

t.test('a lease of router7’s tells no lifetimes: its constants, where they are the lesser ones', (t) => {
  const delegations = [delegation('2001:db8:100::/48', { isOpenEnded: true })];
  const [own] = routerSettings(link, facts({}, { delegations })).prefixes;
  t.strictSame([own?.valid, own?.preferred], [{ mostSeconds: 5400 }, { mostSeconds: 1800 }]);
  t.end();
});

t.test('RA-02: extra prefixes are for lan0, the first 64 bits of each, and each once', (t) => {
  const extra = [net('2001:db8:9::/48'), net('2001:db8:100::/64'), net('2001:db8:a::/80')];
  const prefixes = (name: string): string[] =>
    routerSettings({ ...link, name }, facts({ ula: 'off' }, { extra })).prefixes.map(({ prefix }) => `${prefix}`);
  t.strictSame(prefixes('lan0'), ['2001:db8:100::/64', '2001:db8:9::/64', '2001:db8:a::/80']);
  t.strictSame(prefixes('lan1'), ['2001:db8:100:1::/64']);
  t.end();
});

t.test('RA-14, L-7: what is said of one link goes before what is said of all', (t) => {
  const radvd = {
    hop_limit: 32,
    preference: 'low',
    interfaces: { lan1: { preference: 'high', mtu: 0, autonomous: false, routes: false, max_interval_seconds: 60 } },
  };
  const home = routerSettings(link, facts({ radvd }));
  const guest = routerSettings({ ...link, name: 'lan1', mtu: 9000 }, facts({ radvd }));
  t.match(home, { curHopLimit: 32, preference: Preference.low, linkMtu: 1500 });
  t.match(guest, { curHopLimit: 32, preference: Preference.high, linkMtu: 0, routes: [], maximumMessageSize: 1460 });
  t.match(guest, { minRtrAdvIntervalSeconds: 45, dnsServers: [{ lifetime: { mostSeconds: 180 } }] });
  t.strictSame(guest.prefixes[0]?.autonomous, false);
  t.end();
});

t.test('short lifetimes have short intervals', (t) => {
  const config = routerSettings(link, facts({ lifetimes: { preferred_seconds: 60, valid_seconds: 120 } }));
  t.match(config, { maxRtrAdvIntervalSeconds: 20, minRtrAdvIntervalSeconds: 15, routerLifetimeSeconds: 60 });
  t.ok(new RouterEngine(config, { random: () => 0 }));
  t.end();
});

t.test('what the provider delegates twice, or what is no network, does not keep the rest from being told', (t) => {
  const usable = '2001:db8:100::/56';
  for (const odd of [usable, 'fe80::/56', 'ff05::/56', 'fd12:3456:789a::/48']) {
    const delegations = [delegation(usable), delegation(odd, { iaid: 2 })];
    const config = routerSettings(link, facts({}, { delegations, extra: [net('fe80::/64'), net('ff02::/64')] }));
    t.doesNotThrow(() => new RouterEngine(config, { random: () => 0 }), odd);
    t.strictSame(
      config.prefixes.map(({ prefix }) => `${prefix}`),
      ['2001:db8:100::/64', 'fd12:3456:789a::/64'],
    );
    t.strictSame(
      config.routes.map(({ prefix }) => `${prefix}`),
      [usable, 'fd12:3456:789a::/48'],
    );
  }
  t.end();
});

t.test('RFC 4861 6.2.1: a router lifetime of 0 is one, and others are whole seconds', (t) => {
  const lifetimeOf = (radvd: Record<string, unknown>): number => {
    const config = routerSettings(link, facts({ radvd }));
    new RouterEngine(config, { random: () => 0 });
    return config.routerLifetimeSeconds;
  };
  t.equal(lifetimeOf({ router_lifetime_seconds: 0 }), 0);
  t.equal(lifetimeOf({ router_lifetime_seconds: 10 }), 600);
  t.equal(lifetimeOf({ max_interval_seconds: 3000.5 }), 3001);
  t.end();
});

t.test('RA-15: a name server of its own that is dead is not told, another one is', (t) => {
  const told = (radvd: object, dnsIsDead: boolean): string[] => {
    const { dnsServers, searchDomains } = routerSettings(link, facts({ radvd }, { dnsIsDead }));
    return [...dnsServers.map(({ address }) => String(address)), ...searchDomains.map(({ name }) => name)];
  };
  t.strictSame(told({}, false), ['fd12:3456:789a::1', 'lan']);
  t.strictSame(told({}, true), []);
  t.strictSame(told({ dns: 'link-local' }, true), []);
  t.strictSame(told({ dns: ['2001:db8::53'] }, true), ['2001:db8::53', 'lan']);
  t.end();
});
