import { DB8_1, DB8_2, hex, ip, type OptionTable } from '../golden.ts';

const EXAMPLE = '07 65 78 61 6d 70 6c 65 00'; // example.

/** What hosts are told: 21 to 24, 31, 39, 41, 42, 56, 59 to 62, 64, 74, 103, 112, 136, 143, 144. */
export const hosts: OptionTable = {
  golden: [
    {
      name: '21 SIP server names',
      option: { kind: 'sipServerNames', value: ['sip.example', 'example'] },
      bytes: hex(`00 15 00 16  03 73 69 70 ${EXAMPLE} ${EXAMPLE}`),
    },
    {
      name: '22 SIP server addresses',
      option: { kind: 'sipServerAddresses', value: [ip('2001:db8::1')] },
      bytes: hex(`00 16 00 10 ${DB8_1}`),
    },
    {
      name: '23 DNS servers',
      option: { kind: 'dnsServers', value: [ip('2001:db8::1'), ip('2001:db8::2')] },
      bytes: hex(`00 17 00 20 ${DB8_1} ${DB8_2}`),
    },
    {
      name: '24 domain search list, with labels of any octets',
      option: { kind: 'domainSearchList', value: ['example', 'a\\.b\\000.example', '.'] },
      bytes: hex(`00 18 00 18  ${EXAMPLE}  04 61 2e 62 00 ${EXAMPLE}  00`),
    },
    {
      name: '31 SNTP servers',
      option: { kind: 'sntpServers', value: [ip('2001:db8::2')] },
      bytes: hex(`00 1f 00 10 ${DB8_2}`),
    },
    {
      name: '39 client FQDN',
      option: { kind: 'clientFqdn', value: { flags: 1, name: 'xps.example.' } },
      bytes: hex(`00 27 00 0e  01  03 78 70 73 ${EXAMPLE}`),
    },
    {
      name: '39 client FQDN: a partial name',
      option: { kind: 'clientFqdn', value: { flags: 0xf8, name: 'xps' } },
      bytes: hex('00 27 00 05  f8  03 78 70 73'),
    },
    {
      name: '39 client FQDN: a partial name whose last label ends with a dot',
      option: { kind: 'clientFqdn', value: { flags: 0, name: 'x\\.' } },
      bytes: hex('00 27 00 04  00  02 78 2e'),
    },
    {
      name: '39 client FQDN without a name',
      option: { kind: 'clientFqdn', value: { flags: 4, name: '' } },
      bytes: hex('00 27 00 01  04'),
    },
    {
      name: '39 client FQDN: the root',
      option: { kind: 'clientFqdn', value: { flags: 0, name: '.' } },
      bytes: hex('00 27 00 02  00  00'),
    },
    {
      name: '41 POSIX time zone',
      option: { kind: 'posixTimezone', value: 'CET-1' },
      bytes: hex('00 29 00 05  43 45 54 2d 31'),
    },
    {
      name: '42 time zone of the TZ database',
      option: { kind: 'tzdbTimezone', value: 'UTC' },
      bytes: hex('00 2a 00 03  55 54 43'),
    },
    {
      name: '56 NTP server, in all ways',
      option: {
        kind: 'ntpServer',
        value: [
          { kind: 'address', address: ip('2001:db8::1') },
          { kind: 'multicastAddress', address: ip('ff05::101') },
          { kind: 'name', name: 'example' },
          { kind: 'raw', code: 9, data: hex('aa') },
        ],
      },
      bytes: hex(`
        00 38 00 3a
        00 01 00 10 ${DB8_1}
        00 02 00 10 ff 05 00 00 00 00 00 00 00 00 00 00 00 00 01 01
        00 03 00 09 ${EXAMPLE}
        00 09 00 01 aa
      `),
    },
    {
      name: '59 boot file URL',
      option: { kind: 'bootfileUrl', value: 'tftp://[::1]/b' },
      bytes: hex('00 3b 00 0e  74 66 74 70 3a 2f 2f 5b 3a 3a 31 5d 2f 62'),
    },
    {
      name: '60 boot file parameters',
      option: { kind: 'bootfileParameters', value: ['a=1', 'quiet', ''] },
      bytes: hex('00 3c 00 0e  00 03 61 3d 31  00 05 71 75 69 65 74  00 00'),
    },
    {
      name: '61 client architecture types',
      option: { kind: 'clientArchitectureTypes', value: [7, 16] },
      bytes: hex('00 3d 00 04  00 07 00 10'),
    },
    {
      name: '62 client network interface',
      option: { kind: 'clientNetworkInterface', value: { type: 1, major: 3, minor: 16 } },
      bytes: hex('00 3e 00 03  01 03 10'),
    },
    {
      name: '64 AFTR name',
      option: { kind: 'aftrName', value: 'aftr.example' },
      bytes: hex(`00 40 00 0e  04 61 66 74 72 ${EXAMPLE}`),
    },
    {
      name: '74 RDNSS selection',
      option: {
        kind: 'rdnssSelection',
        value: { address: ip('2001:db8::1'), preference: 1, domains: ['example', '8.b.d.0.1.0.0.2.ip6.arpa'] },
      },
      bytes: hex(`
        00 4a 00 34 ${DB8_1} 01 ${EXAMPLE}
        01 38 01 62 01 64 01 30 01 31 01 30 01 30 01 32 03 69 70 36 04 61 72 70 61 00
      `),
    },
    {
      name: '74 RDNSS selection without domains',
      option: { kind: 'rdnssSelection', value: { address: ip('2001:db8::1'), preference: 0, domains: [] } },
      bytes: hex(`00 4a 00 11 ${DB8_1} 00`),
    },
    {
      name: '103 captive portal',
      option: { kind: 'captivePortal', value: 'https://portal.example/' },
      bytes: hex('00 67 00 17  68 74 74 70 73 3a 2f 2f 70 6f 72 74 61 6c 2e 65 78 61 6d 70 6c 65 2f'),
    },
    {
      name: '112 MUD URL',
      option: { kind: 'mudUrl', value: 'https://é' },
      bytes: hex('00 70 00 0a  68 74 74 70 73 3a 2f 2f c3 a9'),
    },
    {
      name: '136 SZTP redirect',
      option: { kind: 'sztpRedirect', value: ['https://a'] },
      bytes: hex('00 88 00 0b  00 09 68 74 74 70 73 3a 2f 2f 61'),
    },
    {
      name: '143 ANDSF addresses',
      option: { kind: 'andsfAddresses', value: [ip('2001:db8::1')] },
      bytes: hex(`00 8f 00 10 ${DB8_1}`),
    },
    {
      name: '144 encrypted DNS',
      option: {
        kind: 'encryptedDns',
        value: {
          servicePriority: 1,
          authenticationDomainName: 'example',
          service: { addresses: [ip('2001:db8::1'), ip('2001:db8::2')], parameters: hex('00 01 00 03 02 68 32') },
        },
      },
      bytes: hex(`
        00 90 00 36
        00 01  00 09 ${EXAMPLE}     // service priority, ADN
        00 20 ${DB8_1} ${DB8_2}     // addresses
        00 01 00 03 02 68 32        // alpn=h2
      `),
    },
    {
      name: '144 encrypted DNS: the name only',
      option: {
        kind: 'encryptedDns',
        value: { servicePriority: 65535, authenticationDomainName: 'example', service: undefined },
      },
      bytes: hex(`00 90 00 0d  ff ff  00 09 ${EXAMPLE}`),
    },
  ],
  malformed: [
    { name: '21 without a name', bytes: hex('00 15 00 00'), code: 'bad-length' },
    { name: '22 of 15 octets', bytes: hex(`00 16 00 0f ${'00'.repeat(15)}`), code: 'bad-length' },
    { name: '23 without an address', bytes: hex('00 17 00 00'), code: 'bad-length' },
    { name: '23 of 17 octets', bytes: hex(`00 17 00 11 ${DB8_1} 00`), code: 'bad-length' },
    { name: '24 with a compressed name', bytes: hex(`00 18 00 0b ${EXAMPLE} c0 00`), code: 'bad-name' },
    { name: '24 with a name that does not end', bytes: hex('00 18 00 02  01 61'), code: 'truncated' },
    { name: '24 with a label that goes past the option', bytes: hex('00 18 00 02  3f 61'), code: 'truncated' },
    {
      name: '24 with a name over 255 octets',
      bytes: hex(`00 18 01 01 ${`3f ${'61'.repeat(63)}`.repeat(4)} 00`),
      code: 'bad-name',
    },
    { name: '31 of 8 octets', bytes: hex(`00 1f 00 08 ${'00'.repeat(8)}`), code: 'bad-length' },
    { name: '39 without flags', bytes: hex('00 27 00 00'), code: 'truncated' },
    { name: '39 with something behind its name', bytes: hex('00 27 00 05  00 01 61 00 61'), code: 'leftover' },
    { name: '39 with a partial name that is cut off', bytes: hex('00 27 00 03  00 02 61'), code: 'truncated' },
    { name: '41 without text', bytes: hex('00 29 00 00'), code: 'bad-length' },
    { name: '42 that is not UTF-8', bytes: hex('00 2a 00 01  80'), code: 'bad-value' },
    { name: '56 without a suboption', bytes: hex('00 38 00 00'), code: 'bad-length' },
    {
      name: '56 with an address of 15 octets',
      bytes: hex(`00 38 00 13  00 01 00 0f ${'00'.repeat(15)}`),
      code: 'truncated',
    },
    {
      name: '56 with an address of 17 octets',
      bytes: hex(`00 38 00 15  00 01 00 11 ${'00'.repeat(17)}`),
      code: 'leftover',
    },
    { name: '56 with two names in one', bytes: hex('00 38 00 08  00 03 00 04 01 61 00 00'), code: 'leftover' },
    { name: '56 with a suboption that is cut off', bytes: hex('00 38 00 05  00 03 00 09 01'), code: 'truncated' },
    { name: '59 without text', bytes: hex('00 3b 00 00'), code: 'bad-length' },
    { name: '60 without a parameter', bytes: hex('00 3c 00 00'), code: 'bad-length' },
    { name: '60 with a parameter that is cut off', bytes: hex('00 3c 00 03  00 02 61'), code: 'truncated' },
    { name: '61 of an odd length', bytes: hex('00 3d 00 03  00 07 00'), code: 'truncated' },
    { name: '61 without a type', bytes: hex('00 3d 00 00'), code: 'bad-length' },
    { name: '62 of two octets', bytes: hex('00 3e 00 02  01 03'), code: 'truncated' },
    { name: '64 with two names', bytes: hex(`00 40 00 12 ${EXAMPLE} ${EXAMPLE}`), code: 'leftover' },
    { name: '64 without a name', bytes: hex('00 40 00 00'), code: 'truncated' },
    { name: '74 without a preference', bytes: hex(`00 4a 00 10 ${DB8_1}`), code: 'truncated' },
    { name: '74 with a name that is cut off', bytes: hex(`00 4a 00 12 ${DB8_1} 00 05`), code: 'truncated' },
    { name: '103 without text', bytes: hex('00 67 00 00'), code: 'bad-length' },
    { name: '112 that is not UTF-8', bytes: hex('00 70 00 02  c3 28'), code: 'bad-value' },
    { name: '136 with a URI that is cut off', bytes: hex('00 88 00 02  00 01'), code: 'truncated' },
    { name: '143 of one octet', bytes: hex('00 8f 00 01  20'), code: 'bad-length' },
    { name: '144 without a name', bytes: hex('00 90 00 02  00 01'), code: 'truncated' },
    {
      name: '144 with a name longer than the option',
      bytes: hex('00 90 00 07  00 01 ff ff 01 61 00'),
      code: 'truncated',
    },
    {
      name: '144 with a length of addresses longer than the option',
      bytes: hex(`00 90 00 1f  00 01 00 09 ${EXAMPLE} 00 20 ${DB8_1}`),
      code: 'truncated',
    },
    { name: '144 without an address', bytes: hex(`00 90 00 0f  00 01 00 09 ${EXAMPLE} 00 00`), code: 'bad-length' },
    { name: '144 with more behind its name', bytes: hex(`00 90 00 0e  00 01 00 0a ${EXAMPLE} 00`), code: 'leftover' },
  ],
};
