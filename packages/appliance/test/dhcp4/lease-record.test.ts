import {
  ClientEngine,
  type ClientLease,
  defaultClientConfig,
  encodeMessage,
  MessageType,
  Op,
  type Option,
} from '@router7/dhcp4';
import { Ipv4Address, Ipv4Prefix, MacAddress } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { leaseRecord } from '../../src/dhcp4/lease-record.ts';
import { formatDhcp4Lease, parseDhcp4Lease } from '../../src/state/dhcp4-lease.ts';

const MAC = MacAddress.parse('02:73:53:00:ca:fe');
const ip = Ipv4Address.parse;
/** 2024-05-01T10:00:00.5Z; the monotonic clock stands at 7000 ms. */
const clock = { now: () => 7000, wall: () => Date.UTC(2024, 4, 1, 10, 0, 0, 500) };

t.test('D4C-02 D4C-28 router7’s five keys first, T1 as valid_until, one line', async (t) => {
  const lease = leaseOf([
    { kind: 'ipAddressLeaseTime', value: 3600 },
    { kind: 'subnetMask', value: ip('255.255.255.128') },
    { kind: 'router', value: [ip('198.51.100.1'), ip('198.51.100.2')] },
    { kind: 'domainNameServer', value: [ip('203.0.113.53')] },
    { kind: 'raw', code: 224, data: Uint8Array.of(0xc0, 0xff, 0xee) },
  ]);
  const text = formatDhcp4Lease(leaseRecord(lease, clock));
  t.equal(
    text,
    '{"valid_until":"2024-05-01T10:30:00.5Z","client_ip":"198.51.100.7","subnet_mask":"255.255.255.128",' +
      '"router":"198.51.100.1","dns":["203.0.113.53"],"acquired":"2024-05-01T10:00:00.5Z","t1":"2024-05-01T10:30:00.5Z",' +
      '"t2":"2024-05-01T10:52:30.5Z","expiry":"2024-05-01T11:00:00.5Z","server_id":"198.51.100.1",' +
      '"routers":["198.51.100.1","198.51.100.2"],"options":{"1":"ffffff80","3":"c6336401c6336402","6":"cb007135",' +
      '"51":"00000e10","53":"05","54":"c6336401","224":"c0ffee"}}',
  );
});

t.test('D4C-15 classless routes', async (t) => {
  const value = [
    { destination: Ipv4Prefix.parse('0.0.0.0/0'), router: ip('198.51.100.9') },
    { destination: Ipv4Prefix.parse('10.0.0.0/8'), router: ip('0.0.0.0') },
  ];
  const { classless_routes } = leaseRecord(leaseOf([{ kind: 'classlessStaticRoute', value }]), clock);
  t.same(classless_routes, [
    { destination: '0.0.0.0/0', gateway: '198.51.100.9' },
    { destination: '10.0.0.0/8', gateway: '0.0.0.0' },
  ]);
});

t.test('a lease without end, without a mask, without routers', async (t) => {
  const record = leaseRecord(leaseOf([{ kind: 'ipAddressLeaseTime', value: 0xffff_ffff }]), clock);
  t.match(record, { subnet_mask: '', router: '', dns: [], routers: [] });
  t.match(record, { t1: '0001-01-01T00:00:00Z', t2: '0001-01-01T00:00:00Z', expiry: '0001-01-01T00:00:00Z' });
  t.equal(record.valid_until, '2092-05-19T13:14:07.5Z', 'as router7 would have it: not over for a reader of today');
});

t.test('D4C-18 whatever a server puts into its options, the file can be read back', async (t) => {
  const option = fc.record({
    code: fc.integer({ min: 1, max: 254 }).filter((code) => ![50, 52, 53, 54, 61].includes(code)),
    data: fc.uint8Array({ minLength: 0, maxLength: 40 }),
  });
  fc.assert(
    fc.property(fc.array(option, { maxLength: 20 }), (options) => {
      const unique = [...new Map(options.map((each) => [each.code, each])).values()];
      const lease = leaseOf(unique.map(({ code, data }): Option => ({ kind: 'raw', code, data })));
      const record = leaseRecord(lease, clock);
      const { value, warnings } = parseDhcp4Lease(formatDhcp4Lease(record));
      t.same(warnings, []);
      t.equal(value.client_ip, '198.51.100.7');
      for (const { code, data } of unique) {
        const octets = Buffer.from(data).toString('hex');
        // RFC 2132 section 2: zero octets behind a text are no part of it.
        const withoutZeros = octets.replace(/(?:00)+$/, '');
        if (![octets, withoutZeros].includes(record.options?.[code] ?? '-')) throw new Error(`option ${code}`);
      }
    }),
    { numRuns: 200 },
  );
});

/** What a client makes of a DHCPACK with these options, that came just now. */
function leaseOf(options: readonly Option[]): ClientLease {
  const ack = encodeMessage({
    op: Op.bootReply,
    htype: 1,
    hops: 0,
    xid: 1,
    secs: 0,
    flags: 0,
    ciaddr: Ipv4Address.unspecified,
    yiaddr: ip('198.51.100.7'),
    siaddr: Ipv4Address.unspecified,
    giaddr: Ipv4Address.unspecified,
    chaddr: MAC.toBytes(),
    sname: new Uint8Array(64),
    file: new Uint8Array(128),
    options: [
      { kind: 'dhcpMessageType', value: MessageType.ack },
      { kind: 'serverIdentifier', value: ip('198.51.100.1') },
      ...options,
    ],
  });
  const engine = new ClientEngine(defaultClientConfig(MAC), { random: () => 0, remembered: { ack, ageMs: 0 } });
  engine.handle({ kind: 'timeout' }, clock.now());
  if (engine.lease === undefined) throw new Error('the DHCPACK was not taken');
  return engine.lease;
}
