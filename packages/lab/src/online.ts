import { fileURLToPath } from 'node:url';
import type { Ipv6Prefix } from '@router7/wire';
import type { LabOptions } from './args.ts';
import { startInnerRouter } from './client/inner-router.ts';
import { lanClients } from './client/lan-clients.ts';
import { Address, Address6, type Home } from './home.ts';
import type { Host } from './host.ts';
import { startNameServer } from './internet/name-server.ts';
import { startTimeServers } from './internet/time-servers.ts';
import type { Isp } from './isp/isp.ts';
import type { Program, Running } from './program.ts';
import type { Report } from './report.ts';
import type { WanLease } from './router.ts';
import { fetchThroughNat, lanLease, wanLease } from './steps.ts';
import { resolves } from './steps-dns.ts';
import { LIAR_CONFIGURATION } from './steps-hostile-dns.ts';
import { fetchByIpv6, innerPrefix, lanAddresses6, wanPrefix } from './steps-ipv6.ts';

/** What a run of the lab consists of. */
export interface Scene {
  readonly options: LabOptions;
  readonly report: Report;
  readonly isp: Isp;
  readonly home: Home;
  /** All that run, in the order in which they were started. */
  readonly programs: Running[];
  /** Those of them that are the provider's by IPv6. */
  ispIpv6: readonly Program[];
}

/** A computer at home with its addresses. */
export interface OnlineClient {
  readonly host: Host;
  readonly address: string;
  readonly addresses6: readonly string[];
}

/** A home that is online by both families. */
export interface Online {
  readonly router: Running;
  readonly lease: WanLease;
  readonly prefix: Ipv6Prefix;
  readonly clients: readonly OnlineClient[];
}

const same = (text: string): string => text;

/** Starts the Internet, the provider, the router and the clients, a step for each. Rejects at the first that fails. */
export async function bringOnline(scene: Scene): Promise<Online> {
  const { report, programs, isp, home } = scene;
  await report.step('Internet is there', async () => {
    const web = home.internet.startNode('internet web', path('web-server.ts'), [Address.web, Address6.web]);
    programs.push(web);
    for (const address of [Address.web, Address6.web]) await web.line(new RegExp(`echo: ready on ${address}`), 10_000);
    programs.push(await startNameServer(home.internet));
    programs.push(...(await startTimeServers(home.internet)));
  });
  await report.step(
    'provider answers',
    async () => {
      await home.isp.run('sysctl', ['-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1']);
      programs.push(...(await isp.start(home)));
      scene.ispIpv6 = await isp.ipv6.start(home, isp.ipv6.delegation);
      programs.push(...scene.ispIpv6);
    },
    () => isp.name,
  );
  // A client keeps what it was given by DHCPv6 until it renews, whatever is advertised: the stories are about the latter.
  const addresses6 = scene.options.story === undefined;
  const router = await home.router.start({
    addresses6,
    ...(scene.options.firewall === 'router7' && { firewall: { compat: 'router7' } }),
    ...(isp.name === 'hostile' && { dns: LIAR_CONFIGURATION }),
    ...(isp.ipv6.duid !== undefined && { duid: isp.ipv6.duid }),
  });
  programs.push(router);
  const lease = await report.step('router has a WAN lease', () => wanLease(home, isp), tellLease);
  const prefix = await report.step('router has been delegated a prefix', () => wanPrefix(home, isp), String);
  // The page is for the home: who asks for it comes from there.
  const [desk] = home.clients;
  if (desk !== undefined)
    programs.push(desk.startNode('web proxy', path('web-proxy.ts'), ['/run/lab/web.sock', Address.lan, '8067']));

  const kinds = home.clients.map((_, index) => lanClients[index % lanClients.length] as (typeof lanClients)[number]);
  for (const [index, client] of home.clients.entries()) programs.push(...(kinds[index]?.start(client) ?? []));
  programs.push(await startInnerRouter(home.inner));
  const clients: OnlineClient[] = [];
  for (const [index, host] of home.clients.entries()) {
    const address = await report.step(
      `${host.name} has a LAN lease (${kinds[index]?.name})`,
      () => lanLease(host),
      same,
    );
    await report.step(
      `${host.name} fetches a page through NAT`,
      () => fetchThroughNat(host, lease.client_ip),
      (from) => `the Internet saw ${from}`,
    );
    const count = addresses6 && kinds[index]?.asksForAddress6 === true ? 2 : 1;
    const found = await report.step(
      `${host.name} has IPv6 addresses (${kinds[index]?.ipv6})`,
      () => lanAddresses6(host, prefix, count),
      (addresses) => addresses.join(', '),
    );
    await report.step(
      `${host.name} fetches the same page by IPv6`,
      () => fetchByIpv6(host, prefix),
      (from) => `the Internet saw ${from}`,
    );
    await report.step(
      `${host.name} resolves names, by UDP and TCP, IPv4 and IPv6`,
      () => resolves(host, address),
      (servers) => `of ${servers}`,
    );
    clients.push({ host, address, addresses6: found });
  }
  const inner = await report.step(
    'a router behind the router has been delegated a prefix',
    () => innerPrefix(home, prefix),
    (inner) => String(inner.prefix),
  );
  await report.step(
    'what is behind it fetches the same page by IPv6',
    () => fetchByIpv6(home.inner, inner.prefix, inner.address),
    (from) => `the Internet saw ${from}`,
  );
  return { router, lease, prefix, clients };
}

function tellLease(lease: { client_ip: string; subnet_mask: string; router: string }): string {
  return `${lease.client_ip} mask ${lease.subnet_mask} by way of ${lease.router}`;
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
