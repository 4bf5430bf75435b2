import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CpioEntry, encodeCpio } from '@router7/appliance/image/boot/cpio';
import { readModuleDependencies } from '@router7/appliance/image/root/module-dependencies';
import type { GuestKernel } from './kernel.ts';
import { strippedSources } from './stripped-sources.ts';

/** Modules without which the guest does not get as far as its root directory and its ports. */
const FIRST_MODULES = ['virtio_pci', 'virtio_console', '9pnet_virtio', '9p', 'overlay'];

/** What a guest is to do. */
export interface GuestTask {
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Kernel modules that are loaded before; the kernel itself loads others that it finds missing. */
  readonly modules: readonly string[];
}

/** The file system that the kernel starts from: busybox, the modules to reach the rest, and what to do there. */
export function initramfs(kernel: GuestKernel, task: GuestTask): Uint8Array {
  const folder = join(kernel.modules, kernel.version);
  const modules = readModuleDependencies(folder).inOrder(FIRST_MODULES);
  const directories = ['bin', 'dev', 'lib', 'lower', 'memory', 'proc', 'root'];
  const settings = {
    modules_folder: kernel.modules,
    modules: task.modules.join(' '),
    working_directory: process.cwd(),
    command_path: process.env.PATH ?? '',
    command: task.command.map(quote).join(' '),
  };
  return encodeCpio([
    ...directories.map((path): CpioEntry => ({ kind: 'directory', path, mode: 0o755 })),
    // Before anything is mounted, the kernel gives its first process this as input and output.
    { kind: 'device', path: 'dev/console', mode: 0o600, major: 5, minor: 1 },
    { kind: 'file', path: 'bin/busybox', mode: 0o755, data: readFileSync(kernel.busybox) },
    script('init', 'init.sh'),
    script('start.sh', 'start.sh'),
    script('strip-types-hook.mjs', 'strip-types-hook.mjs'),
    ...strippedSources('stripped'),
    text(
      'settings',
      Object.entries(settings).map(([name, value]) => `${name}=${quote(value)}`),
    ),
    text('modules', modules.map(fileName)),
    ...modules.map(
      (path): CpioEntry => ({
        kind: 'file',
        path: `lib/${fileName(path)}`,
        mode: 0o644,
        data: readFileSync(join(folder, path)),
      }),
    ),
  ]);
}

function script(path: string, file: string): CpioEntry {
  return { kind: 'file', path, mode: 0o755, data: readFileSync(new URL(file, import.meta.url)) };
}

function text(path: string, lines: readonly string[]): CpioEntry {
  return { kind: 'file', path, mode: 0o644, data: Buffer.from(`${lines.join('\n')}\n`) };
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** One word for a POSIX shell, whatever is in it. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
