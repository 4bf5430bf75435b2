import {
  ByteOrder,
  concatenatedType,
  encodeSetUserdata,
  type Limit,
  ObjectType,
  SetPolicy,
  VERDICT_DATA,
} from '@router7/nft';
import { fromHex } from '@router7/wire';
import { bytes } from '../bytes.ts';
import type { GoldenOperation } from './operation.ts';

const networkOrder = encodeSetUserdata({ keyByteOrder: ByteOrder.network });
/** What nft keeps of `ipv4_addr . inet_service`: a concatenation (13), of which it writes nothing more. */
const typeofPair = fromHex('0004 0d000000 0100');
const ofPairs = encodeSetUserdata({ keyByteOrder: ByteOrder.none, keyTypeof: typeofPair });
const tenPerSecond: Limit = { kind: 'limit', rate: 10n, unitSeconds: 1n, burst: 5, type: 0, inverted: false };
const overFivePerMinute: Limit = { kind: 'limit', rate: 5n, unitSeconds: 60n, burst: 5, type: 0, inverted: true };

/** Sets and maps. */
export const goldenSets: readonly GoldenOperation[] = [
  {
    name: 'set whose elements time out',
    text: 'add set inet t s { type ipv4_addr; timeout 1h; gc-interval 10s; size 65535; flags dynamic,timeout; }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: 's',
        id: 1,
        flags: 0x30,
        size: 65_535,
        timeoutMilliseconds: 3_600_000n,
        gcIntervalMilliseconds: 10_000,
        keyType: 7,
        keyLength: 4,
        userdata: networkOrder,
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 73000000', // NFTA_SET_NAME
      '08000300 00000030', // NFTA_SET_FLAGS
      '08000400 00000007', // NFTA_SET_KEY_TYPE
      '08000500 00000004', // NFTA_SET_KEY_LEN
      '08000a00 00000001', // NFTA_SET_ID
      '0c000980', // NFTA_SET_DESC, nested
      '08000100 0000ffff', // NFTA_SET_DESC_SIZE
      '0c000b00 00000000 0036ee80', // NFTA_SET_TIMEOUT
      '08000c00 00002710', // NFTA_SET_GC_INTERVAL
      '0a000d00 00040200 00000000', // NFTA_SET_USERDATA
    ),
  },
  {
    name: 'set to be kept small',
    text: 'add set inet t s { type ether_addr; policy memory; comment "small"; }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: 's',
        id: 1,
        flags: 0,
        policy: SetPolicy.memory,
        keyType: 9,
        keyLength: 6,
        userdata: encodeSetUserdata({ keyByteOrder: ByteOrder.network, comment: 'small' }),
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 73000000', // NFTA_SET_NAME
      '08000300 00000000', // NFTA_SET_FLAGS
      '08000400 00000009', // NFTA_SET_KEY_TYPE
      '08000500 00000006', // NFTA_SET_KEY_LEN
      '08000a00 00000001', // NFTA_SET_ID
      '08000800 00000001', // NFTA_SET_POLICY
      '12000d00 00040200 00000706 736d616c 6c000000', // NFTA_SET_USERDATA
    ),
  },
  {
    name: 'set of intervals that merge',
    text: 'add set inet t s { type ipv4_addr; flags interval; auto-merge; comment "all"; }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: 's',
        id: 1,
        flags: 4,
        keyType: 7,
        keyLength: 4,
        userdata: encodeSetUserdata({ keyByteOrder: ByteOrder.network, autoMerge: true, comment: 'all' }),
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 73000000', // NFTA_SET_NAME
      '08000300 00000004', // NFTA_SET_FLAGS
      '08000400 00000007', // NFTA_SET_KEY_TYPE
      '08000500 00000004', // NFTA_SET_KEY_LEN
      '08000a00 00000001', // NFTA_SET_ID
      '16000d00 00040200 00000204 01000000 0704616c 6c000000', // NFTA_SET_USERDATA
    ),
  },
  {
    name: 'set of pairs',
    text: 'add set inet t s { type ipv4_addr . inet_service; }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: 's',
        id: 1,
        flags: 0,
        keyType: concatenatedType(7, 13),
        keyLength: 8,
        userdata: ofPairs,
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 73000000', // NFTA_SET_NAME
      '08000300 00000000', // NFTA_SET_FLAGS
      '08000400 000001cd', // NFTA_SET_KEY_TYPE
      '08000500 00000008', // NFTA_SET_KEY_LEN
      '08000a00 00000001', // NFTA_SET_ID
      '14000d00 00040000 00000308 00040d00 00000100', // NFTA_SET_USERDATA
    ),
  },
  {
    name: 'set of pairs of intervals',
    text: 'add set inet t s { type ipv4_addr . inet_service; flags interval; }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: 's',
        id: 1,
        flags: 0x84,
        keyType: concatenatedType(7, 13),
        keyLength: 8,
        fieldLengths: [4, 2],
        userdata: ofPairs,
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 73000000', // NFTA_SET_NAME
      '08000300 00000084', // NFTA_SET_FLAGS
      '08000400 000001cd', // NFTA_SET_KEY_TYPE
      '08000500 00000008', // NFTA_SET_KEY_LEN
      '08000a00 00000001', // NFTA_SET_ID
      '20000980', // NFTA_SET_DESC, nested
      '1c000280 0c000180 08000100 00000004 0c000180 08000100 00000002', // NFTA_SET_DESC_CONCAT
      '14000d00 00040000 00000308 00040d00 00000100', // NFTA_SET_USERDATA
    ),
  },
  {
    name: 'set with a state for each element',
    text: 'add set inet t s { type ipv4_addr; flags dynamic; limit rate 10/second; }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: 's',
        id: 1,
        flags: 0x20,
        keyType: 7,
        keyLength: 4,
        userdata: networkOrder,
        expressions: [tenPerSecond],
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 73000000', // NFTA_SET_NAME
      '08000300 00000020', // NFTA_SET_FLAGS
      '08000400 00000007', // NFTA_SET_KEY_TYPE
      '08000500 00000004', // NFTA_SET_KEY_LEN
      '08000a00 00000001', // NFTA_SET_ID
      '0a000d00 00040200 00000000', // NFTA_SET_USERDATA
      '44001180 0a000100 6c696d69 74000000 34000280 0c000100 00000000 0000000a 0c000200 00000000 00000001 08000300 00000005 08000400 00000000 08000500 00000000', // NFTA_SET_EXPR
    ),
  },
  {
    name: 'set with two states for each element',
    text: 'add set inet t s { type ipv4_addr; flags dynamic; limit rate 10/second; limit rate over 5/minute; }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: 's',
        id: 1,
        flags: 0x120,
        keyType: 7,
        keyLength: 4,
        userdata: networkOrder,
        expressions: [tenPerSecond, overFivePerMinute],
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 73000000', // NFTA_SET_NAME
      '08000300 00000120', // NFTA_SET_FLAGS
      '08000400 00000007', // NFTA_SET_KEY_TYPE
      '08000500 00000004', // NFTA_SET_KEY_LEN
      '08000a00 00000001', // NFTA_SET_ID
      '0a000d00 00040200 00000000', // NFTA_SET_USERDATA
      '8c001280 44000180 0a000100 6c696d69 74000000 34000280 0c000100 00000000 0000000a 0c000200 00000000 00000001 08000300 00000005 08000400 00000000 08000500 00000000 44000180 0a000100 6c696d69 74000000 34000280 0c000100 00000000 00000005 0c000200 00000000 0000003c 08000300 00000005 08000400 00000000 08000500 00000001', // NFTA_SET_EXPRESSIONS
    ),
  },
  {
    name: 'map',
    text: 'add map inet t s { type inet_service : ipv4_addr; }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: 's',
        id: 1,
        flags: 8,
        keyType: 13,
        keyLength: 2,
        dataType: 7,
        dataLength: 4,
        userdata: encodeSetUserdata({
          keyByteOrder: ByteOrder.network,
          dataByteOrder: ByteOrder.network,
          dataInterval: false,
        }),
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 73000000', // NFTA_SET_NAME
      '08000300 00000008', // NFTA_SET_FLAGS
      '08000400 0000000d', // NFTA_SET_KEY_TYPE
      '08000500 00000002', // NFTA_SET_KEY_LEN
      '08000600 00000007', // NFTA_SET_DATA_TYPE
      '08000700 00000004', // NFTA_SET_DATA_LEN
      '08000a00 00000001', // NFTA_SET_ID
      '16000d00 00040200 00000104 02000000 06040000 00000000', // NFTA_SET_USERDATA
    ),
  },
  {
    name: 'map of verdicts',
    text: 'add map inet t s { type mark : verdict; }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: 's',
        id: 1,
        flags: 8,
        keyType: 19,
        keyLength: 4,
        dataType: VERDICT_DATA,
        dataLength: 0,
        userdata: encodeSetUserdata({
          keyByteOrder: ByteOrder.host,
          dataByteOrder: ByteOrder.none,
          dataInterval: false,
        }),
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 73000000', // NFTA_SET_NAME
      '08000300 00000008', // NFTA_SET_FLAGS
      '08000400 00000013', // NFTA_SET_KEY_TYPE
      '08000500 00000004', // NFTA_SET_KEY_LEN
      '08000600 ffffff00', // NFTA_SET_DATA_TYPE
      '08000700 00000000', // NFTA_SET_DATA_LEN
      '08000a00 00000001', // NFTA_SET_ID
      '16000d00 00040100 00000104 00000000 06040000 00000000', // NFTA_SET_USERDATA
    ),
  },
  {
    name: 'map of counters',
    text: 'add map inet t s { type ipv4_addr : counter; }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: 's',
        id: 1,
        flags: 0x40,
        keyType: 7,
        keyLength: 4,
        objectType: ObjectType.counter,
        userdata: encodeSetUserdata({ keyByteOrder: ByteOrder.network, dataInterval: false }),
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 73000000', // NFTA_SET_NAME
      '08000300 00000040', // NFTA_SET_FLAGS
      '08000400 00000007', // NFTA_SET_KEY_TYPE
      '08000500 00000004', // NFTA_SET_KEY_LEN
      '08000f00 00000001', // NFTA_SET_OBJ_TYPE
      '08000a00 00000001', // NFTA_SET_ID
      '10000d00 00040200 00000604 00000000', // NFTA_SET_USERDATA
    ),
  },
  {
    name: 'map of intervals to pairs',
    text: 'add map inet t s { type inet_service : ipv4_addr . inet_service; flags interval; }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: 's',
        id: 1,
        flags: 12,
        keyType: 13,
        keyLength: 2,
        dataType: concatenatedType(7, 13),
        dataLength: 8,
        userdata: encodeSetUserdata({
          keyByteOrder: ByteOrder.network,
          dataByteOrder: ByteOrder.none,
          dataTypeof: typeofPair,
          dataInterval: false,
        }),
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 73000000', // NFTA_SET_NAME
      '08000300 0000000c', // NFTA_SET_FLAGS
      '08000400 0000000d', // NFTA_SET_KEY_TYPE
      '08000500 00000002', // NFTA_SET_KEY_LEN
      '08000600 000001cd', // NFTA_SET_DATA_TYPE
      '08000700 00000008', // NFTA_SET_DATA_LEN
      '08000a00 00000001', // NFTA_SET_ID
      '20000d00 00040200 00000104 00000000 04080004 0d000000 01000604 00000000', // NFTA_SET_USERDATA
    ),
  },
  {
    name: 'map in a rule',
    text: 'add rule inet t c tcp dport vmap { 22 : accept, 80-90 : jump c }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: '__map%d',
        id: 1,
        flags: 0xf,
        keyType: 13,
        keyLength: 2,
        dataType: VERDICT_DATA,
        dataLength: 0,
        size: 5,
        userdata: encodeSetUserdata({
          keyByteOrder: ByteOrder.network,
          dataByteOrder: ByteOrder.none,
          dataTypeof: fromHex('0004 01000000 0100'),
          dataInterval: false,
        }),
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '0c000200 5f5f6d61 70256400', // NFTA_SET_NAME
      '08000300 0000000f', // NFTA_SET_FLAGS
      '08000400 0000000d', // NFTA_SET_KEY_TYPE
      '08000500 00000002', // NFTA_SET_KEY_LEN
      '08000600 ffffff00', // NFTA_SET_DATA_TYPE
      '08000700 00000000', // NFTA_SET_DATA_LEN
      '08000a00 00000001', // NFTA_SET_ID
      '0c000980', // NFTA_SET_DESC, nested
      '08000100 00000005', // NFTA_SET_DESC_SIZE
      '20000d00 00040200 00000104 00000000 04080004 01000000 01000604 00000000', // NFTA_SET_USERDATA
    ),
  },
  {
    name: 'set, deleted by its handle',
    text: 'delete set inet t handle 1',
    operation: { action: 'delete', object: { kind: 'set', family: 'inet', table: 't', handle: 1n } },
    type: 0xa0b,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '0c001000 00000000 00000001', // NFTA_SET_HANDLE
    ),
  },
];
