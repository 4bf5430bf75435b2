import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { FlagError, parseFlags } from '../runtime/flags.ts';
import { StateError } from '../state/state-file.ts';
import { buildImage, fileHash, type ImageOptions } from './build.ts';
import { MissingPackage } from './debian/debian-package.ts';
import { checkHostname, type InstanceConfig, readInstanceConfig } from './instance-config.ts';

/*
 * `./run image`: makes the image of a router.
 */

const USAGE = `usage: ./run image [FLAG ...]

  --hostname=router7               name of the router; partitions are told apart by it
  --out=image                      folder for disk.img, boot.img, root.img and mbr.img
  --lan-address=192.168.42.1/24    address of the LAN on the first start
  --password=PASSWORD              for the web; without it the router makes one and shows it on its console
  --disk-size=2048                 of disk.img, in MiB
  --instance-config=config.json    of a gokrazy instance: takes over name, password, consoles, ports; flags come before it
`;

const MIB = 1024 * 1024;
const DEFAULTS = {
  hostname: 'router7',
  out: 'image',
  'lan-address': '192.168.42.1/24',
  password: '',
  'disk-size': '2048',
  'instance-config': '',
};

function optionsFrom(args: readonly string[]): ImageOptions {
  const { 'instance-config': path } = parseFlags(args, DEFAULTS);
  const instance = path === '' ? undefined : instanceFrom(path);
  const { hostname = DEFAULTS.hostname, password = '' } = instance ?? {};
  const flags = parseFlags(args, { ...DEFAULTS, hostname, password });
  try {
    checkHostname(flags.hostname);
  } catch {
    throw new FlagError(`-hostname: found ${JSON.stringify(flags.hostname)}, expected letters, digits and hyphens`);
  }
  if (!/^\d{1,9}$/.test(flags['disk-size'])) {
    throw new FlagError(`-disk-size: found ${JSON.stringify(flags['disk-size'])}, expected a number of MiB`);
  }
  const start = Date.now();
  return {
    hostname: flags.hostname,
    out: resolve(flags.out),
    lanAddress: flags['lan-address'],
    ...(flags.password === '' ? {} : { password: flags.password }),
    ...(instance === undefined ? {} : { boot: instance.boot, web: instance.web }),
    diskSize: Number(flags['disk-size']) * MIB,
    time: sourceTime(),
    progress: (step) => console.log(`${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${step}`),
  };
}

/** Says what is not taken over. */
function instanceFrom(path: string): InstanceConfig {
  const instance = readInstanceConfig(path);
  for (const line of instance.notTaken) process.stderr.write(`image: ${line}\n`);
  return instance;
}

/** SOURCE_DATE_EPOCH (reproducible-builds.org), else the time of the commit. */
function sourceTime(): Date {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined && /^\d+$/.test(given)) return new Date(Number(given) * 1000);
  try {
    const seconds = execFileSync('git', ['-C', import.meta.dirname, 'log', '-1', '--format=%ct'], { encoding: 'utf8' });
    return new Date(Number(seconds) * 1000);
  } catch {
    // Sources without their history: a time all the same for everybody.
    return new Date('2026-01-01T00:00:00Z');
  }
}

async function main(args: readonly string[]): Promise<void> {
  if (args.some((arg) => ['help', '-h', '-help', '--help'].includes(arg))) {
    process.stdout.write(USAGE);
    return;
  }
  const files = await buildImage(optionsFrom(args));
  for (const path of Object.values(files) as string[]) {
    console.log(`${(statSync(path).size / MIB).toFixed(1).padStart(8)} MiB  ${await fileHash(path)}  ${path}`);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const isTold = [FlagError, StateError, MissingPackage, RangeError].some((kind) => error instanceof kind);
  if (!isTold) throw error;
  process.stderr.write(`image: ${(error as Error).message}\n`);
  process.exitCode = error instanceof FlagError ? 2 : 1;
}
