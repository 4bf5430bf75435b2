import { MacAddress } from '@router7/wire';
import t from 'tap';
import { decodeEthernet, type EthernetFrame, EtherType, encodeEthernet } from '../src/index.ts';
import { ethernetFrame } from './arbitrary.ts';
import { type Golden, hex, testGolden, testHostileBytes, testMalformed, testRoundTrip } from './golden.ts';

const router = MacAddress.parse('02:73:53:00:ca:fe');
const client = MacAddress.parse('d8:58:d7:00:4e:df');

const rows: Golden<EthernetFrame>[] = [
  {
    name: 'an IPv4 packet, untagged',
    value: {
      destination: client,
      source: router,
      tags: [],
      etherType: EtherType.ipv4,
      payload: Uint8Array.of(0x45, 0, 1),
    },
    bytes: hex(`
      d8 58 d7 00 4e df  // destination
      02 73 53 00 ca fe  // source
      08 00              // EtherType: IPv4
      45 00 01           // payload
    `),
  },
  {
    name: 'one 802.1Q tag',
    value: {
      destination: MacAddress.broadcast,
      source: client,
      tags: [{ tpid: EtherType.vlan, pcp: 6, dei: false, vid: 10 }],
      etherType: EtherType.arp,
      payload: new Uint8Array(0),
    },
    bytes: hex(`
      ff ff ff ff ff ff  // destination
      d8 58 d7 00 4e df  // source
      81 00              // TPID: 802.1Q
      c0 0a              // PCP 6, DEI 0, VID 10
      08 06              // EtherType: ARP
    `),
  },
  {
    name: '802.1ad around 802.1Q, drop eligible, highest VLAN',
    value: {
      destination: client,
      source: router,
      tags: [
        { tpid: EtherType.serviceVlan, pcp: 0, dei: true, vid: 4095 },
        { tpid: EtherType.vlan, pcp: 7, dei: true, vid: 0 },
      ],
      etherType: EtherType.ipv6,
      payload: Uint8Array.of(0x60),
    },
    bytes: hex(`
      d8 58 d7 00 4e df  // destination
      02 73 53 00 ca fe  // source
      88 a8              // TPID: 802.1ad
      1f ff              // PCP 0, DEI 1, VID 4095
      81 00              // TPID: 802.1Q
      f0 00              // PCP 7, DEI 1, VID 0
      86 dd              // EtherType: IPv6
      60                 // payload
    `),
  },
  {
    name: 'IEEE 802.3 with a length (spanning tree)',
    value: {
      destination: MacAddress.parse('01:80:c2:00:00:00'),
      source: router,
      tags: [],
      etherType: 3,
      payload: Uint8Array.of(0x42, 0x42, 0x03, 0),
    },
    bytes: hex(`
      01 80 c2 00 00 00  // destination
      02 73 53 00 ca fe  // source
      00 03              // length of the LLC frame
      42 42 03           // LLC
      00                 // padding, kept
    `),
  },
];

testGolden(rows, decodeEthernet, encodeEthernet);

testMalformed(
  [
    { name: 'an empty frame', bytes: new Uint8Array(0), code: 'truncated' },
    { name: 'a frame without EtherType', bytes: hex('ffffffffffff 02735300cafe 08'), code: 'truncated' },
    { name: 'a tag cut off', bytes: hex('ffffffffffff 02735300cafe 8100 00'), code: 'truncated' },
    { name: 'a tag without what follows', bytes: hex('ffffffffffff 02735300cafe 8100 0001'), code: 'truncated' },
    { name: 'tags without end', bytes: hex('ffffffffffff 02735300cafe 8100 0001 8100 0001 8100'), code: 'truncated' },
  ],
  decodeEthernet,
);

t.test('refuses values that do not fit', async (t) => {
  const [, tagged] = rows as [Golden<EthernetFrame>, Golden<EthernetFrame>];
  const withTag = (change: object): EthernetFrame => ({
    ...tagged.value,
    tags: [{ tpid: EtherType.vlan, pcp: 0, dei: false, vid: 1, ...change }],
  });
  t.throws(() => encodeEthernet(withTag({ vid: 4096 })), { name: 'EncodeError', code: 'out-of-range' });
  t.throws(() => encodeEthernet(withTag({ vid: 1.5 })), { name: 'EncodeError', code: 'out-of-range' });
  t.throws(() => encodeEthernet(withTag({ pcp: 8 })), { name: 'EncodeError', code: 'out-of-range' });
  t.throws(() => encodeEthernet(withTag({ tpid: 0x0800 })), { name: 'EncodeError', code: 'bad-value' });
  t.throws(() => encodeEthernet({ ...tagged.value, etherType: 0x1_0000 }), {
    name: 'EncodeError',
    code: 'out-of-range',
  });
});

testRoundTrip('Ethernet', ethernetFrame, decodeEthernet, encodeEthernet);

testHostileBytes(
  'Ethernet',
  rows.map(({ bytes }) => bytes),
  decodeEthernet,
  encodeEthernet,
);
