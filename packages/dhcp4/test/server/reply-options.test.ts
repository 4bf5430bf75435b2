import { fromHex, Ipv4Prefix } from '@router7/wire';
import t from 'tap';
import { MessageType, type Option } from '../../src/index.ts';
import type { ClientClass } from '../../src/server/config.ts';
import { CONFIG, ip, mac, optionOf, type Received, ROUTER, SimulatedLan, withSubnet } from './simulated-lan.ts';

const asking = (...codes: number[]): Option => ({ kind: 'parameterRequestList', value: codes });
const FIXED = [
  'dhcpMessageType',
  'serverIdentifier',
  'ipAddressLeaseTime',
  'renewalTime',
  'rebindingTime',
  'subnetMask',
];
const kinds = ({ message }: Received): string[] => message.options.map(({ kind }) => kind).slice(FIXED.length);

t.test('D4S-03 options come in the order of the client’s list', (t) => {
  const lan = new SimulatedLan();
  const reply = lan.discover({ options: [asking(119, 15, 6, 3, 1, 15, 42, 0, 255, 51, 54, 82)] });
  t.same(reply.message.options.map(({ kind }) => kind).slice(0, 6), FIXED, 'RFC 2132 3.3: the mask before the router');
  t.same(kinds(reply), ['domainSearch', 'domainName', 'domainNameServer', 'router']);
  t.same(kinds(lan.discover({ options: [asking(3)] })), ['router']);
  t.same(kinds(lan.discover()), ['router', 'domainNameServer', 'domainName', 'domainSearch'], 'no list: everything');
  t.end();
});

t.test('D4S-21 108 only when it is asked for, RFC 8925', (t) => {
  const lan = new SimulatedLan(withSubnet({ options: [{ kind: 'ipv6OnlyPreferred', value: 1800 }] }));
  t.same(kinds(lan.discover()), []);
  t.equal(optionOf(lan.discover({ options: [asking(1, 108)] }), 'ipv6OnlyPreferred'), 1800);
  t.end();
});

t.test('D4S-21 options of the subnet, under those of classes, under those of the reservation', (t) => {
  const ntp = (last: number): Option => ({ kind: 'ntpServers', value: [ip(`192.168.42.${last}`)] });
  const dns = (last: number): Option => ({ kind: 'domainNameServer', value: [ip(`192.168.42.${last}`)] });
  const first: ClientClass = {
    name: 'odd',
    matches: ({ chaddr }) => (chaddr[5] as number) % 2 === 1,
    options: [ntp(2), dns(2)],
    leaseTimeSeconds: 3600,
  };
  const second: ClientClass = {
    name: 'fives',
    matches: ({ chaddr }) => (chaddr[5] as number) % 5 === 0,
    options: [ntp(3)],
  };
  const lan = new SimulatedLan(
    withSubnet({
      options: [ntp(1), dns(1), { kind: 'domainName', value: 'lan' }],
      classes: [first, second],
      reservations: [{ address: ip('192.168.42.77'), hardwareAddress: mac('02:00:00:00:00:05'), options: [dns(4)] }],
    }),
  );
  const rows: [last: string, ntp: number, dns: number, seconds: number][] = [
    ['02', 1, 1, 1200],
    ['01', 2, 2, 3600],
    ['0a', 3, 1, 1200],
    ['05', 3, 4, 3600],
  ];
  for (const [last, ntpLast, dnsLast, seconds] of rows) {
    const reply = lan.discover({ from: `02:00:00:00:00:${last}`, options: [asking(42, 6, 15)] });
    t.equal(`${optionOf(reply, 'ntpServers')}`, `192.168.42.${ntpLast}`, last);
    t.equal(`${optionOf(reply, 'domainNameServer')}`, `192.168.42.${dnsLast}`, last);
    t.equal(optionOf(reply, 'domainName'), 'lan');
    t.equal(optionOf(reply, 'ipAddressLeaseTime'), seconds);
  }
  t.end();
});

t.test('D4S-21 network boot: siaddr, and file or option 67', (t) => {
  const pxe: ClientClass = {
    name: 'efi',
    matches: (message) => message.options.some(({ kind }) => kind === 'clientSystemArchitecture'),
    options: [{ kind: 'bootfileName', value: 'efi/boot.efi' }],
    nextServer: ip('192.168.42.5'),
    bootFile: 'boot.efi',
  };
  const lan = new SimulatedLan(withSubnet({ classes: [pxe] }));
  const efi: Option = { kind: 'clientSystemArchitecture', value: [7] };
  const rom = lan.discover({ options: [efi, asking(1, 3)] }).message;
  t.ok(rom.siaddr.equals(ip('192.168.42.5')));
  t.equal(String.fromCharCode(...rom.file), 'boot.efi');
  const other = lan.discover({ options: [efi, asking(1, 3, 67)] });
  t.equal(other.message.file.length, 0);
  t.equal(optionOf(other, 'bootfileName'), 'efi/boot.efi');
  const plain = lan.discover({ options: [asking(1, 3, 67)] });
  t.ok(plain.message.siaddr.isUnspecified);
  t.equal(optionOf(plain, 'bootfileName'), undefined);
  t.end();
});

t.test('settings of any option, also raw and for the mask and T1', (t) => {
  const lan = new SimulatedLan(
    withSubnet({
      options: [
        { kind: 'raw', code: 224, data: fromHex('010203') },
        { kind: 'subnetMask', value: ip('255.255.255.255') },
        { kind: 'renewalTime', value: 77 },
        { kind: 'rebindingTime', value: 88 },
      ],
    }),
  );
  const reply = lan.discover({ options: [asking(224)] });
  t.same(reply.message.options.at(-1), { kind: 'raw', code: 224, data: fromHex('010203') });
  t.ok(optionOf(reply, 'subnetMask')?.isBroadcast);
  t.equal(optionOf(reply, 'renewalTime'), 77);
  t.equal(optionOf(reply, 'rebindingTime'), 88);
  t.end();
});

t.test('no reply is larger than the client can take', async (t) => {
  const long: Option[] = [224, 225, 226].map((code) => ({ kind: 'raw', code, data: new Uint8Array(200).fill(code) }));
  const all = asking(224, 225, 226, 3);

  t.test('576 octets without option 57: other fields are used, then what was wanted least goes', (t) => {
    const lan = new SimulatedLan(withSubnet({ options: [...long, { kind: 'router', value: [ROUTER] }] }));
    const reply = lan.discover({ options: [all] });
    t.ok(reply.send.payload.length <= 548, `${reply.send.payload.length} octets`);
    t.ok(reply.message.options.some((option) => option.kind === 'raw' && option.code === 224));
    t.ok(optionOf(reply, 'ipAddressLeaseTime'));
    t.notOk(optionOf(reply, 'router'), 'it was the last of the list');
    t.end();
  });

  t.test('option 57 allows more, up to a frame', (t) => {
    const lan = new SimulatedLan(withSubnet({ options: [...long, { kind: 'router', value: [ROUTER] }] }));
    const reply = lan.discover({ options: [all, { kind: 'maximumDhcpMessageSize', value: 1500 }] });
    t.equal(kinds(reply).length, 4);
    const more: Option[] = [
      ...long,
      ...[227, 228, 229, 230].map((code) => ({ kind: 'raw' as const, code, data: new Uint8Array(250) })),
    ];
    const wide = new SimulatedLan(withSubnet({ options: more }));
    const large = wide.discover({ options: [{ kind: 'maximumDhcpMessageSize', value: 65535 }] });
    t.ok(large.send.payload.length <= 1472, `${large.send.payload.length} octets`);
    t.end();
  });

  t.test('what has to be in does not fit: no reply, no exception', (t) => {
    const lan = new SimulatedLan();
    const relayed: Option = {
      kind: 'relayAgentInformation',
      value: [1, 2, 3].map((i) => ({ kind: 'raw' as const, code: 150 + i, data: new Uint8Array(250) })),
    };
    t.equal(lan.send(MessageType.discover, { giaddr: ip('192.168.42.2'), options: [relayed] }), undefined);
    t.equal(lan.discarded, 'malformed');
    t.end();
  });
});

t.test('a reply that cannot be written is not taken for one that is too long', (t) => {
  const endless: ClientClass = { name: 'endless', matches: () => true, options: [], leaseTimeSeconds: 2 ** 33 };
  const lan = new SimulatedLan(withSubnet({ classes: [endless] }));
  t.equal(lan.send(MessageType.discover), undefined);
  t.equal(lan.discarded, 'unencodable');
  t.end();
});

t.test('settings that contradict themselves are refused', (t) => {
  const reservation = { address: ip('192.168.42.50'), hardwareAddress: mac('02:00:00:00:00:01') };
  type Row = [name: string, config: typeof CONFIG, code: string];
  const rows: Row[] = [
    ['no subnet', { ...CONFIG, subnets: [] }, 'bad-value'],
    ['a subnet twice', { ...CONFIG, subnets: [...CONFIG.subnets, ...CONFIG.subnets] }, 'bad-value'],
    ['a pool elsewhere', withSubnet({ pools: [{ first: ip('10.0.0.1'), last: ip('10.0.0.2') }] }), 'bad-value'],
    ['a pool backwards', withSubnet({ pools: [{ first: ip('192.168.42.9'), last: ip('192.168.42.8') }] }), 'bad-value'],
    ['reserved elsewhere', withSubnet({ reservations: [{ ...reservation, address: ip('10.0.0.1') }] }), 'bad-value'],
    ['the router’s own reserved', withSubnet({ reservations: [{ ...reservation, address: ROUTER }] }), 'bad-value'],
    ['reserved for nobody', withSubnet({ reservations: [{ address: reservation.address }] }), 'bad-value'],
    [
      'reserved twice',
      withSubnet({ reservations: [reservation, { ...reservation, hardwareAddress: mac('02:00:00:00:00:02') }] }),
      'bad-value',
    ],
    [
      'two for one',
      withSubnet({ reservations: [reservation, { ...reservation, address: ip('192.168.42.51') }] }),
      'bad-value',
    ],
    ['an option without encoding', withSubnet({ options: [{ kind: 'interfaceMtu', value: 70000 }] }), 'out-of-range'],
    ...[0, 52, 255].map((code): Row => {
      const raw: Option = { kind: 'raw', code, data: Uint8Array.of(1) };
      return [`option ${code}, which is the encoder’s business`, withSubnet({ options: [raw] }), 'bad-value'];
    }),
    [
      'a boot file whose name has no room',
      withSubnet({ classes: [{ name: 'rom', matches: () => true, options: [], bootFile: 'ü'.repeat(65) }] }),
      'too-long',
    ],
    [
      'a pool of millions',
      withSubnet({
        prefix: Ipv4Prefix.parse('10.0.0.1/8'),
        pools: [{ first: ip('10.0.0.2'), last: ip('10.200.0.0') }],
      }),
      'out-of-range',
    ],
  ];
  for (const [name, config, code] of rows) t.throws(() => new SimulatedLan(config), { code }, name);
  t.end();
});

t.test('RFC 4702 option 81: who tells the DNS, and the name that was chosen', (t) => {
  const E = 4;
  const naming = (flags: number, name: string, ...codes: number[]): { readonly options: Option[] } => ({
    options: [
      { kind: 'clientFqdn', value: { flags, rcode1: 0, rcode2: 0, name } },
      ...(codes.length === 0 ? [] : [asking(...codes)]),
    ],
  });
  const rows: [what: string, flags: number, name: string, replied: number, fullName: string][] = [
    ['the server shall: it does', 1 | E, 'lab.example.org.', 1 | E, 'lab.lan.'],
    ['a part of a name', 1 | E, 'Lab', 1 | E, 'lab.lan.'],
    ['the client wants to: overridden', 0 | E, 'lab.', 1 | 2 | E, 'lab.lan.'],
    ['nobody shall: overridden, for the home has its own DNS', 8 | E, 'lab.', 1 | 2 | E, 'lab.lan.'],
    ['in ASCII', 1, 'lab.example.org', 1, 'lab.lan'],
    ['never a public name', 1 | E, 'com.', 1 | E, 'com-42-13.lan.'],
  ];
  for (const [what, flags, name, replied, fullName] of rows) {
    const lan = new SimulatedLan();
    const address = ip('192.168.42.13');
    const wish: Option = { kind: 'requestedIpAddress', value: address };
    const wanted = naming(flags, name, 81);
    const expected = { flags: replied, rcode1: 255, rcode2: 255, name: fullName };
    t.same(optionOf(lan.discover({ options: [...wanted.options, wish] }), 'clientFqdn'), expected, what);
    t.same(optionOf(lan.select(address, wanted), 'clientFqdn'), expected, what);
    t.equal(`${lan.at(address)?.hostName}.lan`, fullName.replace(/\.$/, ''), 'it is the name of the lease');
  }
  const lan = new SimulatedLan();
  t.ok(optionOf(lan.discover(naming(1 | E, 'lab.')), 'clientFqdn'), 'a client without a list gets all');
  t.notOk(optionOf(lan.discover(naming(1 | E, 'lab.', 1, 3)), 'clientFqdn'), 'not asked for');
  t.notOk(optionOf(lan.discover(naming(1 | E, '', 81)), 'clientFqdn'), 'no name');
  t.notOk(optionOf(lan.discover({ options: [asking(81)] }), 'clientFqdn'), 'not sent');
  const address = lan.lease(naming(1 | E, 'lab.', 81));
  lan.handle({ kind: 'set-host-name', client: address, hostName: 'kitchen' });
  t.equal(optionOf(lan.renew(address, naming(1 | E, 'lab.', 81)), 'clientFqdn')?.name, 'kitchen.lan.');
  const bare = new SimulatedLan(withSubnet({ options: [] }));
  t.equal(optionOf(bare.discover(naming(1 | E, 'lab.', 81)), 'clientFqdn')?.name, 'lab', 'without a domain: partial');
  for (const [domain, fullName] of [
    ['lan.', 'lab.lan.'],
    ['.', 'lab'],
    ['a..b', undefined],
    [`${'a'.repeat(64)}.lan`, undefined],
    [`${'a.'.repeat(125)}lan`, undefined],
  ] as const) {
    const text: Option = { kind: 'domainName', value: domain };
    const other = new SimulatedLan(withSubnet({ options: [{ kind: 'router', value: [ROUTER] }, text] }));
    const offer = other.discover(naming(1 | E, 'lab.', 3, 15, 81));
    t.equal(optionOf(offer, 'clientFqdn')?.name, fullName, domain);
    t.same(optionOf(offer, 'router'), [ROUTER], 'no other option is lost to it');
  }
  t.end();
});
