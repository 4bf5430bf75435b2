import { DynsetOperation, ObjectType } from '@router7/nft';
import { bytes } from '../../bytes.ts';
import type { GoldenExpression } from './golden-expression.ts';

/** Sets, maps and stateful objects. */
export const goldenSets: readonly GoldenExpression[] = [
  {
    name: 'objref',
    text: 'counter name "fwded"',
    listing: 'objref type 1 name fwded',
    expression: { kind: 'objref', type: 1, name: 'fwded' },
    bytes: bytes(
      '0b000100 6f626a72 65660000', // NFTA_EXPR_NAME
      '18000280', // NFTA_EXPR_DATA, nested
      '08000100 00000001', // NFTA_OBJREF_IMM_TYPE
      '09000200 66776465 64000000', // NFTA_OBJREF_IMM_NAME
    ),
  },
  {
    name: 'lookup in a named set',
    text: 'iifname @inside accept',
    listing: 'lookup reg 1 set inside',
    expression: { kind: 'lookup', set: 'inside', setId: 1, source: 1, inverted: false },
    bytes: bytes(
      '0b000100 6c6f6f6b 75700000', // NFTA_EXPR_NAME
      '20000280', // NFTA_EXPR_DATA, nested
      '08000200 00000001', // NFTA_LOOKUP_SREG
      '0b000100 696e7369 64650000', // NFTA_LOOKUP_SET
      '08000400 00000001', // NFTA_LOOKUP_SET_ID
    ),
  },
  {
    name: 'lookup inverted',
    text: 'iifname != @inside accept',
    listing: 'lookup reg 1 set inside 0x1',
    expression: { kind: 'lookup', set: 'inside', setId: 1, source: 1, inverted: true },
    bytes: bytes(
      '0b000100 6c6f6f6b 75700000', // NFTA_EXPR_NAME
      '28000280', // NFTA_EXPR_DATA, nested
      '08000200 00000001', // NFTA_LOOKUP_SREG
      '0b000100 696e7369 64650000', // NFTA_LOOKUP_SET
      '08000400 00000001', // NFTA_LOOKUP_SET_ID
      '08000500 00000001', // NFTA_LOOKUP_FLAGS
    ),
  },
  {
    name: 'lookup for a verdict',
    text: 'tcp dport vmap { 22 : accept }',
    listing: 'lookup reg 1 set __map%d dreg 0',
    expression: { kind: 'lookup', set: '__map%d', setId: 2, source: 1, destination: 0, inverted: false },
    bytes: bytes(
      '0b000100 6c6f6f6b 75700000', // NFTA_EXPR_NAME
      '28000280', // NFTA_EXPR_DATA, nested
      '08000200 00000001', // NFTA_LOOKUP_SREG
      '08000300 00000000', // NFTA_LOOKUP_DREG
      '0c000100 5f5f6d61 70256400', // NFTA_LOOKUP_SET
      '08000400 00000002', // NFTA_LOOKUP_SET_ID
    ),
  },
  {
    name: 'lookup in a map',
    text: 'meta mark set ip saddr map { 10.0.0.1 : 5 }',
    listing: 'lookup reg 1 set __map%d dreg 1',
    expression: { kind: 'lookup', set: '__map%d', setId: 2, source: 1, destination: 1, inverted: false },
    bytes: bytes(
      '0b000100 6c6f6f6b 75700000', // NFTA_EXPR_NAME
      '28000280', // NFTA_EXPR_DATA, nested
      '08000200 00000001', // NFTA_LOOKUP_SREG
      '08000300 00000001', // NFTA_LOOKUP_DREG
      '0c000100 5f5f6d61 70256400', // NFTA_LOOKUP_SET
      '08000400 00000002', // NFTA_LOOKUP_SET_ID
    ),
  },
  {
    name: 'lookup with a concatenated key',
    text: 'ip saddr . tcp dport { 10.0.0.1 . 22 } accept',
    listing: 'lookup reg 1 set __set%d',
    expression: { kind: 'lookup', set: '__set%d', setId: 2, source: 1, inverted: false },
    bytes: bytes(
      '0b000100 6c6f6f6b 75700000', // NFTA_EXPR_NAME
      '20000280', // NFTA_EXPR_DATA, nested
      '08000200 00000001', // NFTA_LOOKUP_SREG
      '0c000100 5f5f7365 74256400', // NFTA_LOOKUP_SET
      '08000400 00000002', // NFTA_LOOKUP_SET_ID
    ),
  },
  {
    name: 'dynset add',
    text: 'add @s { ip saddr timeout 10s }',
    family: 'ip',
    preamble: 'set s { type ipv4_addr; flags dynamic,timeout; size 100; }',
    listing: 'dynset add reg_key 1 set s timeout 10000ms',
    expression: {
      kind: 'dynset',
      operation: DynsetOperation.add,
      set: 's',
      setId: 2,
      keyRegister: 1,
      timeoutMilliseconds: 10_000n,
      expressions: [],
      inverted: false,
    },
    bytes: bytes(
      '0b000100 64796e73 65740000', // NFTA_EXPR_NAME
      '30000280', // NFTA_EXPR_DATA, nested
      '08000400 00000001', // NFTA_DYNSET_SREG_KEY
      '08000300 00000000', // NFTA_DYNSET_OP
      '0c000600 00000000 00002710', // NFTA_DYNSET_TIMEOUT
      '06000100 73000000', // NFTA_DYNSET_SET_NAME
      '08000200 00000002', // NFTA_DYNSET_SET_ID
    ),
  },
  {
    name: 'dynset update',
    text: 'update @s { ip saddr }',
    family: 'ip',
    preamble: 'set s { type ipv4_addr; flags dynamic,timeout; size 100; }',
    listing: 'dynset update reg_key 1 set s',
    expression: {
      kind: 'dynset',
      operation: DynsetOperation.update,
      set: 's',
      setId: 2,
      keyRegister: 1,
      expressions: [],
      inverted: false,
    },
    bytes: bytes(
      '0b000100 64796e73 65740000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000400 00000001', // NFTA_DYNSET_SREG_KEY
      '08000300 00000001', // NFTA_DYNSET_OP
      '06000100 73000000', // NFTA_DYNSET_SET_NAME
      '08000200 00000002', // NFTA_DYNSET_SET_ID
    ),
  },
  {
    name: 'dynset delete',
    text: 'delete @s { ip saddr }',
    family: 'ip',
    preamble: 'set s { type ipv4_addr; flags dynamic,timeout; size 100; }',
    listing: 'dynset delete reg_key 1 set s',
    expression: {
      kind: 'dynset',
      operation: DynsetOperation.delete,
      set: 's',
      setId: 2,
      keyRegister: 1,
      expressions: [],
      inverted: false,
    },
    bytes: bytes(
      '0b000100 64796e73 65740000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000400 00000001', // NFTA_DYNSET_SREG_KEY
      '08000300 00000002', // NFTA_DYNSET_OP
      '06000100 73000000', // NFTA_DYNSET_SET_NAME
      '08000200 00000002', // NFTA_DYNSET_SET_ID
    ),
  },
  {
    name: 'dynset of a map',
    text: 'update @m { ip saddr timeout 5s : 7 }',
    family: 'ip',
    preamble: 'map m { type ipv4_addr : mark; flags dynamic,timeout; size 100; }',
    listing: 'dynset update reg_key 1 set m sreg_data 2 timeout 5000ms',
    expression: {
      kind: 'dynset',
      operation: DynsetOperation.update,
      set: 'm',
      setId: 2,
      keyRegister: 1,
      dataRegister: 2,
      timeoutMilliseconds: 5000n,
      expressions: [],
      inverted: false,
    },
    bytes: bytes(
      '0b000100 64796e73 65740000', // NFTA_EXPR_NAME
      '38000280', // NFTA_EXPR_DATA, nested
      '08000400 00000001', // NFTA_DYNSET_SREG_KEY
      '08000500 00000002', // NFTA_DYNSET_SREG_DATA
      '08000300 00000001', // NFTA_DYNSET_OP
      '0c000600 00000000 00001388', // NFTA_DYNSET_TIMEOUT
      '06000100 6d000000', // NFTA_DYNSET_SET_NAME
      '08000200 00000002', // NFTA_DYNSET_SET_ID
    ),
  },
  {
    name: 'dynset with a limit for each element',
    text: 'add @s { ip saddr limit rate 10/second } accept',
    family: 'ip',
    preamble: 'set s { type ipv4_addr; flags dynamic; size 100; }',
    listing: 'dynset add reg_key 1 set s expr [ limit rate 10/second burst 5 type packets flags 0x0 ]',
    expression: {
      kind: 'dynset',
      operation: DynsetOperation.add,
      set: 's',
      setId: 2,
      keyRegister: 1,
      expressions: [{ kind: 'limit', rate: 10n, unitSeconds: 1n, burst: 5, type: 0, inverted: false }],
      inverted: false,
    },
    bytes: bytes(
      '0b000100 64796e73 65740000', // NFTA_EXPR_NAME
      '68000280', // NFTA_EXPR_DATA, nested
      '08000400 00000001', // NFTA_DYNSET_SREG_KEY
      '08000300 00000000', // NFTA_DYNSET_OP
      '06000100 73000000', // NFTA_DYNSET_SET_NAME
      '08000200 00000002', // NFTA_DYNSET_SET_ID
      '44000780', // NFTA_DYNSET_EXPR, nested
      '0a000100 6c696d69 74000000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '0c000100 00000000 0000000a', // NFTA_LIMIT_RATE
      '0c000200 00000000 00000001', // NFTA_LIMIT_UNIT
      '08000300 00000005', // NFTA_LIMIT_BURST
      '08000400 00000000', // NFTA_LIMIT_TYPE
      '08000500 00000000', // NFTA_LIMIT_FLAGS
    ),
  },
  {
    name: 'dynset with two expressions for each element',
    text: 'add @s { ip saddr limit rate 10/second counter }',
    family: 'ip',
    preamble: 'set s { type ipv4_addr; flags dynamic; size 100; }',
    listing:
      'dynset add reg_key 1 set s expr [ limit rate 10/second burst 5 type packets flags 0x0 ] expr [ counter pkts 0 bytes 0 ]',
    expression: {
      kind: 'dynset',
      operation: DynsetOperation.add,
      set: 's',
      setId: 2,
      keyRegister: 1,
      expressions: [
        { kind: 'limit', rate: 10n, unitSeconds: 1n, burst: 5, type: 0, inverted: false },
        { kind: 'counter', packets: 0n, bytes: 0n },
      ],
      inverted: false,
    },
    bytes: bytes(
      '0b000100 64796e73 65740000', // NFTA_EXPR_NAME
      '88000280', // NFTA_EXPR_DATA, nested
      '08000400 00000001', // NFTA_DYNSET_SREG_KEY
      '08000300 00000000', // NFTA_DYNSET_OP
      '06000100 73000000', // NFTA_DYNSET_SET_NAME
      '08000200 00000002', // NFTA_DYNSET_SET_ID
      '5c000a80', // NFTA_DYNSET_EXPRESSIONS, nested
      '44000180', // NFTA_LIST_ELEM, nested
      '0a000100 6c696d69 74000000', // NFTA_EXPR_NAME
      '34000280', // NFTA_EXPR_DATA, nested
      '0c000100 00000000 0000000a', // NFTA_LIMIT_RATE
      '0c000200 00000000 00000001', // NFTA_LIMIT_UNIT
      '08000300 00000005', // NFTA_LIMIT_BURST
      '08000400 00000000', // NFTA_LIMIT_TYPE
      '08000500 00000000', // NFTA_LIMIT_FLAGS
      '14000180', // NFTA_LIST_ELEM, nested
      '0c000100 636f756e 74657200', // NFTA_EXPR_NAME
      '04000280', // NFTA_EXPR_DATA, nested
      '08000900 00000002', // NFTA_DYNSET_FLAGS
    ),
  },
  {
    name: 'dynset that counts connections',
    text: 'add @s { ip saddr ct count over 20 } drop',
    family: 'ip',
    preamble: 'set s { type ipv4_addr; flags dynamic; size 100; }',
    listing: 'dynset add reg_key 1 set s expr [ connlimit count 20 flags 1 ]',
    expression: {
      kind: 'dynset',
      operation: DynsetOperation.add,
      set: 's',
      setId: 2,
      keyRegister: 1,
      expressions: [{ kind: 'connlimit', count: 20, inverted: true }],
      inverted: false,
    },
    bytes: bytes(
      '0b000100 64796e73 65740000', // NFTA_EXPR_NAME
      '4c000280', // NFTA_EXPR_DATA, nested
      '08000400 00000001', // NFTA_DYNSET_SREG_KEY
      '08000300 00000000', // NFTA_DYNSET_OP
      '06000100 73000000', // NFTA_DYNSET_SET_NAME
      '08000200 00000002', // NFTA_DYNSET_SET_ID
      '28000780', // NFTA_DYNSET_EXPR, nested
      '0e000100 636f6e6e 6c696d69 74000000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000014', // NFTA_CONNLIMIT_COUNT
      '08000200 00000001', // NFTA_CONNLIMIT_FLAGS
    ),
  },
  {
    name: 'objref by map',
    text: 'counter name ip saddr map @m',
    family: 'ip',
    preamble: 'map m { type ipv4_addr : counter; }',
    listing: 'objref sreg 1 set m',
    expression: { kind: 'objref', source: 1, set: 'm', setId: 2 },
    bytes: bytes(
      '0b000100 6f626a72 65660000', // NFTA_EXPR_NAME
      '1c000280', // NFTA_EXPR_DATA, nested
      '08000300 00000001', // NFTA_OBJREF_SET_SREG
      '05000400 6d000000', // NFTA_OBJREF_SET_NAME
      '08000500 00000002', // NFTA_OBJREF_SET_ID
    ),
  },
  {
    name: 'objref by anonymous map',
    text: 'quota name tcp dport map { 80 : "q" }',
    family: 'ip',
    preamble: 'quota q { 25 mbytes }',
    listing: 'objref sreg 1 set __objmap%d',
    expression: { kind: 'objref', source: 1, set: '__objmap%d', setId: 2 },
    bytes: bytes(
      '0b000100 6f626a72 65660000', // NFTA_EXPR_NAME
      '24000280', // NFTA_EXPR_DATA, nested
      '08000300 00000001', // NFTA_OBJREF_SET_SREG
      '0e000400 5f5f6f62 6a6d6170 25640000', // NFTA_OBJREF_SET_NAME
      '08000500 00000002', // NFTA_OBJREF_SET_ID
    ),
  },
  {
    name: 'objref to a quota',
    text: 'quota name "q"',
    preamble: 'quota q { 25 mbytes }',
    listing: 'objref type 2 name q',
    expression: { kind: 'objref', type: ObjectType.quota, name: 'q' },
    bytes: bytes(
      '0b000100 6f626a72 65660000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000002', // NFTA_OBJREF_IMM_TYPE
      '05000200 71000000', // NFTA_OBJREF_IMM_NAME
    ),
  },
  {
    name: 'objref to a limit',
    text: 'limit name "l"',
    preamble: 'limit l { rate 10/second; }',
    listing: 'objref type 4 name l',
    expression: { kind: 'objref', type: ObjectType.limit, name: 'l' },
    bytes: bytes(
      '0b000100 6f626a72 65660000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000004', // NFTA_OBJREF_IMM_TYPE
      '05000200 6c000000', // NFTA_OBJREF_IMM_NAME
    ),
  },
  {
    name: 'objref to a ct helper',
    text: 'ct helper set "h"',
    preamble: 'ct helper h { type "ftp" protocol tcp; }',
    listing: 'objref type 3 name h',
    expression: { kind: 'objref', type: ObjectType.ctHelper, name: 'h' },
    bytes: bytes(
      '0b000100 6f626a72 65660000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000003', // NFTA_OBJREF_IMM_TYPE
      '05000200 68000000', // NFTA_OBJREF_IMM_NAME
    ),
  },
  {
    name: 'objref to a ct timeout',
    text: 'ct timeout set "t"',
    preamble: 'ct timeout t { protocol tcp; policy = { established: 100 }; }',
    listing: 'objref type 7 name t',
    expression: { kind: 'objref', type: ObjectType.ctTimeout, name: 't' },
    bytes: bytes(
      '0b000100 6f626a72 65660000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000007', // NFTA_OBJREF_IMM_TYPE
      '05000200 74000000', // NFTA_OBJREF_IMM_NAME
    ),
  },
  {
    name: 'objref to a ct expectation',
    text: 'ct expectation set "e"',
    preamble: `ct expectation e {
    protocol tcp
    dport 9876
    timeout 2m
    size 12
    l3proto ip
  }`,
    listing: 'objref type 9 name e',
    expression: { kind: 'objref', type: ObjectType.ctExpectation, name: 'e' },
    bytes: bytes(
      '0b000100 6f626a72 65660000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000009', // NFTA_OBJREF_IMM_TYPE
      '05000200 65000000', // NFTA_OBJREF_IMM_NAME
    ),
  },
  {
    name: 'objref to a synproxy',
    text: 'synproxy name "p"',
    preamble: `synproxy p {
    mss 1460
    wscale 7
  }`,
    listing: 'objref type 10 name p',
    expression: { kind: 'objref', type: ObjectType.synproxy, name: 'p' },
    bytes: bytes(
      '0b000100 6f626a72 65660000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 0000000a', // NFTA_OBJREF_IMM_TYPE
      '05000200 70000000', // NFTA_OBJREF_IMM_NAME
    ),
  },
  {
    name: 'objref to a secmark',
    text: 'meta secmark set "m"',
    preamble: 'secmark m { "system_u:object_r:ssh_server_packet_t:s0" }',
    listing: 'objref type 8 name m',
    expression: { kind: 'objref', type: ObjectType.secmark, name: 'm' },
    bytes: bytes(
      '0b000100 6f626a72 65660000', // NFTA_EXPR_NAME
      '14000280', // NFTA_EXPR_DATA, nested
      '08000100 00000008', // NFTA_OBJREF_IMM_TYPE
      '05000200 6d000000', // NFTA_OBJREF_IMM_NAME
    ),
  },
];
