import { readFileSync, statSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { ServerReplay } from '../../src/dhcp6/server-replay.ts';
import { serverSecret } from '../../src/dhcp6/server-secret.ts';
import { silentLog } from '../../src/runtime/log.ts';
import type { Clock } from '../../src/system/clock.ts';

const at = (wall: number): Clock => ({ wall: () => wall, now: () => 0 });

t.test('D6S-02: what addresses follow from is made once, kept, and nobody else reads it', async (t) => {
  const file = `${t.testdir()}/secret`;
  const secret = serverSecret(file);
  t.equal(secret.length, 16);
  t.strictSame(serverSecret(file), secret);
  t.equal(statSync(file).mode & 0o777, 0o600);
  writeFileSync(file, 'cut off');
  const other = serverSecret(file);
  t.notSame(other, secret);
  t.strictSame(serverSecret(file), other, 'what is no secret is made anew');
});

t.test('D6S-04: replay detection values increase over restarts, whatever the clock does (RFC 9915 20.3)', async (t) => {
  const file = `${t.testdir()}/replay`;
  let last = 0n;
  const run = (wall: number, count: number): void => {
    const replay = new ServerReplay(file, at(wall), silentLog);
    for (let i = 0; i < count; i++) {
      const next = replay.next();
      if (next <= last) t.fail(`${next} after ${last}`);
      last = next;
    }
  };
  run(1_800_000_000_000, 3);
  t.ok(last > 1_800_000_000_000_000n, 'above those of a server that went by the time');
  // A kill, and a boot in 1970.
  run(5000, 2);
  run(5000, 2_100_000);
  run(5000, 1);
  run(1_700_000_000_000, 1);
  t.ok(BigInt(readFileSync(file, 'latin1')) >= last);
  writeFileSync(file, '\0\0\0');
  run(1_900_000_000_000, 1);
});
