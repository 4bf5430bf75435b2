import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { copyDisk, makePerm } from './disk.ts';
import { diskOf, machineArguments, QEMU, requireQemu } from './machine.ts';
import { makeImage } from './made-image.ts';
import { OVMF, uefiOf } from './uefi-firmware.ts';

/*
 * `./run qemu`: the image in a window, so to speak: its serial console is this terminal, its pages are on the machine's
 * loopback. Its provider is QEMU, which lets it out by way of this machine's network, and so is its only computer at home.
 */

const USAGE = `usage: ./run qemu [--disk FILE] [--port PORT] [--uefi]

Boots the image in QEMU, in software. The serial console is in this terminal: Enter gives a shell, Ctrl-A X ends it all.
--disk   a disk of yours, which keeps what is written to it; otherwise the image is made, and a copy of it forgotten
--port   where the router's pages are on 127.0.0.1; the page of leases is at the next port (8070)
--uefi   start by UEFI (OVMF) instead of a BIOS
`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    disk: { type: 'string' },
    port: { type: 'string', default: '8070' },
    uefi: { type: 'boolean', default: false },
  },
});
const port = Number(values.port);
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
if (!/^\d+$/.test(values.port) || port < 1 || port > 65534) {
  console.error(`router7 qemu: --port: found "${values.port}", expected a number from 1 to 65534`);
  process.exit(2);
}

if (values.uefi && !existsSync(OVMF.program)) {
  console.error(`router7 qemu: --uefi: found no ${OVMF.program}, expected package ovmf to be installed`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'router7-qemu-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
try {
  requireQemu();
  const disk = values.disk === undefined ? freshDisk() : resolve(values.disk);
  boot(disk);
} catch (error) {
  console.error(`router7 qemu: ${(error as Error).message.split('\n')[0]}`);
  process.exit(1);
}

/** A copy of the image, whose /perm holds nothing but a password. */
function freshDisk(): string {
  const image = makeImage();
  const disk = join(folder, 'disk.img');
  const password = randomBytes(9).toString('base64url');
  copyDisk(image, disk);
  makePerm(disk, (perm) => writeFileSync(join(perm, 'gokr-pw.txt'), `${password}\n`, { mode: 0o600 }));
  console.log(`User gokrazy, password ${password}`);
  return disk;
}

function boot(disk: string): void {
  console.log(`Pages: http://127.0.0.1:${port}/ and, for the leases, http://127.0.0.1:${port + 1}/. Ctrl-A X ends it.`);
  const forwards = [80, 8067].map((to, index) => `hostfwd=tcp:127.0.0.1:${port + index}-192.168.42.1:${to}`);
  const command = [
    ...['--pdeathsig', 'KILL', QEMU],
    ...machineArguments({
      disk: diskOf(disk),
      ...(values.uefi && { firmware: uefiOf(join(folder, 'firmware')) }),
    }),
    ...['-netdev', 'user,id=provider'],
    ...['-device', 'e1000e,netdev=provider,bus=pcie.0,addr=0x4,romfile='],
    // A computer at home that speaks only when somebody knocks at the ports that it forwards.
    ...['-netdev', `user,id=home,net=192.168.42.0/24,host=192.168.42.2,ipv6=off,restrict=on,${forwards.join(',')}`],
    ...['-device', 'virtio-net-pci,netdev=home,bus=pcie.0,addr=0x5,romfile='],
    ...['-serial', 'mon:stdio'],
  ];
  const child = spawn('setpriv', command, { stdio: 'inherit' });
  // The terminal's: QEMU hands them to the guest, or ends.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => console.error(`router7 qemu: ${error.message}`));
  child.once('close', (status) => process.exit(status ?? 1));
}
