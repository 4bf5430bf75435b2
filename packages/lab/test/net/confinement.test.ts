import { execFileSync } from 'node:child_process';
import { chownSync, lstatSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { accountOf, accounts, groupIdOf } from '@router7/appliance/init/accounts';
import { CONFINE_VARIABLE, isConfinementOn } from '@router7/appliance/init/confinement';
import { type Capability, type Service, services } from '@router7/appliance/init/services';
import t from 'tap';
import { parseLabOptions } from '../../src/args.ts';
import { buildHome } from '../../src/home.ts';
import type { Isp } from '../../src/isp/isp.ts';
import { isps } from '../../src/isp/profiles.ts';
import { NamespaceRouter } from '../../src/namespace-router.ts';
import { bringOnline } from '../../src/online.ts';
import type { Running } from '../../src/program.ts';
import { Report } from '../../src/report.ts';
import { onStage } from '../../src/stage.ts';
import { until } from '../../src/wait.ts';
import { needs } from './installed.ts';

t.setTimeout(180_000);
process.env[CONFINE_VARIABLE] = '1';
await onStage(import.meta.url);

/** Numbers of the capabilities (linux/capability.h). */
const BITS: Readonly<Record<Capability, bigint>> = {
  net_bind_service: 10n,
  net_admin: 12n,
  net_raw: 13n,
  sys_time: 25n,
};
const DEADLINE = 30_000;
/** WireGuard's key, wherever it lies; and what else is nobody's business. */
const SECRET = 'gBCV3afBKfW7RycmeZFMpJykvO+58KfSEIyavay90kE=';
const SECRETS = ['/perm/wireguard.json', '/perm/netconfigd/last-good/wireguard.json', '/perm/random.seed'] as const;
const PASSWORD = '/perm/gokr-pw.txt';

/** Steps that nobody reads. */
class Quiet extends Report {
  override step<T>(_: string, work: () => Promise<T>): Promise<T> {
    return work();
  }
}

const programs = ['busybox', 'setpriv', 'nsenter', 'dhclient', 'radvd', 'kea-dhcp6', 'unbound', 'dig', 'curl'];
const { skip } = needs(...programs);

t.test(
  'IN-12 a home goes online with a router of daemons that may hardly do anything',
  { skip: skip || needsRoot() },
  async (t) => {
    const running: Running[] = [];
    t.teardown(async () => {
      for (const program of running.reverse()) await program.stop();
    });
    const options = parseLabOptions(['--clients', '1']);
    const isp = isps.embedded as Isp;
    const home = buildHome(options.clients, (ends) => new NamespaceRouter(ends));
    writeFileSync('/perm/random.seed', SECRET, { mode: 0o644 });
    await bringOnline({ options, report: new Quiet(true), isp, home, programs: running, ispIpv6: [] });

    for (const service of services) {
      const pid = await until(`process ${service.name}`, DEADLINE, () => pidOf(service.name));
      t.match(statusOf(pid), expectedStatus(service), service.name);
    }

    // As an editor does it that makes a new file of its own, and with the umask of somebody who is careful.
    writeFileSync(
      '/perm/new',
      JSON.stringify({ interfaces: [{ name: 'wg0', private_key: SECRET, port: 51820, peers: [] }] }),
      {
        mode: 0o600,
      },
    );
    renameSync('/perm/new', '/perm/wireguard.json');
    const router = running.find(({ name }) => name === 'router') as Running;
    // It is told without anybody having told it; this kernel may not have WireGuard, but then it says so.
    await until('netconfigd has read wireguard.json', DEADLINE, () =>
      router.output.some((line) => /^netconfigd: .*(wg0|ireguard)/.test(line)) ? true : undefined,
    );
    const { uid, gid, mode } = lstatSync('/perm/wireguard.json');
    t.same([uid, gid, mode & 0o777], [0, groupIdOf('netconfigd'), 0o640]);
    t.notOk(
      router.output.some(
        (line) => /EACCES|EPERM|EROFS|ermission denied/.test(line) && !/^\w+: sh: write error/.test(line),
      ),
      'nobody missed anything',
    );

    // The copy that netconfigd keeps of what is in force, under a kernel that has no WireGuard.
    if (!isFile(SECRETS[1])) {
      writeFileSync(SECRETS[1], SECRET, { mode: 0o600 });
      chownSync(SECRETS[1], accountOf('netconfigd').id, 0);
    }
    const folders = [...new Set(services.flatMap(({ writable }) => writable)), '/perm', '/run', '/etc'].filter(
      (folder) => isFolder(folder),
    );
    const pids = services.map(({ name }) => pidOf(name) as number);
    for (const service of services) {
      const tried = attempt(service, folders, pids);
      const group = accountOf(service.user).groups;
      const mayRead = [
        ...(service.name === 'netconfigd' ? SECRETS.slice(0, 2) : []),
        ...(group.includes('webpassword') ? [PASSWORD] : []),
      ];
      t.same(
        tried.filter((line) => line.startsWith('read ')).map((line) => line.slice(5)),
        mayRead,
        `${service.name} reads no other secrets`,
      );
      t.same(
        tried
          .filter((line) => line.startsWith('wrote '))
          .map((line) => line.slice(6))
          .sort(),
        service.writable.filter(isFolder).sort(),
        `${service.name} writes to its own folders only`,
      );
      t.same(tried.filter((line) => line.startsWith('saw ')).length, 0, `${service.name} sees no process of others`);
    }
  },
);

/** What it can do that has taken a daemon over: in its namespaces, as its user, with its capabilities. */
function attempt(service: Service, folders: readonly string[], others: readonly number[]): readonly string[] {
  const { id, groups } = accountOf(service.user);
  const pid = pidOf(service.name) as number;
  const capabilities = ['-all', ...service.capabilities.map((name) => `+${name}`)].join(',');
  const script = `
    for file in ${[...SECRETS, PASSWORD].join(' ')}; do cat $file >/dev/null && echo "read $file"; done
    for folder in ${folders.join(' ')}; do echo >$folder/.tried && rm $folder/.tried && echo "wrote $folder"; done
    for pid in ${others.filter((other) => other !== pid).join(' ')}; do
      for name in environ mem root/perm/wireguard.json fd cwd/.; do ls -d /proc/$pid/$name && echo "saw $pid/$name"; done
      kill -0 $pid && echo "saw $pid"
    done
    exit 0`;
  const privileges = [
    ...['--no-new-privs', '--reuid', `${id}`, '--regid', `${id}`],
    ...(groups.length === 0 ? ['--clear-groups'] : ['--groups', groups.map(groupIdOf).join(',')]),
    ...['--bounding-set', capabilities, '--inh-caps', capabilities, '--ambient-caps', capabilities],
  ];
  const output = execFileSync(
    'nsenter',
    ['-t', `${pid}`, '-m', '-n', '-r', 'setpriv', ...privileges, 'sh', '-c', script],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  return output.split('\n').filter((line) => /^(read|wrote|saw) /.test(line));
}

function expectedStatus({ user, capabilities }: Service): Readonly<Record<string, string>> {
  const { id, groups } = accountOf(user);
  const set = capabilities
    .reduce((sum, name) => sum | (1n << BITS[name]), 0n)
    .toString(16)
    .padStart(16, '0');
  return {
    Uid: `${id} ${id} ${id} ${id}`,
    Gid: `${id} ${id} ${id} ${id}`,
    Groups: groups.map(groupIdOf).join(' '),
    ...{ CapInh: set, CapPrm: set, CapEff: set, CapBnd: set, CapAmb: set },
    NoNewPrivs: '1',
  };
}

/** /proc/<pid>/status, its values with single spaces. */
function statusOf(pid: number): Readonly<Record<string, string>> {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').split('\n');
  return Object.fromEntries(
    lines.map((line) => [
      line.split(':', 1)[0] ?? '',
      line
        .slice(line.indexOf(':') + 1)
        .trim()
        .replaceAll(/\s+/g, ' '),
    ]),
  );
}

function pidOf(name: string): number | undefined {
  try {
    const text = execFileSync('pgrep', ['-f', `^/user/${name}( |$)`], { encoding: 'utf8' });
    return Number(text.trim().split('\n')[0]);
  } catch {
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** In a user namespace with one user there are no others to be. */
function needsRoot(): string | false {
  if (!isConfinementOn()) return 'needs root';
  try {
    execFileSync('setpriv', ['--reuid', `${accounts[0]?.id}`, 'true'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'needs other users';
  }
}
