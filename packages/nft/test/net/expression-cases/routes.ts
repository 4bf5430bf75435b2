import { fromHex } from '@router7/wire';
import type { ExpressionCases } from './expression-cases.ts';
import { accept, cmp, constant, ctSet, drop, load, metaLoad, metaSet } from './short.ts';

export const routesCases: readonly ExpressionCases[] = [
  {
    name: 'numbers, routes, copies and logs',
    table: 'ip x',
    chain: 'forward',
    cases: [
      {
        text: 'meta mark set numgen inc mod 4',
        expressions: [{ kind: 'numgen', register: 1, type: 0, modulus: 4, offset: 0 }, metaSet('mark')],
      },
      {
        text: 'meta mark set numgen random mod 4 offset 10',
        expressions: [{ kind: 'numgen', register: 1, type: 1, modulus: 4, offset: 10 }, metaSet('mark')],
      },
      {
        text: 'meta mark set jhash ip saddr mod 4',
        expressions: [
          load('network', 12, 4, 2),
          { kind: 'hash', register: 1, modulus: 4, offset: 0, type: 'jenkins', source: 2, length: 4 },
          metaSet('mark'),
        ],
      },
      {
        text: 'meta mark set jhash ip saddr . ip daddr mod 4 seed 0xbeef offset 3',
        expressions: [
          load('network', 12, 4, 2),
          load('network', 16, 4, 13),
          { kind: 'hash', register: 1, modulus: 4, offset: 3, type: 'jenkins', source: 2, length: 8, seed: 48879 },
          metaSet('mark'),
        ],
      },
      {
        text: 'meta mark set symhash mod 4',
        expressions: [{ kind: 'hash', register: 1, modulus: 4, offset: 0, type: 'symmetric' }, metaSet('mark')],
      },
      {
        text: 'meta mark set symhash mod 4 offset 7',
        expressions: [{ kind: 'hash', register: 1, modulus: 4, offset: 7, type: 'symmetric' }, metaSet('mark')],
      },
      {
        text: 'rt classid 5 accept',
        expressions: [{ kind: 'rt', register: 1, key: 0 }, cmp('eq', '05000000'), accept],
      },
      {
        text: 'rt ip nexthop 192.0.2.1 accept',
        expressions: [{ kind: 'rt', register: 1, key: 1 }, cmp('eq', 'c0000201'), accept],
      },
      { text: 'rt ipsec exists accept', expressions: [{ kind: 'rt', register: 1, key: 4 }, cmp('eq', '01'), accept] },
      {
        text: 'tcp flags syn tcp option maxseg size set rt mtu',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          load('transport', 13, 1),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('02'), xor: fromHex('00') },
          cmp('neq', '00'),
          { kind: 'rt', register: 1, key: 3 },
          { kind: 'byteorder', source: 1, destination: 1, operation: 1, length: 2, size: 2 },
          { kind: 'exthdr', operation: 'set', register: 1, header: 1, type: 2, offset: 2, length: 2, flags: 0 },
        ],
      },
      {
        text: 'ipsec in ip saddr 192.0.2.1 accept',
        expressions: [{ kind: 'xfrm', register: 1, key: 3, direction: 0, index: 0 }, cmp('eq', 'c0000201'), accept],
      },
      {
        text: 'ipsec out spnum 1 ip daddr 192.0.2.1 accept',
        expressions: [{ kind: 'xfrm', register: 1, key: 1, direction: 1, index: 1 }, cmp('eq', 'c0000201'), accept],
      },
      {
        text: 'ipsec in reqid 5 accept',
        expressions: [{ kind: 'xfrm', register: 1, key: 5, direction: 0, index: 0 }, cmp('eq', '05000000'), accept],
      },
      {
        text: 'ipsec out spi 5 accept',
        expressions: [{ kind: 'xfrm', register: 1, key: 6, direction: 1, index: 0 }, cmp('eq', '00000005'), accept],
      },
      {
        text: 'fib daddr . mark type local accept',
        expressions: [{ kind: 'fib', register: 1, result: 3, flags: 6 }, cmp('eq', '02000000'), accept],
      },
      {
        text: 'fib daddr oif "lo" accept',
        expressions: [{ kind: 'fib', register: 1, result: 1, flags: 2 }, cmp('eq', '01000000'), accept],
      },
      {
        text: 'fib saddr . iif oif exists accept',
        expressions: [{ kind: 'fib', register: 1, result: 1, flags: 41 }, cmp('eq', '01000000'), accept],
      },
      {
        text: 'fib saddr . mark oifname "lo" accept',
        expressions: [
          { kind: 'fib', register: 1, result: 2, flags: 5 },
          cmp('eq', '6c6f0000000000000000000000000000'),
          accept,
        ],
      },
      { text: 'dup to 192.0.2.7', expressions: [constant('c0000207'), { kind: 'dup', addressRegister: 1 }] },
      {
        text: 'dup to 192.0.2.7 device "lo"',
        expressions: [
          constant('c0000207'),
          constant('01000000', 2),
          { kind: 'dup', addressRegister: 1, deviceRegister: 2 },
        ],
      },
      { text: 'log flags tcp sequence,options', expressions: [{ kind: 'log', flags: 3 }] },
      { text: 'log flags all prefix "x"', expressions: [{ kind: 'log', prefix: 'x', flags: 47 }] },
      { text: 'log level audit', expressions: [{ kind: 'log', level: 8 }] },
      {
        text: 'log group 3 snaplen 64 queue-threshold 5',
        expressions: [{ kind: 'log', group: 3, snaplen: 64, queueThreshold: 5 }],
      },
      { text: 'log prefix "y" group 7', expressions: [{ kind: 'log', prefix: 'y', group: 7 }] },
      { text: 'continue', expressions: [{ kind: 'immediate', register: 0, data: { verdict: { code: -1 } } }] },
      { text: 'queue num 3', needs: 'queue', expressions: [{ kind: 'queue', number: 3, total: 1, flags: 0 }] },
      {
        text: 'queue flags bypass,fanout to 1-4',
        needs: 'queue',
        expressions: [{ kind: 'queue', number: 1, total: 4, flags: 3 }],
      },
      {
        text: 'queue flags bypass to numgen inc mod 4',
        needs: 'queue',
        expressions: [
          { kind: 'numgen', register: 1, type: 0, modulus: 4, offset: 0 },
          { kind: 'queue', register: 1, flags: 1 },
        ],
      },
      {
        text: 'dccp type request drop',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '21'),
          load('transport', 8, 1),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('1e'), xor: fromHex('00') },
          cmp('eq', '00'),
          drop,
        ],
      },
    ],
  },
  {
    name: 'before connection tracking',
    table: 'ip x',
    chain: 'raw',
    cases: [
      { text: 'ct zone set 5', expressions: [constant('0500'), ctSet('zone')] },
      { text: 'ct original zone set 5', expressions: [constant('0500'), ctSet('zone', 1, 0)] },
      {
        text: 'socket transparent 1 accept',
        expressions: [{ kind: 'socket', register: 1, key: 0, level: 0 }, cmp('eq', '01'), accept],
      },
      {
        text: 'socket mark 5 accept',
        expressions: [{ kind: 'socket', register: 1, key: 1, level: 0 }, cmp('eq', '05000000'), accept],
      },
      {
        text: 'socket wildcard 1 accept',
        expressions: [{ kind: 'socket', register: 1, key: 2, level: 0 }, cmp('eq', '01'), accept],
      },
      {
        text: 'osf name "Linux" accept',
        expressions: [
          { kind: 'osf', register: 1, ttl: 0, flags: 0 },
          cmp('eq', '4c696e75780000000000000000000000'),
          accept,
        ],
      },
      {
        text: 'osf ttl loose name "Linux" accept',
        expressions: [
          { kind: 'osf', register: 1, ttl: 1, flags: 0 },
          cmp('eq', '4c696e75780000000000000000000000'),
          accept,
        ],
      },
      {
        text: 'osf ttl skip version "Linux:3.x" accept',
        expressions: [
          { kind: 'osf', register: 1, ttl: 2, flags: 1 },
          cmp('eq', '4c696e75783a332e7800000000000000'),
          accept,
        ],
      },
      {
        text: 'meta l4proto tcp tproxy to 127.0.0.1:50080',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          constant('7f000001'),
          constant('c3a0', 2),
          { kind: 'tproxy', family: 2, addressRegister: 1, portRegister: 2 },
        ],
      },
      {
        text: 'meta l4proto tcp tproxy to :50080',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          constant('c3a0'),
          { kind: 'tproxy', family: 2, portRegister: 1 },
        ],
      },
      {
        text: 'meta l4proto udp tproxy to 127.0.0.1',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '11'),
          constant('7f000001'),
          { kind: 'tproxy', family: 2, addressRegister: 1 },
        ],
      },
      { text: 'meta pkttype set host', expressions: [constant('00'), metaSet('pkttype')] },
      {
        text: 'tcp dport 80 notrack',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          load('transport', 2, 2),
          cmp('eq', '0050'),
          { kind: 'notrack' },
        ],
      },
      {
        text: 'ip saddr 10.0.0.1 meta iifname "lo" meta mark set 3 accept',
        expressions: [
          load('network', 12, 4),
          cmp('eq', '0a000001'),
          metaLoad('iifname'),
          cmp('eq', '6c6f0000000000000000000000000000'),
          constant('03000000'),
          metaSet('mark'),
          accept,
        ],
      },
    ],
  },
  {
    name: 'destination NAT',
    table: 'ip x',
    chain: 'pre',
    cases: [
      {
        text: 'dnat to 192.0.2.1-192.0.2.9 persistent',
        expressions: [
          constant('c0000201'),
          constant('c0000209', 2),
          { kind: 'nat', type: 'dnat', family: 'ip', addressMin: 1, addressMax: 2, flags: 8 },
        ],
      },
      {
        text: 'dnat ip to tcp dport map @targets',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          load('transport', 2, 2),
          { kind: 'lookup', set: 'targets', source: 1, destination: 1, inverted: false },
          { kind: 'nat', type: 'dnat', family: 'ip', addressMin: 1, portMin: 9, flags: 0 },
        ],
      },
      {
        text: 'tcp dport 80 dnat to 192.0.2.1:8080 random',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          load('transport', 2, 2),
          cmp('eq', '0050'),
          constant('c0000201'),
          constant('1f90', 2),
          { kind: 'nat', type: 'dnat', family: 'ip', addressMin: 1, portMin: 2, flags: 6 },
        ],
      },
      {
        text: 'tcp dport 80 redirect to :8080-8089 random',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          load('transport', 2, 2),
          cmp('eq', '0050'),
          constant('1f90'),
          constant('1f99', 2),
          { kind: 'redirect', flags: 6, portMin: 1, portMax: 2 },
        ],
      },
      {
        text: 'tcp dport 80 redirect to :8080 persistent',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          load('transport', 2, 2),
          cmp('eq', '0050'),
          constant('1f90'),
          { kind: 'redirect', flags: 10, portMin: 1 },
        ],
      },
    ],
  },
  {
    name: 'source NAT',
    table: 'ip x',
    chain: 'post',
    cases: [
      {
        text: 'snat to 192.0.2.1-192.0.2.9 persistent',
        expressions: [
          constant('c0000201'),
          constant('c0000209', 2),
          { kind: 'nat', type: 'snat', family: 'ip', addressMin: 1, addressMax: 2, flags: 8 },
        ],
      },
      {
        text: 'snat to 192.0.2.1 random',
        expressions: [constant('c0000201'), { kind: 'nat', type: 'snat', family: 'ip', addressMin: 1, flags: 4 }],
      },
      {
        text: 'snat to 192.0.2.1 fully-random',
        expressions: [constant('c0000201'), { kind: 'nat', type: 'snat', family: 'ip', addressMin: 1, flags: 16 }],
      },
      {
        text: 'snat ip prefix to ip saddr map @prefixes',
        expressions: [
          load('network', 12, 4),
          { kind: 'lookup', set: 'prefixes', source: 1, destination: 1, inverted: false },
          { kind: 'nat', type: 'snat', family: 'ip', addressMin: 1, addressMax: 9, flags: 64 },
        ],
      },
      {
        text: 'meta l4proto udp snat to 192.0.2.1:1024-65535',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '11'),
          constant('c0000201'),
          constant('0400', 2),
          constant('ffff', 3),
          { kind: 'nat', type: 'snat', family: 'ip', addressMin: 1, portMin: 2, portMax: 3, flags: 2 },
        ],
      },
      {
        text: 'meta l4proto tcp masquerade to :1024-65535 random',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          constant('0400'),
          constant('ffff', 2),
          { kind: 'masquerade', flags: 6, portMin: 1, portMax: 2 },
        ],
      },
    ],
  },
];
