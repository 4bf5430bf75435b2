import { Ipv4Address, MacAddress } from '@router7/wire';
import t from 'tap';
import { ArpOperation, type ArpPacket, decodeArp, encodeArp } from '../src/index.ts';
import { type Golden, hex, testGolden, testHostileBytes, testMalformed } from './golden.ts';

const router = MacAddress.parse('02:73:53:00:ca:fe');
const client = MacAddress.parse('d8:58:d7:00:4e:df');

const rows: Golden<ArpPacket>[] = [
  {
    name: 'a probe for conflicts (RFC 5227)',
    value: {
      kind: 'ethernet',
      operation: ArpOperation.request,
      senderHardwareAddress: client,
      senderProtocolAddress: Ipv4Address.unspecified,
      targetHardwareAddress: MacAddress.zero,
      targetProtocolAddress: Ipv4Address.parse('192.168.42.23'),
    },
    bytes: hex(`
      00 01              // hardware type: Ethernet
      08 00              // protocol type: IPv4
      06 04              // lengths of the addresses
      00 01              // operation: request
      d8 58 d7 00 4e df  // sender hardware address
      00 00 00 00        // sender protocol address: none
      00 00 00 00 00 00  // target hardware address: asked for
      c0 a8 2a 17        // target protocol address
    `),
  },
  {
    name: 'a reply',
    value: {
      kind: 'ethernet',
      operation: ArpOperation.reply,
      senderHardwareAddress: router,
      senderProtocolAddress: Ipv4Address.parse('192.168.42.1'),
      targetHardwareAddress: client,
      targetProtocolAddress: Ipv4Address.parse('192.168.42.23'),
    },
    bytes: hex(`
      00 01              // hardware type: Ethernet
      08 00              // protocol type: IPv4
      06 04              // lengths of the addresses
      00 02              // operation: reply
      02 73 53 00 ca fe  // sender hardware address
      c0 a8 2a 01        // sender protocol address
      d8 58 d7 00 4e df  // target hardware address
      c0 a8 2a 17        // target protocol address
    `),
  },
  {
    name: 'an unknown operation stays a number',
    value: {
      kind: 'ethernet',
      operation: 9,
      senderHardwareAddress: MacAddress.zero,
      senderProtocolAddress: Ipv4Address.unspecified,
      targetHardwareAddress: MacAddress.broadcast,
      targetProtocolAddress: Ipv4Address.broadcast,
    },
    bytes: hex(`
      0001 0800 06 04    // Ethernet, IPv4
      00 09              // operation: InARP reply
      00 00 00 00 00 00  // sender hardware address
      00 00 00 00        // sender protocol address
      ff ff ff ff ff ff  // target hardware address
      ff ff ff ff        // target protocol address
    `),
  },
  {
    name: 'other hardware stays raw',
    value: {
      kind: 'raw',
      hardwareType: 32,
      protocolType: 0x0800,
      hardwareLength: 2,
      protocolLength: 4,
      operation: 1,
      addresses: Uint8Array.of(1, 2, 10, 0, 0, 1, 3, 4, 10, 0, 0, 2),
    },
    bytes: hex(`
      00 20        // hardware type: InfiniBand
      08 00        // protocol type: IPv4
      02 04        // lengths of the addresses
      00 01        // operation: request
      01 02        // sender hardware address
      0a 00 00 01  // sender protocol address
      03 04        // target hardware address
      0a 00 00 02  // target protocol address
    `),
  },
  {
    name: 'Ethernet with a length that is not its own stays raw',
    value: {
      kind: 'raw',
      hardwareType: 1,
      protocolType: 0x0800,
      hardwareLength: 0,
      protocolLength: 0,
      operation: 1,
      addresses: new Uint8Array(0),
    },
    bytes: hex(`
      00 01  // hardware type: Ethernet
      08 00  // protocol type: IPv4
      00 00  // lengths of the addresses
      00 01  // operation: request
    `),
  },
];

testGolden(rows, (bytes) => decodeArp(bytes), encodeArp);

t.test('passes over the padding of a short frame', async (t) => {
  const [probe] = rows as [Golden<ArpPacket>];
  const padded = new Uint8Array(46);
  padded.set(probe.bytes);
  t.strictSame(decodeArp(padded), probe.value);
});

testMalformed(
  [
    { name: 'nothing', bytes: new Uint8Array(0), code: 'truncated' },
    { name: 'a header cut off', bytes: hex('0001 0800 06'), code: 'truncated' },
    ...Array.from({ length: 20 }, (_, i) => ({
      name: `a reply of ${8 + i} octets`,
      bytes: (rows[1] as Golden<ArpPacket>).bytes.slice(0, 8 + i),
      code: 'truncated' as const,
    })),
    { name: 'lengths past the end', bytes: hex('0001 0800 ff ff 0001 00'), code: 'truncated' },
  ],
  (bytes) => decodeArp(bytes),
);

t.test('an error names the octet of the whole frame', async (t) => {
  t.throws(() => decodeArp(hex('0001 0800'), 14), { name: 'DecodeError', code: 'truncated', offset: 18 });
});

t.test('refuses addresses that contradict the lengths', async (t) => {
  const raw = { ...(rows[3] as Golden<ArpPacket>).value, hardwareLength: 3 } as ArpPacket;
  t.throws(() => encodeArp(raw), { name: 'EncodeError', code: 'bad-value' });
});

testHostileBytes(
  'ARP',
  rows.map(({ bytes }) => bytes),
  (bytes) => decodeArp(bytes),
  encodeArp,
);
