import { setTimeout as sleep } from 'node:timers/promises';
import { Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { Delegation } from '../home.ts';
import type { Host } from '../host.ts';
import type { Online, Scene } from '../online.ts';
import { fetchByIpv6, readDelegated, sourceOf } from '../steps-ipv6.ts';
import { until } from '../wait.ts';

/** How long the hosts may take to leave the old prefix, from when the router can know the new one. */
const PATIENCE = 5000;
/** How long the line is down. */
const OUTAGE = 1000;
/** How long the router takes to start its daemons, and they to find their provider. */
const START = 30_000;

/**
 * Flash renumbering (RFC 8978): a provider hands out another prefix and says nothing. What really happens then, and what the
 * router can learn of it: the line drops, say for maintenance; when it is back, the provider's equipment has forgotten the
 * home, routes the old prefix nowhere, and has another one for who asks. The hosts have noticed nothing at all.
 */
export async function renumber(scene: Scene, { prefix }: Online): Promise<void> {
  const { report, home } = scene;
  const second = await report.step(
    'the line drops, and the provider forgets',
    () => dropLine(scene, Delegation.second),
    () => `${prefix} leads nowhere`,
  );
  const back = performance.now();
  await newPrefix(scene, second, PATIENCE, back);
  await everybodyMoves(scene, second, back);

  const third = await report.step(
    'the power of the router goes, and the provider forgets again',
    async () => {
      await home.router.cutPower();
      return forget(scene, Delegation.third);
    },
    () => `${second} leads nowhere`,
  );
  await report.step('the power is back', async () => {
    scene.programs.push(await home.router.powerOn());
  });
  await newPrefix(scene, third, START, performance.now());
  await everybodyMoves(scene, third, performance.now());
}

async function dropLine(scene: Scene, delegation: string): Promise<Ipv6Prefix> {
  const { router } = scene.home;
  await router.setLine(false);
  const forgotten = forget(scene, delegation);
  await sleep(OUTAGE);
  const prefix = await forgotten;
  await router.setLine(true);
  return prefix;
}

/** Ends the provider's IPv6 servers, with all that they remember, and starts them with another prefix. */
async function forget(scene: Scene, delegation: string): Promise<Ipv6Prefix> {
  for (const program of scene.ispIpv6) await program.stop();
  scene.ispIpv6 = await scene.isp.ipv6.start(scene.home, delegation);
  scene.programs.push(...scene.ispIpv6);
  return Ipv6Prefix.parse(delegation);
}

async function newPrefix({ home, report }: Scene, prefix: Ipv6Prefix, patience: number, since: number): Promise<void> {
  await report.step(
    'the router has been delegated the new prefix',
    () =>
      until(`lease of ${prefix}`, patience, async () => (await readDelegated(home.router))?.equals(prefix) === true),
    () => `${prefix}, ${secondsSince(since)} later`,
  );
}

/** Checks each client: it uses the prefix in time, and those from before for nothing. */
async function everybodyMoves({ report, home }: Scene, prefix: Ipv6Prefix, since: number): Promise<void> {
  const end = since + PATIENCE;
  for (const host of home.clients) {
    await report.step(
      `${host.name} uses the new prefix, and the old for nothing`,
      () =>
        until(`${host.name} with ${prefix} alone`, Math.max(0, Math.round(end - performance.now())), () =>
          hasMoved(host, prefix),
        ),
      (source) => `${source}, ${secondsSince(since)} later`,
    );
  }
  for (const host of home.clients) {
    await report.step(
      `${host.name} fetches the page by IPv6`,
      () => fetchByIpv6(host, prefix),
      (from) => `the Internet saw ${from}`,
    );
  }
}

/** The source that a host takes for the Internet, once it is of the prefix and every global address of another is deprecated. */
async function hasMoved(host: Host, prefix: Ipv6Prefix): Promise<string> {
  const dead = (await host.addresses6('eth0')).filter(({ address: text, isDeprecated }) => {
    const address = Ipv6Address.parse(text);
    return !isDeprecated && !address.isUniqueLocal && !prefix.contains(address);
  });
  if (dead.length > 0) throw new Error(`${dead.map(({ address }) => address).join(', ')} is still preferred`);
  const source = await sourceOf(host);
  if (!prefix.contains(Ipv6Address.parse(source))) throw new Error(`its source is ${source}`);
  return source;
}

function secondsSince(then: number): string {
  return `${((performance.now() - then) / 1000).toFixed(2)} s`;
}
