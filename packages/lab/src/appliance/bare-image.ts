import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CpioEntry, encodeCpio } from '@router7/appliance/image/boot/cpio';
import { readModuleDependencies } from '@router7/appliance/image/root/module-dependencies';
import type { GuestKernel } from '../guest/kernel.ts';
import { Address, HardwareAddress } from '../home.ts';

/** Drivers of a router's two cards. */
const DRIVERS = ['e1000e', 'virtio_pci', 'virtio_net'] as const;

/** What the kernel is told: the console, and nothing that the appliance's own is not told. */
export const BARE_COMMAND_LINE = 'console=tty0 console=ttyS0,115200 panic=10';

const INITTAB = '::sysinit:/etc/init.d/start\nttyS0::askfirst:-/bin/sh\n';

const UDHCPD = `interface lan0
start 192.168.42.100
end 192.168.42.200
option subnet 255.255.255.0
option router ${Address.lan}
option dns ${Address.lan}
lease_file /udhcpd.leases
pidfile /udhcpd.pid
`;

/**
 * The least that can be a router: a kernel, and busybox, that gets an address outside, gives out addresses inside and forwards in
 * between. What the appliance needs beyond it, is its own.
 *
 * @returns an initramfs
 */
export function bareImage(kernel: GuestKernel): Uint8Array {
  const folder = join(kernel.modules, kernel.version);
  const modules = readModuleDependencies(folder).inOrder(DRIVERS);
  const settings = { uplink: HardwareAddress.uplink, lan: HardwareAddress.lan, address: Address.lanPrefix };
  const busybox = readFileSync(kernel.busybox);
  return encodeCpio([
    ...[
      'bin',
      'dev',
      'etc',
      'etc/init.d',
      'lib',
      'proc',
      'root',
      'sbin',
      'sys',
      'tmp',
      'usr',
      'usr/bin',
      'usr/sbin',
    ].map((path): CpioEntry => ({ kind: 'directory', path, mode: 0o755 })),
    { kind: 'device', path: 'dev/console', mode: 0o600, major: 5, minor: 1 },
    { kind: 'file', path: 'bin/busybox', mode: 0o755, data: busybox },
    script('init', '#!/bin/busybox sh\n/bin/busybox --install -s\nmount -t devtmpfs devtmpfs /dev\nexec /sbin/init\n'),
    script('etc/init.d/start', readFileSync(new URL('bare-start.sh', import.meta.url), 'utf8')),
    script('udhcpc-script', readFileSync(new URL('bare-udhcpc.sh', import.meta.url), 'utf8')),
    text('etc/inittab', INITTAB),
    text('udhcpd.conf', UDHCPD),
    text('udhcpd.leases', ''),
    text(
      'settings',
      Object.entries(settings)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    ),
    text('modules', modules.map((path) => `${fileName(path)}\n`).join('')),
    ...modules.map(
      (path): CpioEntry => ({
        ...{ kind: 'file', path: `lib/${fileName(path)}`, mode: 0o644, data: readFileSync(join(folder, path)) },
      }),
    ),
  ]);
}

function script(path: string, content: string): CpioEntry {
  return { kind: 'file', path, mode: 0o755, data: Buffer.from(content) };
}

function text(path: string, content: string): CpioEntry {
  return { kind: 'file', path, mode: 0o644, data: Buffer.from(content) };
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
