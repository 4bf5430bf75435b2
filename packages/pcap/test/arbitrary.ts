import { Ipv4Address, Ipv6Address, MacAddress } from '@router7/wire';
import fc from 'fast-check';
import type { EthernetFrame, Ipv4Packet, UdpDatagram } from '../src/index.ts';

export const u8: fc.Arbitrary<number> = fc.nat(0xff);
export const u16: fc.Arbitrary<number> = fc.nat(0xffff);
export const payload: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 60 });
export const mac: fc.Arbitrary<MacAddress> = fc.maxSafeNat().map((n) => new MacAddress(n % 2 ** 48));
export const ipv4: fc.Arbitrary<Ipv4Address> = fc.nat(0xffff_ffff).map((n) => new Ipv4Address(n));
export const ipv6: fc.Arbitrary<Ipv6Address> = fc
  .bigInt({ min: 0n, max: 2n ** 128n - 1n })
  .map((n) => new Ipv6Address(n));

export const ethernetFrame: fc.Arbitrary<EthernetFrame> = fc.record(
  {
    destination: mac,
    source: mac,
    tags: fc.array(
      fc.record(
        {
          tpid: fc.constantFrom(0x8100, 0x88a8),
          pcp: fc.nat(7),
          dei: fc.boolean(),
          vid: fc.nat(0xfff),
        },
        { noNullPrototype: true },
      ),
      { maxLength: 3 },
    ),
    etherType: u16.filter((type) => type !== 0x8100 && type !== 0x88a8),
    payload,
  },
  { noNullPrototype: true },
);

/** Options whose octets fill whole words, so that no padding is added. */
const options = fc.array(
  fc.record(
    { type: fc.integer({ min: 2, max: 255 }), data: fc.uint8Array({ minLength: 2, maxLength: 2 }) },
    { noNullPrototype: true },
  ),
  {
    maxLength: 10,
  },
);

export const ipv4Packet: fc.Arbitrary<Ipv4Packet> = fc.record(
  {
    dscp: fc.nat(63),
    ecn: fc.nat(3),
    identification: u16,
    reservedFlag: fc.boolean(),
    dontFragment: fc.boolean(),
    moreFragments: fc.boolean(),
    fragmentOffset: fc.nat(0x1fff).map((n) => 8 * n),
    ttl: u8,
    protocol: u8,
    source: ipv4,
    destination: ipv4,
    options,
    payload,
  },
  { noNullPrototype: true },
);

export const udpDatagram: fc.Arbitrary<UdpDatagram> = fc.record(
  {
    sourcePort: u16,
    destinationPort: u16,
    hasChecksum: fc.boolean(),
    payload,
  },
  { noNullPrototype: true },
);
