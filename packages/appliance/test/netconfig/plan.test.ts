import { Ipv4Address, Ipv4Prefix, Ipv6Prefix, MacAddress } from '@router7/wire';
import t from 'tap';
import { after } from '../../src/netconfig/after.ts';
import { freshLink } from '../../src/netconfig/fresh-link.ts';
import type { KernelState, Operation } from '../../src/netconfig/kernel-state.ts';
import { matchLinks } from '../../src/netconfig/match-links.ts';
import { plan } from '../../src/netconfig/plan.ts';
import { planLease } from '../../src/netconfig/plan-lease.ts';
import type { UplinkLease } from '../../src/netconfig/uplink-lease.ts';
import { NOTHING_WANTED } from '../../src/netconfig/wanted.ts';
import { type InterfacesConfig, parseInterfaces } from '../../src/state/interfaces.ts';
import type { Link, LinkAddress, Route } from '../../src/system/rtnetlink.ts';

const UPLINK_MAC = '02:73:53:00:07:00';
const LAN_MAC = '02:73:53:00:07:01';

t.test('NC-01 links are matched by hardware address, by the spoofed one, else by name', async (t) => {
  const config = interfaces({
    interfaces: [
      { hardware_addr: UPLINK_MAC, spoof_hardware_addr: '02:00:00:00:00:99', name: 'uplink0' },
      { hardware_addr: LAN_MAC, name: 'lan0', addr: '192.168.42.1/24' },
      { name: 'wg0', addr: 'fe80::1/64' },
    ],
  });
  const links = [link(2, 'enp1s0', UPLINK_MAC), link(3, 'enp2s0', LAN_MAC), link(4, 'wg0', undefined)];
  t.same(matches(config, links), { uplink0: 2, lan0: 3, wg0: 4 });
  t.same(matches(config, [link(2, 'uplink0', '02:00:00:00:00:99')]), { uplink0: 2 }, 'by the spoofed address');
  const stranger = [link(2, 'lan0', '02:00:00:00:00:01')];
  t.same(matches(config, stranger), {}, 'a name alone does not make a stranger the configured card');
});

t.test('NC-01 rename, MTU, MAC and state, in an order that works', async (t) => {
  const config = interfaces({
    interfaces: [
      { hardware_addr: UPLINK_MAC, spoof_hardware_addr: '02:00:00:00:00:99', name: 'uplink0', mtu: 1492 },
      { hardware_addr: LAN_MAC, name: 'lan0', addr: '192.168.42.1/24' },
    ],
  });
  const state = kernel([link(2, 'enp1s0', UPLINK_MAC, { up: true }), link(3, 'enp2s0', LAN_MAC)]);
  t.same(planned(config, state).map(tell), [
    'set-mtu 2 1492',
    'set-up 2 false',
    'rename 2 uplink0',
    'set-hardware-address 2 02:00:00:00:00:99',
    'set-up 2 true',
    'rename 3 lan0',
    'set-up 3 true',
    'add-address 3 192.168.42.1/24',
  ]);
});

t.test('NC-04 a lease of which nothing can be said changes nothing', async (t) => {
  const config = interfaces({ interfaces: [{ hardware_addr: UPLINK_MAC, name: 'uplink0' }] });
  const there = kernel([link(2, 'uplink0', UPLINK_MAC, { up: true })]);
  const route: Route = { ...dhcpRoute('0.0.0.0/0', '198.51.100.1'), preferredSource: ip('198.51.100.7') };
  const state = { ...there, addresses: [address(2, '198.51.100.7/24')], routes: [route] };
  t.same(planned(config, state, 'unknown').map(tell), []);
  t.same(planned(config, state).map(tell), [
    'delete-route 0.0.0.0/0 via 198.51.100.1 src 198.51.100.7 proto 16',
    'delete-address 2 198.51.100.7/24',
  ]);
});

t.test('NC-01 names are swapped by way of temporary ones', async (t) => {
  const config = interfaces({
    interfaces: [
      { hardware_addr: UPLINK_MAC, name: 'uplink0' },
      { hardware_addr: LAN_MAC, name: 'lan0', addr: '192.168.42.1/24' },
    ],
  });
  const state = kernel([link(2, 'lan0', UPLINK_MAC), link(3, 'uplink0', LAN_MAC)]);
  const operations = planned(config, state).map(tell);
  const names = new Map([
    [2, 'lan0'],
    [3, 'uplink0'],
  ]);
  for (const operation of operations) {
    const [kind, index, name = ''] = operation.split(' ');
    if (kind !== 'rename') continue;
    t.notOk([...names.values()].includes(name), `${name} is free when ${index} gets it`);
    names.set(Number(index), name);
  }
  t.equal(names.get(2), 'uplink0');
  t.equal(names.get(3), 'lan0');
});

t.test('NC-01 of two entries with one name the first counts', async (t) => {
  const config = interfaces({
    interfaces: [
      { hardware_addr: UPLINK_MAC, name: 'lan0' },
      { hardware_addr: LAN_MAC, name: 'lan0', addr: '192.168.42.1/24' },
    ],
  });
  const { repeated, missing } = matchLinks(config, []);
  t.same([repeated, missing], [[config.interfaces[1]], [config.interfaces[0]]]);
  const links = [link(2, 'enp1s0', UPLINK_MAC), link(3, 'enp2s0', LAN_MAC)];
  t.same(matches(config, links), { lan0: 2 });
  const state = execute(kernel(links), planned(config, kernel(links)));
  t.same(planned(config, state).map(tell), [], 'the links do not take the name from each other for ever');
});

t.test('NC-12 nothing is planned when all is as configured', async (t) => {
  const config = interfaces({
    interfaces: [
      { hardware_addr: UPLINK_MAC, name: 'uplink0' },
      {
        hardware_addr: LAN_MAC,
        name: 'lan0',
        addr: '192.168.42.1/24',
        extra_addrs: ['192.168.23.1/24'],
        extra_routes: [{ destination: '10.9.0.0/16', gateway: '192.168.42.9' }],
      },
    ],
  });
  let state = kernel([link(2, 'enp1s0', UPLINK_MAC), link(3, 'enp2s0', LAN_MAC)]);
  const lease = uplinkLease('85.195.207.62/25', ['85.195.207.1']);
  const first = planned(config, state, lease);
  t.ok(first.length > 0);
  state = execute(state, first);
  t.same(planned(config, state, lease).map(tell), []);
});

t.test('NC-12 an address that is configured beside the lease stays, and nothing is done twice', async (t) => {
  const config = interfaces({
    interfaces: [{ hardware_addr: UPLINK_MAC, name: 'uplink0', extra_addrs: ['192.168.100.2/24'] }],
  });
  const lease = uplinkLease('85.195.207.62/25', ['85.195.207.1']);
  const up = link(2, 'uplink0', UPLINK_MAC, { up: true });
  const state = execute(kernel([up]), planned(config, kernel([up]), lease));
  t.same(planned(config, state, lease).map(tell), []);
  const moved = planned(config, state, uplinkLease('85.195.207.63/25', ['85.195.207.1'])).map(tell);
  t.ok(moved.includes('delete-address 2 85.195.207.62/25'));
  t.notOk(moved.some((operation) => operation.includes('192.168.100.2')));
});

t.test('NC-02 a bridge is made with its first port’s address, gets its ports, and is never its own port', async (t) => {
  const config = interfaces({
    interfaces: [{ hardware_addr: LAN_MAC, name: 'lan0', addr: '192.168.42.1/24' }],
    bridges: [{ name: 'lan0', interface_hardware_addrs: [LAN_MAC, '02:73:53:00:07:02'] }],
  });
  const ports = [link(3, 'enp2s0', LAN_MAC), link(4, 'enp3s0', '02:73:53:00:07:02')];
  const first = planned(config, kernel(ports)).map(tell);
  t.equal(first[0], `add-bridge lan0 ${LAN_MAC}`);
  const bridge = link(9, 'lan0', LAN_MAC, { kind: 'bridge' });
  const second = planned(config, kernel([...ports, bridge])).map(tell);
  t.ok(second.includes('set-master 3 9'));
  t.ok(second.includes('set-master 4 9'));
  t.notOk(second.some((operation) => operation.startsWith('set-master 9')));
  t.ok(second.includes('add-address 9 192.168.42.1/24'), 'the address goes to the bridge, not to its port');
  const linkLocal = [3, 9].map((on) => ({ link: on, prefix: Ipv6Prefix.parse('fe80::73:53ff:fe00:701/64') }));
  const third = planned(config, kernel([...ports, bridge], linkLocal)).map(tell);
  t.ok(third.includes('delete-address 3 fe80::73:53ff:fe00:701/64'), 'where everything would listen as well');
  t.notOk(third.includes('delete-address 9 fe80::73:53ff:fe00:701/64'), 'but on the bridge');
});

t.test('NC-03 a card that was put in later: what to write where', async (t) => {
  const wanted = { ...NOTHING_WANTED, complete: true, interfaces: interfaces({ interfaces: [] }), lease: undefined };
  const links = [link(5, 'eth2', '02:73:53:00:07:05'), link(6, 'veth0', LAN_MAC, { kind: 'veth' })];
  t.same(plan(wanted, kernel(links)).remarks, [
    'no config for interface eth2: to have it in the home, add "02:73:53:00:07:05" to interface_hardware_addrs of lan0 in interfaces.json',
    'no config for interface veth0',
  ]);
});

t.test('NC-04 the golden routes of a lease, and what an earlier lease left goes', async (t) => {
  const stale = address(2, '10.1.2.3/24');
  const staleRoute: Route = { ...dhcpRoute('0.0.0.0/0', '10.1.2.1'), preferredSource: ip('10.1.2.3') };
  const staleHost: Route = { ...dhcpRoute('10.1.2.1/32', undefined), preferredSource: ip('10.1.2.3') };
  const state = kernel([link(2, 'uplink0', UPLINK_MAC)], [stale], [staleRoute, staleHost]);
  const lease = uplinkLease('85.195.207.62/25', ['85.195.207.1']);
  t.same(planLease(2, lease, state).map(tell), [
    'add-address 2 85.195.207.62/25',
    'replace-route 85.195.207.1/32 link src 85.195.207.62 proto 16',
    'replace-route 0.0.0.0/0 via 85.195.207.1 src 85.195.207.62 proto 16',
    'delete-route 10.1.2.1/32 link src 10.1.2.3 proto 16',
    'delete-address 2 10.1.2.3/24',
  ]);
});

t.test('NC-04 without a lease only what a lease brought is removed', async (t) => {
  const own = address(2, '192.0.2.9/24');
  const leased = address(2, '85.195.207.62/25');
  const route = { ...dhcpRoute('0.0.0.0/0', '85.195.207.1'), preferredSource: ip('85.195.207.62') };
  const foreign = { ...dhcpRoute('10.0.0.0/8', '192.0.2.1'), protocol: 4, preferredSource: undefined };
  const state = kernel([link(2, 'uplink0', UPLINK_MAC)], [own, leased], [route, foreign]);
  t.same(planLease(2, undefined, state).map(tell), [
    'delete-route 0.0.0.0/0 via 85.195.207.1 src 85.195.207.62 proto 16',
    'delete-address 2 85.195.207.62/25',
  ]);
});

t.test('D4C-15 classless routes replace option 3; on-link gateways are on the link', async (t) => {
  const lease = {
    ...uplinkLease('198.51.100.7/24', ['198.51.100.254']),
    classlessRoutes: [
      { destination: Ipv4Prefix.parse('0.0.0.0/0'), router: ip('198.51.100.1') },
      { destination: Ipv4Prefix.parse('10.0.0.0/8'), router: ip('198.51.100.2') },
      { destination: Ipv4Prefix.parse('172.16.5.0/24'), router: Ipv4Address.unspecified },
    ],
  };
  const routes = planLease(2, lease, kernel([link(2, 'uplink0', UPLINK_MAC)]))
    .map(tell)
    .filter((operation) => operation.startsWith('replace-route'));
  t.same(routes, [
    'replace-route 198.51.100.1/32 link src 198.51.100.7 proto 16',
    'replace-route 0.0.0.0/0 via 198.51.100.1 src 198.51.100.7 proto 16',
    'replace-route 198.51.100.2/32 link src 198.51.100.7 proto 16',
    'replace-route 10.0.0.0/8 via 198.51.100.2 src 198.51.100.7 proto 16',
    'replace-route 172.16.5.0/24 link src 198.51.100.7 proto 16',
  ]);
});

t.test('D4C-15 a provider does not route the home, this host or multicast', async (t) => {
  const home = [Ipv4Prefix.parse('192.168.42.1/24')];
  const routes = ['192.168.42.0/25', '192.168.0.0/16', '192.168.42.7/32', '127.0.0.0/8', '224.0.0.0/4', '0.0.0.0/0'];
  const lease = {
    ...uplinkLease('198.51.100.7/24', []),
    classlessRoutes: routes.map((text) => ({ destination: Ipv4Prefix.parse(text), router: ip('198.51.100.1') })),
  };
  const state = kernel([link(2, 'uplink0', UPLINK_MAC)]);
  const planned = planLease(2, lease, state, { homes: home }).map(tell);
  t.same(
    planned.filter((operation) => operation.startsWith('replace-route')),
    [
      'replace-route 198.51.100.1/32 link src 198.51.100.7 proto 16',
      'replace-route 0.0.0.0/0 via 198.51.100.1 src 198.51.100.7 proto 16',
    ],
  );
});

t.test('D4C-15 a router that the home already has is none of the provider’s', async (t) => {
  const home = [Ipv4Prefix.parse('192.168.42.1/24')];
  const state = kernel([link(2, 'uplink0', UPLINK_MAC)]);
  const planned = planLease(2, uplinkLease('192.168.42.9/24', ['192.168.42.1']), state, { homes: home }).map(tell);
  t.notOk(planned.some((operation) => operation.startsWith('replace-route')));
});

t.test('D4C-16 of several routers the first is used', async (t) => {
  const lease = uplinkLease('198.51.100.7/24', ['198.51.100.1', '198.51.100.2']);
  const operations = planLease(2, lease, kernel([link(2, 'uplink0', UPLINK_MAC)])).map(tell);
  t.ok(operations.includes('replace-route 0.0.0.0/0 via 198.51.100.1 src 198.51.100.7 proto 16'));
  t.notOk(operations.some((operation) => operation.includes('198.51.100.2')));
});

t.test('D4C-17 a gateway outside of a /32 lease is reached by a host route', async (t) => {
  const lease = uplinkLease('198.51.100.7/32', ['203.0.113.254']);
  t.same(planLease(2, lease, kernel([link(2, 'uplink0', UPLINK_MAC)])).map(tell), [
    'add-address 2 198.51.100.7/32',
    'replace-route 203.0.113.254/32 link src 198.51.100.7 proto 16',
    'replace-route 0.0.0.0/0 via 203.0.113.254 src 198.51.100.7 proto 16',
  ]);
});

function interfaces(value: unknown): InterfacesConfig {
  return parseInterfaces(JSON.stringify(value)).value;
}

function matches(config: InterfacesConfig, links: readonly Link[]): Record<string, number> {
  const { matched } = matchLinks(config, links);
  return Object.fromEntries(matched.map(({ config: entry, link }) => [entry.name, link.index]));
}

function planned(config: InterfacesConfig, state: KernelState, lease?: UplinkLease | 'unknown'): readonly Operation[] {
  return plan({ ...NOTHING_WANTED, complete: true, interfaces: config, lease }, state).operations;
}

function link(index: number, name: string, mac: string | undefined, more: Partial<Link> = {}): Link {
  const hardwareAddress = mac === undefined ? undefined : MacAddress.parse(mac);
  return freshLink(index, name, { hardwareAddress, ...more });
}

function kernel(
  links: readonly Link[],
  addresses: readonly LinkAddress[] = [],
  routes: readonly Route[] = [],
): KernelState {
  return { links, addresses, routes, fec: new Map(), wireguard: new Map(), unread: [] };
}

function address(on: number, prefix: string): LinkAddress {
  return { link: on, prefix: Ipv4Prefix.parse(prefix) };
}

function ip(text: string): Ipv4Address {
  return Ipv4Address.parse(text);
}

function dhcpRoute(destination: string, gateway: string | undefined): Route {
  return {
    link: 2,
    destination: Ipv4Prefix.parse(destination),
    gateway: gateway === undefined ? undefined : ip(gateway),
    protocol: 16,
    onLink: gateway === undefined,
    preferredSource: undefined,
  };
}

function uplinkLease(prefix: string, routers: readonly string[]): UplinkLease {
  return { address: Ipv4Prefix.parse(prefix), routers: routers.map(ip), classlessRoutes: undefined };
}

/** What the kernel has after the operations, for the question whether a second plan is empty. */
function execute(state: KernelState, operations: readonly Operation[]): KernelState {
  return operations.reduce(after, state);
}

function tell(operation: Operation): string {
  switch (operation.kind) {
    case 'add-link':
      return `add-${operation.link.kind} ${operation.link.name} ${operation.link.hardwareAddress}`;
    case 'set-up':
      return `set-up ${operation.link} ${operation.up}`;
    case 'rename':
      return `rename ${operation.link} ${operation.name}`;
    case 'set-mtu':
      return `set-mtu ${operation.link} ${operation.mtu}`;
    case 'set-hardware-address':
      return `set-hardware-address ${operation.link} ${operation.hardwareAddress}`;
    case 'set-master':
      return `set-master ${operation.link} ${operation.master}`;
    case 'add-address':
    case 'delete-address':
      return `${operation.kind} ${operation.address.link} ${operation.address.prefix}`;
    case 'delete-link':
      return `delete-link ${operation.link}`;
    case 'set-fec':
      return `set-fec ${operation.link} ${operation.mode}`;
    case 'set-wireguard':
      return `set-wireguard ${operation.link}`;
    case 'replace-route':
    case 'delete-route': {
      const { destination, gateway, onLink, preferredSource, protocol } = operation.route;
      const hop = onLink ? 'link' : `via ${gateway}`;
      return `${operation.kind} ${destination} ${hop} src ${preferredSource} proto ${protocol}`;
    }
  }
}
