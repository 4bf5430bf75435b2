import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { BOOT_MS } from '../../src/appliance/appliance-router.ts';
import { checkPerm, copyDisk, extractPerm, isPermUnmade, permFile } from '../../src/appliance/disk.ts';
import { cutPowerAfter, loggedDisk, readLog } from '../../src/appliance/lost-writes.ts';
import { diskOf, Machine } from '../../src/appliance/machine.ts';
import { MADE_IMAGE } from '../../src/appliance/made-image.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { seed } from '../seed.ts';
import { needsImage } from './needs-image.ts';

t.setTimeout(6 * 3_600_000);
await onStage(import.meta.url);

/*
 * Power cuts of a router that starts for the first time, makes /perm, and writes its first files.
 *
 * A killed QEMU loses nothing that the guest has written: this machine's kernel has it. A disk that loses power has a memory, too,
 * of which it keeps what it likes. So all requests of one first start to its disk are recorded (QEMU's blklogwrites), and
 * disks are made of it that have all that was written before the last flush, and of the rest some. What is not modelled: a disk
 * that lies about flushes, and sectors that are damaged.
 *
 * By hand: ROUTER7_POWER_CUTS=30 ROUTER7_LOST_WRITES=1000 ROUTER7_SEED=7
 */
const cuts = Number(process.env.ROUTER7_POWER_CUTS ?? 2);
const disks = Number(process.env.ROUTER7_LOST_WRITES ?? 40);

const FILES = ['interfaces.json', 'gokr-pw.txt'] as const;
const [DISK, LOG, PERM] = ['/tmp/disk.img', '/tmp/writes.log', '/tmp/perm.img'];
/** How long a first start takes until the last file is there, found out by the first test. */
let firstStartMs = 60_000;

/** Two network cards with cables that lead nowhere: what the first start makes interfaces of. */
const CARDS: readonly string[] = ['e1000e', 'virtio-net-pci'].flatMap((model, index) => [
  ...['-netdev', `hubport,id=net${index},hubid=${index}`, '-device', `${model},netdev=net${index},romfile=`],
]);

const random = generator(seed);

t.test(
  'IN-01 every disk that a power cut may leave in a first start has a /perm that mounts',
  needsImage(),
  async (t) => {
    copyDisk(MADE_IMAGE, DISK);
    writeFileSync(LOG, '');
    const began = performance.now();
    const machine = start(loggedDisk(DISK, LOG));
    await bootsWell(t, machine);
    firstStartMs = performance.now() - began;
    await machine.shell.output('sync');
    await machine.cutPower();

    const requests = readLog(LOG);
    const writes = requests.filter(({ kind }) => kind === 'write').length;
    const flushes = requests.length - writes;
    t.comment(
      `${writes} writes, ${flushes} flushes, first start in ${Math.round(firstStartMs / 1000)} s; seed ${seed}`,
    );
    t.ok(flushes > 2, 'the router flushes what it has written');
    // The marker is written, the file system, the marker is taken away: each is flushed.
    const made =
      requests.map(({ kind }, index) => (kind === 'flush' ? index : -1)).filter((index) => index >= 0)[2] ?? 0;
    const states = { unmade: 0, mounted: 0, lost: 0 };
    for (let number = 0; number < disks; number++) {
      copyDisk(MADE_IMAGE, DISK);
      // Half of them when the file system is made: most writes are those that make it.
      const first = number % 2 === 0 ? 0 : made;
      const cut = first + Math.floor(random() * (requests.length + 1 - first));
      states.lost += cutPowerAfter(DISK, LOG, requests, cut, random);
      const what = `power cut after request ${cut} of ${requests.length}`;
      if (isPermUnmade(DISK)) {
        states.unmade++;
        continue;
      }
      states.mounted++;
      extractPerm(DISK, PERM);
      const { status, output } = checkPerm(PERM);
      if (status > 1) t.fail(`${what}: e2fsck -p: status ${status}: ${output}`);
      for (const name of FILES) {
        const content = permFile(PERM, name);
        if (content !== undefined && !isWhole(name, content))
          t.fail(`${what}: ${name} holds ${JSON.stringify(content)}`);
      }
    }
    t.comment(`${states.unmade} are made anew, ${states.mounted} mount; ${states.lost} writes were lost`);
    t.ok(states.unmade + states.mounted === disks && states.mounted > 0);
    // The last of them for real.
    const again = start(diskOf(DISK));
    await bootsWell(t, again);
    await again.cutPower();
    rmSync(LOG);
  },
);

t.test(`QEMU killed at ${cuts} random instants of a first start: it starts the next time`, needsImage(), async (t) => {
  for (let number = 0; number < cuts; number++) {
    copyDisk(MADE_IMAGE, DISK);
    const machine = new Machine({ disk: diskOf(DISK), extra: CARDS });
    // Killed at once, it has not started yet.
    machine.start().catch((error: Error) => t.comment(error.message));
    const instant = random() * firstStartMs;
    await sleep(instant);
    await machine.cutPower();
    const again = start(diskOf(DISK));
    await t.test(`killed after ${(instant / 1000).toFixed(1)} s`, (t) => bootsWell(t, again));
    await again.cutPower();
  }
});

function start(disk: readonly string[]): Machine {
  const machine = new Machine({ disk, extra: CARDS });
  machine.start().catch((error: Error) => t.fail(error.message));
  return machine;
}

/** Waits for the machine's shell, for /perm on its disk, and for the first files. */
async function bootsWell(t: Test, machine: Machine): Promise<void> {
  try {
    await machine.shell.open(machine.console, 2 * BOOT_MS);
    t.match(
      await machine.shell.output('grep " /perm " /proc/mounts'),
      /^\/dev\/sda4 \/perm ext4 rw/,
      '/perm is mounted',
    );
    for (const name of FILES) {
      const content = await until(name, 2 * BOOT_MS, async () => {
        const { status, output } = await machine.shell.run(`cat /perm/${name}`);
        return status === 0 && output;
      });
      t.ok(isWhole(name, content), `${name} is whole`);
    }
  } catch (error) {
    t.comment(machine.console.lines.slice(-40).join('\n'));
    throw error;
  }
}

function isWhole(name: (typeof FILES)[number], content: string): boolean {
  if (name === 'gokr-pw.txt') return /^\S{8,}\n$/.test(content);
  try {
    return Array.isArray((JSON.parse(content) as { interfaces?: unknown }).interfaces);
  } catch {
    return false;
  }
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
