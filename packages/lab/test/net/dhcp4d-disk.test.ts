import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import {
  acknowledged,
  buildSite,
  configure,
  LEASES,
  leaseOf,
  oneExchange,
  readLeases,
  SERVER,
  startDaemon,
} from './dhcp4d-site.ts';

t.setTimeout(600_000);
await onStage(import.meta.url);

const FOLDER = '/perm/dhcp4d';
const site = buildSite();

/** A new /perm of its own for each test, of a size in MiB. */
function mountPerm(t: { teardown(fn: () => void): void }, megabytes: number): void {
  mkdirSync('/perm', { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', '/perm']);
  t.teardown(() => execFileSync('umount', ['--lazy', '/perm']));
  configure();
}

/** Takes all the room there is. */
function fillDisk(): void {
  const block = Buffer.alloc(64 << 10, 1);
  for (;;) {
    try {
      appendFileSync('/perm/filler', block);
    } catch {
      break;
    }
  }
}

t.test('a disk that is full from the start: nothing is acknowledged until there is room', async (t) => {
  mountPerm(t, 12);
  fillDisk();
  const daemon = await startDaemon(site);
  t.teardown(() => daemon.stop());
  t.match(await oneExchange(site, 1), /^silent 1 new/);
  t.ok(await daemon.line(/^error .*leases cannot be written.*ENOSPC/, 30_000));
  t.match(
    await site.router.run('curl', ['--silent', 'http://127.0.0.1:8067/metrics']),
    /dhcp4d_replies_withheld_total [1-9]/,
  );
  rmSync('/perm/filler');
  const address = await acknowledged(site, 1);
  t.equal((await leaseOf(address)).hardware_addr, '02:07:00:00:00:01');
  t.equal(daemon.status, undefined, 'it has gone on all the while');
});

t.test('a disk that gets full: leases go on, and outlive a kill', async (t) => {
  mountPerm(t, 24);
  let daemon = await startDaemon(site);
  t.teardown(() => daemon.stop());
  const first = await acknowledged(site, 1);
  await leaseOf(first);
  fillDisk();
  const second = await acknowledged(site, 2);
  await daemon.line(/^error .*leases.json cannot be written.*ENOSPC/, 30_000);
  t.strictSame(
    readLeases().map(({ addr }) => addr),
    [first],
    'the old file is whole',
  );
  daemon.kill('SIGKILL');
  await daemon.exited;
  daemon = await startDaemon(site);
  const spare = readdirSync(FOLDER).some((name) => name.endsWith('.spare'));
  if (spare) t.equal(await acknowledged(site, 2, second), second);
  rmSync('/perm/filler');
  t.equal(await acknowledged(site, 2, second), second);
  await leaseOf(second);
  t.equal(await acknowledged(site, 1, first), first);
});

t.test('a disk that is read-only: it serves its pages, and clients once it can write', async (t) => {
  mountPerm(t, 24);
  execFileSync('mount', ['-o', 'remount,ro', '/perm']);
  const daemon = await startDaemon(site);
  t.teardown(() => daemon.stop());
  t.match(await oneExchange(site, 1), /^silent 1 new/);
  t.ok(await daemon.line(/^error .*leases cannot be written.*EROFS/, 30_000));
  t.match(await site.router.run('curl', ['--silent', `http://${SERVER}:8067/`]), /<h1>DHCP leases/);
  // The daemon has mounts of its own, as everything in a network namespace of ip-netns has.
  const remount = ['mount', '-o', 'remount,rw', '/perm'];
  execFileSync('nsenter', ['--mount', '--root', '--target', String(daemon.pid), ...remount]);
  await leaseOf(await acknowledged(site, 1));
});

t.test('leases.json that is no JSON, and a journal whose end is torn', async (t) => {
  mountPerm(t, 48);
  let daemon = await startDaemon(site);
  t.teardown(() => daemon.stop());
  const addresses: string[] = [];
  for (const client of [1, 2, 3]) addresses.push(await acknowledged(site, client));
  for (const address of addresses) await leaseOf(address);
  daemon.kill('SIGKILL');
  await daemon.exited;
  writeFileSync(LEASES, readFileSync(LEASES).subarray(0, 100));
  for (const name of readdirSync(FOLDER).filter((name) => name.endsWith('.journal'))) {
    truncateSync(join(FOLDER, name), 1000);
    appendFileSync(join(FOLDER, name), Buffer.alloc(777, 0xee));
  }
  daemon = await startDaemon(site);
  const aside = readdirSync(FOLDER).filter((name) => name.startsWith('leases.json.corrupt-'));
  t.equal(aside.length, 1);
  t.equal(statSync(join(FOLDER, aside[0] ?? '')).size, 100);
  t.ok(daemon.output.some((line) => /^error state file unusable, set aside/.test(line)));
  // An authoritative server lets a client that is using a free address keep it.
  const again = await acknowledged(site, 1);
  t.equal((await leaseOf(again)).hardware_addr, '02:07:00:00:00:01');
});

t.test('the clock has jumped: leases are neither longer than they were given nor forgotten', async (t) => {
  mountPerm(t, 24);
  const hour = 60 * 60 * 1000;
  const entry = (client: number, at: number): object => ({
    num: client,
    addr: `10.7.9.${client}`,
    hardware_addr: `02:07:00:00:00:0${client}`,
    hostname: '',
    hostname_override: '',
    expiry: new Date(at + hour).toISOString(),
    last_ack: new Date(at).toISOString(),
  });
  const year = 365 * 24 * hour;
  const now = Date.now();
  // Client numbers are odd: those send no identifier, like the entries.
  writeFileSync(LEASES, JSON.stringify([entry(1, now + year), entry(3, now - year), entry(5, now)]));
  const daemon = await startDaemon(site);
  t.teardown(() => daemon.stop());
  const page = await site.router.run('curl', ['--silent', `http://${SERVER}:8067/`]);
  t.match(page, /2 devices active, 3 leases known/, 'the one of the year ahead has an hour at most');
  for (const client of [1, 3, 5]) {
    t.equal(await acknowledged(site, client), `10.7.9.${client}`, `client ${client} has its address again`);
  }
  await until('all three in leases.json', 30_000, () =>
    readLeases().every(({ expiry }) => {
      const left = Date.parse(expiry) - Date.now();
      return left > 0 && left <= hour;
    }),
  );
  t.ok(existsSync(LEASES));
});
