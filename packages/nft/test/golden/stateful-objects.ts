import { ObjectType } from '@router7/nft';
import { bytes } from '../bytes.ts';
import type { GoldenOperation } from './operation.ts';

/** Stateful objects of each type. */
export const goldenStatefulObjects: readonly GoldenOperation[] = [
  {
    name: 'quota',
    text: 'add quota inet t o { over 25 mbytes used 3 bytes comment "x"; }',
    operation: {
      action: 'add',
      object: {
        kind: 'object',
        family: 'inet',
        table: 't',
        name: 'o',
        type: ObjectType.quota,
        data: { kind: 'quota', bytes: 26_214_400n, consumed: 3n, inverted: true },
        comment: 'x',
      },
    },
    type: 0xa12,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_OBJ_TABLE
      '06000200 6f000000', // NFTA_OBJ_NAME
      '08000300 00000002', // NFTA_OBJ_TYPE
      '08000800 00027800', // NFTA_OBJ_USERDATA
      '24000480', // NFTA_OBJ_DATA, nested
      '0c000100 00000000 01900000', // 1 of its data
      '0c000400 00000000 00000003', // 4 of its data
      '08000200 00000001', // 2 of its data
    ),
  },
  {
    name: 'quota, until it is used up',
    text: 'add quota inet t o { 25 mbytes; }',
    operation: {
      action: 'add',
      object: {
        kind: 'object',
        family: 'inet',
        table: 't',
        name: 'o',
        type: ObjectType.quota,
        data: { kind: 'quota', bytes: 26_214_400n, consumed: 0n, inverted: false },
      },
    },
    type: 0xa12,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_OBJ_TABLE
      '06000200 6f000000', // NFTA_OBJ_NAME
      '08000300 00000002', // NFTA_OBJ_TYPE
      '24000480', // NFTA_OBJ_DATA, nested
      '0c000100 00000000 01900000', // 1 of its data
      '0c000400 00000000 00000000', // 4 of its data
      '08000200 00000000', // 2 of its data
    ),
  },
  {
    name: 'limit',
    text: 'add limit inet t o { rate 10/second burst 7 packets; comment "y"; }',
    operation: {
      action: 'add',
      object: {
        kind: 'object',
        family: 'inet',
        table: 't',
        name: 'o',
        type: ObjectType.limit,
        data: { kind: 'limit', rate: 10n, unitSeconds: 1n, burst: 7, type: 0, inverted: false },
        comment: 'y',
      },
    },
    type: 0xa12,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_OBJ_TABLE
      '06000200 6f000000', // NFTA_OBJ_NAME
      '08000300 00000004', // NFTA_OBJ_TYPE
      '08000800 00027900', // NFTA_OBJ_USERDATA
      '34000480', // NFTA_OBJ_DATA, nested
      '0c000100 00000000 0000000a', // 1 of its data
      '0c000200 00000000 00000001', // 2 of its data
      '08000300 00000007', // 3 of its data
      '08000400 00000000', // 4 of its data
      '08000500 00000000', // 5 of its data
    ),
  },
  {
    name: 'limit of octets',
    text: 'add limit inet t o { rate over 10 kbytes/minute; }',
    operation: {
      action: 'add',
      object: {
        kind: 'object',
        family: 'inet',
        table: 't',
        name: 'o',
        type: ObjectType.limit,
        data: { kind: 'limit', rate: 10_240n, unitSeconds: 60n, burst: 0, type: 1, inverted: true },
      },
    },
    type: 0xa12,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_OBJ_TABLE
      '06000200 6f000000', // NFTA_OBJ_NAME
      '08000300 00000004', // NFTA_OBJ_TYPE
      '34000480', // NFTA_OBJ_DATA, nested
      '0c000100 00000000 00002800', // 1 of its data
      '0c000200 00000000 0000003c', // 2 of its data
      '08000300 00000000', // 3 of its data
      '08000400 00000001', // 4 of its data
      '08000500 00000001', // 5 of its data
    ),
  },
  {
    name: 'ct helper',
    text: 'add ct helper inet t o { type "ftp" protocol tcp; l3proto ip; }',
    operation: {
      action: 'add',
      object: {
        kind: 'object',
        family: 'inet',
        table: 't',
        name: 'o',
        type: ObjectType.ctHelper,
        data: { kind: 'ct-helper', helper: 'ftp', family: 'ip', protocol: 6 },
      },
    },
    type: 0xa12,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_OBJ_TABLE
      '06000200 6f000000', // NFTA_OBJ_NAME
      '08000300 00000003', // NFTA_OBJ_TYPE
      '1c000480', // NFTA_OBJ_DATA, nested
      '07000100 66747000', // 1 of its data
      '06000200 00020000', // 2 of its data
      '05000300 06000000', // 3 of its data
    ),
  },
  {
    name: "ct helper of the table's family",
    text: 'add ct helper inet t o { type "tftp" protocol udp; comment "z"; }',
    operation: {
      action: 'add',
      object: {
        kind: 'object',
        family: 'inet',
        table: 't',
        name: 'o',
        type: ObjectType.ctHelper,
        data: { kind: 'ct-helper', helper: 'tftp', protocol: 17 },
        comment: 'z',
      },
    },
    type: 0xa12,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_OBJ_TABLE
      '06000200 6f000000', // NFTA_OBJ_NAME
      '08000300 00000003', // NFTA_OBJ_TYPE
      '08000800 00027a00', // NFTA_OBJ_USERDATA
      '14000480', // NFTA_OBJ_DATA, nested
      '08000100 74667470', // 1 of its data
      '05000300 11000000', // 3 of its data
    ),
  },
  {
    name: 'ct timeout of TCP',
    text: 'add ct timeout inet t o { protocol tcp; l3proto ip; policy = { established: 120, close: 4 }; }',
    operation: {
      action: 'add',
      object: {
        kind: 'object',
        family: 'inet',
        table: 't',
        name: 'o',
        type: ObjectType.ctTimeout,
        data: {
          kind: 'ct-timeout',
          family: 'ip',
          protocol: 6,
          seconds: [120, 60, 120, 120, 60, 30, 120, 4, 120, 300, 300],
        },
      },
    },
    type: 0xa12,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_OBJ_TABLE
      '06000200 6f000000', // NFTA_OBJ_NAME
      '08000300 00000007', // NFTA_OBJ_TYPE
      '70000480', // NFTA_OBJ_DATA, nested
      '06000100 00020000', // 1 of its data
      '05000200 06000000', // 2 of its data
      '5c000380 08000100 00000078 08000200 0000003c 08000300 00000078 08000400 00000078 08000500 0000003c 08000600 0000001e 08000700 00000078 08000800 00000004 08000900 00000078 08000a00 0000012c 08000b00 0000012c', // 3 of its data
    ),
  },
  {
    name: 'ct timeout of UDP',
    text: 'add ct timeout inet t o { protocol udp; policy = { unreplied: 12, replied: 4 }; }',
    operation: {
      action: 'add',
      object: {
        kind: 'object',
        family: 'inet',
        table: 't',
        name: 'o',
        type: ObjectType.ctTimeout,
        data: { kind: 'ct-timeout', protocol: 17, seconds: [12, 4] },
      },
    },
    type: 0xa12,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_OBJ_TABLE
      '06000200 6f000000', // NFTA_OBJ_NAME
      '08000300 00000007', // NFTA_OBJ_TYPE
      '20000480', // NFTA_OBJ_DATA, nested
      '05000200 11000000', // 2 of its data
      '14000380 08000100 0000000c 08000200 00000004', // 3 of its data
    ),
  },
  {
    name: 'ct expectation',
    text: 'add ct expectation inet t o { protocol udp; dport 9876; timeout 2m; size 12; l3proto ip; }',
    operation: {
      action: 'add',
      object: {
        kind: 'object',
        family: 'inet',
        table: 't',
        name: 'o',
        type: ObjectType.ctExpectation,
        data: {
          kind: 'ct-expectation',
          family: 'ip',
          protocol: 17,
          destinationPort: 9876,
          timeoutMilliseconds: 120_000,
          size: 12,
        },
      },
    },
    type: 0xa12,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_OBJ_TABLE
      '06000200 6f000000', // NFTA_OBJ_NAME
      '08000300 00000009', // NFTA_OBJ_TYPE
      '2c000480', // NFTA_OBJ_DATA, nested
      '06000100 00020000', // 1 of its data
      '05000200 11000000', // 2 of its data
      '06000300 26940000', // 3 of its data
      '08000400 c0d40100', // 4 of its data
      '05000500 0c000000', // 5 of its data
    ),
  },
  {
    name: 'synproxy',
    text: 'add synproxy inet t o { mss 1460; wscale 7; timestamp sack-perm; }',
    operation: {
      action: 'add',
      object: {
        kind: 'object',
        family: 'inet',
        table: 't',
        name: 'o',
        type: ObjectType.synproxy,
        data: { kind: 'synproxy', mss: 1460, windowScale: 7, flags: 0xf },
      },
    },
    type: 0xa12,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_OBJ_TABLE
      '06000200 6f000000', // NFTA_OBJ_NAME
      '08000300 0000000a', // NFTA_OBJ_TYPE
      '1c000480', // NFTA_OBJ_DATA, nested
      '06000100 05b40000', // 1 of its data
      '05000200 07000000', // 2 of its data
      '08000300 0000000f', // 3 of its data
    ),
  },
  {
    name: 'secmark',
    text: 'add secmark inet t o { "system_u:object_r:ssh_server_packet_t:s0"; }',
    operation: {
      action: 'add',
      object: {
        kind: 'object',
        family: 'inet',
        table: 't',
        name: 'o',
        type: ObjectType.secmark,
        data: { kind: 'secmark', context: 'system_u:object_r:ssh_server_packet_t:s0' },
      },
    },
    type: 0xa12,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_OBJ_TABLE
      '06000200 6f000000', // NFTA_OBJ_NAME
      '08000300 00000008', // NFTA_OBJ_TYPE
      '30000480', // NFTA_OBJ_DATA, nested
      '2c000100 73797374 656d5f75 3a6f626a 6563745f 723a7373 685f7365 72766572 5f706163 6b65745f 743a7330', // 1 of its data
    ),
  },
];
