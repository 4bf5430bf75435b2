import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Host } from '../../src/host.ts';
import { until } from '../../src/wait.ts';

/**
 * ISC dhclient, run until it has what it asks for.
 *
 * @param name its first letter is the end of the client's DUID
 * @param args `-P` for a prefix, `-N` for an address, `-S` for parameters only; with `-r` to give it back
 * @returns what it tells its script, by name
 */
export async function dhclient6(host: Host, name: string, args: readonly string[]): Promise<Map<string, string>> {
  const base = `/tmp/dhclient6-${name}`;
  // What it is told first, whole at once; after a new prefix it is told the end of the old one.
  const tell = `[ -e ${base}.out ] || { env >${base}.tmp; mv ${base}.tmp ${base}.out; }`;
  const script = `#!/bin/sh\n[ "$reason" = PREINIT6 ] || ${tell}\nexit 0\n`;
  writeFileSync(`${base}.script`, script, { mode: 0o755 });
  const identifier = `00:03:00:01:02:00:00:00:00:${Buffer.from(name.slice(0, 1)).toString('hex')}`;
  writeFileSync(
    `${base}.conf`,
    `interface "eth0" { send dhcp6.client-id ${identifier};
      also request dhcp6.name-servers, dhcp6.domain-search, dhcp6.info-refresh-time; }\n`,
  );
  rmSync(`${base}.out`, { force: true });
  const files = ['-cf', `${base}.conf`, '-lf', `${base}.leases`, '-pf', `${base}.pid`];
  const program = host.start(name, 'dhclient', ['-6', '-1', '-d', '-sf', `${base}.script`, ...files, ...args, 'eth0']);
  await until('dhclient has an answer', 20_000, () => existsSync(`${base}.out`));
  if (args.includes('-r')) await program.exited;
  else await program.stop('SIGKILL');
  const lines = readFileSync(`${base}.out`, 'utf8').split('\n');
  return new Map(lines.map((line) => line.split('=', 2) as [string, string]));
}
