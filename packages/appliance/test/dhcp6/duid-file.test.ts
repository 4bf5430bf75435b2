import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeDuid } from '@router7/dhcp6';
import { fromHex, MacAddress } from '@router7/wire';
import t, { type Test } from 'tap';
import { readDuid } from '../../src/dhcp6/duid-file.ts';
import { createLog, silentLog } from '../../src/runtime/log.ts';

const MAC = MacAddress.parse('02:73:53:00:ca:fe');
const clock = { now: () => 0, wall: () => Date.UTC(2024, 4, 1) };

function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'duid-'));
  t.teardown(() => rmSync(path, { recursive: true }));
  return path;
}

t.test('D6C-02: the octets of the file as they are, be they of an unknown type', async (t) => {
  const file = join(folder(t), 'duid');
  const fiber7 = fromHex('000a000300014c5e0c41bf39');
  writeFileSync(file, fiber7);
  t.same(readDuid(file, MAC, clock, silentLog), fiber7);
  t.same(new Uint8Array(readFileSync(file)), fiber7);
});

t.test('D6C-03: without a file one is made, once, and kept', async (t) => {
  const file = join(folder(t), 'dhcp6', 'duid');
  const duid = readDuid(file, MAC, clock, silentLog);
  t.match(decodeDuid(duid), {
    kind: 'linkLayerTime',
    hardwareType: 1,
    timeSeconds: (Date.UTC(2024, 4, 1) - Date.UTC(2000, 0, 1)) / 1000,
    linkLayerAddress: MAC.toBytes(),
  });
  const later = { ...clock, wall: () => Date.UTC(2025, 0, 1) };
  t.same(
    readDuid(file, MacAddress.parse('02:00:00:00:00:01'), later, silentLog),
    duid,
    'whatever the time and the card',
  );
});

t.test('D6C-03: a clock that has never been set makes a DUID as well', async (t) => {
  const duid = readDuid(join(folder(t), 'duid'), MAC, { ...clock, wall: () => 0 }, silentLog);
  t.match(decodeDuid(duid), { timeSeconds: 0 });
});

t.test('D6C-03: what is no DUID is set aside', async (t) => {
  for (const octets of [new Uint8Array(), Uint8Array.of(0, 1), new Uint8Array(131)]) {
    const path = folder(t);
    writeFileSync(join(path, 'duid'), octets);
    t.equal(readDuid(join(path, 'duid'), MAC, clock, silentLog).length, 14);
    t.same(readdirSync(path).sort(), ['duid', 'duid.corrupt-20240501T000000.000Z']);
  }
});

t.test('D6C-03: what cannot be kept is of the hardware address alone, and so the same at every start', async (t) => {
  // The name of the temporary file beside it is longer than a name can be.
  const file = join(folder(t), 'd'.repeat(250));
  const lines: string[] = [];
  const log = createLog((line) => void lines.push(line));
  const duid = readDuid(file, MAC, clock, log);
  t.match(decodeDuid(duid), { kind: 'linkLayer', hardwareType: 1, linkLayerAddress: MAC.toBytes() });
  t.match(lines.join(''), /cannot keep the DUID/);
  const later = { ...clock, wall: () => Date.UTC(2025, 0, 1) };
  t.same(readDuid(file, MAC, later, silentLog), duid);
});

t.test('D6C-03: one that is there and cannot be read is not replaced', async (t) => {
  const file = join(folder(t), 'duid');
  symlinkSync('duid', file);
  const lines: string[] = [];
  const log = createLog((line) => void lines.push(line));
  t.match(decodeDuid(readDuid(file, MAC, clock, log)), { kind: 'linkLayer' });
  t.match(lines.join(''), /file unreadable/);
  t.ok(lstatSync(file).isSymbolicLink());
});
