import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientLease, defaultClientConfig } from '@router7/dhcp4';
import { Ipv4Prefix } from '@router7/wire';
import t from 'tap';
import { ClientLeaseFile } from '../../src/dhcp4/client-lease-file.ts';
import { ClientRunner } from '../../src/dhcp4/client-runner.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { parseDhcp4Lease } from '../../src/state/dhcp4-lease.ts';
import { systemClock } from '../../src/system/clock.ts';

// With an interface it is the matter of the lab's tests; here is what it does with its files and without one.
const folder = mkdtempSync(join(tmpdir(), 'client-runner-'));
const wire = join(folder, 'wire');
mkdirSync(wire);
t.teardown(() => rmSync(folder, { recursive: true }));

let changed = 0;
function runner(stateDirectory: string = folder): ClientRunner {
  return new ClientRunner({
    stateDirectory,
    configure: defaultClientConfig,
    spoofed: () => undefined,
    clock: systemClock,
    log: silentLog,
    changed: () => changed++,
    stopped: () => undefined,
  });
}

t.test('D4C-02 what a killed process has left is removed, the files themselves stay', async (t) => {
  for (const name of ['ack', 'lease.json', '.ack.tmp-77-0', '.lease.json.tmp-77-1', '.other.tmp-77-0']) {
    writeFileSync(join(wire, name), name);
  }
  runner();
  t.same(readdirSync(wire).sort(), ['.other.tmp-77-0', 'ack', 'lease.json']);
  t.doesNotThrow(() => runner(join(folder, 'none')), 'the folder need not be there');
});

t.test('without an interface there is nothing to do', async (t) => {
  const idle = runner();
  await idle.follow(undefined);
  t.equal(idle.input({ kind: 'renew' }), false);
  t.equal(changed, 0);
  t.ok(existsSync(join(wire, 'ack')), 'the lease stays');
  await idle.close();
});

t.test('D4C-11 forgetting removes both files and tells', async (t) => {
  const idle = runner();
  idle.forget();
  t.notOk(existsSync(join(wire, 'ack')) || existsSync(join(wire, 'lease.json')));
  t.equal(changed, 1);
  t.doesNotThrow(() => idle.forget(), 'there is nothing to remove any more');
});

t.test('NT-01 when the clock is set, the lease is written anew, with the times that it has now', async (t) => {
  const clock = { now: () => 100_000, wall: () => 600_000 };
  let told = 0;
  const files = new ClientLeaseFile(folder, clock, silentLog, () => told++);
  t.teardown(() => files.close());
  const address = Ipv4Prefix.parse('192.0.2.7/24');
  files.write(lease(address, 90_000), Uint8Array.of(1, 2, 3));
  clock.now = () => 160_000;
  clock.wall = () => 660_000;
  files.followClock();
  t.equal(told, 1, 'time passes');
  const set = Date.parse('2026-11-22T12:00:00Z');
  clock.wall = () => set;
  files.followClock();
  files.followClock();
  t.equal(told, 2);
  const written = parseDhcp4Lease(readFileSync(join(wire, 'lease.json'), 'utf8')).value;
  t.match(written, { acquired: '2026-11-22T11:58:50Z', t1: '2026-11-22T12:58:50Z', expiry: '2026-11-22T13:58:50Z' });
  t.equal(files.remembered()?.ageMs, 60_000, 'for the next run, too');
  files.forget();
  clock.wall = () => 0;
  files.followClock();
  t.notOk(existsSync(join(wire, 'lease.json')), 'what is forgotten stays so');
});

/** A lease of two hours. */
function lease(address: Ipv4Prefix, acquiredAt: number): ClientLease {
  const hour = 3_600_000;
  return {
    address,
    hasSubnetMask: true,
    server: address.address,
    routers: [],
    classlessRoutes: undefined,
    domainNameServers: [],
    acquiredAt,
    renewAt: acquiredAt + hour,
    rebindAt: acquiredAt + hour,
    expiresAt: acquiredAt + 2 * hour,
    options: [],
  };
}
