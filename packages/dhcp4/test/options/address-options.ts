import { Ipv4Prefix, Ipv6Address, Ipv6Prefix } from '@router7/wire';
import { hex, ip, type OptionTable } from '../golden.ts';

/** Masks, routes and 6rd. */
export const addresses: OptionTable = {
  golden: [
    {
      name: 'subnet mask',
      option: { kind: 'subnetMask', value: ip('255.255.255.128') },
      bytes: hex('01 04  ff ff ff 80'),
    },
    {
      name: 'mask of a host (D4C-17)',
      option: { kind: 'subnetMask', value: ip('255.255.255.255') },
      bytes: hex('01 04  ff ff ff ff'),
    },
    {
      name: 'mask of everything',
      option: { kind: 'subnetMask', value: ip('0.0.0.0') },
      bytes: hex('01 04  00 00 00 00'),
    },
    {
      name: 'static route',
      option: { kind: 'staticRoute', value: [{ destination: ip('198.51.100.7'), router: ip('192.0.2.2') }] },
      bytes: hex(`
        21 08        // static route
        c6 33 64 07  // destination
        c0 00 02 02  // router
      `),
    },
    {
      name: 'classless static routes of every width of octets (D4C-15)',
      option: {
        kind: 'classlessStaticRoute',
        value: [
          { destination: Ipv4Prefix.parse('0.0.0.0/0'), router: ip('10.0.0.1') },
          { destination: Ipv4Prefix.parse('10.0.0.0/8'), router: ip('10.0.0.1') },
          { destination: Ipv4Prefix.parse('10.17.0.0/16'), router: ip('10.0.0.1') },
          { destination: Ipv4Prefix.parse('10.198.122.47/32'), router: ip('0.0.0.0') },
          { destination: Ipv4Prefix.parse('10.27.129.128/25'), router: ip('10.0.0.1') },
        ],
      },
      bytes: hex(`
        79 24                        // classless static routes
        00              0a 00 00 01  // default
        08 0a           0a 00 00 01  // /8: one octet
        10 0a 11        0a 00 00 01  // /16: two
        20 0a c6 7a 2f  00 00 00 00  // /32: four, on the link
        19 0a 1b 81 80  0a 00 00 01  // /25: four
      `),
    },
    {
      name: 'a classless route with host bits keeps them',
      option: {
        kind: 'classlessStaticRoute',
        value: [{ destination: Ipv4Prefix.parse('10.17.7.0/17'), router: ip('10.0.0.1') }],
      },
      bytes: hex('79 08  11 0a 11 07  0a 00 00 01'),
    },
    {
      name: '6rd',
      option: {
        kind: 'sixRd',
        value: {
          ipv4MaskLength: 14,
          prefix: new Ipv6Prefix(Ipv6Address.parse('2001:db8:1::'), 46),
          borderRelays: [ip('192.0.2.30')],
        },
      },
      bytes: hex(`
        d4 16                                            // 6rd
        0e                                               // IPv4MaskLen
        2e                                               // 6rdPrefixLen
        20 01 0d b8 00 01 00 00 00 00 00 00 00 00 00 00  // 6rdPrefix
        c0 00 02 1e                                      // border relay
      `),
    },
  ],
  malformed: [
    { name: 'a subnet mask with holes', bytes: hex('01 04  ff ff 00 ff'), code: 'bad-value' },
    { name: 'a subnet mask of eight octets', bytes: hex('01 08  ff ff ff 00 ff ff ff 00'), code: 'leftover' },
    { name: 'a static default route', bytes: hex('21 08  00 00 00 00 c0 00 02 01'), code: 'bad-value' },
    { name: 'half a static route', bytes: hex('21 04  c0 00 02 01'), code: 'bad-length' },
    { name: 'a width over 32', bytes: hex('79 09  21 0a 00 00 00 0a 00 00 01'), code: 'bad-value' },
    { name: 'a classless route without its router', bytes: hex('79 05  18 0a 00 00 0a'), code: 'truncated' },
    { name: 'too short for a classless route', bytes: hex('79 04  00 0a 00 00'), code: 'bad-length' },
    { name: '6rd without border relay', bytes: hex(`d4 12  0e 2e ${'00'.repeat(16)}`), code: 'bad-length' },
    {
      name: '6rd with an IPv4 mask over 32',
      bytes: hex(`d4 16  21 2e ${'00'.repeat(16)} c0 00 02 1e`),
      code: 'bad-value',
    },
    {
      name: '6rd that delegates 129 bits',
      bytes: hex(`d4 16  00 61 ${'00'.repeat(16)} c0 00 02 1e`),
      code: 'bad-value',
    },
  ],
};
