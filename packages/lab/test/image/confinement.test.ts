import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { groupOf, isOutOfMemory, outOfMemoryKills } from '@router7/appliance/init/cgroup';
import { type Confined, confine } from '@router7/appliance/init/confinement';
import { kernelParameters, kernelParametersFile } from '@router7/appliance/init/kernel-parameters';
import t from 'tap';
import { inGuest } from '../../src/guest/in-guest.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from '../net/installed.ts';

t.setTimeout(600_000);

/*
 * What takes the kernel of the image, Debian's: control groups of version 2, and the parameters that keep a program from
 * becoming more than it is.
 */
await inGuest(import.meta.url, { timeoutSeconds: 600 });
await onStage(import.meta.url);

const SLOW = 120_000;
const service = (name: string, memoryMiB: number): Confined => ({
  ...{ name, user: name, capabilities: [], writable: [], memoryMiB, cpuWeight: 150, oomScoreAdjust: -800 },
});

t.test(
  'IN-13 who uses up its memory is ended, with all that it has started, and nobody else',
  needs('busybox'),
  async (t) => {
    execFileSync('mount', ['-t', 'cgroup2', 'none', '/sys/fs/cgroup']);
    mkdirSync('/perm', { recursive: true });
    const start = (service: Confined, script: string): ReturnType<typeof spawn> => {
      const { file, args, env } = confine(service, { file: process.execPath, args: ['-e', script], env: process.env });
      const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
      t.teardown(() => child.kill('SIGKILL'));
      return child;
    };
    const neighbour = start(service('dhcp4', 100), 'setInterval(() => {}, 1000); console.log("there")');
    await once(neighbour.stdout as NodeJS.ReadableStream, 'data');
    const read = (name: string): string => readFileSync(`${groupOf('dhcp4').folder}/${name}`, 'utf8').trim();
    t.equal(read('cgroup.procs'), String(neighbour.pid), 'it is in a group of its own');
    t.equal(read('memory.max'), String(100 * 1024 * 1024));
    t.equal(read('memory.oom.group'), '1');
    t.equal(read('cpu.weight'), '150');
    t.equal(readFileSync(`/proc/${neighbour.pid}/oom_score_adj`, 'utf8').trim(), '-800');

    // A child that does no harm, and a parent that fills its memory until somebody stops it.
    const greedy = start(
      service('dnsd', 96),
      `const { pid } = require('node:child_process').spawn('sleep', ['3600']);
     console.log(pid);
     const kept = [];
     setInterval(() => kept.push(Buffer.alloc(4 << 20, 1)), 20);`,
    );
    const [line] = await once(greedy.stdout as NodeJS.ReadableStream, 'data');
    const child = Number(String(line));
    const [, signal] = await once(greedy, 'exit');
    t.equal(signal, 'SIGKILL');
    t.ok(outOfMemoryKills('dnsd') > 0, 'by the kernel');
    t.ok(isOutOfMemory('dnsd'), 'since it was started');
    await until('its child is gone, too', SLOW, () => !isRunning(child));
    t.ok(isRunning(neighbour.pid as number), 'the neighbour goes on');
    t.equal(outOfMemoryKills('dhcp4'), 0);
    t.notOk(isOutOfMemory('dhcp4'));
  },
);

t.test('IN-12 the kernel’s parameters are as the image has them, and hold', needs('busybox', 'setpriv'), (t) => {
  writeFileSync('/run/sysctl.conf', kernelParametersFile());
  execFileSync('busybox', ['sysctl', '-e', '-q', '-p', '/run/sysctl.conf']);
  for (const { name, value } of kernelParameters) {
    const found = textOf(`/proc/sys/${name.replaceAll('.', '/')}`);
    // What this kernel does not have, it cannot be attacked by.
    if (found === undefined) t.comment(`no ${name}`);
    else t.equal(found, value, name);
  }
  const asDnsd = (script: string): string => {
    const { file, args, env } = confine(service('dnsd', 96), {
      file: '/bin/sh',
      args: ['-c', script],
      env: process.env,
    });
    return execFileSync(file, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  };
  t.equal(asDnsd('unshare --user true || echo refused'), 'refused', 'no user namespace');
  t.equal(asDnsd('dmesg >/dev/null || echo refused'), 'refused', 'not what the kernel says');
  t.equal(asDnsd(`grep -c '^0* ' /proc/kallsyms | grep -qvx 0 && echo hidden`), 'hidden', 'no addresses of the kernel');
  t.equal(asDnsd('sleep 60 & cat /proc/$!/environ >/dev/null && echo own; kill $!'), 'own');
  t.equal(asDnsd('ls -d /proc/1 || echo none'), 'none', 'no process of others');
  t.end();
});

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
