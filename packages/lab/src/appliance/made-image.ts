import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));
const folder = join(repository, '.run/image');
const builder = fileURLToPath(import.meta.resolve('@router7/appliance/image/main'));

/** The disk of the image that the lab and the tests have made for themselves. */
export const MADE_IMAGE: string = join(folder, 'disk.img');

/**
 * Makes the image of these very sources, unless it is there already. Where there is a network: packages may have to be
 * downloaded. Throws when it cannot be made; why has been printed.
 *
 * @returns the path of its disk
 */
export function makeImage(): string {
  const stamp = join(folder, 'sources');
  const sources = sourcesHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return MADE_IMAGE;
  mkdirSync(folder, { recursive: true });
  rmSync(stamp, { force: true });
  execFileSync(process.execPath, ['--conditions=@router7/source', builder, `--out=${folder}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  writeFileSync(stamp, sources);
  return MADE_IMAGE;
}

/** Of everything that the image is made of in this repository. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  const names = globSync(
    ['packages/{appliance,wire,pcap,dhcp4,dhcp6,ndp,dns,nft}/{src/**,package.json}', 'package-lock.json'],
    {
      cwd: repository,
    },
  );
  for (const name of names.sort()) {
    const path = join(repository, name);
    if (statSync(path).isFile()) hash.update(`${name}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}
