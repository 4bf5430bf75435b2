import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientConfig, ClientEngine, defaultClientConfig } from '@router7/dhcp6';
import t from 'tap';
import { ClientConfigFile, clientSettings } from '../../src/dhcp6/client-settings.ts';
import { createLog, type Log, silentLog } from '../../src/runtime/log.ts';

const folder = mkdtempSync(join(tmpdir(), 'dhcp6-settings-'));
const file = join(folder, 'ipv6.json');
t.teardown(() => rmSync(folder, { recursive: true }));
const DUID = Uint8Array.of(0, 3, 0, 1, 9);
const lastGood = join(folder, 'last-good');
/** As a client that has just started, without anything that was good before. */
const settingsOf = (log: Log): ClientConfig => {
  rmSync(lastGood, { recursive: true, force: true });
  return clientSettings(DUID, new ClientConfigFile(log, lastGood, file).read());
};

t.test('without a file: one prefix of any length, an address if there is one, Reconfigure accepted', async (t) => {
  t.match(settingsOf(silentLog), {
    ...defaultClientConfig(DUID),
    delegations: [{ iaid: 1, prefixLength: undefined }],
  });
});

t.test('D6C-13 D6C-14 D6C-15 D6C-18 D6C-19: what ipv6.json can say', async (t) => {
  const dhcp6 = {
    prefix_length: 56,
    prefix_length_hints: [0, 60],
    delegations: 3,
    addresses: 'force',
    rapid_commit: true,
    stateless: true,
    reconfigure: false,
    options: { 16: '00000009000141' },
  };
  writeFileSync(file, JSON.stringify({ dhcp6 }));
  const settings = settingsOf(silentLog);
  t.match(settings, {
    delegations: [
      { iaid: 1, prefixLength: 56 },
      { iaid: 2, prefixLength: 56 },
      { iaid: 3, prefixLength: 56 },
    ],
    prefixLengthHints: [undefined, 60],
    addresses: [{ iaid: 1 }],
    addressPolicy: 'force',
    rapidCommit: true,
    stateless: true,
    reconfigure: false,
    options: [{ kind: 'raw', code: 16 }],
  });
  t.doesNotThrow(() => new ClientEngine(settings, { random: () => 0 }));
  writeFileSync(file, JSON.stringify({ dhcp6: { addresses: 'none' } }));
  t.same(settingsOf(silentLog).addresses, []);
});

t.test('a value that is not valid is told, and costs nothing but itself', async (t) => {
  const lines: string[] = [];
  const log = createLog((line) => void lines.push(line));
  writeFileSync(file, JSON.stringify({ dhcp6: { prefix_length: 65, delegations: 2, options: { 25: '00' }, what: 1 } }));
  const settings = settingsOf(log);
  t.equal(settings.delegations.length, 2);
  t.equal(settings.delegations[0]?.prefixLength, undefined);
  t.equal(lines.length, 3);
  for (const line of lines) t.match(line, /ipv6\.json: dhcp6: /);
  writeFileSync(file, '{"dhcp6":');
  t.equal(settingsOf(log).delegations.length, 1, 'no JSON: the defaults');
});

t.test('what is wrong leaves what was good before, here and after a restart, and is told once', async (t) => {
  const lines: string[] = [];
  const log = createLog((line) => void lines.push(line));
  const write = (text: string): void => writeFileSync(file, text);
  write(JSON.stringify({ dhcp6: { delegations: 3 } }));
  const configFile = new ClientConfigFile(log, lastGood, file);
  t.equal(configFile.read().delegations, 3);
  write(JSON.stringify({ dhcp6: { delegations: 2 } }));
  t.equal(configFile.read().delegations, 2, 'another one is used when it is read again');
  t.strictSame(lines, []);
  for (const text of ['{"dhcp6":', JSON.stringify({ dhcp6: { delegations: 5, prefix_length: 65 } })]) {
    lines.length = 0;
    write(text);
    t.equal(configFile.read().delegations, 2);
    const told = lines.length;
    t.ok(told > 0);
    configFile.read();
    t.equal(lines.length, told, 'told once');
    t.equal(new ClientConfigFile(silentLog, lastGood, file).read().delegations, 2);
  }
  rmSync(file);
  t.strictSame(configFile.read(), {}, 'no file is the default');
});
