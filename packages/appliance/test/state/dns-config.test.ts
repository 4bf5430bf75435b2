import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@router7/wire';
import t from 'tap';
import { LastGood } from '../../src/runtime/last-good.ts';
import { DEFAULT_DNS_CONFIG, type DnsConfig, parseDnsConfig } from '../../src/state/dns-config.ts';
import { formatDnsNames, parseDnsNames } from '../../src/state/dns-names.ts';
import { type DnsRecordType, dnsRecordData } from '../../src/state/dns-record.ts';
import { StateError } from '../../src/state/state-file.ts';

t.test('DNS-02 DNS-23 DNS-24 everything that dns.json may say', (t) => {
  const config = {
    domain: 'home.arpa',
    upstreams: [
      { address: '9.9.9.9' },
      { address: '2620:fe::fe', protocol: 'tls', name: 'dns.quad9.net', port: 8853 },
      { name: 'dns.example', protocol: 'https', path: '/q' },
      { address: '192.0.2.1', protocol: 'tls', tls: 'opportunistic' },
    ],
    domains: [{ name: 'corp.example', upstreams: [{ address: '10.1.0.1' }] }],
    records: [{ name: '_ipp._tcp.lan', type: 'SRV', value: '0 5 631 nas.lan', ttl_seconds: 60 }],
    hosts: { nas: ['192.168.42.5', 'fd00::5'] },
    host_ttl_seconds: 60,
    hosts_files: ['/perm/hosts'],
    block: {
      lists: [{ name: 'ads', file: '/perm/ads.txt' }],
      names: ['x.example'],
      allow: ['y.example'],
      answer: 'null',
    },
    groups: [
      {
        name: 'kids',
        clients: ['192.168.42.32/28', 'fd00::7'],
        hardware_addrs: ['02:73:53:00:ca:fe'],
        lists: ['ads'],
        schedules: [{ days: ['mon'], from: '21:00', to: '07:00', lists: ['*'] }],
      },
    ],
    time_zone: 'Europe/Zurich',
    rebind_protection: false,
    rebind_allow: ['plex.direct'],
    cache: { bytes: 1_000_000, stale_seconds: 60 },
    rate_limit: 0,
    ecs: 'pass',
    cookies: false,
    case_randomization: false,
    nsid: 'attic',
    transport: 'dgram',
  };
  const { value, warnings, damaged } = parseDnsConfig(JSON.stringify(config));
  t.same(warnings, []);
  t.equal(damaged, false);
  t.match(value, config);
  t.match(value.upstreams, [
    { protocol: 'udp', tls: 'strict', path: '/dns-query' },
    { protocol: 'tls', tls: 'strict' },
    { address: undefined },
    { tls: 'opportunistic' },
  ]);
  const { value: short } = parseDnsConfig('{"upstreams": ["9.9.9.9", "2620:fe::fe"]}');
  t.match(short.upstreams, [{ address: '9.9.9.9', protocol: 'udp' }, { address: '2620:fe::fe' }], 'an address will do');
  t.match(DEFAULT_DNS_CONFIG, { domain: 'lan', upstreams: [], rebind_protection: true, ecs: 'strip' });
  t.end();
});

t.test('DNS-23 DNS-24 a mistake is one line: the place, what was found, what was expected', (t) => {
  const rows: [config: object, line: string][] = [
    [{ domain: 'my lan' }, 'domain: found "my lan", expected a domain name without the final dot; domain passed over'],
    [{ domain: 'lan.' }, 'domain: found "lan.", expected a domain name without the final dot; domain passed over'],
    [
      { domain: 'com' },
      'domain: found "com", expected a name that is no top-level domain of the public DNS, nor a special one; domain passed over',
    ],
    [
      { domain: 'LOCALHOST' },
      'domain: found "LOCALHOST", expected a name that is no top-level domain of the public DNS, nor a special one; domain passed over',
    ],
    [{ upstrems: [] }, 'upstrems: unknown key, passed over'],
    [
      { upstreams: [{ address: '9.9.9.9' }, { address: '9.9.9' }] },
      'upstreams[1].address: found "9.9.9", expected an IP address; upstreams[1] passed over',
    ],
    [{ upstreams: ['9.9.9.'] }, 'upstreams[0]: found "9.9.9.", expected an object; upstreams[0] passed over'],
    [
      { upstreams: [{ protocol: 'udp' }] },
      'upstreams[0]: found {"protocol":"udp"}, expected an upstream with an address or a name; upstreams[0] passed over',
    ],
    [
      { upstreams: [{ address: '9.9.9.9', protocol: 'tls' }] },
      'upstreams[0]: found {"address":"9.9.9.9","protocol":"tls"}, expected the name that the certificate of a strict upstream is to have; upstreams[0] passed over',
    ],
    [
      { upstreams: [{ address: '9.9.9.9', protocol: 'quic' }] },
      'upstreams[0].protocol: found "quic", expected one of "udp", "tls", "https"; upstreams[0] passed over',
    ],
    [
      { records: [{ name: 'a', type: 'A', value: '::1' }] },
      'records[0].value: found "::1", expected an IPv4 address for A; records[0] passed over',
    ],
    [
      { records: [{ name: 'a', type: 'SRV', value: '5 443 nas.lan' }] },
      'records[0].value: found "5 443 nas.lan", expected priority, weight, port and a domain name, such as "10 5 443 nas.lan" for SRV; records[0] passed over',
    ],
    [
      { records: [{ name: 'a', type: 'MX', value: '70000 nas.lan' }] },
      'records[0].value: found "70000 nas.lan", expected a preference and a domain name, such as "10 mail.lan" for MX; records[0] passed over',
    ],
    [
      { records: [{ name: 'a', type: 'CNAME', value: 'a..b' }] },
      'records[0].value: found "a..b", expected a domain name for CNAME; records[0] passed over',
    ],
    [
      { records: [{ name: 'a', type: 'LOC', value: '' }] },
      'records[0].type: found "LOC", expected one of "A", "AAAA", "CNAME", "PTR", "TXT", "MX", "SRV"; records[0] passed over',
    ],
    [
      { hosts: { 'a b': [] } },
      'hosts.a b: found "a b", expected a domain name without the final dot; hosts.a b passed over',
    ],
    [
      { hosts: { nas: ['10.0.0.1', 'x'] } },
      'hosts.nas[1]: found "x", expected an IP address; hosts.nas[1] passed over',
    ],
    [
      { hosts_files: ['hosts'] },
      'hosts_files[0]: found "hosts", expected the path of a file, from /; hosts_files[0] passed over',
    ],
    [
      { block: { lists: [{ name: 'ads' }] } },
      'block.lists[0].file: found nothing, expected a string; block.lists[0] passed over',
    ],
    [
      { groups: [{ name: 'kids', clients: ['192.168.42.0/33'] }] },
      'groups[0].clients[0]: found "192.168.42.0/33", expected an IP address or prefix; groups[0].clients[0] passed over',
    ],
    [
      { groups: [{ name: 'kids', schedules: [{ from: '24:00', to: '07:00', lists: [] }] }] },
      'groups[0].schedules[0].from: found "24:00", expected a time from 00:00 to 23:59; groups[0].schedules[0] passed over',
    ],
    [
      { groups: [{ name: 'kids', lists: ['ads'] }] },
      'groups[0].lists[0]: found "ads", expected the name of one of block.lists that blocks, or "*"; groups[0].lists[0] passed over',
    ],
    [
      { time_zone: 'Mars' },
      'time_zone: found "Mars", expected a time zone such as Europe/Zurich; time_zone passed over',
    ],
    [{ cache: { bytes: 10 } }, 'cache.bytes: found 10, expected at least 65536; cache.bytes passed over'],
    [{ rate_limit: -1 }, 'rate_limit: found -1, expected at least 0; rate_limit passed over'],
    [{ transport: 'io_uring' }, 'transport: found "io_uring", expected one of "batch", "dgram"; transport passed over'],
  ];
  for (const [config, line] of rows) {
    const { warnings, value } = parseDnsConfig(JSON.stringify(config));
    t.same(warnings, [`/perm/dns.json: ${line}`]);
    t.ok(value, 'the rest is used');
  }
  const many = (count: number): object => ({ groups: Array.from({ length: count }, (_, i) => ({ name: `g${i}` })) });
  t.same(parseDnsConfig(JSON.stringify(many(63))).warnings, []);
  t.same(parseDnsConfig(JSON.stringify(many(64))).warnings, [
    '/perm/dns.json: groups[63]: found {"name":"g63"}, expected at most 63 groups; groups[63] passed over',
  ]);
  for (const text of ['', '{', '[]', 'null']) t.throws(() => parseDnsConfig(text), StateError, text);
  t.end();
});

t.test('DNS-23 a configuration with a mistake does not replace a good one', (t) => {
  const folder = t.testdir({});
  const file = join(folder, 'dns.json');
  mkdirSync(join(folder, 'last-good'));
  const config = (text: string): DnsConfig | undefined => {
    writeFileSync(file, text);
    const lastGood = new LastGood(file, join(folder, 'last-good'), parseDnsConfig);
    const { value } = lastGood.read();
    lastGood.keep();
    return value;
  };
  t.equal(config('{"domain":"home-1"}')?.domain, 'home-1');
  t.equal(config('{"domain":"home-2","rate_limit":-1}')?.domain, 'home-1');
  t.equal(config('{"domain":')?.domain, 'home-1', 'also in a process that starts later');
  t.equal(config('{"domain":"home-3"}')?.domain, 'home-3');
  t.end();
});

t.test('DNS-23 the README shows dns.json whole, and has a row for each key', (t) => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const section = /^#### \/perm\/dns\.json$(.*?)^####/ms.exec(readme)?.[1] ?? '';
  const example = /^```json\n(.*?)^```$/ms.exec(section)?.[1] ?? '';
  t.same(parseDnsConfig(example).warnings, []);
  const keys = Object.keys({ ...DEFAULT_DNS_CONFIG, time_zone: '' }).sort();
  t.same(Object.keys(JSON.parse(example)).sort(), keys);
  const rows = [...section.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
    cell.replaceAll('`', '').split(', '),
  );
  t.same(rows.sort(), keys);
  t.end();
});

t.test('DNS-23 RDATA of what a person writes', (t) => {
  const rows: [type: DnsRecordType, value: string, bytes: string][] = [
    ['A', '192.0.2.1', 'c0000201'],
    ['AAAA', '2001:db8::1', '20010db8000000000000000000000001'],
    ['CNAME', 'Nas.lan', '034e6173036c616e00'],
    ['PTR', 'nas.lan.', '036e6173036c616e00'],
    ['TXT', '', '00'],
    ['TXT', 'é', '02c3a9'],
    ['TXT', 'a "b"', '0561202262' + '22'],
    ['MX', ' 10  mail.lan', '000a046d61696c036c616e00'],
    ['MX', '0 .', '000000'],
    ['SRV', '1 2 65535 nas.lan', '00010002ffff036e6173036c616e00'],
  ];
  for (const [type, value, bytes] of rows) t.equal(toHex(dnsRecordData(type, value)), bytes, `${type} ${value}`);
  t.end();
});

t.test('DNS-09 names.json is read as it is written', (t) => {
  const names = [{ hardware_addr: '02:73:53:00:ca:fe', name: 'www', addrs: ['10.0.0.1', '::1'] }];
  t.same(parseDnsNames(formatDnsNames(names)).value, names);
  const { value, warnings } = parseDnsNames('[{"hardware_addr":"02:73:53:00:ca:fe","name":"a.b","addrs":[]}]');
  t.same(value, []);
  t.match(warnings, [/names\.json: \[0\]\.name: found "a\.b", expected a label in lower case; \[0\] passed over/]);
  t.end();
});
