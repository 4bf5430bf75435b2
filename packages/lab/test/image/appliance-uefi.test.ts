import { spawnSync } from 'node:child_process';
import { existsSync, truncateSync } from 'node:fs';
import t, { type Test } from 'tap';
import { BOOT_MS } from '../../src/appliance/appliance-router.ts';
import { copyDisk, extractBoot, fillSecondSlot } from '../../src/appliance/disk.ts';
import { diskOf, Machine } from '../../src/appliance/machine.ts';
import { MADE_IMAGE } from '../../src/appliance/made-image.ts';
import { OVMF, uefiOf } from '../../src/appliance/uefi-firmware.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needsImage } from './needs-image.ts';

t.setTimeout(900_000);
await onStage(import.meta.url);

const [DISK, BOOT, MEMORY] = ['/tmp/disk.img', '/tmp/boot.img', '/tmp/firmware'];

const CARDS: readonly string[] = ['e1000e', 'virtio-net-pci'].flatMap((model, index) => [
  ...['-netdev', `hubport,id=net${index},hubid=${index}`, '-device', `${model},netdev=net${index},romfile=`],
]);

/** `slot=` stands behind the first line of grubenv. */
const SLOT_AT = '# GRUB Environment Block\nslot='.length;

const FROM_DISK = /BdsDxe: loading Boot\d+ "UEFI [^"]*" from PciRoot\(0x0\)\/Pci\(\w+,\w+\)\/Sata\(\w+,\w+,\w+\)\s*$/;

const needed = existsSync(OVMF.program) ? needsImage('fsck.fat') : { skip: `no ${OVMF.program} (package ovmf)` };

t.test('IM-04 IM-05 a new PC starts the disk by UEFI, and after the switch its other slot', needed, async (t) => {
  copyDisk(MADE_IMAGE, DISK);
  fillSecondSlot(DISK);
  // As when it was written to a larger disk: the spare table of partitions is not at its end.
  truncateSync(DISK, 8 * 1024 ** 3);
  isClean(t, 'as it is delivered');
  const machine = new Machine({ disk: diskOf(DISK), firmware: uefiOf(MEMORY), extra: CARDS });
  machine.start().catch((error: Error) => t.fail(error.message));
  const { shell, console } = machine;
  try {
    await starts(t, machine, 'sda2');
    // The last one, which waits until names are resolved.
    await until('ntpd', BOOT_MS, async () => (await shell.output('ls /run/router7/services')).includes('ntpd'));
    await shell.output('mkdir /tmp/boot && mount -t vfat /dev/sda1 /tmp/boot');
    t.equal(await shell.output('cd /tmp/boot && find EFI -type f'), 'EFI/BOOT/BOOTX64.EFI\n');
    await shell.output(`printf B | dd of=/tmp/boot/grub/grubenv bs=1 seek=${SLOT_AT} conv=notrunc`);
    await shell.output('umount /tmp/boot');
    const from = console.lines.length;
    shell.forget();
    await shell.run('reboot');
    await starts(t, machine, 'sda3', from);
  } catch (error) {
    t.comment(console.lines.slice(-40).join('\n'));
    throw error;
  } finally {
    await machine.cutPower();
  }
  isClean(t, 'after the switch');
});

/** The firmware finds the boot loader by itself, and that one finds the root partition of this name. */
async function starts(t: Test, { console, shell }: Machine, root: string, from: number = 0): Promise<void> {
  // The path of a disk and of no file on it: what stands there for removable media (UEFI 2.10, 3.5.1.1). When it starts that,
  // it says so, too, but GRUB empties the port's buffer.
  await console.line(FROM_DISK, BOOT_MS, from);
  // Else it waits for somebody in a shell of its own.
  const next = await console.line(/BdsDxe: failed|Please press Enter/, BOOT_MS, from);
  if (next.includes('failed')) throw new Error(next);
  await shell.open(console, BOOT_MS, from);
  t.match(await shell.output('ls /sys/firmware/efi'), 'runtime');
  t.match(await shell.output('grep " / " /proc/mounts'), `/dev/${root} / squashfs`);
  t.notOk(console.lines.slice(from).find((line) => /cannot be (read|started)/.test(line)));
}

/** fsck.fat(8) finds nothing wrong with the boot partition. */
function isClean(t: Test, when: string): void {
  extractBoot(DISK, BOOT);
  const { status, stdout } = spawnSync('fsck.fat', ['-n', '-v', BOOT], { encoding: 'utf8' });
  t.equal(status, 0, `${when}: ${stdout}`);
  t.notMatch(stdout, /dirty/i);
}
