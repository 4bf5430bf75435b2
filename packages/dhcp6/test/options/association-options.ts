import { DB8_1, hex, ip, net, type OptionTable } from '../golden.ts';

/** Identity associations, and what is in them: 3 to 5, 25, 26, 67. */
export const associations: OptionTable = {
  golden: [
    {
      name: '3 IA_NA with an address and a status inside of it',
      option: {
        kind: 'iaNa',
        value: {
          iaid: 0x02005e01,
          t1Seconds: 1800,
          t2Seconds: 2880,
          options: [
            {
              kind: 'iaAddress',
              value: {
                address: ip('2001:db8::1'),
                preferredLifetimeSeconds: 3600,
                validLifetimeSeconds: 0xffff_ffff,
                options: [{ kind: 'statusCode', value: { status: 0, message: '' } }],
              },
            },
          ],
        },
      },
      bytes: hex(`
        00 03 00 2e
        02 00 5e 01  00 00 07 08  00 00 0b 40   // IAID, T1, T2
        00 05 00 1e ${DB8_1}                    // IA address
        00 00 0e 10  ff ff ff ff                // preferred, valid
        00 0d 00 02 00 00                       // status code
      `),
    },
    {
      name: '3 IA_NA of a Solicit, empty',
      option: { kind: 'iaNa', value: { iaid: 1, t1Seconds: 0, t2Seconds: 0, options: [] } },
      bytes: hex('00 03 00 0c  00 00 00 01  00 00 00 00  00 00 00 00'),
    },
    {
      name: '3 IA_NA with a malformed address, which does not take the IA with it',
      option: {
        kind: 'iaNa',
        value: {
          iaid: 1,
          t1Seconds: 0,
          t2Seconds: 0,
          options: [
            { kind: 'malformed', code: 5, data: hex('20 01 0d b8'), error: 'truncated' },
            { kind: 'statusCode', value: { status: 2, message: '' } },
          ],
        },
      },
      bytes: hex('00 03 00 1a  00 00 00 01 00 00 00 00 00 00 00 00  00 05 00 04 20 01 0d b8  00 0d 00 02 00 02'),
    },
    {
      name: '4 IA_TA',
      option: { kind: 'iaTa', value: { iaid: 7, options: [{ kind: 'raw', code: 65000, data: hex('01') }] } },
      bytes: hex('00 04 00 09  00 00 00 07  fd e8 00 01 01'),
    },
    {
      name: '5 IA address without options',
      option: {
        kind: 'iaAddress',
        value: { address: ip('2001:db8::1'), preferredLifetimeSeconds: 0, validLifetimeSeconds: 0, options: [] },
      },
      bytes: hex(`00 05 00 18 ${DB8_1} 00 00 00 00 00 00 00 00`),
    },
    {
      name: '25 IA_PD with a prefix that has a status and an excluded prefix',
      option: {
        kind: 'iaPd',
        value: {
          iaid: 1,
          t1Seconds: 1200,
          t2Seconds: 1920,
          options: [
            {
              kind: 'iaPrefix',
              value: {
                prefix: net('2001:db8:1200::/40'),
                preferredLifetimeSeconds: 1800,
                validLifetimeSeconds: 7200,
                options: [
                  { kind: 'pdExclude', value: { prefixLength: 44, subnetId: hex('30') } },
                  { kind: 'statusCode', value: { status: 6, message: '' } },
                ],
              },
            },
          ],
        },
      },
      bytes: hex(`
        00 19 00 35
        00 00 00 01  00 00 04 b0  00 00 07 80         // IAID, T1, T2
        00 1a 00 25  00 00 07 08  00 00 1c 20         // IA prefix: preferred, valid
        28 20 01 0d b8 12 00 00 00 00 00 00 00 00 00 00 00
        00 43 00 02 2c 30                             // PD exclude
        00 0d 00 02 00 06                             // status code
      `),
    },
    {
      name: '26 IA prefix: a hint for a length',
      option: {
        kind: 'iaPrefix',
        value: { prefix: net('::/56'), preferredLifetimeSeconds: 0, validLifetimeSeconds: 0, options: [] },
      },
      bytes: hex(`00 1a 00 19  00 00 00 00 00 00 00 00  38 ${'00'.repeat(16)}`),
    },
    {
      name: '26 IA prefix: bits behind its length are kept',
      option: {
        kind: 'iaPrefix',
        value: {
          prefix: net('2001:db8::1/48'),
          preferredLifetimeSeconds: 0xffff_ffff,
          validLifetimeSeconds: 0xffff_ffff,
          options: [],
        },
      },
      bytes: hex(`00 1a 00 19  ff ff ff ff ff ff ff ff  30 ${DB8_1}`),
    },
    {
      name: '67 PD exclude: a /64 out of a /56',
      option: { kind: 'pdExclude', value: { prefixLength: 64, subnetId: hex('ff') } },
      bytes: hex('00 43 00 02  40 ff'),
    },
    {
      name: '67 PD exclude: 16 octets of subnet id',
      option: { kind: 'pdExclude', value: { prefixLength: 128, subnetId: hex('01'.repeat(16)) } },
      bytes: hex(`00 43 00 11  80 ${'01'.repeat(16)}`),
    },
  ],
  malformed: [
    { name: '3 without T2', bytes: hex('00 03 00 08  00 00 00 01 00 00 00 00'), code: 'truncated' },
    {
      name: '3 with an option whose length goes past the IA',
      bytes: hex('00 03 00 12  00 00 00 01 00 00 00 00 00 00 00 00  00 05 00 18 20 01'),
      code: 'truncated',
    },
    {
      name: '3 with half the header of an option',
      bytes: hex('00 03 00 0e  00 00 00 01 00 00 00 00 00 00 00 00  00 0d'),
      code: 'truncated',
    },
    { name: '4 without an IAID', bytes: hex('00 04 00 02  00 00'), code: 'truncated' },
    { name: '5 without lifetimes', bytes: hex(`00 05 00 10 ${DB8_1}`), code: 'truncated' },
    { name: '5 with one octet more', bytes: hex(`00 05 00 19 ${DB8_1} 00 00 00 00 00 00 00 00 00`), code: 'truncated' },
    { name: '25 of four octets', bytes: hex('00 19 00 04  00 00 00 01'), code: 'truncated' },
    {
      name: '26 of 129 bits',
      bytes: hex(`00 1a 00 19  00 00 00 00 00 00 00 00  81 ${DB8_1}`),
      code: 'bad-value',
    },
    {
      name: '26 with a prefix as short as its length',
      bytes: hex('00 1a 00 0f  00 00 00 00 00 00 00 00  30 20 01 0d b8 00 00'),
      code: 'truncated',
    },
    { name: '67 without a subnet id', bytes: hex('00 43 00 01  40'), code: 'bad-length' },
    { name: '67 of 129 bits', bytes: hex('00 43 00 02  81 ff'), code: 'bad-value' },
    { name: '67 with 17 octets of subnet id', bytes: hex(`00 43 00 12  40 ${'01'.repeat(17)}`), code: 'bad-length' },
    { name: '67 without octets', bytes: hex('00 43 00 00'), code: 'truncated' },
  ],
};
