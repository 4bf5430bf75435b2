import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseDhcp4Lease } from '@router7/appliance/state/dhcp4-lease';
import { decodeMessage, MessageType, optionValue } from '@router7/dhcp4';
import t, { type Test } from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { seed } from '../seed.ts';
import { servers } from './dhcp-servers.ts';
import { needs } from './installed.ts';
import { WanSite } from './wan-site.ts';

const KILLS = Number(process.env.ROUTER7_KILLS ?? 30);
const SITES = 3;

t.setTimeout(60_000 + KILLS * 4000);
await onStage(import.meta.url);
t.jobs = SITES + 2;

for (let n = 0; n < SITES; n++) {
  t.test(
    `D4C-02 kill -9 of dhcp4 at random instants: its files are always whole (seed ${seed + n})`,
    needs('kea-dhcp4'),
    async (t) => {
      const random = generator(seed + n);
      const site = new WanSite(t, `crash${n}`);
      await servers.kea(site.isp, { lease: 3600, t1: 1800, t2: 3000 });
      site.daemon('netconfigd');
      let address: string | undefined;
      let acquired = 0;
      let damaged = 0;
      for (let kill = n; kill < KILLS; kill += SITES) {
        const dhcp4 = site.daemon('dhcp4');
        const started = Date.now();
        // Sometimes long before the first write, mostly amid many of them: each SIGUSR1 is a renewal.
        const early = random() < 0.15;
        const end = early ? started + random() * 400 : Number.POSITIVE_INFINITY;
        if (!early) {
          const lease = await site.leased(30_000, (lease) => Date.parse(lease.acquired) > started);
          address ??= lease.client_ip;
          const folder = readdirSync(join(site.perm, 'dhcp4/wire'));
          t.same(
            folder.filter((name) => name.startsWith('.') && !name.includes(`-${dhcp4.pid}-`)),
            [],
            'nothing is left',
          );
        }
        const stop = Math.min(end, Date.now() + random() * 300);
        while (Date.now() < stop) {
          if (!early) dhcp4.kill('SIGUSR1');
          damaged += filesWhole(t, site) ? 0 : 1;
          await sleep(1 + random() * 4);
        }
        await dhcp4.stop('SIGKILL');
        damaged += filesWhole(t, site) ? 0 : 1;
        const last = Date.parse(site.lease()?.acquired ?? '1970-01-01T00:00:00Z');
        t.ok(last >= acquired, 'never an older lease than before');
        acquired = last;
      }
      t.equal(damaged, 0);
      const lease = site.lease();
      t.equal(lease?.client_ip, address, 'the same address after all of it');
      if (address !== undefined) await site.applied(address);
    },
  );
}

t.test(
  'D4C-02 D4C-07 a full disk: the lease is used and kept, and written when there is room again',
  needs('kea-dhcp4', 'tcpdump', 'arping'),
  async (t) => {
    const site = new WanSite(t, 'full');
    const state = join(site.perm, 'dhcp4');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24k', 'tmpfs', state]);
    site.writePerm('dhcp4/config.json', { probe: false });
    const fill = (): void => {
      const octets = spawnSync('sh', ['-c', `dd if=/dev/zero bs=4096 of=${state}/ballast`], { encoding: 'utf8' });
      t.match(octets.stderr, /No space left/);
    };
    fill();
    const capture = await site.capture();
    await servers.kea(site.isp, { lease: 300, t1: 150, t2: 250 });
    site.daemon('netconfigd');
    const dhcp4 = site.daemon('dhcp4');
    await dhcp4.line(/cannot write lease, trying again/, 30_000);
    t.equal(site.lease(), undefined);
    t.same(readdirSync(join(state, 'wire')), [], 'no half of a file is left');
    rmSync(join(state, 'ballast'));
    const first = await site.leased(30_000);
    await site.applied(first.client_ip);
    await capture.settle();
    const [ack] = capture.messages(MessageType.ack);
    const written = (): Stats => statSync(join(state, 'wire/ack'));
    t.ok(
      Math.abs(written().mtimeMs - (ack?.at ?? 0)) < 500,
      'the time of wire/ack is when it came, not when there was room',
    );

    // Full again while a lease is on disk: that one stays whole.
    fill();
    const told = dhcp4.output.filter((line) => line.includes('cannot write')).length;
    dhcp4.kill('SIGUSR1');
    await until('it is told', 30_000, () => dhcp4.output.filter((line) => line.includes('cannot write')).length > told);
    t.ok(filesWhole(t, site));
    t.equal(site.lease()?.client_ip, first.client_ip);
    await site.applied(first.client_ip);
    rmSync(join(state, 'ballast'));
    await site.leased(30_000, ({ acquired }) => acquired !== first.acquired);
    t.ok(filesWhole(t, site));
    t.same(readdirSync(join(state, 'wire')).sort(), ['ack', 'lease.json']);
  },
);

function filesWhole(t: Test, site: WanSite): boolean {
  try {
    const text = site.readPerm('dhcp4/wire/lease.json');
    if (text === undefined) return true;
    const { value, warnings } = parseDhcp4Lease(text);
    const ack = decodeMessage(readFileSync(join(site.perm, 'dhcp4/wire/ack')));
    const right =
      warnings.length === 0 &&
      optionValue(ack, 'dhcpMessageType') === MessageType.ack &&
      String(ack.yiaddr) === value.client_ip;
    if (!right) t.fail('the files are not of one lease');
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
