import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultClientConfig } from '@router7/dhcp4';
import t from 'tap';
import { ClientRunner } from '../../src/dhcp4/client-runner.ts';
import { silentLog } from '../../src/runtime/log.ts';
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
