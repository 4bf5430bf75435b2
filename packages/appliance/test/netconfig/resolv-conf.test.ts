import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ipv4Address } from '@router7/wire';
import t, { type Test } from 'tap';
import { writeResolvConf } from '../../src/netconfig/resolv-conf.ts';

const SERVER = Ipv4Address.parse('192.168.42.1');
const TEXT = 'nameserver 192.168.42.1\n';

function folderFor(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'router7-resolv-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}

t.test('NC-07 written where nothing or a link is, never over a file', async (t) => {
  const folder = folderFor(t);
  const path = join(folder, 'resolv.conf');
  t.ok(writeResolvConf(path, SERVER));
  t.equal(readFileSync(path, 'utf8'), TEXT);
  t.notOk(writeResolvConf(path, SERVER));
  writeFileSync(path, 'mine');
  t.notOk(writeResolvConf(path, SERVER));
  t.equal(readFileSync(path, 'utf8'), 'mine');
  rmSync(path);
  symlinkSync(join(folder, 'nowhere'), path);
  t.ok(writeResolvConf(path, SERVER));
  t.equal(readFileSync(path, 'utf8'), TEXT);
  t.same(readdirSync(folder), ['resolv.conf']);
});

t.test('a link under the name of the temporary file is not followed', async (t) => {
  const folder = folderFor(t);
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, join(folder, `resolv.conf.${process.pid}`));
  t.ok(writeResolvConf(join(folder, 'resolv.conf'), SERVER));
  t.equal(readFileSync(victim, 'utf8'), 'precious');
  t.equal(readFileSync(join(folder, 'resolv.conf'), 'utf8'), TEXT);
});
