import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where unpacked packages are kept: nothing of them is installed on the machine. */
const cache = fileURLToPath(new URL('../../../../../.run/debian', import.meta.url));

/** In the folder of a package, what is told of it. */
const RECORD = 'router7-package.json';

/** A package that cannot be had; the message names it. */
export class MissingPackage extends Error {
  override readonly name = 'MissingPackage';
}

/** A package of Debian's archive, unpacked. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The source package that it was built from. */
  readonly source: string;
  /** Of the .deb file, in hexadecimal. */
  readonly sha256: string;
  /** Where its files are, without a slash at the end. */
  readonly folder: string;
}

type Record = Omit<DebianPackage, 'folder'>;

/**
 * The packages of these names at the versions that apt would install, downloaded and unpacked when they are not there yet.
 * When apt knows none (its lists were never fetched), those that are there already.
 *
 * @throws MissingPackage
 */
export function debianPackages(names: readonly string[]): ReadonlyMap<string, DebianPackage> {
  mkdirSync(cache, { recursive: true });
  const known = candidates(names);
  const found = new Map<string, DebianPackage>();
  const missing: Record[] = [];
  for (const name of names) {
    const record = known.get(name) ?? newestUnpacked(name);
    if (record === undefined) throw new MissingPackage(`package ${name} is not in the lists of apt (apt-get update)`);
    found.set(name, { ...record, folder: folderOf(record) });
    if (!existsSync(folderOf(record))) missing.push(record);
  }
  if (missing.length > 0) fetch(missing);
  return found;
}

/** What a package of this name depends on and matches, for a metapackage. */
export function dependencyOf(name: string, pattern: RegExp): string | undefined {
  return pattern.exec(tryRun('apt-cache', ['depends', name]))?.[0];
}

/** A name that nothing else has, and that tells what is in it. */
function folderOf({ name, version, sha256 }: Record): string {
  return join(cache, `${name}_${version.replaceAll(/[^\w.+~-]/g, '-')}_${sha256.slice(0, 12)}`);
}

function candidates(names: readonly string[]): ReadonlyMap<string, Record> {
  const found = new Map<string, Record>();
  for (const paragraph of tryRun('apt-cache', ['--no-all-versions', 'show', ...names]).split(/\n\n+/)) {
    const field = (key: string): string => new RegExp(`^${key}: (.*)$`, 'm').exec(paragraph)?.[1] ?? '';
    const name = field('Package');
    // What is installed from elsewhere has no hash, and cannot be downloaded.
    if (!names.includes(name) || found.has(name) || field('SHA256') === '') continue;
    found.set(name, {
      name,
      version: field('Version'),
      architecture: field('Architecture'),
      source: field('Source').split(' ')[0] || name,
      sha256: field('SHA256'),
    });
  }
  return found;
}

function newestUnpacked(name: string): Record | undefined {
  return readdirSync(cache)
    .filter((folder) => folder.startsWith(`${name}_`))
    .map((folder) => JSON.parse(readFileSync(join(cache, folder, RECORD), 'utf8')) as Record)
    .sort((a, b) => (a.version < b.version ? -1 : 1))
    .at(-1);
}

function fetch(records: readonly Record[]): void {
  const temporary = mkdtempSync(join(cache, 'fetching-'));
  try {
    download(
      records.map(({ name, version }) => `${name}=${version}`),
      temporary,
    );
    const files = readdirSync(temporary).map((file) => join(temporary, file));
    const bySum = new Map(files.map((file) => [createHash('sha256').update(readFileSync(file)).digest('hex'), file]));
    for (const record of records) {
      const file = bySum.get(record.sha256);
      if (file === undefined)
        throw new MissingPackage(`package ${record.name}: none of the files has the hash apt told`);
      const folder = join(temporary, record.name);
      execFileSync('dpkg-deb', ['-x', file, folder]);
      writeFileSync(join(folder, RECORD), JSON.stringify(record));
      moveInto(folder, folderOf(record));
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function moveInto(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // Another process has unpacked it meanwhile.
    if (!existsSync(to)) throw error;
  }
}

function download(names: readonly string[], folder: string): void {
  try {
    execFileSync('apt-get', ['-q', 'download', ...names], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const reason = stderr.split('\n').find((line) => line.startsWith('E:')) ?? (error as Error).message;
    throw new MissingPackage(`cannot be downloaded: ${names.join(' ')}: ${reason}`);
  }
}

function tryRun(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    });
  } catch (error) {
    // Of several names one is unknown: it has told what it knows of the others.
    return (error as { stdout?: string }).stdout ?? '';
  }
}
