import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { seed } from '../seed.ts';
import { needs } from './installed.ts';
import { LanSite } from './lan-site.ts';

const KILLS = Number(process.env.ROUTER7_KILLS ?? 20);
const SITES = 2;

t.setTimeout(60_000 + KILLS * 6000);
await onStage(import.meta.url);
t.jobs = SITES;

const UPLINK = '02:73:53:00:07:00';
const LAN = '02:73:53:00:07:01';

for (let n = 0; n < SITES; n++) {
  t.test(`NC-12 kill -9 of netconfigd at random instants, then one run (seed ${seed + n})`, needs('nft'), async (t) => {
    // A linear congruential generator (Numerical Recipes), the same row for the same seed.
    let state = (seed + n) >>> 0;
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const site = new LanSite(t, `crash${n}`, {
      interfaces: [
        { hardware_addr: UPLINK, name: 'uplink0', mtu: 1492 },
        { hardware_addr: LAN, name: 'lan0', addr: '192.168.42.1/24', extra_routes: [{ destination: '10.2.0.0/16' }] },
      ],
    });
    await site.isp.run('mkdir', ['-p', `${site.perm}/dhcp4/wire`]);
    let name = 0;
    for (let kill = n; kill < KILLS; kill += SITES) {
      // Each time another lease, other names, and nothing of what the run before has made.
      const address = `198.51.100.${100 + kill}`;
      site.writePerm('dhcp4/wire/lease.json', {
        ...{ valid_until: '2018-05-18T23:46:04+02:00', client_ip: address, subnet_mask: '255.255.255.0' },
        ...{ router: '198.51.100.1', dns: ['203.0.113.53'] },
      });
      await site.router.run('nft', ['flush ruleset']);
      for (const [present, link] of await site.links()) {
        if (present === 'lo') continue;
        site.router.ip(`link set ${present} down`);
        site.router.ip(
          `link set ${present} mtu 1500 name ${link.address === LAN && random() < 0.5 ? `uplink0x${name}` : `enp${name++}s0`}`,
        );
      }
      if (random() < 0.5) await swapNames(site);
      const netconfigd = site.daemon('netconfigd');
      await netconfigd.line(/./, 30_000);
      await sleep(random() * 60);
      await netconfigd.stop('SIGKILL');

      t.equal(await site.once(), 0, `after kill ${kill}`);
      const links = await site.links();
      t.match(links.get('uplink0'), { address: UPLINK, mtu: 1492, up: true });
      t.match(links.get('lan0'), { address: LAN, up: true });
      t.equal(links.size, 3);
      t.same(await site.router.addresses('uplink0'), [`${address}/24`]);
      t.same(await site.router.addresses('lan0'), ['192.168.42.1/24']);
      t.same([...(await site.routes())].sort(), [
        `198.51.100.0/24 proto kernel scope link src ${address}`,
        `198.51.100.1 proto dhcp scope link src ${address}`,
        `default via 198.51.100.1 proto dhcp src ${address}`,
      ]);
      t.ok((await site.routes('lan0')).includes('10.2.0.0/16 proto 114 scope link'));
      t.match(await site.router.run('nft', ['list', 'ruleset']), /masquerade/);
    }
  });
}

/** Each link gets the name that the other one is to have. */
async function swapNames(site: LanSite): Promise<void> {
  for (const [name, link] of await site.links()) {
    if (link.address === UPLINK) site.router.ip(`link set ${name} name lan0`);
    else if (link.address === LAN) site.router.ip(`link set ${name} name uplink0`);
  }
}
