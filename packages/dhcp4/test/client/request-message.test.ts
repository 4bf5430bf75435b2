/** RFC 2131 table 5 and section 4.3.2: the fields and options of every message, on what really leaves the engine. */
import { bytesEqual, type Ipv4Address, MacAddress, toHex } from '@router7/wire';
import t from 'tap';
import { DEFAULT_PARAMETERS, defaultClientConfig } from '../../src/client/default-config.ts';
import { ClientEngine } from '../../src/client/engine.ts';
import { BROADCAST_FLAG, type Message, MessageType, optionValue } from '../../src/message.ts';
import { rfc4361ClientIdentifier } from '../../src/options/client-identifier.ts';
import { ADDRESS, ip, MAC, optionNames, plainConfig, SERVER, SimulatedClient } from './simulated-client.ts';

interface Expected {
  readonly type: number;
  readonly ciaddr?: string;
  readonly requested?: string;
  readonly server?: string;
  readonly source: string;
  readonly destination: string;
  readonly secs?: number;
  /** Whether it asks for parameters: options 55 and 57 and those of the configuration. */
  readonly asks: boolean;
}

function check(name: string, client: SimulatedClient, expected: Expected): void {
  t.test(name, (t) => {
    const { message, send, type } = client.sent().at(-1) as ReturnType<SimulatedClient['sent']>[number];
    const text = (address: Ipv4Address | undefined): string | undefined => address?.toString();
    t.equal(type, expected.type);
    t.match(message, { op: 1, htype: 1, hops: 0, flags: 0 });
    t.equal(toHex(message.chaddr), toHex(MAC.toBytes()));
    t.equal(text(message.ciaddr), expected.ciaddr ?? '0.0.0.0');
    for (const field of ['yiaddr', 'siaddr', 'giaddr'] as const) t.equal(text(message[field]), '0.0.0.0', field);
    t.equal(message.sname.length + message.file.length, 0, 'sname and file are unused');
    t.equal(text(optionValue(message, 'requestedIpAddress')), expected.requested);
    t.equal(text(optionValue(message, 'serverIdentifier')), expected.server);
    t.equal(text(send.source), expected.source);
    t.equal(text(send.destination), expected.destination);
    t.equal(message.secs, expected.secs ?? 0);
    t.equal(optionNames(message)[0], 'dhcpMessageType');
    t.equal(toHex(optionValue(message, 'clientIdentifier') as Uint8Array), `01${toHex(MAC.toBytes())}`);
    t.equal(optionValue(message, 'maximumDhcpMessageSize'), expected.asks ? 1472 : undefined);
    t.equal(optionValue(message, 'parameterRequestList') !== undefined, expected.asks);
    t.equal(optionValue(message, 'vendorClassIdentifier'), expected.asks ? 'isp' : undefined);
    t.ok(send.payload.length >= 300, 'as long as a BOOTP message');
    t.end();
  });
}

const OPTIONS = [{ kind: 'vendorClassIdentifier', value: 'isp' }] as const;
const BROADCAST = { source: '0.0.0.0', destination: '255.255.255.255', asks: true };

{
  const client = new SimulatedClient({ options: OPTIONS });
  client.up();
  check('D4C-01 DHCPDISCOVER in SELECTING', client, { type: MessageType.discover, ...BROADCAST });
  client.step();
  check('D4C-22 secs grows with a repeated DHCPDISCOVER', client, {
    type: MessageType.discover,
    ...BROADCAST,
    secs: Math.floor((client.now - 1_000_000) / 1000),
  });
  const discover = client.last();
  client.now += 3000;
  client.answer();
  check('D4C-01 DHCPREQUEST in SELECTING has the secs of its DHCPDISCOVER', client, {
    type: MessageType.request,
    ...BROADCAST,
    requested: '192.0.2.77',
    server: '192.0.2.1',
    secs: discover.secs,
  });
  t.equal(client.last().xid, discover.xid, 'DHCPREQUEST has the xid of the DHCPOFFER (4.4.1)');
  client.step();
  t.equal(client.last().secs, discover.secs, 'and so has its repetition');
  client.answer();
  client.advance(1800_000);
  check('D4C-05 DHCPREQUEST in RENEWING', client, {
    type: MessageType.request,
    ciaddr: '192.0.2.77',
    source: '192.0.2.77',
    destination: '192.0.2.1',
    asks: true,
  });
  t.not(client.last().xid, discover.xid, 'a new exchange has a new xid');
  const renewing = client.last();
  client.advance(3150_000 - 1800_000);
  t.equal(client.engine.state, 'rebinding');
  t.not(client.last().xid, renewing.xid, 'a new exchange has a new xid');
  check('D4C-05 DHCPREQUEST in REBINDING', client, {
    type: MessageType.request,
    ciaddr: '192.0.2.77',
    source: '192.0.2.77',
    destination: '255.255.255.255',
    // Since the renewing began at T1.
    secs: 3150 - 1800,
    asks: true,
  });
  client.answer();
  client.down();
  client.now += 5000;
  client.up();
  check('D4C-04 DHCPREQUEST in INIT-REBOOT: option 50, no option 54, ciaddr 0', client, {
    type: MessageType.request,
    ...BROADCAST,
    requested: '192.0.2.77',
  });
  client.answer();
  client.handle({ kind: 'release' });
  check('D4C-11 DHCPRELEASE', client, {
    type: MessageType.release,
    ciaddr: '192.0.2.77',
    server: '192.0.2.1',
    source: '192.0.2.77',
    destination: '192.0.2.1',
    asks: false,
  });
}

{
  const client = new SimulatedClient({ options: OPTIONS, probe: true }).acquire();
  client.now += 5000;
  client.arp(MacAddress.parse('02:00:00:00:00:99'), ADDRESS, ADDRESS, 2);
  check('D4C-21 DHCPDECLINE', client, {
    type: MessageType.decline,
    requested: '192.0.2.77',
    server: '192.0.2.1',
    source: '0.0.0.0',
    destination: '255.255.255.255',
    asks: false,
  });
  t.ok(optionValue(client.last(), 'message'), 'table 5: option 56 SHOULD be in a DHCPDECLINE');
}

{
  const client = new SimulatedClient({ options: [...OPTIONS, { kind: 'ipAddressLeaseTime', value: 600 }] });
  client.handle({ kind: 'inform', address: ip('198.51.100.7') });
  client.up();
  check('DHCPINFORM', client, {
    type: MessageType.inform,
    ciaddr: '198.51.100.7',
    source: '198.51.100.7',
    destination: '255.255.255.255',
    asks: true,
  });
  const list = optionValue(client.last(), 'parameterRequestList') ?? [];
  t.strictSame(
    [51, 58, 59].filter((code) => list.includes(code)),
    [],
    'section 4.4.3: lease time parameters SHOULD NOT be asked for',
  );
  t.equal(optionValue(client.last(), 'ipAddressLeaseTime'), undefined, 'table 5: option 51 MUST NOT be there');
}

t.test('D4C-14 option 55 asks for what a router uses, 121 before 33 and 3 (RFC 3442)', async (t) => {
  const client = new SimulatedClient();
  client.up();
  const discover = optionValue(client.last(), 'parameterRequestList') as readonly number[];
  const wanted = [1, 3, 6, 12, 15, 26, 28, 33, 42, 51, 54, 58, 59, 108, 114, 119, 120, 121, 125, 138, 150, 162, 212];
  t.strictSame(
    [...discover].sort((a, b) => a - b),
    wanted,
  );
  t.ok(discover.indexOf(121) < discover.indexOf(3));
  t.ok(discover.indexOf(121) < discover.indexOf(33));
  client.answer();
  t.strictSame(optionValue(client.last(), 'parameterRequestList'), discover, '4.4.1: in all subsequent messages');
  t.strictSame(discover, DEFAULT_PARAMETERS);
});

t.test('D4C-19 the client identifier is the same in every message, RFC 4361 form too', async (t) => {
  const clientIdentifier = rfc4361ClientIdentifier(7, Uint8Array.of(0, 3, 0, 1, 2, 0x73, 0x53, 0, 0xca, 0xfe));
  const client = new SimulatedClient({ clientIdentifier }).acquire();
  client.handle({ kind: 'release' });
  t.equal(client.sent().length, 3);
  for (const { message } of client.sent()) {
    t.ok(bytesEqual(optionValue(message, 'clientIdentifier') as Uint8Array, clientIdentifier));
  }
});

t.test('D4C-20 option 57 is as configured, and one that RFC 2132 forbids is refused', async (t) => {
  const client = new SimulatedClient({ maximumMessageSize: 576 });
  client.up();
  t.equal(optionValue(client.last(), 'maximumDhcpMessageSize'), 576);
  for (const maximumMessageSize of [0, 575, 65536, Number.NaN]) {
    t.throws(() => new ClientEngine(plainConfig({ maximumMessageSize }), { random: () => 0 }), {
      code: 'out-of-range',
    });
  }
});

t.test('D4C-22 host name, FQDN and the options of the provider', async (t) => {
  const sent = (options: Parameters<typeof plainConfig>[0]): Message => {
    const client = new SimulatedClient(options);
    client.up();
    return client.last();
  };
  const hostName = (value: string): string | undefined =>
    optionValue(sent({ options: [{ kind: 'hostName', value }] }), 'hostName');
  t.equal(hostName('router7'), 'router7');
  t.equal(hostName('x'.repeat(200)), 'x'.repeat(63), 'a label has 63 octets');
  t.equal(hostName(`${'ü'.repeat(40)}.example`), `${'ü'.repeat(31)}.example`, 'in UTF-8, and never half a character');
  t.equal(hostName(''), undefined, 'an empty one is left out');

  const both = sent({
    options: [
      { kind: 'hostName', value: 'router7' },
      { kind: 'raw', code: 12, data: Uint8Array.of(114) },
      { kind: 'clientFqdn', value: { flags: 1, rcode1: 0, rcode2: 0, name: 'router7.example' } as never },
    ],
  });
  t.equal(optionValue(both, 'hostName'), undefined, 'RFC 4702 3.1: not both');
  t.ok(optionValue(both, 'clientFqdn'));

  const raw = sent({
    options: [
      { kind: 'userClass', value: [Uint8Array.of(1, 2)] },
      { kind: 'raw', code: 224, data: Uint8Array.of(9) },
      { kind: 'serverIdentifier', value: SERVER },
      { kind: 'requestedIpAddress', value: ADDRESS },
      { kind: 'raw', code: 53, data: Uint8Array.of(8) },
    ],
  });
  t.strictSame(optionNames(raw), [
    'dhcpMessageType',
    'clientIdentifier',
    'maximumDhcpMessageSize',
    'parameterRequestList',
    'userClass',
    224,
  ]);
  t.equal(optionValue(raw, 'dhcpMessageType'), MessageType.discover, 'what the state decides cannot be configured');
});

t.test('a configuration that has no encoding is refused by the constructor', async (t) => {
  const options = [{ kind: 'interfaceMtu', value: -1 }] as const;
  t.throws(() => new ClientEngine(plainConfig({ options }), { random: () => 0 }), { name: 'EncodeError' });
});

t.test('the BROADCAST bit is set only when it is asked for, and only without an address', async (t) => {
  const client = new SimulatedClient({ requestBroadcast: true }).acquire();
  client.advance(1800_000);
  client.handle({ kind: 'release' });
  t.strictSame(
    client.sent().map(({ message }) => message.flags),
    [BROADCAST_FLAG, BROADCAST_FLAG, 0, 0],
  );
});

t.test('the defaults are those of the RFCs', async (t) => {
  t.match(defaultClientConfig(MAC), {
    startDelayMs: [1000, 10_000],
    declineWaitMs: 10_000,
    retry: { initialMs: 4000, maximumMs: 64_000, jitterMs: 1000, requestAttempts: 4, minimumRenewMs: 60_000 },
  });
});
