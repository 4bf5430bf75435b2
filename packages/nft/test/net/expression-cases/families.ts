import { fromHex } from '@router7/wire';
import type { ExpressionCases } from './expression-cases.ts';
import { accept, cmp, constant, ctLoad, ctSet, drop, load, metaLoad, metaSet } from './short.ts';

export const familiesCases: readonly ExpressionCases[] = [
  {
    name: 'IPv6',
    table: 'ip6 x6',
    chain: 'forward',
    cases: [
      {
        text: 'frag id 5 drop',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 0, type: 44, offset: 4, length: 4, flags: 0 },
          cmp('eq', '00000005'),
          drop,
        ],
      },
      {
        text: 'frag more-fragments 1 drop',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 0, type: 44, offset: 3, length: 1, flags: 0 },
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('01'), xor: fromHex('00') },
          cmp('eq', '01'),
          drop,
        ],
      },
      {
        text: 'exthdr frag exists drop',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 0, type: 44, offset: 0, length: 1, flags: 1 },
          cmp('eq', '01'),
          drop,
        ],
      },
      {
        text: 'hbh hdrlength 5 drop',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 0, type: 0, offset: 1, length: 1, flags: 0 },
          cmp('eq', '05'),
          drop,
        ],
      },
      {
        text: 'rt type 0 drop',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 0, type: 43, offset: 2, length: 1, flags: 0 },
          cmp('eq', '00'),
          drop,
        ],
      },
      {
        text: 'mh type 1 drop',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 0, type: 135, offset: 2, length: 1, flags: 0 },
          cmp('eq', '01'),
          drop,
        ],
      },
      {
        text: 'dst nexthdr 6 drop',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 0, type: 60, offset: 0, length: 1, flags: 0 },
          cmp('eq', '06'),
          drop,
        ],
      },
      {
        text: 'exthdr hbh exists drop',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 0, type: 0, offset: 0, length: 1, flags: 1 },
          cmp('eq', '01'),
          drop,
        ],
      },
      {
        text: 'ip6 flowlabel 5 accept',
        expressions: [
          load('network', 1, 3),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('0fffff'), xor: fromHex('000000') },
          cmp('eq', '000005'),
          accept,
        ],
      },
      {
        text: 'ip6 dscp cs1 accept',
        expressions: [
          load('network', 0, 2),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('0fc0'), xor: fromHex('0000') },
          cmp('eq', '0200'),
          accept,
        ],
      },
      {
        text: 'ip6 hoplimit set 64',
        expressions: [
          constant('40'),
          { kind: 'payload', operation: 'set', register: 1, base: 1, offset: 7, length: 1 },
        ],
      },
      {
        text: 'rt ip6 nexthop 2001:db8::1 accept',
        expressions: [{ kind: 'rt', register: 1, key: 2 }, cmp('eq', '20010db8000000000000000000000001'), accept],
      },
      {
        text: 'ipsec in ip6 saddr ::1 accept',
        expressions: [
          { kind: 'xfrm', register: 1, key: 4, direction: 0, index: 0 },
          cmp('eq', '00000000000000000000000000000001'),
          accept,
        ],
      },
      {
        text: 'ct original ip6 saddr ::1 accept',
        expressions: [ctLoad('srcIp6', 1, 0), cmp('eq', '00000000000000000000000000000001'), accept],
      },
      {
        text: 'dup to 2001:db8::7 device "lo"',
        expressions: [
          constant('20010db8000000000000000000000007'),
          constant('01000000', 2),
          { kind: 'dup', addressRegister: 1, deviceRegister: 2 },
        ],
      },
      {
        text: 'icmpv6 mtu 1280 accept',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '3a'),
          load('transport', 0, 1),
          cmp('eq', '02'),
          load('transport', 4, 4),
          cmp('eq', '00000500'),
          accept,
        ],
      },
      {
        text: 'meta l4proto tcp reject with tcp reset',
        expressions: [metaLoad('l4proto'), cmp('eq', '06'), { kind: 'reject', type: 1, code: 0 }],
      },
      { text: 'reject with icmpv6 policy-fail', expressions: [{ kind: 'reject', type: 0, code: 5 }] },
    ],
  },
  {
    name: 'netdev',
    table: 'netdev dev',
    chain: 'ingress',
    cases: [
      { text: 'dup to "lo"', expressions: [constant('01000000'), { kind: 'dup', deviceRegister: 1 }] },
      { text: 'fwd to "lo"', expressions: [constant('01000000'), { kind: 'fwd', deviceRegister: 1 }] },
      {
        text: 'fwd ip to 192.0.2.7 device "lo"',
        expressions: [
          constant('01000000'),
          constant('c0000207', 2),
          { kind: 'fwd', deviceRegister: 1, addressRegister: 2, family: 2 },
        ],
      },
      {
        text: 'vlan id 5 drop',
        expressions: [
          metaLoad('iiftype'),
          cmp('eq', '0100'),
          load('link', 12, 2),
          cmp('eq', '8100'),
          load('link', 14, 2),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('0fff'), xor: fromHex('0000') },
          cmp('eq', '0005'),
          drop,
        ],
      },
      {
        text: 'ether type arp accept',
        expressions: [metaLoad('iiftype'), cmp('eq', '0100'), load('link', 12, 2), cmp('eq', '0806'), accept],
      },
      {
        text: 'ether daddr set 02:00:5e:10:00:01',
        expressions: [
          metaLoad('iiftype'),
          cmp('eq', '0100'),
          constant('02005e100001'),
          { kind: 'payload', operation: 'set', register: 1, base: 0, offset: 0, length: 6 },
        ],
      },
      { text: 'meta protocol ip accept', expressions: [metaLoad('protocol'), cmp('eq', '0800'), accept] },
      {
        text: 'arp operation request accept',
        expressions: [metaLoad('protocol'), cmp('eq', '0806'), load('network', 6, 2), cmp('eq', '0001'), accept],
      },
    ],
  },
  {
    name: 'arp',
    table: 'arp neighbors',
    chain: 'input',
    cases: [
      { text: 'arp operation reply accept', expressions: [load('network', 6, 2), cmp('eq', '0002'), accept] },
      { text: 'arp saddr ip 192.0.2.1 drop', expressions: [load('network', 14, 4), cmp('eq', 'c0000201'), drop] },
      {
        text: 'arp daddr ether ff:ff:ff:ff:ff:ff accept',
        expressions: [load('network', 18, 6), cmp('eq', 'ffffffffffff'), accept],
      },
    ],
  },
  {
    name: 'bridge',
    table: 'bridge br',
    chain: 'forward',
    cases: [
      {
        text: 'ether saddr 02:00:5e:10:00:01 drop',
        expressions: [load('link', 6, 6), cmp('eq', '02005e100001'), drop],
      },
      {
        text: 'vlan id 5 accept',
        expressions: [
          load('link', 12, 2),
          cmp('eq', '8100'),
          load('link', 14, 2),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('0fff'), xor: fromHex('0000') },
          cmp('eq', '0005'),
          accept,
        ],
      },
      {
        text: 'ip saddr 10.0.0.1 drop',
        expressions: [metaLoad('protocol'), cmp('eq', '0800'), load('network', 12, 4), cmp('eq', '0a000001'), drop],
      },
      {
        text: 'meta ibrname "br0" accept',
        needs: 'bridgeMeta',
        expressions: [metaLoad('ibrname'), cmp('eq', '62723000000000000000000000000000'), accept],
      },
      {
        text: 'meta obrname "br0" accept',
        needs: 'bridgeMeta',
        expressions: [metaLoad('obrname'), cmp('eq', '62723000000000000000000000000000'), accept],
      },
      {
        text: 'meta ibrpvid 5 accept',
        needs: 'bridgeMeta',
        expressions: [metaLoad('ibrpvid'), cmp('eq', '0500'), accept],
      },
      {
        text: 'meta ibrvproto 8021q accept',
        needs: 'bridgeMeta',
        expressions: [metaLoad('ibrvproto'), cmp('eq', '8100'), accept],
      },
    ],
  },
  {
    name: 'flow tables',
    table: 'inet fast',
    chain: 'forward',
    needs: 'flowtable',
    cases: [
      { text: 'flow add @fast', expressions: [{ kind: 'flowOffload', flowtable: 'fast' }] },
      {
        text: 'ct state established flow add @fast',
        expressions: [
          ctLoad('state'),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('02000000'), xor: fromHex('00000000') },
          cmp('neq', '00000000'),
          { kind: 'flowOffload', flowtable: 'fast' },
        ],
      },
    ],
  },
  {
    name: 'security marks',
    table: 'inet marked',
    chain: 'forward',
    needs: 'secmark',
    cases: [
      { text: 'meta secmark set "m"', expressions: [{ kind: 'objref', type: 8, name: 'm' }] },
      { text: 'ct secmark set meta secmark', expressions: [metaLoad('secmark'), ctSet('secmark')] },
      { text: 'meta secmark set ct secmark', expressions: [ctLoad('secmark'), metaSet('secmark')] },
    ],
  },
];
