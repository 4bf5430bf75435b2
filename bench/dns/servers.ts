import { mkdirSync, writeFileSync } from 'node:fs';
import { commandOf } from '@router7/appliance/init/programs';
import { services } from '@router7/appliance/init/services';
import type { Host, Program } from '@router7/lab';

/** Addresses of the bench: a server at home, and a computer that asks it and is the Internet as well. */
export const Network = {
  server: '192.168.42.1',
  client: '192.168.42.2',
  upstream: '203.0.113.53',
} as const;

/** Names that the servers know by themselves; the number stands for `%u`. */
export const LOCAL_NAMES = 'h%u.lan';
export const LOCAL_HOSTS = 50;

/** Programs that were built for the bench. */
export interface Tools {
  /** dns-load.c */
  readonly generator: string;
  /** dns-upstream.c */
  readonly upstream: string;
}

/** A server to measure. */
export interface DnsServer {
  readonly name: string;
  /** What of its configuration bears on the figures, in a line. */
  readonly settings: string;
  /** How many answers from upstream fill its cache: only then it costs what it costs from then on. */
  readonly fill: number;
  /** Octets that its cache is told to have, if it counts octets. */
  readonly cacheBytes?: number;
  /** Has it asked for a million names, which takes some minutes with those that are slow. */
  readonly soaks: boolean;
  /** Starts it on `lan0` of the host, on the first processor, with its files in `directory`. */
  start(host: Host, directory: string, tools: Tools): Program;
}

const pinned = ['-c', '0'];

/** The addresses of a host at home. */
const addressesOf = (host: number): readonly string[] => [`192.168.42.${host + 10}`, `fd00:42::${host + 10}`];
const hosts = Array.from({ length: LOCAL_HOSTS }, (_, host) => ({
  name: LOCAL_NAMES.replace('%u', String(host)),
  addresses: addressesOf(host),
}));

/** dnsd as it is in the image, with its options of Node, but for its limits of one client's rate. */
const router7 = (cacheBytes: number): DnsServer => ({
  name: 'router7',
  settings: `as in the image, but no rate limit; cache of ${cacheBytes / 2 ** 20} MiB; a fresh port per question`,
  // An entry takes 100 octets and more.
  fill: Math.ceil(cacheBytes / 100),
  cacheBytes,
  soaks: true,
  start(host, directory) {
    const perm = `${directory}/perm`;
    mkdirSync(perm, { recursive: true });
    const config = {
      upstreams: [{ address: Network.upstream }],
      hosts: Object.fromEntries(hosts.map(({ name, addresses }) => [name, addresses])),
      cache: { bytes: cacheBytes, keep: false },
      rate_limit: 0,
    };
    writeFileSync(`${perm}/dns.json`, JSON.stringify(config));
    const mount = `mount --bind ${perm} /perm && exec "$@"`;
    const command = services.filter(({ name }) => name === 'dnsd').flatMap(commandOf);
    return host.start('router7', 'unshare', ['--mount', 'sh', '-c', mount, 'sh', 'taskset', ...pinned, ...command]);
  },
});

const unbound: DnsServer = {
  name: 'unbound',
  settings: 'one thread, forwards all, no validation; caches as by default (4 + 4 MiB); a fresh port per question',
  fill: 60_000,
  soaks: true,
  start(host, directory) {
    mkdirSync(directory, { recursive: true });
    const file = `${directory}/unbound.conf`;
    const records = hosts.flatMap(({ name, addresses: [ipv4, ipv6] }) =>
      [`A ${ipv4}`, `AAAA ${ipv6}`].map((data) => `${name}. ${data}`),
    );
    writeFileSync(
      file,
      `server:
  interface: ${Network.server}
  access-control: 0.0.0.0/0 allow
  num-threads: 1
  do-daemonize: no
  use-syslog: no
  logfile: ""
  username: ""
  chroot: ""
  directory: "${directory}"
  pidfile: ""
  # The others do not validate, either.
  module-config: "iterator"
  local-zone: "lan." static
${records.map((record) => `  local-data: "${record}"\n`).join('')}
remote-control:
  control-enable: no
forward-zone:
  name: .
  forward-addr: ${Network.upstream}
`,
    );
    return host.start('unbound', 'taskset', [...pinned, 'unbound', '-d', '-c', file]);
  },
};

/** @param cacheSize answers in its cache; 150 when nothing is configured */
const dnsmasq = (name: string, cacheSize: number, soaks: boolean): DnsServer => ({
  name,
  settings: `cache of ${cacheSize} answers${cacheSize === 150 ? ' (its default)' : ''}; random ports`,
  fill: cacheSize + 2000,
  soaks,
  start(host, directory) {
    mkdirSync(directory, { recursive: true });
    const lines = hosts.flatMap(({ name: of, addresses }) => addresses.map((address) => `${address} ${of}\n`));
    writeFileSync(`${directory}/hosts`, lines.join(''));
    return host.start(name, 'taskset', [
      ...[
        ...pinned,
        'dnsmasq',
        '--keep-in-foreground',
        '--conf-file=/dev/null',
        '--user=root',
        '--group=',
        '--pid-file=',
      ],
      ...['--interface=lan0', '--no-resolv', '--no-hosts', '--log-facility=-', '--local=/lan/'],
      ...[`--server=${Network.upstream}`, `--addn-hosts=${directory}/hosts`, `--cache-size=${cacheSize}`],
    ]);
  },
});

/** What the kernel's part of a query costs: the name server of next to no cost, in place of one that has a cache. */
const floor: DnsServer = {
  name: 'floor',
  settings: 'dns-upstream.c: recvmmsg and sendmmsg, and one answer for all',
  fill: 0,
  soaks: false,
  start: (host, _directory, { upstream }) => host.start('floor', 'taskset', [...pinned, upstream, Network.server]),
};

/** The servers, ours first. */
export function servers(cacheBytes: number): readonly DnsServer[] {
  return [
    router7(cacheBytes),
    unbound,
    dnsmasq('dnsmasq', 150, true),
    // A million names would take it five minutes.
    dnsmasq('dnsmasq-10000', 10_000, false),
    floor,
  ];
}
