import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  decodeMessage,
  encodeMessage,
  MemoryLeaseTable,
  type Message,
  MessageType,
  Op,
  type Option,
  optionValue,
  type ServerConfig,
  ServerEngine,
} from '@router7/dhcp4';
import { EncodeError, Ipv4Address, Ipv4Prefix, MacAddress } from '@router7/wire';
import t from 'tap';
import { type ReadSettings, readServerSettings } from '../../src/dhcp4/server-files.ts';
import { serverSettings } from '../../src/dhcp4/server-settings.ts';
import { createLog, silentLog } from '../../src/runtime/log.ts';
import { parseDhcp4dConfig } from '../../src/state/dhcp4d-config.ts';

const PREFIX = Ipv4Prefix.parse('192.168.42.1/24');
const LAPTOP = '3c:22:fb:10:20:30';

/** What a client is offered that sends these options and asks for these codes. */
function offer(
  config: ServerConfig,
  mac: string,
  options: Option[] = [],
  codes: number[] = [],
  giaddr = '0.0.0.0',
): Message {
  const engine = new ServerEngine({ ...config, probe: false }, new MemoryLeaseTable(), { random: () => 0 });
  const list: Option[] = codes.length === 0 ? [] : [{ kind: 'parameterRequestList', value: codes }];
  const discover = encodeMessage({
    op: Op.bootRequest,
    htype: 1,
    hops: 0,
    xid: 7,
    secs: 0,
    flags: 0,
    ciaddr: Ipv4Address.unspecified,
    yiaddr: Ipv4Address.unspecified,
    siaddr: Ipv4Address.unspecified,
    giaddr: Ipv4Address.parse(giaddr),
    chaddr: MacAddress.parse(mac).toBytes(),
    sname: new Uint8Array(0),
    file: new Uint8Array(0),
    options: [{ kind: 'dhcpMessageType', value: MessageType.discover }, ...options, ...list],
  });
  engine.handle({ kind: 'datagram', payload: discover, source: Ipv4Address.unspecified }, 0);
  for (let output = engine.poll(); output !== undefined; output = engine.poll()) {
    if (output.kind === 'send') return decodeMessage(output.payload);
  }
  throw new Error('no offer');
}

const settings = (lan0: object): ServerConfig =>
  serverSettings(PREFIX, parseDhcp4dConfig(JSON.stringify({ interfaces: { lan0 } })).value.interfaces.lan0);

t.test('nothing set: router7 as it is', async (t) => {
  const config = serverSettings(PREFIX);
  t.match(config, { authoritative: true, probe: true, rapidCommit: false });
  t.equal(config.subnets[0]?.pools.map(({ first, last }) => `${first}-${last}`).join(), '192.168.42.2-192.168.42.231');
  t.equal(optionValue(offer(config, LAPTOP), 'ipAddressLeaseTime'), 1200);
});

t.test("Nintendo's consoles get an hour, unless everyone gets more (D4S-04)", async (t) => {
  const lease = (config: ServerConfig, mac: string): unknown => optionValue(offer(config, mac), 'ipAddressLeaseTime');
  t.equal(lease(serverSettings(PREFIX), '98:e8:fa:01:02:03'), 3600);
  t.equal(lease(serverSettings(PREFIX), '9a:e8:fa:01:02:03'), 1200, 'a made-up address is nobody');
  t.equal(lease(settings({ lease_time_seconds: 86_400 }), '98:e8:fa:01:02:03'), 86_400);
});

t.test('pools: by addresses, or by start and number', async (t) => {
  const pool = (lan0: object): string =>
    settings(lan0)
      .subnets[0]?.pools.map(({ first, last }) => `${first}-${last}`)
      .join() ?? '';
  t.equal(pool({ first: '192.168.42.50', last: '192.168.42.60' }), '192.168.42.50-192.168.42.60');
  t.equal(pool({ start: 100, limit: 50 }), '192.168.42.100-192.168.42.149');
  t.equal(pool({ start: 200, limit: 500 }), '192.168.42.200-192.168.42.254', 'up to the end of the subnet');
  t.throws(() => pool({ first: '192.168.42.50' }), EncodeError);
});

t.test('every key becomes its option, a number in hexadecimal wins, an empty list takes away', async (t) => {
  const config = settings({
    dns: ['192.168.42.53'],
    routers: [],
    domain: 'home.arpa',
    mtu: 1400,
    ntp: ['192.168.42.9'],
    v6_only_seconds: 1800,
    captive_portal: 'https://portal.example/',
    static_routes: [{ destination: '10.0.0.0/8', gateway: '192.168.42.254' }],
    options: { '252': '687474703a2f2f77', '42': 'c0a82a0a' },
  });
  const message = offer(config, LAPTOP, [], [3, 6, 15, 26, 42, 108, 114, 119, 121, 252]);
  t.strictSame(optionValue(message, 'domainNameServer')?.map(String), ['192.168.42.53']);
  t.equal(optionValue(message, 'router'), undefined);
  t.equal(optionValue(message, 'domainName'), 'home.arpa');
  t.strictSame(optionValue(message, 'domainSearch'), ['home.arpa']);
  t.equal(optionValue(message, 'interfaceMtu'), 1400);
  t.strictSame(optionValue(message, 'ntpServers')?.map(String), ['192.168.42.10']);
  t.equal(optionValue(message, 'ipv6OnlyPreferred'), 1800);
  t.equal(optionValue(message, 'captivePortal'), 'https://portal.example/');
  t.equal(optionValue(message, 'classlessStaticRoute')?.[0]?.destination.toString(), '10.0.0.0/8');
  t.ok(message.options.some((option) => option.kind === 'raw' && option.code === 252));
});

t.test('a reservation with a name and an option of its own, outside of the pool (D4S-06)', async (t) => {
  const config = settings({
    reservations: [{ hardware_addr: LAPTOP, addr: '192.168.42.250', hostname: 'desk', dns: ['9.9.9.9'] }],
  });
  const message = offer(config, LAPTOP, [], [6, 12]);
  t.equal(message.yiaddr.toString(), '192.168.42.250');
  t.equal(optionValue(message, 'hostName'), 'desk');
  t.strictSame(optionValue(message, 'domainNameServer')?.map(String), ['9.9.9.9']);
});

t.test('classes by vendor class, architecture and maker (D4S-21)', async (t) => {
  const boot = { next_server: '192.168.42.5' };
  const config = settings({
    classes: [
      { name: 'bios', vendor_class: 'PXEClient', arch: [0], boot_file: 'pxelinux.0', ...boot },
      { name: 'efi', vendor_class: 'PXEClient', arch: [7, 9], boot_file: 'bootx64.efi', ...boot },
      { name: 'phones', makers: ['00:04:13:00:00:00'], lease_time_seconds: 600 },
    ],
  });
  const pxe = (arch: number): Message =>
    offer(config, LAPTOP, [
      { kind: 'vendorClassIdentifier', value: 'PXEClient:Arch:00007' },
      { kind: 'clientSystemArchitecture', value: [arch] },
    ]);
  t.equal(Buffer.from(pxe(0).file).toString(), 'pxelinux.0');
  t.equal(Buffer.from(pxe(9).file).toString(), 'bootx64.efi');
  t.equal(pxe(9).siaddr.toString(), '192.168.42.5');
  t.equal(Buffer.from(pxe(11).file).toString(), '', 'both conditions have to hold');
  t.equal(optionValue(offer(config, '00:04:13:aa:bb:cc'), 'ipAddressLeaseTime'), 600);
  t.throws(() => settings({ classes: [{ name: 'all' }] }), EncodeError);
});

t.test('a subnet behind a relay agent (D4S-23)', async (t) => {
  const config = settings({
    relayed: [{ prefix: '10.1.0.0/24', first: '10.1.0.100', last: '10.1.0.100', routers: ['10.1.0.1'] }],
  });
  const message = offer(config, LAPTOP, [], [1, 3, 6], '10.1.0.1');
  t.equal(message.yiaddr.toString(), '10.1.0.100');
  t.strictSame(optionValue(message, 'router')?.map(String), ['10.1.0.1']);
  t.strictSame(optionValue(message, 'domainNameServer')?.map(String), ['192.168.42.1']);
  t.equal(optionValue(message, 'serverIdentifier')?.toString(), '192.168.42.1');
});

t.test('wrong files: told, and as much as makes sense goes on', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'r7-d4d-settings-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const interfaces = join(folder, 'interfaces.json');
  const config = join(folder, 'config.json');
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line));
  const read = (): ServerConfig | undefined => readServerSettings('lan0', log, undefined, interfaces, config)?.config;
  t.equal(read(), undefined, 'no interfaces.json');
  writeFileSync(interfaces, JSON.stringify({ interfaces: [{ name: 'lan0', addr: 'fe80::1/64' }] }));
  t.equal(read(), undefined, 'no IPv4 address');
  writeFileSync(interfaces, JSON.stringify({ interfaces: [{ name: 'lan0', addr: '192.168.42.1/31' }] }));
  t.equal(read(), undefined, 'no room');
  writeFileSync(interfaces, JSON.stringify({ interfaces: [{ name: 'lan0', addr: '192.168.42.1/24' }] }));
  t.equal(read()?.subnets[0]?.leaseTimeSeconds, 1200, 'no config.json');
  for (const [name, text] of [
    ['no JSON', '{'],
    ['not valid', '{"interfaces": {"lan0": {"lease_time_seconds": "long"}}}'],
    [
      'a pool elsewhere',
      '{"interfaces": {"lan0": {"lease_time_seconds": 600, "first": "10.0.0.1", "last": "10.0.0.2"}}}',
    ],
    [
      'one address for two',
      `{"interfaces": {"lan0": {"lease_time_seconds": 600, "reservations": [
        {"addr": "192.168.42.9", "hardware_addr": "02:00:00:00:00:01"},
        {"addr": "192.168.42.9", "hardware_addr": "02:00:00:00:00:02"}]}}}`,
    ],
  ] as const) {
    lines.length = 0;
    writeFileSync(config, text);
    t.equal(read()?.subnets[0]?.leaseTimeSeconds, 1200, name);
    t.match(lines.join(''), /^error /, `${name}: told`);
  }
  writeFileSync(
    config,
    '{"interfaces": {"lan0": {"reservations": [{"addr": "x"}], "lease_time_seconds": 600, "new": 1}}}',
  );
  lines.length = 0;
  t.equal(read()?.subnets[0]?.leaseTimeSeconds, 600, 'one bad reservation costs no more than itself');
  t.equal(lines.filter((line) => line.startsWith('warn')).length, 2);
});

t.test('a file that can no longer be used: what was in force goes on', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'r7-d4d-settings-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const interfaces = join(folder, 'interfaces.json');
  const config = join(folder, 'config.json');
  const read = (before?: ReadSettings): ReadSettings | undefined =>
    readServerSettings('lan0', silentLog, before, interfaces, config);
  const goodInterfaces = '{"interfaces": [{"name": "lan0", "addr": "192.168.42.1/24"}]}';
  const reservation = '{"addr": "192.168.42.9", "hardware_addr": "02:00:00:00:00:01"}';
  writeFileSync(interfaces, goodInterfaces);
  writeFileSync(config, `{"interfaces": {"lan0": {"reservations": [${reservation}]}}}`);
  const before = read() as ReadSettings;
  for (const text of ['', '{', '{"interfaces": {"lan0": {"first": "10.0.0.1", "last": "10.0.0.2"}}}']) {
    writeFileSync(config, text);
    t.equal(read(before), before, text);
  }
  writeFileSync(interfaces, '{"interfaces": [');
  t.equal(read(before), before);
  t.equal(read(), undefined, 'nothing to go on with');
  writeFileSync(interfaces, goodInterfaces.replace('42.1', '43.1'));
  t.equal(read(before)?.config.serverIdentifier.toString(), '192.168.43.1', 'not for another network');
  rmSync(config);
  writeFileSync(interfaces, goodInterfaces);
  t.same(read(before)?.config.subnets[0]?.reservations, [], 'a file that was taken away is no slip');
  rmSync(interfaces);
  t.equal(read(before), undefined);
});

t.test('a slip of the pen in the entry of the interface does not end the service', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'r7-d4d-settings-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const interfaces = join(folder, 'interfaces.json');
  const config = join(folder, 'config.json');
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line.trim()));
  const read = (before?: ReadSettings, present?: string): ReadSettings | undefined => {
    const address = present === undefined ? undefined : Ipv4Prefix.parse(present);
    return readServerSettings('lan0', log, before, interfaces, config, address);
  };
  const write = (addr: unknown): void =>
    writeFileSync(interfaces, JSON.stringify({ interfaces: [{ name: 'uplink0' }, { name: 'lan0', addr }] }));
  write('192.168.42.1/24');
  const before = read();
  for (const addr of ['192.168.42.1/33', '192.168.42/24', '192.168.42.1', 5]) {
    write(addr);
    lines.length = 0;
    t.equal(read(before, '192.168.43.1/24')?.config.serverIdentifier.toString(), '192.168.42.1', `${addr}`);
    t.match(lines, [
      /^warn \/.*interfaces\.json: interfaces\[1\]\.addr: found .*, expected .*passed over$/,
      /^warn serving from the address of before interface=lan0 .*address=192\.168\.42\.1\/24$/,
    ]);
    t.equal(lines.length, 2);
    const fresh = read(undefined, '192.168.43.1/24');
    t.equal(fresh?.config.serverIdentifier.toString(), '192.168.43.1', 'after a restart: the one that it has');
    t.equal(read(), undefined, 'and without any, none');
  }
  writeFileSync(config, '{"interfaces": {"lan0": {"lease_time_seconds": 600}}}');
  t.equal(read(before)?.config.subnets[0]?.leaseTimeSeconds, 600, 'the other file counts');
  writeFileSync(interfaces, '{');
  t.equal(read(undefined, '192.168.43.1/24')?.config.serverIdentifier.toString(), '192.168.43.1', 'no JSON at all');
  write('');
  t.equal(read(before, '192.168.42.1/24'), undefined, 'no address on purpose');
  writeFileSync(interfaces, '{"interfaces": []}');
  t.equal(read(before, '192.168.42.1/24'), undefined, 'nor any entry');
});

t.test('what a person sets is what the server does, and what it does without', (t) => {
  const plain = settings({});
  t.match(plain, { authoritative: true, rapidCommit: false, probe: true });
  t.match(settings({ authoritative: false, rapid_commit: true, probe: false }), {
    ...{ authoritative: false, rapidCommit: true, probe: false },
  });
  const [subnet] = settings({ lease_time_seconds: 90_000, max_lease_time_seconds: 3600 }).subnets;
  t.match(
    subnet,
    { leaseTimeSeconds: 90_000, maximumLeaseTimeSeconds: 90_000 },
    'never less than what is given unasked',
  );
  const pools = (more: object): string[] =>
    (settings(more).subnets[0]?.pools ?? []).map(({ first, last }) => `${first}-${last}`);
  t.same(pools({ limit: 10 }), ['192.168.42.1-192.168.42.10'], 'from the first address on');
  t.same(pools({ start: 20 }), ['192.168.42.20-192.168.42.249'], '230 addresses');
  const reservations = [{ addr: '192.168.42.50', client_id: '01aabb' }];
  t.match(settings({ reservations }).subnets[0]?.reservations, [{ clientIdentifier: Uint8Array.of(1, 0xaa, 0xbb) }]);
  const relayed = settings({ relayed: [{ prefix: '10.1.0.0/24' }] });
  const kinds = relayed.subnets[1]?.options.map(({ kind }) => kind) ?? [];
  t.ok(kinds.includes('domainNameServer'));
  t.notOk(kinds.includes('router'), 'behind a relay agent the router is another one');
  t.end();
});
