import { DB8_1, hex, ip, ip4, net, net4, type OptionTable } from '../golden.ts';

/** IPv4 over IPv6: 89 to 96, 111. */
export const softwires: OptionTable = {
  golden: [
    {
      name: '89 S46 rule with port parameters',
      option: {
        kind: 's46Rule',
        value: {
          flags: 1,
          embeddedAddressLength: 16,
          ipv4Prefix: net4('192.0.2.0/24'),
          ipv6Prefix: net('2001:db8:1200::/40'),
          options: [{ kind: 's46Portparams', value: { offset: 6, psidLength: 8, psid: 0x3400 } }],
        },
      },
      bytes: hex(`
        00 59 00 15
        01 10 18 c0 00 02 00            // flags, ea-len, IPv4 prefix
        28 20 01 0d b8 12               // IPv6 prefix
        00 5d 00 04 06 08 34 00         // port parameters
      `),
    },
    {
      name: '89 S46 rule for everything',
      option: {
        kind: 's46Rule',
        value: {
          flags: 0,
          embeddedAddressLength: 48,
          ipv4Prefix: net4('0.0.0.0/0'),
          ipv6Prefix: net('::/0'),
          options: [],
        },
      },
      bytes: hex('00 59 00 08  00 30 00 00 00 00 00 00'),
    },
    { name: '90 S46 BR', option: { kind: 's46Br', value: ip('2001:db8::1') }, bytes: hex(`00 5a 00 10 ${DB8_1}`) },
    {
      name: '91 S46 DMR: bits behind the length are kept',
      option: { kind: 's46Dmr', value: net('2001:db8:ff00::/41') },
      bytes: hex('00 5b 00 07  29 20 01 0d b8 ff 00'),
    },
    {
      name: '91 S46 DMR: an address',
      option: { kind: 's46Dmr', value: net('2001:db8::1/128') },
      bytes: hex(`00 5b 00 11  80 ${DB8_1}`),
    },
    {
      name: '92 S46 binding',
      option: {
        kind: 's46V4V6Bind',
        value: { ipv4Address: ip4('192.0.2.1'), ipv6Prefix: net('2001:db8::/64'), options: [] },
      },
      bytes: hex('00 5c 00 0d  c0 00 02 01  40 20 01 0d b8 00 00 00 00'),
    },
    {
      name: '93 S46 port parameters',
      option: { kind: 's46Portparams', value: { offset: 15, psidLength: 16, psid: 0xffff } },
      bytes: hex('00 5d 00 04  0f 10 ff ff'),
    },
    {
      name: '94 container of MAP-E',
      option: {
        kind: 's46ContainerMapE',
        value: {
          options: [
            {
              kind: 's46Rule',
              value: {
                flags: 0,
                embeddedAddressLength: 0,
                ipv4Prefix: net4('192.0.2.1/32'),
                ipv6Prefix: net('2001:db8::/32'),
                options: [],
              },
            },
            { kind: 's46Br', value: ip('2001:db8::1') },
          ],
        },
      },
      bytes: hex(`
        00 5e 00 24
        00 59 00 0c 00 00 20 c0 00 02 01 20 20 01 0d b8
        00 5a 00 10 ${DB8_1}
      `),
    },
    {
      name: '95 container of MAP-T',
      option: {
        kind: 's46ContainerMapT',
        value: { options: [{ kind: 's46Dmr', value: net('64:ff9b::/32') }] },
      },
      bytes: hex('00 5f 00 09  00 5b 00 05 20 00 64 ff 9b'),
    },
    {
      name: '96 container of lightweight 4over6, empty',
      option: { kind: 's46ContainerLw', value: { options: [] } },
      bytes: hex('00 60 00 00'),
    },
    {
      name: '111 S46 priority',
      option: { kind: 's46Priority', value: [94, 64] },
      bytes: hex('00 6f 00 04  00 5e 00 40'),
    },
  ],
  malformed: [
    { name: '89 of seven octets', bytes: hex('00 59 00 07  00 10 18 c0 00 02 00'), code: 'truncated' },
    { name: '89 with 49 bits of address', bytes: hex('00 59 00 08  00 31 00 00 00 00 00 00'), code: 'bad-value' },
    {
      name: '89 with an IPv4 prefix of 33 bits',
      bytes: hex('00 59 00 08  00 00 21 00 00 00 00 00'),
      code: 'bad-value',
    },
    {
      name: '89 with an IPv6 prefix of 129 bits',
      bytes: hex('00 59 00 08  00 00 00 00 00 00 00 81'),
      code: 'bad-value',
    },
    {
      name: '89 with a prefix that is cut off',
      bytes: hex('00 59 00 09  00 00 00 00 00 00 00 40 20'),
      code: 'truncated',
    },
    { name: '90 of four octets', bytes: hex('00 5a 00 04  c0 00 02 01'), code: 'truncated' },
    { name: '91 without octets', bytes: hex('00 5b 00 00'), code: 'truncated' },
    { name: '91 of 200 bits', bytes: hex(`00 5b 00 1a  c8 ${'00'.repeat(25)}`), code: 'bad-value' },
    { name: '91 with more octets than bits', bytes: hex('00 5b 00 03  08 20 01'), code: 'leftover' },
    { name: '92 without a prefix', bytes: hex('00 5c 00 04  c0 00 02 01'), code: 'truncated' },
    { name: '93 with an offset of 16', bytes: hex('00 5d 00 04  10 00 00 00'), code: 'bad-value' },
    { name: '93 with 17 bits of port set', bytes: hex('00 5d 00 04  00 11 00 00'), code: 'bad-value' },
    { name: '93 of three octets', bytes: hex('00 5d 00 03  00 00 00'), code: 'truncated' },
    { name: '94 with an option that goes past it', bytes: hex('00 5e 00 05  00 5a 00 10 20'), code: 'truncated' },
    { name: '96 with half an option', bytes: hex('00 60 00 02  00 5c'), code: 'truncated' },
    { name: '95 with half an option', bytes: hex('00 5f 00 03  00 5b 00'), code: 'truncated' },
    { name: '111 of three octets', bytes: hex('00 6f 00 03  00 5e 00'), code: 'truncated' },
  ],
};
