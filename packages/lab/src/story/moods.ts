import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { routeDelegation } from '../isp/delegation.ts';
import { type HostileMood, HostilePrefix, setMood } from '../isp/hostile-ipv6.ts';
import type { Online, Scene } from '../online.ts';
import { type Router, readWanLease6 } from '../router.ts';
import { delegated, fetchByIpv6, sourceOf } from '../steps-ipv6.ts';
import { until } from '../wait.ts';

/** Longer than the hostile server's T2, and the first retransmissions after it. */
const PATIENCE = 20_000;

/**
 * What a provider's server can make of a Renew (RFC 9915 section 18.2.10.1), one mood after the other: the home keeps its
 * prefix through those that mean nothing, and changes it at once for those that do.
 */
export async function moods(scene: Scene, { prefix }: Online): Promise<void> {
  const other = Ipv6Prefix.parse(HostilePrefix.other);
  const { router } = scene.home;
  const server = (await readWanLease6(router))?.server_duid;
  await renewedWith(scene, 'NoBinding', /^REPLY to a Request/, prefix);
  for (const mood of ['NoPrefixAvail', 'UseMulticast', 'T1 and T2 reversed', 'silence'] as const) {
    await renewedWith(scene, mood, new RegExp(`answered with ${mood}`), prefix);
    await renewedWith(scene, 'goodwill', /answered with goodwill/, prefix);
  }
  routeDelegation(scene.home.isp, HostilePrefix.other);
  await renewedWith(scene, 'another prefix', /answered with another prefix/, other);
  routeDelegation(scene.home.isp, HostilePrefix.good);
  await renewedWith(scene, 'withdrawn', /answered with withdrawn/, prefix);
  await renewedWith(scene, 'another server', /Rebind answered with another server/, prefix);
  await scene.report.step(
    "the lease is the other server's",
    () =>
      until('its DUID', PATIENCE, async () => {
        const duid = (await readWanLease6(router))?.server_duid;
        return duid !== server && duid;
      }),
    (duid) => `${server}, then ${duid}`,
  );
}

/** Has the router renew, waits for what the server does about it, and for the home to be online with a prefix, this one alone. */
async function renewedWith(scene: Scene, mood: HostileMood, done: RegExp, prefix: Ipv6Prefix): Promise<void> {
  const { home, report, ispIpv6 } = scene;
  const [server] = ispIpv6;
  const [client] = home.clients;
  if (server === undefined || client === undefined) throw new Error('this story needs a hostile provider and a client');
  const count = (): number => server.output.filter((line) => done.test(line)).length;
  const before = count();
  await report.step(
    `renewed with ${mood}`,
    async () => {
      setMood(mood);
      await home.router.signal('dhcp6', 'SIGUSR1');
      await until(`${server.name}: ${done}`, PATIENCE, () => count() > before);
      await until(`${prefix} alone in the lease`, PATIENCE, () => isAlone(home.router, prefix));
      await until(`${client.name} with ${prefix}`, 5000, async () =>
        prefix.contains(Ipv6Address.parse(await sourceOf(client))),
      );
      return fetchByIpv6(client, prefix);
    },
    (from) => `the Internet saw ${from}`,
  );
}

async function isAlone(router: Router, prefix: Ipv6Prefix): Promise<boolean> {
  const lease = await readWanLease6(router);
  return lease?.delegations?.length === 1 && delegated(lease)?.equals(prefix) === true;
}
