import { fromHex } from '@router7/wire';
import type { ExpressionCases } from './expression-cases.ts';
import { accept, cmp, constant, ctLoad, ctSet, metaLoad, metaSet } from './short.ts';

export const stateCases: readonly ExpressionCases[] = [
  {
    name: 'what is known beside the packet',
    table: 'ip x',
    chain: 'forward',
    cases: [
      {
        text: 'meta length 40-1500 accept',
        expressions: [
          metaLoad('len'),
          { kind: 'byteorder', source: 1, destination: 1, operation: 1, length: 4, size: 4 },
          cmp('gte', '00000028'),
          cmp('lte', '000005dc'),
          accept,
        ],
      },
      { text: 'meta priority 1:5 accept', expressions: [metaLoad('priority'), cmp('eq', '05000100'), accept] },
      { text: 'meta priority set 1:5', expressions: [constant('05000100'), metaSet('priority')] },
      { text: 'meta nftrace set 1', expressions: [constant('01'), metaSet('nftrace')] },
      { text: 'meta cpu 0 accept', expressions: [metaLoad('cpu'), cmp('eq', '00000000'), accept] },
      { text: 'meta cgroup 5 accept', expressions: [metaLoad('cgroup'), cmp('eq', '05000000'), accept] },
      { text: 'meta secpath exists accept', expressions: [metaLoad('secpath'), cmp('eq', '01'), accept] },
      { text: 'skgid 5 accept', expressions: [metaLoad('skgid'), cmp('eq', '05000000'), accept] },
      { text: 'iiftype ether accept', expressions: [metaLoad('iiftype'), cmp('eq', '0100'), accept] },
      { text: 'oiftype ether accept', expressions: [metaLoad('oiftype'), cmp('eq', '0100'), accept] },
      { text: 'rtclassid 5 accept', expressions: [metaLoad('rtclassid'), cmp('eq', '05000000'), accept] },
      { text: 'iifgroup 5 accept', expressions: [metaLoad('iifgroup'), cmp('eq', '05000000'), accept] },
      { text: 'oifgroup 5 accept', expressions: [metaLoad('oifgroup'), cmp('eq', '05000000'), accept] },
      {
        text: 'meta iifkind "vrf" accept',
        expressions: [metaLoad('iifkind'), cmp('eq', '76726600000000000000000000000000'), accept],
      },
      {
        text: 'meta oifkind "vrf" accept',
        expressions: [metaLoad('oifkind'), cmp('eq', '76726600000000000000000000000000'), accept],
      },
      { text: 'meta day "Monday" accept', expressions: [metaLoad('day'), cmp('eq', '01'), accept] },
      {
        text: 'meta hour "08:00"-"17:00" accept',
        expressions: [
          metaLoad('hour'),
          { kind: 'byteorder', source: 1, destination: 1, operation: 1, length: 4, size: 4 },
          cmp('gte', '00007080'),
          cmp('lte', '0000ef10'),
          accept,
        ],
      },
      { text: 'meta random < 100 accept', expressions: [metaLoad('random'), cmp('lt', '00000064'), accept] },
      { text: 'meta sdif "lo" accept', expressions: [metaLoad('sdif'), cmp('eq', '01000000'), accept] },
      {
        text: 'meta sdifname "lo" accept',
        expressions: [metaLoad('sdifname'), cmp('eq', '6c6f0000000000000000000000000000'), accept],
      },
      {
        text: 'ct bytes > 100000 accept',
        expressions: [
          ctLoad('bytes'),
          { kind: 'byteorder', source: 1, destination: 1, operation: 1, length: 8, size: 8 },
          cmp('gt', '00000000000186a0'),
          accept,
        ],
      },
      {
        text: 'ct original packets > 100 accept',
        expressions: [
          ctLoad('packets', 1, 0),
          { kind: 'byteorder', source: 1, destination: 1, operation: 1, length: 8, size: 8 },
          cmp('gt', '0000000000000064'),
          accept,
        ],
      },
      {
        text: 'ct reply bytes < 5 accept',
        expressions: [
          ctLoad('bytes', 1, 1),
          { kind: 'byteorder', source: 1, destination: 1, operation: 1, length: 8, size: 8 },
          cmp('lt', '0000000000000005'),
          accept,
        ],
      },
      {
        text: 'ct avgpkt > 200 accept',
        expressions: [
          ctLoad('avgpkt'),
          { kind: 'byteorder', source: 1, destination: 1, operation: 1, length: 8, size: 8 },
          cmp('gt', '00000000000000c8'),
          accept,
        ],
      },
      {
        text: 'ct expiration > 10s accept',
        expressions: [
          ctLoad('expiration'),
          { kind: 'byteorder', source: 1, destination: 1, operation: 1, length: 4, size: 4 },
          cmp('gt', '00002710'),
          accept,
        ],
      },
      {
        text: 'ct helper "ftp" accept',
        expressions: [ctLoad('helper'), cmp('eq', '66747000000000000000000000000000'), accept],
      },
      { text: 'ct id 5 accept', expressions: [ctLoad('id'), cmp('eq', '00000005'), accept] },
      { text: 'ct l3proto ipv4 accept', expressions: [ctLoad('l3proto'), cmp('eq', '02'), accept] },
      { text: 'ct protocol tcp accept', expressions: [ctLoad('protocol'), cmp('eq', '06'), accept] },
      { text: 'ct original saddr 192.0.2.1 accept', expressions: [ctLoad('src', 1, 0), cmp('eq', 'c0000201'), accept] },
      {
        text: 'ct reply ip daddr 192.0.2.1 accept',
        expressions: [ctLoad('dstIp', 1, 1), cmp('eq', 'c0000201'), accept],
      },
      { text: 'ct zone 5 accept', expressions: [ctLoad('zone'), cmp('eq', '0500'), accept] },
      { text: 'ct event set new,destroy', expressions: [constant('05000000'), ctSet('eventmask')] },
      { text: 'ct label set 5', expressions: [constant('20000000000000000000000000000000'), ctSet('labels')] },
      {
        text: 'ct label 5 accept',
        expressions: [
          ctLoad('labels'),
          {
            kind: 'bitwise',
            source: 1,
            destination: 1,
            mask: fromHex('20000000000000000000000000000000'),
            xor: fromHex('00000000000000000000000000000000'),
          },
          cmp('neq', '00000000000000000000000000000000'),
          accept,
        ],
      },
      {
        text: 'meta l4proto tcp ct original proto-src 53 accept',
        expressions: [metaLoad('l4proto'), cmp('eq', '06'), ctLoad('protoSrc', 1, 0), cmp('eq', '0035'), accept],
      },
    ],
  },
];
