import { writeFileSync } from 'node:fs';
import { Address, Address6 } from '../home.ts';
import type { Host } from '../host.ts';
import type { Program } from '../program.ts';
import { zones } from './zones.ts';

/** What one unbound of the lab is told. */
export interface NameServerSettings {
  /** In its files' names. */
  readonly name: string;
  readonly addresses: readonly string[];
  readonly port?: number;
  /** Ask these, `address` or `address@port`, and know no zone. */
  readonly forwardTo?: readonly string[];
  /** Further lines of the `server:` clause. */
  readonly server?: string;
}

/** Starts the name server that providers of the lab tell of: unbound, with the zones of the lab's Internet. */
export function startNameServer(internet: Host): Promise<Program> {
  return startUnbound(internet, { name: 'internet', addresses: [Address.dns, Address6.dns] });
}

/** Starts an unbound; resolves when it answers. */
export async function startUnbound(host: Host, settings: NameServerSettings): Promise<Program> {
  const { name, addresses, port = 53, forwardTo, server = '' } = settings;
  const folder = `/tmp/unbound-${name}`;
  const clauses = forwardTo === undefined ? zones.map((zone) => zoneClause(folder, zone.origin, zone.records)) : [];
  if (forwardTo !== undefined) {
    clauses.push(`forward-zone:\n  name: .\n${forwardTo.map((address) => `  forward-addr: ${address}\n`).join('')}`);
  }
  const file = `${folder}.conf`;
  writeFileSync(
    file,
    `server:
${addresses.map((address) => `  interface: ${address}\n`).join('')}  port: ${port}
  access-control: 0.0.0.0/0 allow
  access-control: ::/0 allow
  do-daemonize: no
  use-syslog: no
  logfile: ""
  log-time-ascii: no
  username: ""
  chroot: ""
  directory: "/tmp"
  pidfile: ""
  module-config: "iterator"
  # The zones below are the whole Internet: nothing is asked of anybody else, and nothing is special.
  local-zone: "example." nodefault
  unblock-lan-zones: yes
  insecure-lan-zones: yes
  num-threads: 1
  rrset-roundrobin: no
  minimal-responses: yes
  edns-buffer-size: 1232
${server}
remote-control:
  control-enable: no
${clauses.join('')}`,
  );
  const program = host.start(`${name} unbound`, 'unbound', ['-d', '-c', file]);
  await program.line(/start of service/, 10_000);
  return program;
}

function zoneClause(folder: string, origin: string, records: string): string {
  const file = `${folder}-${origin}.zone`;
  writeFileSync(file, `$ORIGIN ${origin}.\n${records}`);
  return `auth-zone:\n  name: "${origin}."\n  zonefile: "${file}"\n  for-downstream: no\n  for-upstream: yes\n  fallback-enabled: no\n`;
}
