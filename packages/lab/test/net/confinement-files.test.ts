import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { accountOf, groupIdOf, PASSWORD_GROUP } from '@router7/appliance/init/accounts';
import { confine } from '@router7/appliance/init/confinement';
import { settleFolders } from '@router7/appliance/init/ownership';
import { keepPermSettled, settlePerm } from '@router7/appliance/init/perm-modes';
import t from 'tap';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';

await onStage(import.meta.url);

// In a user namespace with one user nothing can be given to others.
const skip = isRootOfAll() ? false : 'needs root';
const dnsd = accountOf('dnsd').id;

t.test('IN-12 an older router7’s files become the daemon’s, and nothing that is planted there does', { skip }, (t) => {
  mkdirSync('/perm/dnsd/lists/deep', { recursive: true });
  for (const name of ['cache', 'lists/deep/a.txt']) writeFileSync(`/perm/dnsd/${name}`, '', { mode: 0o600 });
  writeFileSync('/perm/secret', '', { mode: 0o600 });
  writeFileSync('/perm/twin', '', { mode: 0o600 });
  symlinkSync('/perm/secret', '/perm/dnsd/link');
  symlinkSync('/perm', '/perm/dnsd/above');
  linkSync('/perm/twin', '/perm/dnsd/twin');
  writeFileSync('/perm/dnsd/others', '');
  chownSync('/perm/dnsd/others', 1000, 1000);
  execFileSync('mkfifo', ['/perm/dnsd/fifo']);

  settleFolders(['/perm/dnsd', '/perm/home/dnsd', '/tmp'], dnsd);
  const owner = (name: string): number => lstatSync(join('/perm', name)).uid;
  for (const name of ['dnsd', 'dnsd/cache', 'dnsd/lists', 'dnsd/lists/deep', 'dnsd/lists/deep/a.txt', 'home/dnsd']) {
    t.equal(owner(name), dnsd, `${name} is given away`);
  }
  for (const name of ['', 'home', 'secret', 'twin', 'dnsd/twin', 'dnsd/link', 'dnsd/above', 'dnsd/fifo']) {
    t.equal(owner(name), 0, `${name} is not`);
  }
  t.equal(owner('dnsd/others'), 1000, 'nor what is somebody else’s');

  // What root puts there later, in a folder that is the daemon's by now.
  writeFileSync('/perm/dnsd/cache2', '', { mode: 0o600 });
  settleFolders(['/perm/dnsd'], dnsd);
  t.equal(owner('dnsd/cache2'), dnsd);
  t.end();
});

t.test('IN-12 SE-06 who may read what is in /perm, whatever the umask of who wrote it', { skip }, async (t) => {
  const perm = mkdtempSync('/tmp/modes-');
  const write = (name: string, mode: number): void => {
    writeFileSync(join(perm, name), 'x');
    chmodSync(join(perm, name), mode);
  };
  const modeOf = (name: string): string => {
    const { uid, gid, mode } = lstatSync(join(perm, name));
    return `${uid}:${gid} ${(mode & 0o7777).toString(8)}`;
  };
  write('wireguard.json', 0o644);
  write('gokr-pw.txt', 0o600);
  write('random.seed', 0o644);
  write('interfaces.json', 0o600);
  write('dns.json', 0o664);
  write('else.json', 0o600);
  mkdirSync(join(perm, 'ssl'));
  const netconfigd = groupIdOf('netconfigd');
  const told = settlePerm(perm);
  t.same([...told].sort(), ['dhcp4d', 'dhcp6d', 'dnsd', 'netconfigd', 'radvd']);
  t.equal(modeOf('wireguard.json'), `0:${netconfigd} 640`);
  t.equal(modeOf('gokr-pw.txt'), `0:${groupIdOf(PASSWORD_GROUP)} 640`);
  t.equal(modeOf('random.seed'), '0:0 600');
  t.equal(modeOf('interfaces.json'), '0:0 644');
  t.equal(modeOf('dns.json'), '0:0 644');
  t.equal(modeOf('else.json'), '0:0 600');
  t.equal(modeOf('ssl'), '0:0 700');
  t.same(settlePerm(perm), [], 'nothing to do');

  // An editor puts a new file there, with the umask of a cautious person.
  const heard: string[] = [];
  t.teardown(keepPermSettled(perm, (service) => heard.push(service)));
  write('new', 0o600);
  execFileSync('mv', [join(perm, 'new'), join(perm, 'wireguard.json')]);
  await until('the new file is readable', 10_000, () => modeOf('wireguard.json') === `0:${netconfigd} 640`);
  t.same(heard, ['netconfigd'], 'and netconfigd is told, once');

  // A link instead of a file: what it leads to stays as it is.
  rmSync(join(perm, 'interfaces.json'));
  symlinkSync(join(perm, 'else.json'), join(perm, 'interfaces.json'));
  t.same(settlePerm(perm), []);
  t.equal(modeOf('else.json'), '0:0 600');
});

t.test('IN-12 a confined program: one process, no privileges, its own folder', { skip }, (t) => {
  const service = {
    ...{ name: 'dnsd', user: 'dnsd', memoryMiB: 64, oomScoreAdjust: 300 },
    capabilities: ['net_bind_service'] as const,
    writable: ['/perm/dnsd'],
  };
  writeFileSync('/perm/wireguard.json', 'key', { mode: 0o644 });
  settlePerm('/perm');
  const script = `
    echo $$; grep -E '^(Uid|Gid|Groups|Cap...|NoNewPrivs):' /proc/self/status | tr -s ' \\t' ' '
    cat /proc/self/oom_score_adj
    for file in /perm/dnsd/own /perm/own /tmp/own /perm/netconfigd/own; do
      echo x 2>/dev/null >$file && echo "wrote $file"
    done
    cat /perm/wireguard.json /proc/1/environ /proc/${process.pid}/root/perm/wireguard.json 2>/dev/null
    ls -d /proc/1 2>/dev/null
    mount -o remount,rw /perm 2>/dev/null && echo remounted
    exit 7`;
  const { file, args, env } = confine(service, { file: '/bin/sh', args: ['-c', script], env: process.env });
  t.equal(env.USER, 'dnsd');
  let output = '';
  try {
    execFileSync(file, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    t.fail('the exit status is lost');
  } catch (error) {
    const { status, pid, stdout } = error as { status: number; pid: number; stdout: string };
    t.equal(status, 7, 'the exit status is the program’s');
    output = stdout.replace(`${pid}\n`, 'pid\n');
  }
  t.same(output.trim().split('\n'), [
    'pid',
    `Uid: ${dnsd} ${dnsd} ${dnsd} ${dnsd}`,
    `Gid: ${dnsd} ${dnsd} ${dnsd} ${dnsd}`,
    'Groups: ',
    ...['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map((set) => `${set}: 0000000000000400`),
    'NoNewPrivs: 1',
    '300',
    'wrote /perm/dnsd/own',
  ]);
  t.end();
});

/** Whether other users can be had: not in a user namespace that has one only. */
function isRootOfAll(): boolean {
  try {
    execFileSync('setpriv', ['--reuid', '65534', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
