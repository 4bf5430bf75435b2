import { diskGuid } from '../disk/guid.ts';

/** Size of an environment block: GRUB writes into it in place, and never makes it longer. */
const ENVIRONMENT_LENGTH = 1024;

/**
 * What the kernel is told on every start, besides its root partition. Its console costs time when it talks, and so do its
 * tests of its own cryptography, which are for those who need a certificate. Pages of 2 MiB are for who asks for them: every
 * thread's stack and every small heap would be given one, with nearly nothing in it.
 */
export const KERNEL_ARGUMENTS =
  'console=tty0 console=ttyS0,115200 quiet cryptomgr.notests transparent_hugepage=madvise panic=10';

/**
 * grub.cfg: starts the slot that the environment block names; when that one cannot be read, the other one.
 *
 * The kernel's arguments tell the root partition as router7 always did: by the GUID of the boot partition, and how many
 * partitions further on (PARTNROFF) it is.
 *
 * @param kernelArguments one line
 */
export function grubConfiguration(hostname: string, kernelArguments: string): string {
  return `# router7: the kernel of the slot that grubenv names.
if serial --unit=0 --speed=115200; then
  terminal_output console serial
fi
regexp --set=1:disk '^([^,]*)' "$root"

# What need not be decompressed starts faster; UEFI wants the original.
kernel=vmlinuz
if [ "$grub_platform" = pc ]; then
  kernel=vmlinux
fi

function start {
  if linux ($disk,gpt$1)/boot/$kernel ${kernelArguments} root=PARTUUID=${diskGuid(hostname, 1)}/PARTNROFF=$2; then
    if initrd ($disk,gpt$1)/boot/initrd; then
      boot
    fi
  fi
}

slot=A
load_env -f $prefix/grubenv slot
if [ "$slot" = B ]; then
  start 3 2
  start 2 1
else
  start 2 1
  start 3 2
fi
echo 'router7: neither slot can be started; trying again'
sleep 10
reboot
`;
}

/** An environment block of GRUB: lines, filled up with number signs. */
export function grubEnvironment(variables: Readonly<Record<string, string>>): Uint8Array {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  const text = `# GRUB Environment Block\n${lines.join('')}`;
  if (text.length > ENVIRONMENT_LENGTH) throw new RangeError('the environment block is full');
  return Buffer.from(text.padEnd(ENVIRONMENT_LENGTH, '#'));
}
