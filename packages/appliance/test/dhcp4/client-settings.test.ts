import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientEngine, defaultClientConfig } from '@router7/dhcp4';
import { MacAddress, toHex } from '@router7/wire';
import t from 'tap';
import { clientSettings } from '../../src/dhcp4/client-settings.ts';
import { createLog } from '../../src/runtime/log.ts';

const MAC = MacAddress.parse('02:73:53:00:ca:fe');
const folder = mkdtempSync(join(tmpdir(), 'client-settings-'));
t.teardown(() => rmSync(folder, { recursive: true }));

const lines: string[] = [];
const log = createLog((line) => lines.push(line));

function settingsOf(config: unknown): ReturnType<typeof clientSettings> {
  lines.length = 0;
  writeFileSync(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  return clientSettings(folder, MAC, log);
}

t.test(
  'no file: the first message leaves at once, probes go out ten times as fast, nothing else is changed',
  async (t) => {
    t.same(clientSettings(folder, MAC, log), {
      startDelayMs: [0, 0],
      probePace: 0.1,
      selectingWindowMs: 250,
      options: [],
    });
    t.same(lines, []);
  },
);

t.test('D4C-19 D4C-22 D4C-23 every key', async (t) => {
  const settings = settingsOf({
    hostname: 'router7',
    vendor_class: 'example-isp',
    user_class: 'home',
    client_id: 'duid',
    rapid_commit: true,
    probe: false,
    options: { '224': 'c0ffee' },
  });
  t.same(lines, []);
  t.match(settings, { rapidCommit: true, probe: false });
  // RFC 4361 section 6.1: 255, an IAID of four octets, a DUID; here DUID-LL of type Ethernet.
  t.equal(toHex(settings.clientIdentifier ?? new Uint8Array()), 'ff0000000100030001027353 00cafe'.replace(' ', ''));
  t.match(settings.options, [
    { kind: 'hostName', value: 'router7' },
    { kind: 'vendorClassIdentifier', value: 'example-isp' },
    { kind: 'userClass', value: [Buffer.from('home')] },
    { kind: 'raw', code: 224 },
  ]);
  t.doesNotThrow(() => new ClientEngine({ ...defaultClientConfig(MAC), ...settings }, { random: () => 0 }));
});

t.test('what cannot be used is told in one line and changes nothing', async (t) => {
  const table: readonly [config: unknown, told: RegExp][] = [
    ['{ "hostname":', /^error .*config\.json.*JSON/],
    ['[]', /^error .*the whole: found \[\], expected an object/],
    [{ hostname: 5 }, /^warn .*hostname: found 5, expected a string; hostname passed over$/],
    [{ hostname: 'x'.repeat(256) }, /^warn .*hostname/],
    [{ client_id: 'name' }, /^warn .*client_id.*one of .*mac.*duid/],
    [{ options: { '53': '01' } }, /^warn .*options\.53.*the number of an option/],
    [{ options: { '224': 'zz' } }, /^warn .*options\.224.*hexadecimal/],
  ];
  for (const [config, told] of table) {
    t.same(
      settingsOf(config),
      { startDelayMs: [0, 0], probePace: 0.1, selectingWindowMs: 250, options: [] },
      JSON.stringify(config),
    );
    t.equal(lines.length, 1);
    t.match(lines[0]?.trim(), told);
  }
  const mixed = settingsOf({ hostname: 5, vendor_class: 'isp', probe: 'no', options: { '224': 'zz', '225': '01' } });
  t.match(mixed.options, [
    { kind: 'vendorClassIdentifier', value: 'isp' },
    { kind: 'raw', code: 225 },
  ]);
  t.equal(mixed.options?.length, 2);
  t.equal(lines.length, 3, 'one line for each key, and the others count');
  t.match(settingsOf({ hostname: 'router7', colour: 'red' }).options, [{ kind: 'hostName' }]);
  t.match(lines, [/^warn .*colour: unknown key/]);
});
