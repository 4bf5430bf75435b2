import { hex, ip, type OptionTable } from '../golden.ts';

/** Names and resolvers: 25, 31, 144. */
export const dnsOptions: OptionTable = {
  golden: [
    {
      name: 'recursive DNS servers (RFC 8106, RA-15)',
      option: { kind: 'rdnss', value: { lifetimeSeconds: 1800, addresses: [ip('fe80::1'), ip('2001:db8::53')] } },
      bytes: hex(`
        19 05 00 00  // RDNSS, 40 octets
        00 00 07 08  // lifetime
        fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01
        20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 53
      `),
    },
    {
      name: 'DNS search list',
      option: { kind: 'dnssl', value: { lifetimeSeconds: 1200, domainNames: ['lan', 'home.example'] } },
      bytes: hex(`
        1f 04 00 00                                // DNSSL, 32 octets
        00 00 04 b0                                // lifetime
        03 6c 61 6e 00                             // lan
        04 68 6f 6d 65 07 65 78 61 6d 70 6c 65 00  // home.example
        00 00 00 00 00                             // padding
      `),
    },
    {
      name: 'a DNS search list that needs no padding',
      option: { kind: 'dnssl', value: { lifetimeSeconds: 0, domainNames: ['domain'] } },
      bytes: hex('1f 02 00 00  00 00 00 00  06 64 6f 6d 61 69 6e 00'),
    },
    {
      name: 'an encrypted resolver (RFC 9463, RA-13)',
      option: {
        kind: 'encryptedDns',
        value: {
          servicePriority: 1,
          lifetimeSeconds: 5400,
          authenticationDomainName: 'dns.lan',
          service: { addresses: [ip('2001:db8::53')], parameters: hex('00 01 00 04 03 64 6f 74') },
        },
      },
      bytes: hex(`
        90 06                       // encrypted DNS, 48 octets
        00 01                       // service priority
        00 00 15 18                 // lifetime
        00 09                       // length of the name
        03 64 6e 73 03 6c 61 6e 00  // dns.lan
        00 10                       // length of the addresses
        20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 53
        00 08                       // length of the parameters
        00 01 00 04 03 64 6f 74     // alpn=dot
        00                          // padding
      `),
    },
    {
      name: 'an encrypted resolver without parameters, for ever',
      option: {
        kind: 'encryptedDns',
        value: {
          servicePriority: 0xffff,
          lifetimeSeconds: 0xffff_ffff,
          authenticationDomainName: 'd',
          service: { addresses: [ip('fe80::1'), ip('fe80::2')], parameters: hex('') },
        },
      },
      bytes: hex(`
        90 07        // encrypted DNS, 56 octets
        ff ff        // service priority
        ff ff ff ff  // lifetime
        00 03        // length of the name
        01 64 00     // d
        00 20        // length of the addresses
        fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01
        fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 02
        00 00        // length of the parameters
        00 00 00 00 00 00 00  // padding
      `),
    },
    {
      name: 'the name of an encrypted resolver and nothing else (RFC 9463 section 3.1.6)',
      option: {
        kind: 'encryptedDns',
        value: {
          servicePriority: 0,
          lifetimeSeconds: 0,
          authenticationDomainName: 'dns.example',
          service: undefined,
        },
      },
      bytes: hex(`
        90 03        // encrypted DNS, 24 octets
        00 00        // service priority
        00 00 00 00  // lifetime
        00 0d        // length of the name
        03 64 6e 73 07 65 78 61 6d 70 6c 65 00  // dns.example
        00           // padding
      `),
    },
  ],
  malformed: [
    { name: 'no DNS server', bytes: hex('19 01 00 00 00 00 07 08'), code: 'bad-length' },
    {
      name: 'half a DNS server',
      bytes: hex(`19 02 00 00 00 00 07 08 ${'00'.repeat(8)}`),
      code: 'bad-length',
    },
    { name: 'an empty search list', bytes: hex('1f 01 00 00 00 00 04 b0'), code: 'bad-length' },
    {
      name: 'a search list of padding',
      bytes: hex('1f 02 00 00 00 00 04 b0 00 00 00 00 00 00 00 00'),
      code: 'bad-length',
    },
    {
      name: 'a search list with a name behind its padding',
      bytes: hex('1f 02 00 00 00 00 04 b0 01 61 00 00 01 61 00 00'),
      code: 'leftover',
    },
    {
      name: 'a search list with a name that is cut off',
      bytes: hex('1f 02 00 00 00 00 04 b0 01 61 00 05 61 62 63 64'),
      code: 'truncated',
    },
    {
      name: 'a search list that is compressed',
      bytes: hex('1f 02 00 00 00 00 04 b0 01 61 00 01 62 c0 00 00'),
      code: 'bad-name',
    },
    {
      name: 'an encrypted resolver whose name is the root',
      bytes: hex('90 02 00 01 00 00 00 00 00 01 00 00 00 00 00 00'),
      code: 'bad-name',
    },
    {
      name: 'an encrypted resolver whose name goes beyond the option',
      bytes: hex('90 02 00 01 00 00 00 00 00 09 01 61 00 00 00 00'),
      code: 'truncated',
    },
    {
      name: 'an encrypted resolver with two names',
      bytes: hex('90 02 00 01 00 00 00 00 00 06 01 61 00 01 62 00'),
      code: 'leftover',
    },
    {
      name: 'an encrypted resolver with half an address',
      bytes: hex('90 03 00 01 00 00 00 00 00 03 01 61 00 00 04 20 01 0d b8 00 00 00 00 00'),
      code: 'bad-length',
    },
    {
      name: 'an encrypted resolver whose addresses go beyond the option',
      bytes: hex('90 03 00 01 00 00 00 00 00 03 01 61 00 00 10 20 01 0d b8 00 00 00 00 00'),
      code: 'bad-length',
    },
    {
      name: 'an encrypted resolver whose parameters go beyond the option',
      bytes: hex(`90 05 00 01 00 00 00 00 00 03 01 61 00 00 10 ${'00'.repeat(16)} 00 08 00 00 00 00 00 00 00`),
      code: 'truncated',
    },
    {
      name: 'an encrypted resolver with something behind it',
      bytes: hex('90 02 00 01 00 00 00 00 00 03 01 61 00 00 00 01'),
      code: 'leftover',
    },
  ],
};
