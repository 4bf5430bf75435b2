import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseDhcp6Lease } from '@router7/appliance/state/dhcp6-lease';
import t, { type Test } from 'tap';
import { onStage } from '../../src/stage.ts';
import { seed } from '../seed.ts';
import { servers6 } from './dhcp6-servers.ts';
import { needs } from './installed.ts';
import { Wan6Site } from './wan6-site.ts';

const KILLS = Number(process.env.ROUTER7_KILLS ?? 30);
const SITES = 3;
const PREFIX = '2001:db8:4200::/56';

t.setTimeout(60_000 + KILLS * 4000);
await onStage(import.meta.url);
t.jobs = SITES;

for (let n = 0; n < SITES; n++) {
  t.test(
    `D6C-03 D6C-04 D6C-12 kill -9 of dhcp6 at random instants: its files are whole, nothing is lost (seed ${seed + n})`,
    needs('kea-dhcp6'),
    async (t) => {
      const random = generator(seed + n);
      const site = new Wan6Site(t, `crash${n}`, {});
      await servers6.kea(site.isp, { addresses: true, preferred: 3000, valid: 3600, t1: 1800, t2: 2500 });
      let received = 0;
      let damaged = 0;
      let duid: string | undefined;
      let address: string | undefined;
      for (let kill = n; kill < KILLS; kill += SITES) {
        const dhcp6 = site.dhcp6();
        const started = Date.now();
        // Sometimes long before the first write, mostly amid many of them: each SIGUSR1 is a Renew.
        const early = random() < 0.15;
        const end = early ? started + random() * 600 : Number.POSITIVE_INFINITY;
        if (!early) {
          const lease = await site.leased6(30_000, ({ received_at = '' }) => Date.parse(received_at) > started);
          const now = readFileSync(join(site.perm, 'dhcp6/duid')).toString('hex');
          duid ??= now;
          t.equal(now, duid, 'the DUID is made once');
          t.equal(lease.addresses?.length, 1);
          address ??= lease.addresses?.[0]?.address;
          t.equal(lease.addresses?.[0]?.address, address, 'the same address each time');
        }
        const stop = Math.min(end, Date.now() + 1000 + random() * 300);
        while (Date.now() < stop) {
          if (!early) dhcp6.kill('SIGUSR1');
          damaged += isWhole(t, site, received > 0) ? 0 : 1;
          await sleep(1 + random() * 4);
        }
        await dhcp6.stop('SIGKILL');
        damaged += isWhole(t, site, received > 0) ? 0 : 1;
        const last = Date.parse(site.lease6()?.received_at ?? '1970-01-01T00:00:00Z');
        t.ok(last >= received, 'never an older lease than before');
        received = last;
      }
      t.equal(damaged, 0);
      t.same(site.prefixes(), [PREFIX], 'the same prefix after all of it');
      t.same(
        readdirSync(join(site.perm, 'dhcp6')).filter((name) => name.includes('corrupt')),
        [],
      );
    },
  );
}

/** lease.json is there once it has been, can be read, and has the prefix. */
function isWhole(t: Test, site: Wan6Site, expected: boolean): boolean {
  const text = site.readPerm('dhcp6/wire/lease.json');
  if (text === undefined) {
    if (expected) t.fail('lease.json is gone');
    return !expected;
  }
  try {
    const { value, warnings } = parseDhcp6Lease(text);
    const right = warnings.length === 0 && value.delegations?.[0]?.prefix === PREFIX;
    if (!right) t.fail(`found ${text}`);
    return right;
  } catch (error) {
    t.fail(`not whole: ${(error as Error).message}`);
    return false;
  }
}

/** Mulberry32: equally distributed numbers, the same row for the same seed. */
function generator(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
