import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultClientConfig } from '@router7/dhcp6';
import t from 'tap';
import { ClientRunner } from '../../src/dhcp6/client-runner.ts';
import { RECONFIGURE_KEY_FILE, ReconfigureKeyFile } from '../../src/dhcp6/reconfigure-key-file.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemClock } from '../../src/system/clock.ts';

// With an interface it is the matter of the lab's tests; here is what it does with its file and without one.
const folder = mkdtempSync(join(tmpdir(), 'client6-runner-'));
const wire = join(folder, 'wire');
mkdirSync(wire);
t.teardown(() => rmSync(folder, { recursive: true }));

let changed = 0;
function runner(stateDirectory: string = folder): ClientRunner {
  return new ClientRunner({
    stateDirectory,
    configure: (hardwareAddress) => defaultClientConfig(hardwareAddress.toBytes()),
    clock: systemClock,
    log: silentLog,
    changed: () => changed++,
    stopped: () => undefined,
    again: () => undefined,
  });
}

t.test('what a killed process has left is removed, the file itself stays', async (t) => {
  for (const name of ['lease.json', '.lease.json.tmp-77-1', '.other.tmp-77-0']) writeFileSync(join(wire, name), name);
  runner();
  t.same(readdirSync(wire).sort(), ['.other.tmp-77-0', 'lease.json']);
  t.doesNotThrow(() => runner(join(folder, 'none')), 'the folder need not be there');
});

t.test('without an interface there is nothing to do', async (t) => {
  const idle = runner();
  await idle.follow(undefined, []);
  t.equal(idle.input({ kind: 'renew' }), false);
  t.equal(changed, 0);
  t.ok(existsSync(join(wire, 'lease.json')), 'the lease stays');
  await idle.close();
});

t.test('D6C-21: forgetting removes the file and tells', async (t) => {
  const idle = runner();
  idle.forget();
  t.notOk(existsSync(join(wire, 'lease.json')));
  t.equal(changed, 1);
  t.doesNotThrow(() => idle.forget(), 'there is nothing to remove any more');
});

t.test(
  'D6C-17: the key for Reconfigure is kept, for nobody else to read, until the leases are given back',
  async (t) => {
    const path = join(folder, RECONFIGURE_KEY_FILE);
    const file = new ReconfigureKeyFile(path, silentLog);
    t.equal(file.read(), undefined);
    const key = {
      serverIdentifier: Uint8Array.of(0, 3, 1),
      key: new Uint8Array(16).fill(9),
      replayDetection: 2n ** 64n - 1n,
    };
    file.write(key);
    t.strictSame(new ReconfigureKeyFile(path, silentLog).read(), key);
    t.equal(statSync(path).mode & 0o777, 0o600);
    for (const text of ['', '{}', '{"server_duid":"000301","key":"09","replay_detection":"1"}']) {
      writeFileSync(path, text);
      t.equal(file.read(), undefined, text);
    }
    const idle = runner();
    idle.forget();
    t.notOk(existsSync(path));
    await idle.close();
  },
);
