import { readFileSync, writeFileSync } from 'node:fs';

/**
 * The value of a kernel parameter.
 *
 * @param name as sysctl(8) writes it with slashes or dots; slashes when an interface's name holds a dot
 *   (`net/ipv4/conf/lan0.5/forwarding`)
 * @throws Node's system error: `ENOENT` when the kernel does not know it
 */
export function readSysctl(name: string): string {
  return readFileSync(path(name), 'utf8').trim();
}

/**
 * Sets a kernel parameter of this network namespace, unless it has the value already.
 *
 * @returns whether anything changed
 * @throws Node's system error: `ENOENT`, `EACCES`, `EINVAL`
 */
export function writeSysctl(name: string, value: string | number): boolean {
  if (readSysctl(name) === String(value)) return false;
  writeFileSync(path(name), `${value}\n`);
  return true;
}

function path(name: string): string {
  return `/proc/sys/${name.includes('/') ? name : name.replaceAll('.', '/')}`;
}
