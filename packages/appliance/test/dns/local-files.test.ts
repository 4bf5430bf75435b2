import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LocalAnswers, nameOctets, RecordType } from '@router7/dns';
import { Ipv4Address, Ipv6Address, toHex } from '@router7/wire';
import t from 'tap';
import { LearnedServers } from '../../src/dns/learned-servers.ts';
import { hardwareAddressAt } from '../../src/dns/lease-hosts.ts';
import { LocalFiles, type LocalReading } from '../../src/dns/local-files.ts';
import { createLog } from '../../src/runtime/log.ts';
import { type DnsConfig, parseDnsConfig } from '../../src/state/dns-config.ts';
import type { DnsName } from '../../src/state/dns-names.ts';

const { a, aaaa, ptr, mx, txt, srv } = RecordType;
const WALL = Date.parse('2026-05-01T12:00:00Z');
const MINUTE = 60_000;

/** A router's /perm in a folder, and what dnsd makes of it. */
class Perm {
  readonly lines: string[] = [];
  wall = WALL;
  readonly folder: string;
  readonly files: LocalFiles;
  readonly log = createLog((line) => this.lines.push(line));
  readonly answers: LocalAnswers = new LocalAnswers();

  constructor(folder: string) {
    this.folder = folder;
    const clock = { now: () => this.wall - WALL, wall: () => this.wall };
    this.files = new LocalFiles({ perm: this.folder, clock, log: this.log, hostName: 'Home.example' });
    this.write('interfaces.json', {
      interfaces: [
        { name: 'uplink0', addr: '203.0.113.9/24' },
        { name: 'lan0', addr: '192.168.42.1/24', extra_addrs: ['198.18.5.1/24'] },
        { name: 'wg0', addr: '10.9.0.1/24' },
      ],
    });
  }

  write(name: string, content: unknown): void {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }

  remove(name: string): void {
    rmSync(join(this.folder, name));
  }

  read(config: unknown = {}, names: readonly DnsName[] = []): LocalReading {
    const reading = this.files.read(configOf(config), names);
    this.answers.configure(reading.data, this.wall - WALL);
    return reading;
  }

  ask(name: string, type: number): string {
    const octets = nameOctets(name);
    const bytes = new Uint8Array(12 + octets.length + 4);
    bytes.set(octets, 12);
    const question = { bytes, start: 0, nameLength: octets.length, type, class: 1 };
    const answer = this.answers.answer(question, 0, this.wall - WALL);
    if (answer === undefined) return 'upstream';
    if (answer.answers === 0) return answer.rcode === 3 ? 'NXDOMAIN' : 'nothing';
    const data = answer.records.subarray(
      12,
      12 + ((answer.records[10] as number) << 8) + (answer.records[11] as number),
    );
    if (data.length === 4) return Ipv4Address.fromBytes(data).toString();
    return data.length === 16 ? Ipv6Address.fromBytes(data).toString() : toHex(data);
  }
}

function configOf(config: unknown): DnsConfig {
  const { value, warnings } = parseDnsConfig(JSON.stringify(config));
  t.same(warnings, []);
  return value;
}

const name = (text: string): string => toHex(nameOctets(text));
const at = (milliseconds: number): string => new Date(WALL + milliseconds).toISOString();

/** An entry of dhcp4d's leases.json, acknowledged a minute ago. */
function lease(addr: string, hostname: string, more: object = {}): object {
  return {
    num: 0,
    addr,
    hardware_addr: `02:73:53:00:00:${Number(addr.split('.')[3]).toString(16).padStart(2, '0')}`,
    hostname,
    hostname_override: '',
    expiry: at(19 * MINUTE),
    last_ack: at(-MINUTE),
    ...more,
  };
}

t.test('DNS-06 D4S-14 hosts are found by the leases of dhcp4d', (t) => {
  const perm = new Perm(t.testdir({}));
  perm.read();
  t.equal(perm.ask('xps', a), 'NXDOMAIN', 'no file yet');
  perm.write('dhcp4d/leases.json', [
    lease('192.168.42.14', 'xps'),
    lease('192.168.42.15', 'phone', { hostname_override: 'kitchen' }),
    lease('192.168.42.16', 'static', { expiry: '0001-01-01T00:00:00Z', last_ack: '0001-01-01T00:00:00Z' }),
    lease('192.168.42.17', 'gone', { expiry: at(-1) }),
    lease('192.168.42.18', 'released', { state: 'released' }),
    lease('192.168.42.19', 'google.com'),
    lease('192.168.42.20', 'com'),
    lease('192.168.42.21', 'bank.example'),
    lease('192.168.42.22', 'living room'),
    lease('192.168.42.23', '🦊'),
    lease('192.168.42.24', 'x'.repeat(300)),
    lease('192.168.42.25', 'router7'),
    lease('192.168.42.26', 'home'),
    lease('192.168.42.27', 'localhost'),
    lease('192.168.42.28', 'double', { expiry: at(5 * MINUTE) }),
    lease('192.168.42.29', 'double', { expiry: at(18 * MINUTE) }),
    lease('192.168.42.30', 'wpad'),
  ]);
  perm.read();
  const rows: [name: string, type: number, expected: string][] = [
    ['xps', a, '192.168.42.14'],
    ['XPS.lan', a, '192.168.42.14'],
    ['xps', aaaa, 'nothing'],
    ['xps', mx, 'nothing'],
    ['14.42.168.192.in-addr.arpa', ptr, name('xps.lan')],
    ['kitchen.lan', a, '192.168.42.15'],
    ['phone.lan', a, 'NXDOMAIN'],
    ['static', a, '192.168.42.16'],
    ['gone', a, 'NXDOMAIN'],
    ['released', a, 'NXDOMAIN'],
    ['google.com', a, 'upstream'],
    ['google.lan', a, '192.168.42.19'],
    ['com', a, 'upstream'],
    ['example.com', a, 'upstream'],
    ['com.lan', a, '192.168.42.20'],
    ['bank.example', a, 'upstream'],
    ['bank.lan', a, '192.168.42.21'],
    ['living-room', a, '192.168.42.22'],
    ['22.42.168.192.in-addr.arpa', ptr, name('living-room.lan')],
    ['23.42.168.192.in-addr.arpa', ptr, 'NXDOMAIN'],
    [`${'x'.repeat(63)}.lan`, a, '192.168.42.24'],
    ['router7', a, '192.168.42.1'],
    ['gateway.lan', a, '192.168.42.1'],
    ['home', a, '192.168.42.1'],
    ['1.42.168.192.in-addr.arpa', ptr, name('home.lan')],
    ['localhost', a, '127.0.0.1'],
    ['double', a, '192.168.42.29'],
    ['wpad', a, 'NXDOMAIN'],
    // The router's own, and not in the home.
    ['1.0.9.10.in-addr.arpa', ptr, 'NXDOMAIN'],
    ['9.113.0.203.in-addr.arpa', ptr, 'NXDOMAIN'],
    // A network of this home that is nobody's by any RFC.
    ['7.5.18.198.in-addr.arpa', ptr, 'NXDOMAIN'],
    ['7.6.18.198.in-addr.arpa', ptr, 'upstream'],
  ];
  for (const [asked, type, expected] of rows) t.equal(perm.ask(asked, type), expected, `${asked} ${type}`);
  perm.wall += 19 * MINUTE;
  t.equal(perm.ask('xps', a), 'NXDOMAIN', 'ended, though nobody has said so');
  t.equal(perm.ask('static', a), '192.168.42.16');
  t.same(perm.lines, []);
  t.end();
});

t.test('DNS-06 a file that is broken leaves what it said, and is told of once', (t) => {
  const perm = new Perm(t.testdir({}));
  perm.write('dhcp4d/leases.json', [lease('192.168.42.14', 'xps')]);
  perm.read();
  perm.write('dhcp4d/leases.json', '[{"addr": 1');
  perm.read();
  perm.read();
  t.equal(perm.ask('xps', a), '192.168.42.14');
  t.equal(perm.lines.filter((line) => line.includes('leases.json')).length, 1, perm.lines.join('\n'));
  perm.write('dhcp4d/leases.json', [lease('192.168.42.14', 'xps'), lease('192.168.42.1444', 'bad')]);
  perm.read();
  t.match(perm.lines.at(-1), /leases\.json: \[1\]\.addr: found "192\.168\.42\.1444", expected an IPv4 address/);
  perm.remove('dhcp4d/leases.json');
  perm.read();
  t.equal(perm.ask('xps', a), 'NXDOMAIN');
  t.end();
});

t.test('DNS-06 DNS-07 addresses by DHCPv6 go by the name that the machine has by DHCPv4', (t) => {
  const perm = new Perm(t.testdir({}));
  const base = { interface: 'lan0', num: 4096, networks: ['2001:db8:4a00::/64'], iaid: 1, peer: 'fe80::1' };
  const times = { expiry: at(MINUTE), last_reply: at(-MINUTE) };
  const duid = '0004cafe00000000000000000000000042';
  perm.write('dhcp4d/leases.json', [
    lease('192.168.42.14', 'xps'),
    lease('192.168.42.16', 'old'),
    lease('192.168.42.15', 'nas', { client_id: `ff00000001${duid}` }),
  ]);
  perm.write('dhcp6d/leases.json', [
    { ...base, ...times, addresses: ['2001:db8:4a00::1000'], duid: '0003000102735300000e' },
    { ...base, ...times, addresses: ['2001:db8:4a00::1001', 'fd00:7::1001'], duid, num: 4097 },
    { ...base, ...times, addresses: ['2001:db8:4a00::1002'], duid: '000100012a2b2c2d027353000063', num: 4098 },
    { ...base, ...times, addresses: ['2001:db8:4a00::1003'], duid: '000100012a2b2c2d027353000010', num: 4099 },
  ]);
  perm.write('dhcp6/wire/lease.json', {
    valid_until: at(MINUTE),
    prefixes: [{ IP: '2001:db8:4a00::', Mask: '////////AAAAAAAAAAAAAA==' }],
    dns: [],
  });
  const { leases } = perm.read();
  t.equal(perm.ask('xps', aaaa), '2001:db8:4a00::1000');
  t.equal(perm.ask('xps', a), '192.168.42.14');
  t.equal(perm.ask('nas', aaaa), '2001:db8:4a00::1001');
  t.equal(perm.ask('old', aaaa), '2001:db8:4a00::1003');
  const reverse = (address: string): string =>
    `${[...toHex(Ipv6Address.parse(address).toBytes())].reverse().join('.')}.ip6.arpa`;
  t.equal(perm.ask(reverse('2001:db8:4a00::1000'), ptr), name('xps.lan'));
  t.equal(perm.ask(reverse('fd00:7::1001'), ptr), name('nas.lan'));
  t.equal(perm.ask(reverse('2001:db8:4a00::1002'), ptr), 'NXDOMAIN');
  t.equal(hardwareAddressAt('2001:db8:4a00::1000', leases, WALL), '02:73:53:00:00:0e');
  t.equal(hardwareAddressAt('2001:db8:4a00::1001', leases, WALL), '02:73:53:00:00:0f', 'by its DUID');
  t.equal(hardwareAddressAt('::ffff:192.168.42.14', leases, WALL), '02:73:53:00:00:0e');
  t.equal(hardwareAddressAt('192.168.42.14', leases, WALL + 20 * MINUTE), undefined);
  t.equal(hardwareAddressAt('192.168.42.99', leases, WALL), undefined);
  perm.wall += MINUTE;
  t.equal(perm.ask('xps', aaaa), 'nothing', 'the lease has ended');
  t.end();
});

t.test('DNS-23 records, hosts and hosts files by dns.json', (t) => {
  const perm = new Perm(t.testdir({}));
  perm.write('hosts', '10.0.0.7 files files.example.org # a comment\n::7 files\n10.0.0.8 nas\nnonsense here\n');
  const config = {
    hosts: { nas: ['192.168.42.5', 'fd00:7::5'], 'www.example.org': ['10.0.0.5'] },
    hosts_files: [join(perm.folder, 'hosts'), join(perm.folder, 'none')],
    records: [
      { name: 'web', type: 'CNAME', value: 'nas' },
      { name: '_ipp._tcp.lan', type: 'SRV', value: '0 5 631 nas.lan' },
      { name: 'about', type: 'TXT', value: 'v=1 böse' },
      { name: 'lan', type: 'MX', value: '10 nas.lan', ttl_seconds: 60 },
      { name: 'long', type: 'TXT', value: 'x'.repeat(300) },
    ],
    domains: [
      { name: 'corp.example', upstreams: [{ address: '10.1.0.1' }] },
      { name: 'ads.example', upstreams: [] },
    ],
  };
  perm.write('dhcp4d/leases.json', [lease('192.168.42.14', 'nas')]);
  perm.read(config);
  perm.read(config);
  const rows: [name: string, type: number, expected: string][] = [
    ['nas', a, '192.168.42.5'],
    ['nas.lan', aaaa, 'fd00:7::5'],
    ['14.42.168.192.in-addr.arpa', ptr, name('nas.lan')],
    ['5.42.168.192.in-addr.arpa', ptr, name('nas.lan')],
    ['5.0.0.10.in-addr.arpa', ptr, name('www.example.org')],
    ['files', a, '10.0.0.7'],
    ['files', aaaa, '::7'],
    ['files.example.org', a, '10.0.0.7'],
    ['8.0.0.10.in-addr.arpa', ptr, 'NXDOMAIN'],
    ['www.example.org', a, '10.0.0.5'],
    ['web.lan', RecordType.cname, name('nas.lan')],
    ['_ipp._tcp.lan', srv, `000000050277${name('nas.lan')}`],
    ['about.lan', txt, '09763d312062c3b67365'],
    ['lan.lan', mx, `000a${name('nas.lan')}`],
    ['long.lan', txt, `ff${'78'.repeat(255)}2d${'78'.repeat(45)}`],
    ['x.corp.example', a, 'upstream'],
    ['x.ads.example', a, 'NXDOMAIN'],
  ];
  for (const [asked, type, expected] of rows) t.equal(perm.ask(asked, type), expected, `${asked} ${type}`);
  t.equal(perm.lines.length, 1, 'the file that is not there');
  t.match(perm.lines[0], /none/);
  t.end();
});

t.test('DNS-02 the name servers that the provider tells of', (t) => {
  const perm = new Perm(t.testdir({}));
  const servers = new LearnedServers(perm.folder, perm.log);
  const own = ['192.168.42.1', '2001:db8::1', 'fe80::1%uplink0'];
  const fallback = ['8.8.8.8', '8.8.4.4', '2001:4860:4860::8888', '2001:4860:4860::8844'];
  t.same(servers.read(own), fallback, 'nobody has told anything');
  perm.write('dhcp4/wire/lease.json', {
    valid_until: '2018-05-18T23:46:04.429895261+02:00',
    client_ip: '85.195.207.62',
    subnet_mask: '255.255.255.128',
    router: '85.195.207.1',
    dns: ['77.109.128.2', '192.168.42.1', '127.0.0.53', '0.0.0.0', '255.255.255.255', '77.109.128.2'],
  });
  perm.write('dhcp6/wire/lease.json', {
    valid_until: '2018-05-18T23:46:04+02:00',
    prefixes: null,
    dns: ['2001:1620:2777:1::10', '2001:0db8::0001', '::', 'ff02::1'],
  });
  perm.write('dhcp6/wire/routers.json', {
    ...{ routers: [], prefixes: [], domain_search: [], nat64: [] },
    dns: ['2001:1620:2777:1::10', 'fe80::53', 'fe80::1'],
  });
  const learned = ['77.109.128.2', '2001:1620:2777:1::10', 'fe80::53%uplink0'];
  t.same(servers.read(own), learned);
  perm.write('dhcp4/wire/lease.json', '{');
  t.same(servers.read(own), learned, 'a broken file');
  servers.read(own);
  t.equal(perm.lines.length, 1);
  for (const file of ['dhcp4/wire/lease.json', 'dhcp6/wire/lease.json', 'dhcp6/wire/routers.json']) perm.remove(file);
  t.same(servers.read(own), fallback);
  t.end();
});

t.test('DNS-08 NAT64 that the provider advertises', (t) => {
  const perm = new Perm(t.testdir({}));
  const routers = { routers: [], prefixes: [], dns: [], domain_search: [], nat64: ['64:ff9b::/96'] };
  perm.write('dhcp6/wire/routers.json', routers);
  perm.read();
  t.equal(perm.ask('ipv4only.arpa', aaaa), '64:ff9b::c000:aa');
  t.end();
});
