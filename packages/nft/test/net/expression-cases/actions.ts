import type { ExpressionCases } from './expression-cases.ts';
import { accept, cmp, constant, drop, load, metaLoad, metaSet } from './short.ts';

export const actionsCases: readonly ExpressionCases[] = [
  {
    name: 'objects, limits, sets and maps',
    table: 'ip x',
    chain: 'forward',
    cases: [
      { text: 'ct helper set "h"', expressions: [{ kind: 'objref', type: 3, name: 'h' }] },
      { text: 'ct timeout set "t"', expressions: [{ kind: 'objref', type: 7, name: 't' }] },
      { text: 'ct expectation set "e"', expressions: [{ kind: 'objref', type: 9, name: 'e' }] },
      { text: 'ct count 20 accept', expressions: [{ kind: 'connlimit', count: 20, inverted: false }, accept] },
      { text: 'ct count over 20 drop', expressions: [{ kind: 'connlimit', count: 20, inverted: true }, drop] },
      {
        text: 'quota 25 mbytes accept',
        expressions: [{ kind: 'quota', bytes: 26214400n, consumed: 0n, inverted: false }, accept],
      },
      {
        text: 'quota over 10 mbytes used 5 bytes drop',
        expressions: [{ kind: 'quota', bytes: 10485760n, consumed: 5n, inverted: true }, drop],
      },
      { text: 'quota name "q" drop', expressions: [{ kind: 'objref', type: 2, name: 'q' }, drop] },
      { text: 'limit name "l" accept', expressions: [{ kind: 'objref', type: 4, name: 'l' }, accept] },
      {
        text: 'limit rate 5/week accept',
        expressions: [{ kind: 'limit', rate: 5n, unitSeconds: 604800n, burst: 5, type: 0, inverted: false }, accept],
      },
      {
        text: 'limit rate over 10 kbytes/hour burst 3 kbytes drop',
        expressions: [{ kind: 'limit', rate: 10240n, unitSeconds: 3600n, burst: 3072, type: 1, inverted: true }, drop],
      },
      { text: 'synproxy name "p"', expressions: [{ kind: 'objref', type: 10, name: 'p' }] },
      {
        text: 'tcp dport 80 synproxy mss 1460 wscale 7 timestamp sack-perm',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          load('transport', 2, 2),
          cmp('eq', '0050'),
          { kind: 'synproxy', mss: 1460, windowScale: 7, flags: 15 },
        ],
      },
      {
        text: 'tcp dport 80 synproxy',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          load('transport', 2, 2),
          cmp('eq', '0050'),
          { kind: 'synproxy', mss: 0, windowScale: 0, flags: 0 },
        ],
      },
      {
        text: 'add @recent { ip saddr timeout 10s }',
        expressions: [
          load('network', 12, 4),
          {
            kind: 'dynset',
            operation: 0,
            set: 'recent',
            keyRegister: 1,
            timeoutMilliseconds: 10000n,
            expressions: [],
            inverted: false,
          },
        ],
      },
      {
        text: 'update @recent { ip saddr } accept',
        expressions: [
          load('network', 12, 4),
          { kind: 'dynset', operation: 1, set: 'recent', keyRegister: 1, expressions: [], inverted: false },
          accept,
        ],
      },
      {
        text: 'delete @recent { ip saddr }',
        expressions: [
          load('network', 12, 4),
          { kind: 'dynset', operation: 2, set: 'recent', keyRegister: 1, expressions: [], inverted: false },
        ],
      },
      {
        text: 'add @counted { ip saddr limit rate 10/second } accept',
        expressions: [
          load('network', 12, 4),
          {
            kind: 'dynset',
            operation: 0,
            set: 'counted',
            keyRegister: 1,
            expressions: [{ kind: 'limit', rate: 10n, unitSeconds: 1n, burst: 5, type: 0, inverted: false }],
            inverted: false,
          },
          accept,
        ],
      },
      {
        text: 'add @counted { ip saddr limit rate over 10/second burst 3 packets counter } drop',
        expressions: [
          load('network', 12, 4),
          {
            kind: 'dynset',
            operation: 0,
            set: 'counted',
            keyRegister: 1,
            expressions: [
              { kind: 'limit', rate: 10n, unitSeconds: 1n, burst: 3, type: 0, inverted: true },
              { kind: 'counter', packets: 0n, bytes: 0n },
            ],
            inverted: false,
          },
          drop,
        ],
      },
      {
        text: 'add @counted { ip saddr ct count over 20 } drop',
        expressions: [
          load('network', 12, 4),
          {
            kind: 'dynset',
            operation: 0,
            set: 'counted',
            keyRegister: 1,
            expressions: [{ kind: 'connlimit', count: 20, inverted: true }],
            inverted: false,
          },
          drop,
        ],
      },
      {
        text: 'add @counted { ip saddr quota 5 mbytes }',
        expressions: [
          load('network', 12, 4),
          {
            kind: 'dynset',
            operation: 0,
            set: 'counted',
            keyRegister: 1,
            expressions: [{ kind: 'quota', bytes: 5242880n, consumed: 0n, inverted: false }],
            inverted: false,
          },
        ],
      },
      {
        text: 'update @learned { ip saddr timeout 5s : 7 }',
        expressions: [
          load('network', 12, 4),
          constant('07000000', 2),
          {
            kind: 'dynset',
            operation: 1,
            set: 'learned',
            keyRegister: 1,
            dataRegister: 2,
            timeoutMilliseconds: 5000n,
            expressions: [],
            inverted: false,
          },
        ],
      },
      {
        text: 'ip saddr . tcp dport @pairs accept',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          load('network', 12, 4),
          load('transport', 2, 2, 9),
          { kind: 'lookup', set: 'pairs', source: 1, inverted: false },
          accept,
        ],
      },
      {
        text: 'ip saddr . tcp dport != @pairs drop',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          load('network', 12, 4),
          load('transport', 2, 2, 9),
          { kind: 'lookup', set: 'pairs', source: 1, inverted: true },
          drop,
        ],
      },
      {
        text: 'meta mark set ip saddr map @marks',
        expressions: [
          load('network', 12, 4),
          { kind: 'lookup', set: 'marks', source: 1, destination: 1, inverted: false },
          metaSet('mark'),
        ],
      },
      {
        text: 'tcp dport vmap @verdicts',
        expressions: [
          metaLoad('l4proto'),
          cmp('eq', '06'),
          load('transport', 2, 2),
          { kind: 'lookup', set: 'verdicts', source: 1, destination: 0, inverted: false },
        ],
      },
      {
        text: 'counter name ip saddr map @counters',
        expressions: [load('network', 12, 4), { kind: 'objref', source: 1, set: 'counters' }],
      },
    ],
  },
];
