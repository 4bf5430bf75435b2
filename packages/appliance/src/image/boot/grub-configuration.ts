import { diskGuid } from '../disk/guid.ts';
import { type SerialPort, USUAL_PORT } from './serial-port.ts';

/** Size of an environment block: GRUB writes into it in place, and never makes it longer. */
const ENVIRONMENT_LENGTH = 1024;

/**
 * What the kernel is told on every start, besides its consoles and its root partition. A console costs time when the kernel talks,
 * and so do its tests of its own cryptography, which are for those who need a certificate. Pages of 2 MiB are for who asks for
 * them: every thread's stack and every small heap would be given one, with nearly nothing in it.
 */
const KERNEL_ARGUMENTS = 'quiet cryptomgr.notests transparent_hugepage=madvise panic=10';

/** What may be told differently. */
export interface BootSettings {
  /** The port of the console; undefined for a screen and keyboard alone. */
  readonly serial: SerialPort | undefined;
  /** Further words for the kernel; see {@link isKernelArgument}. */
  readonly kernelArguments: readonly string[];
}

/** Those of an image of which nothing else is said. */
export const USUAL_BOOT: BootSettings = { serial: USUAL_PORT, kernelArguments: [] };

/**
 * grub.cfg: starts the slot that the environment block names; when that one cannot be read, the other one.
 *
 * The kernel's arguments tell the root partition as router7 always did: by the GUID of the boot partition, and how many
 * partitions further on (PARTNROFF) it is.
 *
 * @throws RangeError when a word for the kernel is none
 */
export function grubConfiguration(hostname: string, boot: BootSettings = USUAL_BOOT): string {
  const kernelArguments = allKernelArguments(boot);
  return `# router7: the kernel of the slot that grubenv names.
${serialTerminal(boot.serial)}\
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

/** Whether this can be told to the kernel as one word: GRUB's script takes it literally between apostrophes. */
export function isKernelArgument(word: string): boolean {
  return /^[!#-&(-[\]-~]+$/.test(word);
}

/** As words of GRUB's script. The last console is the one that /dev/console is, where the router says its first password. */
function allKernelArguments({ serial, kernelArguments }: BootSettings): string {
  const bad = kernelArguments.find((word) => !isKernelArgument(word));
  if (bad !== undefined) throw new RangeError(`found ${JSON.stringify(bad)}, expected a word for the kernel`);
  return [
    'console=tty0',
    ...(serial === undefined ? [] : [`console=ttyS${serial.unit},${serial.speed}`]),
    KERNEL_ARGUMENTS,
    ...kernelArguments.map((word) => (/^[\w.,:=/-]+$/.test(word) ? word : `'${word}'`)),
  ].join(' ');
}

function serialTerminal(serial: SerialPort | undefined): string {
  if (serial === undefined) return '';
  return `if serial --unit=${serial.unit} --speed=${serial.speed}; then
  terminal_output console serial
fi
`;
}

/** An environment block of GRUB: lines, filled up with number signs. */
export function grubEnvironment(variables: Readonly<Record<string, string>>): Uint8Array {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  const text = `# GRUB Environment Block\n${lines.join('')}`;
  if (text.length > ENVIRONMENT_LENGTH) throw new RangeError('the environment block is full');
  return Buffer.from(text.padEnd(ENVIRONMENT_LENGTH, '#'));
}
