import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Stands for the capture's file in a program's arguments. */
export const CAPTURE = '@capture';

/** What a program did with a capture. */
export interface Run {
  readonly status: number | null;
  readonly stdout: Buffer;
  /** Without what tshark says to everyone who is root, and tcpdump of every file. */
  readonly complaints: string;
}

const PLEASANTRIES = /^(Running as user .*|reading from file .*|\s*)$/;

/** Runs a program on a capture, which it finds in a file of its own. */
export function run(program: string, args: readonly string[], capture: Uint8Array): Run {
  const folder = mkdtempSync(join(tmpdir(), 'pcap-'));
  try {
    chmodSync(folder, 0o755); // tcpdump gives up being root before it reads
    const file = join(folder, 'capture');
    writeFileSync(file, capture);
    const { status, stdout, stderr } = spawnSync(
      program,
      args.map((arg) => (arg === CAPTURE ? file : arg)),
      { env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' }, maxBuffer: 64 * 1024 * 1024, timeout: 60_000 },
    );
    const complaints = stderr
      .toString()
      .split('\n')
      .filter((line) => !PLEASANTRIES.test(line))
      .join('\n');
    return { status, stdout, complaints };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Options for a test that needs programs: skips it, and names what is missing. */
export function needs(...programs: readonly string[]): { skip: string | false } {
  const missing = programs.filter((program) => spawnSync(program, ['--version']).error !== undefined);
  return { skip: missing.length === 0 ? false : `not installed: ${missing.join(', ')}` };
}

/** The values of fields of every frame, as tshark finds them with all checksums verified; several of one joined by commas. */
export function tsharkFields(capture: Uint8Array, fields: readonly string[]): Run & { readonly rows: string[][] } {
  const preferences = [
    'ip.check_checksum:TRUE',
    'udp.check_checksum:TRUE',
    'ip.defragment:FALSE',
    'ipv6.defragment:FALSE',
  ];
  const args = ['-r', CAPTURE, '-T', 'fields', '-E', 'separator=|', '-E', 'occurrence=a'];
  for (const preference of preferences) args.push('-o', preference);
  for (const field of fields) args.push('-e', field);
  const done = run('tshark', args, capture);
  const rows = done.stdout
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('|'));
  return { ...done, rows };
}
