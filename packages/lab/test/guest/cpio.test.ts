import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CpioEntry, encodeCpio } from '@router7/appliance/image/boot/cpio';
import t from 'tap';
import { needs } from '../net/installed.ts';

const entries: readonly CpioEntry[] = [
  { kind: 'directory', path: 'bin', mode: 0o750 },
  { kind: 'file', path: 'bin/x', mode: 0o755, data: Buffer.from('hello') },
  { kind: 'file', path: 'bin/empty', mode: 0o600, data: new Uint8Array() },
  { kind: 'link', path: 'bin/y', target: 'x' },
];

t.test('a header, field by field', async (t) => {
  const bytes = encodeCpio([{ kind: 'device', path: 'dev/console', mode: 0o600, major: 5, minor: 1 }]);
  const header = Buffer.from(bytes.subarray(0, 110)).toString();
  t.same(header.slice(6).match(/.{8}/g), [
    '00000001', // inode
    '00002180', // mode: a character device, rw-------
    '00000000', // uid
    '00000000', // gid
    '00000001', // nlink
    '00000000', // mtime
    '00000000', // length of the data
    '00000000', // device that the file is on, major
    '00000000', // and minor
    '00000005', // device that the file is, major
    '00000001', // and minor
    '0000000c', // length of the name, with its end
    '00000000', // checksum
  ]);
  t.equal(header.slice(0, 6), '070701');
  t.equal(Buffer.from(bytes.subarray(110, 122)).toString(), 'dev/console\0');
  t.equal(bytes.length % 4, 0);
});

t.test('another program unpacks what was packed', needs('busybox'), async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'router7-cpio-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  execFileSync('busybox', ['cpio', '-i', '-m'], { cwd: folder, input: encodeCpio(entries), stdio: 'pipe' });
  t.same(readdirSync(join(folder, 'bin')).sort(), ['empty', 'x', 'y']);
  t.equal(readFileSync(join(folder, 'bin/x'), 'utf8'), 'hello');
  t.equal(lstatSync(join(folder, 'bin/x')).mode & 0o777, 0o755);
  t.equal(lstatSync(join(folder, 'bin')).mode & 0o777, 0o750);
  t.equal(lstatSync(join(folder, 'bin/empty')).size, 0);
  t.equal(readlinkSync(join(folder, 'bin/y')), 'x');
});
