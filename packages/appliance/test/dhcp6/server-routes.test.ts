import { type Lease, leaseKey, octetKey } from '@router7/dhcp6';
import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import t from 'tap';
import { type RouteTable, ServerRoutes } from '../../src/dhcp6/server-routes.ts';
import { RouteProtocol } from '../../src/netconfig/kernel-state.ts';
import { silentLog } from '../../src/runtime/log.ts';
import type { Route } from '../../src/system/rtnetlink.ts';

const DELEGATION = Ipv6Prefix.parse('2001:db8:1::/56');
const GIVEN = [DELEGATION];

/** A kernel that keeps routes, by destination and interface as the real one does. */
class FakeKernel implements RouteTable {
  table: Route[] = [];
  asked = 0;

  routes(): Promise<readonly Route[]> {
    this.asked++;
    return Promise.resolve([...this.table]);
  }

  replaceRoute(route: Route): Promise<void> {
    this.table = [...this.table.filter((other) => String(other.destination) !== String(route.destination)), route];
    return Promise.resolve();
  }

  deleteRoute(route: Route): Promise<void> {
    const before = this.table.length;
    this.table = this.table.filter((other) => JSON.stringify(other) !== JSON.stringify(route));
    return before === this.table.length ? Promise.reject(new Error('ESRCH')) : Promise.resolve();
  }

  get lines(): string[] {
    return this.table.map(({ destination, gateway, link }) => `${destination} ${gateway} ${link}`).sort();
  }
}

function lease(n: number, over: Partial<Lease> = {}): Lease {
  const duid = Uint8Array.of(0, 3, 0, 1, n);
  return {
    kind: 'prefix',
    link: 'lan0',
    slot: n << 4,
    length: 60,
    state: 'bound',
    key: leaseKey(octetKey(duid), 'prefix', 1),
    duid,
    iaid: 1,
    given: GIVEN,
    peer: Ipv6Address.parse(`fe80::${n}`),
    reconfigureKey: undefined,
    expiresAt: 1000,
    lastReplyAt: 0,
    ...over,
  };
}

function setUp(leases: readonly Lease[]): { kernel: FakeKernel; routes: ServerRoutes; settle(): Promise<void> } {
  const kernel = new FakeKernel();
  const sources = {
    leases: () => leases,
    delegations: () => GIVEN,
    linkIndex: (name: string) => ({ lan0: 5, lan1: 6 })[name],
    now: () => 500,
  };
  const routes = new ServerRoutes(kernel, sources, silentLog);
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { kernel, routes, settle };
}

t.test('LPD-5: all routes of ours are as the leases have them, and those of others stay', async (t) => {
  const { kernel, routes, settle } = setUp([
    lease(1),
    lease(2, { expiresAt: 400 }),
    lease(3, { state: 'released' }),
    lease(4, { link: 'gone0' }),
    lease(5, { given: [Ipv6Prefix.parse('2001:db8:9::/56')] }),
    lease(6, { kind: 'address', length: 128 }),
    lease(7, { link: 'lan1', given: [DELEGATION, Ipv6Prefix.parse('2001:db8:9::/56')] }),
  ]);
  const other = { link: 5, gateway: undefined, onLink: false, preferredSource: undefined };
  kernel.table = [
    { ...other, destination: Ipv6Prefix.parse('2001:db8:1:50::/60'), protocol: RouteProtocol.dhcp6d },
    { ...other, destination: Ipv6Prefix.parse('2001:db8:1::/64'), protocol: RouteProtocol.kernel },
  ];
  routes.refresh();
  await settle();
  t.strictSame(kernel.lines, [
    '2001:db8:1:10::/60 fe80::1 5',
    '2001:db8:1:70::/60 fe80::7 6',
    '2001:db8:1::/64 undefined 5',
  ]);
  t.equal(kernel.table.at(-1)?.protocol, 117, 'the mark of decision 6');
  await routes.close();
});

t.test(
  'LPD-5: a lease that is granted, moves, or ends takes its route along; one that is prolonged costs nothing',
  async (t) => {
    const { kernel, routes, settle } = setUp([]);
    routes.refresh();
    await settle();
    routes.follow(lease(1));
    routes.follow(lease(2));
    await settle();
    t.strictSame(kernel.lines, ['2001:db8:1:10::/60 fe80::1 5', '2001:db8:1:20::/60 fe80::2 5']);
    const peer = Ipv6Address.parse('fe80::77');
    routes.follow(lease(1, { peer }));
    await settle();
    t.strictSame(kernel.lines, ['2001:db8:1:10::/60 fe80::77 5', '2001:db8:1:20::/60 fe80::2 5']);
    kernel.table = kernel.table.slice(0, 1);
    routes.follow(lease(1, { peer, expiresAt: 2000 }));
    await settle();
    t.equal(kernel.lines.length, 1, 'nothing was done');
    routes.follow(lease(1, { state: 'released' }));
    routes.follow(lease(2, { state: 'released' }));
    await settle();
    t.strictSame(kernel.lines, []);
    t.equal(kernel.asked, 1, 'the kernel was not asked for all its routes again');
    await routes.close();
  },
);
