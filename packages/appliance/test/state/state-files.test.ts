import t from 'tap';
import { formatDhcp4Lease, parseDhcp4Lease } from '../../src/state/dhcp4-lease.ts';
import { formatDhcp4dLeases, parseDhcp4dLeases } from '../../src/state/dhcp4d-leases.ts';
import { formatGoTime, parseGoTime, ZERO_TIME } from '../../src/state/go-time.ts';
import { parseInterfaces } from '../../src/state/interfaces.ts';
import { StateError } from '../../src/state/state-file.ts';

const INTERFACES = `{
  "interfaces": [
    { "hardware_addr": "12:34:56:78:9a:b2", "name": "uplink0", "spoof_hardware_addr": "02:73:53:00:b0:aa", "mtu": 1492, "fec": "RS" },
    { "hardware_addr": "12:34:56:78:9a:b0", "name": "lan0", "addr": "192.168.0.1/24",
      "extra_addrs": ["192.168.23.1/24"],
      "extra_routes": [ { "destination": "2a02:168:4a00:22::/64", "gateway": "fe80::1" } ] },
    { "name": "wg0", "addr": "fe80::1/64", "extra_addrs": ["10.22.100.1/24"],
      "extra_routes": [ { "destination": "2a02:168:4a00:22::/64", "gateway": "fe80::2" } ] }
  ],
  "bridges": [
    { "name": "lan0", "interface_hardware_addrs": ["12:34:56:78:9a:b0", "12:34:56:78:9a:b1"] }
  ]
}`;

const LEASE =
  '{"valid_until":"2018-05-18T23:46:04.429895261+02:00","client_ip":"85.195.207.62","subnet_mask":"255.255.255.128","router":"85.195.207.1","dns":["77.109.128.2","213.144.129.20"]}';

const LEASES = `[
	{
		"num": 12,
		"addr": "192.168.42.14",
		"hardware_addr": "02:73:53:00:ca:fe",
		"hostname": "xps",
		"hostname_override": "",
		"expiry": "2024-05-01T12:20:00.123456789+02:00",
		"last_ack": "2024-05-01T12:00:00.123456789+02:00"
	}
]`;

t.test('interfaces.json', (t) => {
  t.test('the example is read whole', (t) => {
    const { value, warnings } = parseInterfaces(INTERFACES);
    t.same(value, JSON.parse(INTERFACES));
    t.same(warnings, []);
    t.end();
  });
  t.test("the one line that recovery writes, and Go's zero values", (t) => {
    const line =
      '{"interfaces":[{"hardware_addr":"02:00:00:00:00:01","spoof_hardware_addr":"","name":"lan0","addr":"10.0.0.1/24"}]}';
    const { value, warnings } = parseInterfaces(line);
    t.same(value, { ...JSON.parse(line), bridges: [] });
    t.same(warnings, []);
    t.same(parseInterfaces('{"interfaces":null,"bridges":null}').value, { interfaces: [], bridges: [] });
    t.end();
  });
  t.test('one mistake costs only what it is in, and is told in one line', (t) => {
    const { value, warnings, damaged } = parseInterfaces(
      JSON.stringify({
        comment: 'x',
        interfaces: [
          { name: 'uplink0', hardware_adr: '02:00:00:00:00:01' },
          { name: 'lan0', addr: '192.168.0.1' },
          { name: 'lan1', addr: '10.0.0.1/24', extra_addrs: ['10.0.1.1/33', '10.0.2.1/24'] },
          { name: 'a name' },
        ],
      }),
      'i.json',
    );
    t.same(value.interfaces, [
      { name: 'uplink0' },
      { name: 'lan1', addr: '10.0.0.1/24', extra_addrs: ['10.0.2.1/24'] },
    ]);
    t.ok(damaged);
    t.same([...warnings].sort(), [
      'i.json: comment: unknown key, passed over',
      'i.json: interfaces[0].hardware_adr: unknown key, passed over',
      'i.json: interfaces[1].addr: found "192.168.0.1", expected an address with prefix length such as 192.168.0.1/24, or ""; interfaces[1] passed over',
      'i.json: interfaces[2].extra_addrs[0]: found "10.0.1.1/33", expected an address with prefix length such as 192.168.0.1/24; interfaces[2].extra_addrs[0] passed over',
      'i.json: interfaces[3].name: found "a name", expected a name of 1 to 15 characters; interfaces[3] passed over',
    ]);
    t.end();
  });
  t.test('what cannot be used at all', (t) => {
    const rows = [
      { name: 'empty', text: '', code: 'not-json' },
      { name: 'cut off', text: INTERFACES.slice(0, 200), code: 'not-json' },
      { name: 'an array', text: '[]', code: 'not-valid' },
      { name: 'null', text: 'null', code: 'not-valid' },
      { name: 'not a list', text: '{"interfaces":{}}', code: 'not-valid' },
    ];
    for (const { name, text, code } of rows) {
      try {
        parseInterfaces(text, 'i.json');
        t.fail(name);
      } catch (error) {
        t.ok(error instanceof StateError, name);
        t.equal((error as StateError).code, code, name);
        t.match((error as StateError).message, /^i\.json: [^\n]+, expected [^\n]+$/, name);
      }
    }
    t.end();
  });
  t.end();
});

t.test('lease.json of dhcp4 (D4C-28)', (t) => {
  t.equal(formatDhcp4Lease(parseDhcp4Lease(LEASE).value), LEASE);
  const more = `${LEASE.slice(0, -1)},"acquired":"2018-05-18T21:00:00Z","expiry":"0001-01-01T00:00:00Z","server_id":"85.195.207.1","options":{"51":"00000e10"}}`;
  const { value, warnings } = parseDhcp4Lease(more);
  t.equal(formatDhcp4Lease(value), more);
  t.same(warnings, []);
  t.same(parseDhcp4Lease(LEASE.replace(/"dns":.*/, '"dns":null}')).value.dns, []);
  t.equal(parseDhcp4Lease(LEASE.replace('255.255.255.128', '')).value.subnet_mask, '');
  for (const wrong of ['255.0.255.0', '255.255.255']) {
    t.throws(() => parseDhcp4Lease(LEASE.replace('255.255.255.128', wrong)), { code: 'not-valid' });
  }
  t.throws(() => parseDhcp4Lease(LEASE.replace('2018', '18')), { code: 'not-valid' });
  t.end();
});

t.test('leases.json of dhcp4d (D4S-05)', (t) => {
  t.test('byte for byte', (t) => {
    t.equal(formatDhcp4dLeases(parseDhcp4dLeases(LEASES).value), LEASES);
    t.equal(formatDhcp4dLeases([]), '[]');
    t.same(parseDhcp4dLeases('null').value, []);
    t.end();
  });
  t.test('our keys come behind, and what is special in HTML is escaped as Go does', (t) => {
    const [lease] = parseDhcp4dLeases(LEASES).value;
    const text = formatDhcp4dLeases([{ state: 'declined', client_id: '01aa', ...lease!, hostname: 'a<b>&c' }]);
    t.match(text, /"hostname": "a\\u003cb\\u003e\\u0026c"/);
    t.match(text, /123456789\+02:00",\n\t\t"client_id": "01aa",\n\t\t"state": "declined"\n\t\}\n\]$/);
    t.end();
  });
  t.test('zero and missing values', (t) => {
    const [lease] = parseDhcp4dLeases('[{"addr":"10.0.0.9","hardware_addr":"02:00:00:00:00:01"}]').value;
    t.equal(lease?.expiry, ZERO_TIME);
    t.equal(lease?.hostname_override, '');
    const [old] = parseDhcp4dLeases(
      '[{"addr":"10.0.0.9","hardware_addr":"02:00:00:00:00:01","expiry":"2024-05-01T10:20:00Z"}]',
    ).value;
    t.equal(old?.last_ack, '2024-05-01T10:20:00Z', 'zero last_ack := expiry');
    t.end();
  });
  t.test('a mistyped lease does not cost the others', (t) => {
    const leases = [...JSON.parse(LEASES), { addr: '192.168.42.999', hardware_addr: '' }, ...JSON.parse(LEASES)];
    const { value, warnings, damaged } = parseDhcp4dLeases(JSON.stringify(leases), 'l.json');
    t.equal(value.length, 2);
    t.same(warnings, ['l.json: [1].addr: found "192.168.42.999", expected an IPv4 address; [1] passed over']);
    t.ok(damaged);
    t.end();
  });
  t.end();
});

t.test('times', (t) => {
  const rows: [text: string, ms: number, back: string][] = [
    ['2018-05-18T23:46:04.429895261+02:00', Date.UTC(2018, 4, 18, 21, 46, 4, 429), '2018-05-18T21:46:04.429Z'],
    ['2024-05-01T10:20:00Z', Date.UTC(2024, 4, 1, 10, 20, 0), '2024-05-01T10:20:00Z'],
    ['2024-05-01T10:20:10.1Z', Date.UTC(2024, 4, 1, 10, 20, 10, 100), '2024-05-01T10:20:10.1Z'],
    [ZERO_TIME, -62135596800000, ZERO_TIME],
  ];
  for (const [text, ms, back] of rows) {
    t.equal(parseGoTime(text), ms, text);
    t.equal(formatGoTime(ms), back, text);
  }
  t.equal(formatGoTime(Number.POSITIVE_INFINITY), ZERO_TIME);
  // A static lease without last_ack, and a clock that was set back by a century; and one that was set far ahead.
  t.equal(formatGoTime(parseGoTime(ZERO_TIME) - 100 * 365 * 86_400_000), ZERO_TIME);
  t.equal(formatGoTime(Date.UTC(12_024, 4, 1)), '9999-12-31T23:59:59.999Z');
  for (const wrong of ['', '2024-05-01', '2024-05-01 10:20:00Z', '2024-13-01T10:20:00Z', '2024-05-01T10:20:00']) {
    t.throws(() => parseGoTime(wrong), RangeError, wrong);
  }
  t.end();
});
