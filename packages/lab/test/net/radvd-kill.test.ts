import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { RadvdSite } from './radvd-site.ts';

const KILLS = Number(process.env.ROUTER7_KILLS ?? 12);
t.setTimeout(60_000 + KILLS * 8000);
await onStage(import.meta.url);

/** A delegation, another one for each number. */
const numbered = (number: number): string => `2001:db8:${number.toString(16)}::/56`;

/** How addresses of a delegation begin. */
const prefixOf = (delegation: string): string => delegation.replace(':/56', '');

const site = new RadvdSite();
site.write('/perm/ipv6.json', { ula: 'off' });
site.defaultRoute(true);

t.test(
  `RA-06, L-13: killed ${KILLS} times while prefixes change, it leaves none that is stale and preferred`,
  async (t) => {
    let stale = 0;
    for (let kill = 1; kill <= KILLS; kill++) {
      // The prefix of before is one that a process which was killed may have told of.
      site.delegate([numbered(2 * kill)]);
      const radvd = site.launch();
      if (kill % 3 === 0) await sleep(Math.random() * 1500);
      else await radvd.line(/^info advertising interface=lan0 /, 30_000).then(() => sleep(Math.random() * 30));
      // However busy the machine is, some of what is told of is heard.
      if (kill % 4 === 1) await site.address(prefixOf(numbered(2 * kill)), false, 30_000);
      site.delegate([numbered(2 * kill + 1)]);
      // A process that has not taken its title yet would end by the signal.
      if (radvd.output.length > 0) radvd.kill('SIGUSR1');
      await sleep(Math.random() * 40);
      await radvd.stop('SIGKILL');
      if (kill % 4 !== 0 && kill !== KILLS) continue;

      site.delegate([numbered(0xf000 + kill)]);
      const again = await site.start();
      const current = prefixOf(numbered(0xf000 + kill));
      await site.address(current, false, 30_000);
      await until('every other prefix is deprecated', 30_000, async () =>
        (await site.addresses()).every(({ local, deprecated }) => deprecated !== local.startsWith(current)),
      ).catch(async (error: unknown) => {
        t.comment(JSON.stringify([await site.addresses(), site.state(), again.output]));
        throw error;
      });
      const all = await site.addresses();
      const state = JSON.stringify(site.state());
      stale += all.length - 1;
      t.ok(true, `kill ${kill}: ${all.length} prefixes, one preferred`);
      for (const { local } of all) {
        t.ok(state.includes(local.split(':').slice(0, 3).join(':')), `${local} was known`);
        if (local.startsWith(current)) continue;
        site.host.ip(`-6 address delete ${local}/64 dev eth0`);
      }
      await again.stop('SIGKILL');
    }
    t.ok(stale > 0, `${stale} prefixes were stale`);
  },
);
