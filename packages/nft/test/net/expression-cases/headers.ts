import { fromHex } from '@router7/wire';
import type { ExpressionCases } from './expression-cases.ts';
import { accept, cmp, constant, ctLoad, ctSet, drop, load, metaLoad, metaSet } from './short.ts';

export const headersCases: readonly ExpressionCases[] = [
  {
    name: 'headers, options and bits',
    table: 'ip x',
    chain: 'forward',
    cases: [
      { text: 'ip ttl < 5 accept', expressions: [load('network', 8, 1), cmp('lt', '05'), accept] },
      { text: 'ip ttl <= 5 accept', expressions: [load('network', 8, 1), cmp('lte', '05'), accept] },
      { text: 'ip ttl > 5 accept', expressions: [load('network', 8, 1), cmp('gt', '05'), accept] },
      { text: 'ip ttl >= 5 accept', expressions: [load('network', 8, 1), cmp('gte', '05'), accept] },
      {
        text: 'ip dscp af11 accept',
        expressions: [
          load('network', 1, 1),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('fc'), xor: fromHex('00') },
          cmp('eq', '28'),
          accept,
        ],
      },
      {
        text: 'ip length 40-1500 accept',
        expressions: [load('network', 2, 2), cmp('gte', '0028'), cmp('lte', '05dc'), accept],
      },
      { text: 'ip frag-off 0 accept', expressions: [load('network', 6, 2), cmp('eq', '0000'), accept] },
      {
        text: 'ip daddr set 10.0.0.1',
        expressions: [
          constant('0a000001'),
          {
            kind: 'payload',
            operation: 'set',
            register: 1,
            base: 1,
            offset: 16,
            length: 4,
            checksum: { type: 1, offset: 10, flags: 1 },
          },
        ],
      },
      {
        text: 'ip ttl set 1',
        expressions: [
          load('network', 8, 2),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('00ff'), xor: fromHex('0100') },
          {
            kind: 'payload',
            operation: 'set',
            register: 1,
            base: 1,
            offset: 8,
            length: 2,
            checksum: { type: 1, offset: 10, flags: 0 },
          },
        ],
      },
      {
        text: 'ip dscp set cs1',
        expressions: [
          load('network', 0, 2),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('ff03'), xor: fromHex('0020') },
          {
            kind: 'payload',
            operation: 'set',
            register: 1,
            base: 1,
            offset: 0,
            length: 2,
            checksum: { type: 1, offset: 10, flags: 0 },
          },
        ],
      },
      {
        text: 'udp sport set 53',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '11'),
          constant('0035'),
          {
            kind: 'payload',
            operation: 'set',
            register: 1,
            base: 2,
            offset: 0,
            length: 2,
            checksum: { type: 1, offset: 6, flags: 0 },
          },
        ],
      },
      {
        text: 'sctp dport set 80',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '84'),
          constant('0050'),
          {
            kind: 'payload',
            operation: 'set',
            register: 1,
            base: 2,
            offset: 2,
            length: 2,
            checksum: { type: 2, offset: 8, flags: 0 },
          },
        ],
      },
      {
        text: 'udp length 8 drop',
        expressions: [metaLoad('l4proto'), cmp('eq', '11'), load('transport', 4, 2), cmp('eq', '0008'), drop],
      },
      {
        text: 'tcp sequence 5 drop',
        expressions: [metaLoad('l4proto'), cmp('eq', '06'), load('transport', 4, 4), cmp('eq', '00000005'), drop],
      },
      {
        text: 'icmp code 3 accept',
        expressions: [metaLoad('l4proto'), cmp('eq', '01'), load('transport', 1, 1), cmp('eq', '03'), accept],
      },
      { text: '@th,16,16 5 accept', expressions: [load('transport', 2, 2), cmp('eq', '0005'), accept] },
      { text: '@ih,32,16 5 accept', expressions: [load('inner', 4, 2), cmp('eq', '0005'), accept] },
      {
        text: 'dccp dport 5 drop',
        expressions: [metaLoad('l4proto'), cmp('eq', '21'), load('transport', 2, 2), cmp('eq', '0005'), drop],
      },
      {
        text: 'ah spi 5 accept',
        expressions: [metaLoad('l4proto'), cmp('eq', '33'), load('transport', 4, 4), cmp('eq', '00000005'), accept],
      },
      {
        text: 'esp spi 5 accept',
        expressions: [metaLoad('l4proto'), cmp('eq', '32'), load('transport', 0, 4), cmp('eq', '00000005'), accept],
      },
      {
        text: 'igmp type membership-query accept',
        expressions: [metaLoad('l4proto'), cmp('eq', '02'), load('transport', 0, 1), cmp('eq', '11'), accept],
      },
      {
        text: 'comp cpi 5 accept',
        expressions: [metaLoad('l4proto'), cmp('eq', '6c'), load('transport', 2, 2), cmp('eq', '0005'), accept],
      },
      {
        text: 'meta mark set meta mark << 8',
        expressions: [
          metaLoad('mark'),
          { kind: 'bitwise', source: 1, destination: 1, operation: 1, length: 4, bits: fromHex('08000000') },
          metaSet('mark'),
        ],
      },
      {
        text: 'ct mark set meta mark >> 16',
        expressions: [
          metaLoad('mark'),
          { kind: 'bitwise', source: 1, destination: 1, operation: 2, length: 4, bits: fromHex('10000000') },
          ctSet('mark'),
        ],
      },
      {
        text: 'meta mark set meta mark or 0x100',
        expressions: [
          metaLoad('mark'),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('fffeffff'), xor: fromHex('00010000') },
          metaSet('mark'),
        ],
      },
      {
        text: 'meta mark and 0xff00 == 0x100 accept',
        expressions: [
          metaLoad('mark'),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('00ff0000'), xor: fromHex('00000000') },
          cmp('eq', '00010000'),
          accept,
        ],
      },
      {
        text: 'meta mark and 0x3 != 0x1 drop',
        expressions: [
          metaLoad('mark'),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('03000000'), xor: fromHex('00000000') },
          cmp('neq', '01000000'),
          drop,
        ],
      },
      { text: 'meta mark set ct mark', expressions: [ctLoad('mark'), metaSet('mark')] },
      {
        text: 'meta mark set ct mark and 0xff',
        expressions: [
          ctLoad('mark'),
          { kind: 'bitwise', source: 1, destination: 1, mask: fromHex('ff000000'), xor: fromHex('00000000') },
          metaSet('mark'),
        ],
      },
      { text: 'ct mark set meta mark', expressions: [metaLoad('mark'), ctSet('mark')] },
      { text: 'reset tcp option sack-perm', expressions: [{ kind: 'exthdr', operation: 'reset', header: 1, type: 4 }] },
      {
        text: 'tcp option sack-perm exists drop',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 1, type: 4, offset: 0, length: 1, flags: 1 },
          cmp('eq', '01'),
          drop,
        ],
      },
      {
        text: 'tcp option 34 exists drop',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 1, type: 34, offset: 0, length: 1, flags: 1 },
          cmp('eq', '01'),
          drop,
        ],
      },
      {
        text: 'tcp option timestamp tsval 5 drop',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 1, type: 8, offset: 2, length: 4, flags: 0 },
          cmp('eq', '00000005'),
          drop,
        ],
      },
      {
        text: 'ip option lsrr ptr 5 drop',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 2, type: 131, offset: 2, length: 1, flags: 0 },
          cmp('eq', '05'),
          drop,
        ],
      },
      {
        text: 'ip option ra exists drop',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 2, type: 148, offset: 0, length: 1, flags: 1 },
          cmp('eq', '01'),
          drop,
        ],
      },
      {
        text: 'sctp chunk data exists accept',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 3, type: 0, offset: 0, length: 1, flags: 1 },
          cmp('eq', '01'),
          accept,
        ],
      },
      {
        text: 'sctp chunk init num-inbound-streams 5 accept',
        expressions: [
          { kind: 'exthdr', operation: 'load', register: 1, header: 3, type: 1, offset: 14, length: 2, flags: 0 },
          cmp('eq', '0005'),
          accept,
        ],
      },
    ],
  },
];
