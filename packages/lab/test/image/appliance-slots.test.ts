import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import t, { type Test } from 'tap';
import { BOOT_MS } from '../../src/appliance/appliance-router.ts';
import { copyDisk, fillSecondSlot } from '../../src/appliance/disk.ts';
import { diskOf, Machine } from '../../src/appliance/machine.ts';
import { MADE_IMAGE } from '../../src/appliance/made-image.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needsImage } from './needs-image.ts';

t.setTimeout(1_800_000);
await onStage(import.meta.url);

/*
 * Slots whose superblock is whole, and a part of which cannot be read: zeros, which LZO does not take. The other slot holds the
 * same image.
 */
const DISK = '/tmp/disk.img';
const MIB = 1024 * 1024;
/** What the boot loader reads: it has to be whole for the kernel to start. */
const KERNEL = ['boot/vmlinux', 'boot/initrd'] as const;

const CARDS: readonly string[] = ['e1000e', 'virtio-net-pci'].flatMap((model, index) => [
  ...['-netdev', `hubport,id=net${index},hubid=${index}`, '-device', `${model},netdev=net${index},romfile=`],
]);

t.test('IM-05 Node cannot be read: programs are those of the other slot', needsImage('unsquashfs'), async (t) => {
  const [a, b] = makeDisk();
  // Node is half of the image, and begins before the middle.
  damage(a + Math.floor(lengthOf(a) * 0.55), 10 * MIB);
  t.same(unreadable(a, 'gokrazy/node', 'bin/busybox', ...KERNEL), ['gokrazy/node']);
  t.same(unreadable(b, 'gokrazy/node'), []);
  await starts(t, async (machine) => {
    t.match(await machine.shell.output('grep " / " /proc/mounts'), '/dev/sda2');
    t.match(await machine.shell.output('grep " /gokrazy " /proc/mounts'), '/dev/sda3');
  });
});

t.test('IM-05 busybox cannot be read: the initrd starts the other slot', needsImage('unsquashfs'), async (t) => {
  for (let at = 0; at < 10; at++) {
    const [a] = makeDisk();
    // The superblock stays.
    damage(a + at * MIB + 4096, MIB - 4096);
    if (unreadable(a, 'bin/busybox', ...KERNEL).join() === 'bin/busybox') break;
  }
  await starts(t, async (machine) => {
    t.match(await machine.shell.output('grep " / " /proc/mounts'), '/dev/sda3');
  });
});

/** A disk with the same image in both slots. @returns where they begin */
function makeDisk(): readonly [a: number, b: number] {
  copyDisk(MADE_IMAGE, DISK);
  return fillSecondSlot(DISK);
}

/** Octets of the SquashFS that begins there (bytes_used of its superblock). */
function lengthOf(slot: number): number {
  return Number(readDisk(slot + 40, 8).readBigUInt64LE());
}

function readDisk(at: number, length: number): Buffer {
  const fd = openSync(DISK, 'r');
  const octets = Buffer.alloc(length);
  readSync(fd, octets, 0, length, at);
  closeSync(fd);
  return octets;
}

function write(at: number, octets: Uint8Array): void {
  const fd = openSync(DISK, 'r+');
  writeSync(fd, octets, 0, octets.length, at);
  closeSync(fd);
}

function damage(at: number, length: number): void {
  write(at, new Uint8Array(length));
}

/** Those of the files that cannot be read. */
function unreadable(slot: number, ...paths: readonly string[]): readonly string[] {
  return paths.filter((path) => {
    const { status } = spawnSync('unsquashfs', ['-offset', `${slot}`, '-cat', DISK, path], { stdio: 'ignore' });
    return status !== 0;
  });
}

/** The router runs, and knows what to say about it. */
async function starts(t: Test, look: (machine: Machine) => Promise<void>): Promise<void> {
  const machine = new Machine({ disk: diskOf(DISK), extra: CARDS });
  machine.start().catch((error: Error) => t.fail(error.message));
  try {
    await machine.shell.open(machine.console, 2 * BOOT_MS);
    await until('the services', 2 * BOOT_MS, async () => {
      return (await machine.shell.output('ls /run/router7/services 2>/dev/null')).includes('dnsd');
    });
    t.ok(machine.console.lines.some((line) => /router7: sda2 cannot be read, .* sda3, the other slot/.test(line)));
    await look(machine);
  } catch (error) {
    t.comment(machine.console.lines.slice(-40).join('\n'));
    throw error;
  } finally {
    await machine.cutPower();
  }
}
