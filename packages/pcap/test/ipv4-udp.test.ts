import { ByteWriter, Ipv4Address, toHex } from '@router7/wire';
import t from 'tap';
import {
  decodeIpv4,
  decodeIpv4Udp,
  encodeIpv4,
  encodeIpv4Udp,
  encodeUdp,
  IpProtocol,
  type Ipv4UdpDatagram,
  writeIpv4Udp,
} from '../src/index.ts';
import { type Golden, hex, sameBytes, testGolden, testHostileBytes, testMalformed } from './golden.ts';

const source = Ipv4Address.parse('192.168.42.1');
const destination = Ipv4Address.broadcast;

const rows: Golden<Required<Ipv4UdpDatagram>>[] = [
  {
    name: 'TTL 16, not to be fragmented',
    value: {
      source,
      destination,
      sourcePort: 67,
      destinationPort: 68,
      payload: Uint8Array.of(1, 2, 3),
      ttl: 16,
      dscp: 0,
      dontFragment: true,
      identification: 0,
    },
    bytes: hex(`
      45 00        // version 4, header of 5 words, DSCP 0, ECN 0
      00 1f        // total length
      00 00        // identification
      40 00        // DF
      10 11        // TTL, UDP
      80 25         // header checksum
      c0 a8 2a 01  // source
      ff ff ff ff  // destination
      00 43 00 44  // ports
      00 0b        // length
      10 a6        // checksum
      01 02 03     // payload
    `),
  },
  {
    name: 'DSCP and identification',
    value: {
      source,
      destination,
      sourcePort: 67,
      destinationPort: 68,
      payload: new Uint8Array(0),
      ttl: 64,
      dscp: 46,
      dontFragment: false,
      identification: 0x1234,
    },
    bytes: hex(`
      45 b8        // version 4, header of 5 words, DSCP 46, ECN 0
      00 1c        // total length
      12 34        // identification
      00 00        // no flags
      40 11        // TTL, UDP
      7d 3c        // header checksum
      c0 a8 2a 01  // source
      ff ff ff ff  // destination
      00 43 00 44  // ports
      00 08        // length
      14 ae        // checksum
    `),
  },
];

testGolden(
  rows,
  (bytes) => decodeIpv4Udp(bytes, { verifyChecksums: true }) as Required<Ipv4UdpDatagram>,
  encodeIpv4Udp,
);

const [golden] = rows as [Golden<Required<Ipv4UdpDatagram>>];

t.test('what is not said gets its default', async (t) => {
  const { sourcePort, destinationPort, payload } = golden.value;
  const decoded = decodeIpv4Udp(encodeIpv4Udp({ source, destination, sourcePort, destinationPort, payload }));
  t.strictSame(decoded, { ...golden.value, ttl: 64, dontFragment: false });
});

t.test('is the same as the two codecs one inside the other', async (t) => {
  const { payload, sourcePort, destinationPort, ttl } = golden.value;
  const udp = encodeUdp({ sourcePort, destinationPort, hasChecksum: true, payload }, { source, destination });
  const packet = { ...decodeIpv4(golden.bytes), ttl, payload: udp };
  sameBytes(t, encodeIpv4(packet), golden.bytes, 'encoded layer by layer');
});

t.test('writes behind what a writer holds, again and again', async (t) => {
  const writer = new ByteWriter(4);
  for (let i = 0; i < 3; i++) {
    writer.reset();
    writer.u16(0xabcd);
    writeIpv4Udp(writer, golden.value);
    t.equal(toHex(writer.view()), `abcd${toHex(golden.bytes)}`);
  }
});

t.test('fragments and other protocols are not UDP datagrams', async (t) => {
  const packet = decodeIpv4(golden.bytes);
  const decode = (change: object): unknown =>
    decodeIpv4Udp(encodeIpv4({ ...packet, ...change }), { verifyChecksums: true });
  t.equal(decode({ moreFragments: true }), undefined, 'first fragment');
  t.equal(decode({ fragmentOffset: 8 }), undefined, 'last fragment');
  t.equal(decode({ protocol: IpProtocol.tcp }), undefined, 'TCP');
  t.ok(decode({}));
});

t.test('verifies both checksums only on request', async (t) => {
  for (const octet of [8, 20]) {
    const broken = golden.bytes.slice();
    broken[octet] = (broken[octet] as number) ^ 1;
    const code = 'bad-checksum';
    t.throws(() => decodeIpv4Udp(broken, { verifyChecksums: true }), { code, offset: octet === 8 ? 10 : 26 });
    t.ok(decodeIpv4Udp(broken));
  }
});

testMalformed(
  [
    { name: 'an empty packet', bytes: new Uint8Array(0), code: 'truncated' },
    { name: 'IPv6', bytes: Uint8Array.of(0x60), code: 'bad-magic' },
    {
      name: 'a datagram cut off',
      bytes: hex('4500 0018 00000000 4011 0000 00000000 00000000 00430044'),
      code: 'truncated',
    },
    {
      name: 'a length in the UDP header',
      bytes: hex('4500 001c 00000000 4011 0000 00000000 00000000 00430044 0007 0000'),
      code: 'bad-length',
    },
  ],
  (bytes) => decodeIpv4Udp(bytes),
);

t.test('refuses a payload that does not fit a packet', async (t) => {
  t.throws(() => encodeIpv4Udp({ ...golden.value, payload: new Uint8Array(65_508) }), { code: 'too-long' });
  t.equal(encodeIpv4Udp({ ...golden.value, payload: new Uint8Array(65_507) }).length, 65_535);
  t.throws(() => encodeIpv4Udp({ ...golden.value, ttl: 256 }), { code: 'out-of-range' });
});

testHostileBytes(
  'UDP in IPv4',
  rows.map(({ bytes }) => bytes),
  (bytes) => decodeIpv4Udp(bytes),
);
