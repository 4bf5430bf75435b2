import { hex, type OptionTable, prefix } from '../golden.ts';

/** Prefixes: 3, 24, 38. */
export const prefixOptions: OptionTable = {
  golden: [
    {
      name: 'prefix information as router7 has it (RA-01)',
      option: {
        kind: 'prefixInformation',
        value: {
          prefix: prefix('2001:db8:1::/64'),
          onLink: true,
          autonomous: true,
          routerAddress: false,
          dhcpv6PdPreferred: false,
          validLifetimeSeconds: 7200,
          preferredLifetimeSeconds: 1800,
        },
      },
      bytes: hex(`
        03 04 40 c0  // prefix information, 32 octets, /64, L and A
        00 00 1c 20  // valid
        00 00 07 08  // preferred
        00 00 00 00  // reserved
        20 01 0d b8 00 01 00 00 00 00 00 00 00 00 00 00
      `),
    },
    {
      name: "prefix information with the router's own address, for ever (RFC 6275)",
      option: {
        kind: 'prefixInformation',
        value: {
          prefix: prefix('2001:db8:1::1/64'),
          onLink: false,
          autonomous: false,
          routerAddress: true,
          dhcpv6PdPreferred: false,
          validLifetimeSeconds: 0xffff_ffff,
          preferredLifetimeSeconds: 0xffff_ffff,
        },
      },
      bytes: hex(`
        03 04 40 20  // prefix information, /64, R
        ff ff ff ff  // valid
        ff ff ff ff  // preferred
        00 00 00 00  // reserved
        20 01 0d b8 00 01 00 00 00 00 00 00 00 00 00 01
      `),
    },
    {
      name: 'prefix information for those who ask for a prefix of their own (RFC 9762, RA-13)',
      option: {
        kind: 'prefixInformation',
        value: {
          prefix: prefix('2001:db8:2::/48'),
          onLink: false,
          autonomous: true,
          routerAddress: false,
          dhcpv6PdPreferred: true,
          validLifetimeSeconds: 0,
          preferredLifetimeSeconds: 0,
        },
      },
      bytes: hex(`
        03 04 30 50  // prefix information, /48, A and P
        00 00 00 00  // valid
        00 00 00 00  // preferred
        00 00 00 00  // reserved
        20 01 0d b8 00 02 00 00 00 00 00 00 00 00 00 00
      `),
    },
    {
      name: 'a default route (RFC 4191, RA-09)',
      option: {
        kind: 'routeInformation',
        value: { prefix: prefix('::/0'), preference: 1, routeLifetimeSeconds: 1800 },
      },
      bytes: hex('18 01  00 08  00 00 07 08'),
    },
    {
      name: 'a default route with room for a whole address, as radvd sends it (RFC 4191 section 2.3)',
      option: {
        kind: 'routeInformation',
        value: { prefix: prefix('::/0'), preference: 0, routeLifetimeSeconds: 1800, prefixOctets: 16 },
      },
      bytes: hex(`18 03  00 00  00 00 07 08  ${'00'.repeat(16)}`),
    },
    {
      name: 'a route to a /56, of low preference',
      option: {
        kind: 'routeInformation',
        value: { prefix: prefix('2001:db8:0:100::/56'), preference: 3, routeLifetimeSeconds: 0xffff_ffff },
      },
      bytes: hex('18 02  38 18  ff ff ff ff  20 01 0d b8 00 00 01 00'),
    },
    {
      name: 'a route to a /65, of medium preference',
      option: {
        kind: 'routeInformation',
        value: { prefix: prefix('2001:db8::8000:0:0:0/65'), preference: 0, routeLifetimeSeconds: 0 },
      },
      bytes: hex('18 03  41 00  00 00 00 00  20 01 0d b8 00 00 00 00 80 00 00 00 00 00 00 00'),
    },
    {
      name: 'the well-known NAT64 prefix (RFC 8781, RA-12)',
      option: { kind: 'pref64', value: { prefix: prefix('64:ff9b::/96'), lifetimeSeconds: 1800 } },
      bytes: hex('26 02  07 08  00 64 ff 9b 00 00 00 00 00 00 00 00'),
    },
    ...[96, 64, 56, 48, 40, 32].map((length, code) => ({
      name: `a NAT64 prefix of length ${length}, as long as can be`,
      option: {
        kind: 'pref64' as const,
        value: { prefix: prefix(`2001:db8::/${length}`), lifetimeSeconds: 65528 },
      },
      bytes: hex(`26 02  ff ${(0xf8 + code).toString(16)}  20 01 0d b8 00 00 00 00 00 00 00 00`),
    })),
  ],
  malformed: [
    {
      name: 'prefix information of three units',
      bytes: hex(`03 03 40 c0 ${'00'.repeat(20)}`),
      code: 'truncated',
    },
    {
      name: 'prefix information of five units',
      bytes: hex(`03 05 40 c0 ${'00'.repeat(36)}`),
      code: 'leftover',
    },
    {
      name: 'prefix information of length 129',
      bytes: hex(`03 04 81 c0 ${'00'.repeat(28)}`),
      code: 'bad-value',
    },
    {
      name: 'a route to a /1 without room for it',
      bytes: hex('18 01 01 00 00 00 00 00'),
      code: 'bad-length',
    },
    {
      name: 'a route to a /65 with room for 64 bits',
      bytes: hex('18 02 41 00 00 00 00 00 20 01 0d b8 00 00 00 00'),
      code: 'bad-length',
    },
    {
      name: 'a route of four units',
      bytes: hex(`18 04 40 00 00 00 00 00 ${'00'.repeat(24)}`),
      code: 'bad-length',
    },
    {
      name: 'a route of length 129',
      bytes: hex(`18 03 81 00 00 00 00 00 ${'00'.repeat(16)}`),
      code: 'bad-value',
    },
    {
      name: 'a route of the reserved preference (RFC 4191 section 2.3)',
      bytes: hex('18 01 00 10 00 00 00 00'),
      code: 'bad-value',
    },
    {
      name: 'a NAT64 prefix of length code 6',
      bytes: hex('26 02 07 0e 00 64 ff 9b 00 00 00 00 00 00 00 00'),
      code: 'bad-value',
    },
    {
      name: 'a NAT64 prefix of one unit',
      bytes: hex('26 01 07 08 00 64 ff 9b'),
      code: 'truncated',
    },
    {
      name: 'a NAT64 prefix of three units',
      bytes: hex(`26 03 07 08 ${'00'.repeat(20)}`),
      code: 'leftover',
    },
  ],
};
