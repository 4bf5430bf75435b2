import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { FlagError, parseFlags } from '../runtime/flags.ts';
import { buildImage, fileHash, type ImageOptions } from './build.ts';
import { MissingPackage } from './debian/debian-package.ts';

/*
 * `./run image`: makes the image of a router.
 */

const USAGE = `usage: ./run image [FLAG ...]

  --hostname=router7               name of the router; partitions are told apart by it
  --out=image                      folder for disk.img, boot.img, root.img and mbr.img
  --lan-address=192.168.42.1/24    address of the LAN on the first start
  --password=PASSWORD              for the web; without it the router makes one and shows it on its console
  --disk-size=2048                 of disk.img, in MiB
`;

const MIB = 1024 * 1024;

function optionsFrom(args: readonly string[]): ImageOptions {
  const flags = parseFlags(args, {
    hostname: 'router7',
    out: 'image',
    'lan-address': '192.168.42.1/24',
    password: '',
    'disk-size': '2048',
  });
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(flags.hostname)) {
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
    diskSize: Number(flags['disk-size']) * MIB,
    time: sourceTime(),
    progress: (step) => console.log(`${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${step}`),
  };
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
  if (!(error instanceof FlagError || error instanceof MissingPackage || error instanceof RangeError)) throw error;
  process.stderr.write(`image: ${error.message}\n`);
  process.exitCode = error instanceof FlagError ? 2 : 1;
}
