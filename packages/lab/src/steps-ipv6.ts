import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { INNER_PREFIX_LENGTH } from './client/inner-router.ts';
import { Address6, type Home } from './home.ts';
import type { Host } from './host.ts';
import type { Isp } from './isp/isp.ts';
import { type Router, readWanLease6, type WanLease6 } from './router.ts';
import { until } from './wait.ts';

/** The prefix that the provider has delegated, or undefined while there is none. */
export async function readDelegated(router: Router): Promise<Ipv6Prefix | undefined> {
  return delegated(await readWanLease6(router));
}

/** The prefix that a lease tells of. */
export function delegated(lease: WanLease6 | undefined): Ipv6Prefix | undefined {
  const [delegation] = lease?.delegations ?? [];
  return delegation === undefined ? undefined : Ipv6Prefix.parse(delegation.prefix);
}

/** Waits for the router's prefix, for an address of it on lan0 and a default route, and checks what the lease says. */
export async function wanPrefix(home: Home, isp: Isp): Promise<Ipv6Prefix> {
  const prefix = await until('lease.json of dhcp6', 60_000, () => readDelegated(home.router));
  isp.ipv6.check((await readWanLease6(home.router)) as WanLease6, isp.ipv6.delegation);
  await until(
    `an address of ${prefix} on lan0`,
    15_000,
    async () => (await usable(home.router, 'lan0', prefix)).length > 0,
  );
  await until('IPv6 default route', 15_000, async () => (await home.router.defaultRoutes(6)).includes('dev uplink0'));
  return prefix;
}

/** Addresses of a prefix on a host's interface that may be the source of something new. */
export async function usable(
  host: Pick<Host, 'addresses6'>,
  device: string,
  prefix: Ipv6Prefix,
): Promise<readonly string[]> {
  return (await host.addresses6(device))
    .filter(({ isTentative, isDeprecated }) => !isTentative && !isDeprecated)
    .map(({ address }) => address)
    .filter((address) => prefix.contains(Ipv6Address.parse(address)));
}

/** The source address that a host takes for the Internet, `::` when it has none. */
export async function sourceOf(host: Host): Promise<string> {
  const text = await host.run('ip', ['-json', '-6', 'route', 'get', Address6.web]);
  const [route] = JSON.parse(text) as readonly { prefsrc?: string }[];
  return route?.prefsrc ?? '::';
}

/** Waits for a client to have so many addresses of the delegated prefix and a default route; gives all such addresses. */
export async function lanAddresses6(client: Host, prefix: Ipv6Prefix, count: number): Promise<readonly string[]> {
  await until(`IPv6 default route on ${client.name}`, 30_000, async () =>
    (await client.run('ip', ['-6', 'route', 'show', 'default'])).includes('via fe80:'),
  );
  return until(`address of ${prefix} on ${client.name}`, 30_000, async () => {
    const addresses = await usable(client, 'eth0', prefix);
    return addresses.length >= count && addresses;
  });
}

/** Fetches the page of the lab's Internet by IPv6 and checks that it was asked from an address of the prefix. */
export async function fetchByIpv6(client: Host, prefix: Ipv6Prefix, source?: string): Promise<string> {
  const from = await until(`page on ${Address6.web}`, 15_000, async () => {
    const options = [
      '--silent',
      '--show-error',
      '--max-time',
      '2',
      ...(source === undefined ? [] : ['--interface', source]),
    ];
    const page = await client.run('curl', [...options, `http://[${Address6.web}]/`]);
    return (JSON.parse(page) as { from: string }).from;
  });
  if (!prefix.contains(Ipv6Address.parse(from))) throw new Error(`the Internet saw ${from}, which is not of ${prefix}`);
  return from;
}

/** Waits for the inner router to have been delegated a prefix of the router's; gives its address of it. */
export async function innerPrefix(home: Home, prefix: Ipv6Prefix): Promise<{ address: string; prefix: Ipv6Prefix }> {
  const address = await until('a prefix on the inner router', 30_000, async () => {
    const [address] = await usable(home.inner, 'inside0', prefix);
    return address;
  });
  const inner = new Ipv6Prefix(Ipv6Address.parse(address), INNER_PREFIX_LENGTH);
  const taken = (await home.router.addresses6('lan0')).find((lan) => inner.contains(Ipv6Address.parse(lan.address)));
  if (taken !== undefined) throw new Error(`${inner} was delegated, of which is ${taken.address} on lan0`);
  return { address, prefix: Ipv6Prefix.parse(`${inner.network}/${INNER_PREFIX_LENGTH}`) };
}

/** Waits for the router's client to renew its prefix: by itself where T1 is short, asked to by SIGUSR1 where it is not. */
export async function wanPrefixRenewal(home: Home, isp: Isp, before: WanLease6 | undefined): Promise<WanLease6> {
  const { renewAfterSeconds } = isp.ipv6;
  if (renewAfterSeconds === undefined) await home.router.signal('dhcp6', 'SIGUSR1');
  const lease = await until('a renewed prefix', ((renewAfterSeconds ?? 0) * 2 + 15) * 1000, async () => {
    const lease = await readWanLease6(home.router);
    return lease !== undefined && lease.valid_until !== before?.valid_until && lease;
  });
  isp.ipv6.check(lease, isp.ipv6.delegation);
  return lease;
}
