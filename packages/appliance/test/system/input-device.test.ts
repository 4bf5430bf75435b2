import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { hasPowerKey, isPowerPress, PowerButton, powerButtons } from '../../src/system/input-device.ts';

/** struct input_event. */
function event(type: number, code: number, value: number): Uint8Array {
  const bytes = new Uint8Array(24).fill(0xff, 0, 16);
  const view = new DataView(bytes.buffer);
  view.setUint16(16, type, true);
  view.setUint16(18, code, true);
  view.setInt32(20, value, true);
  return bytes;
}

t.test('IN-09: which devices are power buttons, by what the kernel says of their keys', async (t) => {
  // As the kernel writes it for the button of ACPI: bit 116 is bit 52 of the second word.
  t.ok(hasPowerKey('10000000000000 0\n'));
  t.ok(hasPowerKey('1000000000 0 0 0 0 0\n'), 'KEY_POWER2');
  for (const text of ['0\n', '', '10000000000000\n', '1 10000000000000\n', 'rubbish 0', '20000000000000 0']) {
    t.notOk(hasPowerKey(text), text);
  }
  const sys = mkdtempSync(join(tmpdir(), 'router7-'));
  t.teardown(() => rmSync(sys, { recursive: true }));
  for (const [name, keys] of [
    ['event0', '10000000000000 0'],
    ['event1', '1f0000 0 0 0 0'],
    ['mouse0', '10000000000000 0'],
  ]) {
    mkdirSync(join(sys, name as string, 'device/capabilities'), { recursive: true });
    writeFileSync(join(sys, name as string, 'device/capabilities/key'), `${keys}\n`);
  }
  mkdirSync(join(sys, 'event7'));
  t.same(powerButtons(sys, '/dev/input'), ['/dev/input/event0']);
  t.same(powerButtons(join(sys, 'none')), []);
});

t.test('IN-09: only the press of a power key counts', async (t) => {
  const press = event(1, 116, 1);
  t.ok(isPowerPress(press));
  t.ok(isPowerPress(Buffer.concat([event(1, 30, 1), event(0, 0, 0), event(1, 356, 1)])));
  t.notOk(isPowerPress(Buffer.concat([event(1, 116, 0), event(1, 116, 2), event(2, 116, 1), event(1, 117, 1)])));
  t.notOk(isPowerPress(press.subarray(0, 23)));
  t.notOk(isPowerPress(new Uint8Array()));
});

t.test('IN-09: a press is heard', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'router7-'));
  const path = join(folder, 'event0');
  t.teardown(() => rmSync(folder, { recursive: true }));
  // A pipe has the same to say to poll(2) and read(2) as a device.
  execFileSync('mkfifo', [path]);
  const writer = openSync(path, constants.O_RDWR);
  let presses = 0;
  let heard = (): void => undefined;
  const button = new PowerButton(path, () => {
    presses++;
    heard();
  });
  for (const expected of [1, 2]) {
    const next = new Promise<void>((resolve) => {
      heard = resolve;
    });
    writeSync(writer, Buffer.concat([event(1, 30, 1), event(1, 116, 1), event(1, 116, 0)]));
    await next;
    t.equal(presses, expected);
  }
  button.close();
  button.close();
  closeSync(writer);
  t.throws(() => new PowerButton(join(folder, 'none'), () => undefined), { code: 'ENOENT' });
});
