import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type GuestTask, initramfs } from './initramfs.ts';
import { type GuestKernel, MissingForGuest } from './kernel.ts';

const QEMU = 'qemu-system-x86_64';
const KEPT_LINES = 40;

/** Descriptors on which QEMU has the guest's console and its ports, in the order of start.sh. */
const CONSOLE = 3;
const PORTS = [4, 5, 6, 7] as const;
/** Descriptor of the initramfs. */
const INITRAMFS = 8;

/** A guest that was started. */
export interface Guest {
  /** Its exit status; undefined when it ended without telling one. Resolves when QEMU is gone. */
  readonly finished: Promise<number | undefined>;
  /** The last lines of its console, the kernel's messages among them. */
  readonly console: readonly string[];
  /** Ends it at once. */
  kill(): void;
}

/** How a guest is made. */
export interface GuestOptions extends GuestTask {
  readonly memoryMiB: number;
  readonly countInstructions: boolean;
  readonly output: (chunk: Uint8Array) => void;
  readonly errors: (chunk: Uint8Array) => void;
  readonly results: (chunk: Uint8Array) => void;
}

/**
 * Starts a guest with the given kernel, in software: it sees this machine's files as they are here, and writes to memory.
 * It has no network but its own. QEMU dies with this process, and nothing of it stays.
 *
 * @throws MissingForGuest
 */
export function startGuest(kernel: GuestKernel, options: GuestOptions): Guest {
  try {
    execFileSync(QEMU, ['--version'], { stdio: 'ignore' });
  } catch {
    throw new MissingForGuest(`${QEMU} is not installed (package qemu-system-x86)`);
  }
  const initrd = unnamedFile(initramfs(kernel, options));
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', QEMU, ...machine(kernel, options)], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', initrd],
    // Ctrl-C is for this process to handle.
    detached: true,
  });
  closeSync(initrd);
  const lines: string[] = [];
  let status = '';
  const pipe = (descriptor: number): Readable => child.stdio[descriptor] as Readable;
  pipe(PORTS[0]).on('data', options.output);
  pipe(PORTS[1]).on('data', options.errors);
  pipe(PORTS[2]).on('data', (chunk: Buffer) => {
    status += chunk.toString();
  });
  pipe(PORTS[3]).on('data', options.results);
  for (const descriptor of [2, CONSOLE]) keepLines(pipe(descriptor), lines);
  const finished = ended(child).then(() => (/^\d+\n$/.test(status) ? Number(status) : undefined));
  return { finished, console: lines, kill: () => child.kill('SIGKILL') };
}

function machine(kernel: GuestKernel, { memoryMiB, countInstructions }: GuestOptions): readonly string[] {
  const socket = (descriptor: number): string[] => ['-chardev', `socket,id=fd${descriptor},fd=${descriptor}`];
  const port = (descriptor: number, index: number): string[] => [
    ...socket(descriptor),
    '-device',
    `virtserialport,chardev=fd${descriptor},nr=${index + 1}`,
  ];
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-machine', 'q35', '-cpu', 'max', '-m', `${memoryMiB}`],
    ...(countInstructions
      ? ['-accel', 'tcg,thread=single', '-smp', '1', '-icount', 'shift=2']
      : ['-accel', 'tcg,thread=multi', '-smp', '2']),
    ...['-kernel', kernel.image, '-initrd', `/proc/self/fd/${INITRAMFS}`],
    ...['-append', 'console=ttyS0 loglevel=4 panic=-1 mitigations=off tsc=reliable random.trust_cpu=on'],
    ...socket(CONSOLE),
    ...['-serial', `chardev:fd${CONSOLE}`],
    ...['-device', 'virtio-serial-pci'],
    ...PORTS.flatMap(port),
    ...['-fsdev', 'local,id=root,path=/,security_model=none,readonly=on,multidevs=remap'],
    ...['-device', 'virtio-9p-pci,fsdev=root,mount_tag=root'],
  ];
}

/** Opens a file with this content that has no name any more, so that it cannot be left behind. */
function unnamedFile(data: Uint8Array): number {
  const folder = mkdtempSync(join(tmpdir(), 'router7-guest-'));
  try {
    const path = join(folder, 'initramfs');
    writeFileSync(path, data);
    return openSync(path, 'r');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}

function keepLines(stream: Readable, lines: string[]): void {
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const found = (rest + chunk.toString()).split(/\r?\n/);
    rest = (found.pop() ?? '').slice(-1024);
    lines.push(...found);
    lines.splice(0, Math.max(0, lines.length - KEPT_LINES));
  });
}
