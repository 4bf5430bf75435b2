import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { accounts, groupLines, passwdLines } from '../../src/init/accounts.ts';
import { endGroup, groupOf, makeGroup } from '../../src/init/cgroup.ts';
import { type Confined, confinementProgram } from '../../src/init/confinement.ts';

const dnsd: Confined = {
  name: 'dnsd',
  user: 'dnsd',
  capabilities: ['net_bind_service'],
  writable: ['/perm/dnsd'],
  memoryMiB: 100,
};

t.test('IN-12 every account has a number of its own, and no two share one', (t) => {
  t.equal(new Set(accounts.map(({ id }) => id)).size, accounts.length);
  t.ok(passwdLines().includes('dnsd:x:207:207:router7:/perm/home/dnsd:/sbin/nologin\n'));
  t.ok(groupLines().includes('webpassword:x:301:dhcp4d\n'));
  t.end();
});

t.test('IN-12 the program mounts what is not mounted, then gives up every right', (t) => {
  const image = [
    '22 1 0:20 / /proc rw,nosuid - proc proc rw,hidepid=invisible',
    '23 1 8:4 / /perm rw,nosuid,nodev,noatime - ext4 /dev/sda4 rw',
    '24 1 0:21 / /tmp rw - tmpfs tmpfs rw',
    '',
  ].join('\n');
  const group = { folder: '/sys/fs/cgroup/router7.dnsd', processesFile: '/sys/fs/cgroup/router7.dnsd/cgroup.procs' };
  t.strictSame(confinementProgram({ ...dnsd, oomScoreAdjust: 300 }, group, image).split('\n'), [
    'echo 0 >/sys/fs/cgroup/router7.dnsd/cgroup.procs',
    'echo 300 >/proc/self/oom_score_adj',
    'mount --bind /perm/dnsd /perm/dnsd',
    'mount -o remount,bind,ro,nosuid,nodev,noexec,noatime /perm',
    'mount -o remount,bind,ro,nosuid,nodev,noexec,noatime /tmp',
    'exec /bin/setpriv --no-new-privs --reuid 207 --regid 207 --clear-groups' +
      ' --bounding-set -all,+net_bind_service --inh-caps -all,+net_bind_service' +
      ' --ambient-caps -all,+net_bind_service -- "$@"',
  ]);
  const bare = confinementProgram({ ...dnsd, user: 'dhcp4d', writable: ['/tmp'] }, undefined, '').split('\n');
  t.strictSame(bare.slice(0, -1), [
    'echo 0 >/proc/self/oom_score_adj',
    'mount -t proc -o nosuid,nodev,noexec,hidepid=2 proc /proc',
    'mount -o rbind /perm /perm',
    'mount -o remount,bind,ro,nosuid,nodev,noexec,noatime /perm',
  ]);
  t.match(bare.at(-1), / --groups 301 /);
  t.end();
});

t.test('IN-12 what a service has started is ended with it', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'router7-cgroup-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  const { folder } = groupOf('dnsd', root);
  mkdirSync(folder);
  endGroup('dnsd', root);
  t.same(readdirSync(folder), [], 'a kernel without it');
  for (const name of ['cgroup.controllers', join('router7.dnsd', 'cgroup.kill')]) writeFileSync(join(root, name), '');
  endGroup('dnsd', root);
  t.equal(readFileSync(join(folder, 'cgroup.kill'), 'utf8'), '1');
  writeFileSync(join(folder, 'cgroup.kill'), '');
  t.ok(makeGroup('dnsd', dnsd, root));
  t.equal(readFileSync(join(folder, 'cgroup.kill'), 'utf8'), '1', 'also before the next one');
  endGroup('none', root);
});
