import { defaultHostConfig, encodeMessage, HostEngine, type Option } from '@router7/ndp';
import { Ipv6Address, Ipv6Prefix, MacAddress } from '@router7/wire';
import t from 'tap';
import { uplinkRecord } from '../../src/ndp/uplink-record.ts';
import { formatUplinkRouters, parseUplinkRouters } from '../../src/state/uplink-routers.ts';

const ip = Ipv6Address.parse;

function hearing(...sources: readonly string[]): HostEngine {
  const host = new HostEngine(defaultHostConfig(MacAddress.zero), { random: () => 0 });
  const options: Option[] = [
    { kind: 'mtu', value: 1492 },
    { kind: 'captivePortal', value: 'https://portal.example/api' },
    { kind: 'rdnss', value: { lifetimeSeconds: 600, addresses: [ip('fe80::53'), ip('2001:db8::53')] } },
    { kind: 'dnssl', value: { lifetimeSeconds: 600, domainNames: ['isp.example'] } },
    { kind: 'pref64', value: { lifetimeSeconds: 600, prefix: Ipv6Prefix.parse('64:ff9b::/96') } },
    ...[600, 0].map((preferredLifetimeSeconds, index): Option => {
      const prefix = Ipv6Prefix.parse(`2001:db8:${index}::/64`);
      const flags = { onLink: true, autonomous: true, routerAddress: false, dhcpv6PdPreferred: false };
      return {
        kind: 'prefixInformation',
        value: { prefix, ...flags, validLifetimeSeconds: 600, preferredLifetimeSeconds },
      };
    }),
  ];
  const payload = encodeMessage({
    kind: 'routerAdvertisement',
    curHopLimit: 64,
    managedAddressConfiguration: true,
    otherConfiguration: false,
    homeAgent: false,
    preference: 3,
    proxy: false,
    routerLifetimeSeconds: 1800,
    reachableTimeMilliseconds: 0,
    retransTimerMilliseconds: 0,
    options,
  });
  for (const source of sources) {
    host.handle({ kind: 'packet', payload, source: ip(source), destination: ip('ff02::1'), hopLimit: 255 }, 0);
  }
  return host;
}

t.test('DNS-02: what the provider’s routers advertise, each thing once, deprecated prefixes left out', async (t) => {
  const router = {
    ...{ default: true, preference: 'low', managed: true, other: false },
    ...{ mtu: 1492, captive_portal: 'https://portal.example/api' },
  } as const;
  const record = uplinkRecord(hearing('fe80::1', 'fe80::2'));
  t.strictSame(record, {
    routers: [
      { address: 'fe80::1', ...router },
      { address: 'fe80::2', ...router },
    ],
    prefixes: ['2001:db8::/64'],
    dns: ['fe80::53', '2001:db8::53'],
    domain_search: ['isp.example'],
    nat64: ['64:ff9b::/96'],
  });
  t.same(parseUplinkRouters(formatUplinkRouters(record)), { value: record, warnings: [], damaged: false });
});

t.test('nothing heard is nothing', async (t) => {
  const record = uplinkRecord(hearing());
  t.strictSame(record, { routers: [], prefixes: [], dns: [], domain_search: [], nat64: [] });
  t.same(parseUplinkRouters(formatUplinkRouters(record)).value, record);
});
