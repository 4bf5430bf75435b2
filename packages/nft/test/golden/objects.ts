import type { Expression } from '@router7/nft';
import { fromHex } from '@router7/wire';
import { bytes } from '../bytes.ts';
import type { GoldenOperation } from './operation.ts';

const verdict: Expression = { kind: 'immediate', register: 0, data: { verdict: { code: 1 } } };

/** Each object, added and deleted. */
export const goldenObjects: readonly GoldenOperation[] = [
  {
    name: 'table',
    text: 'add table inet t { flags dormant; comment "mine"; }',
    operation: { action: 'add', object: { kind: 'table', family: 'inet', name: 't', flags: 1, comment: 'mine' } },
    type: 0xa00,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_TABLE_NAME
      '08000200 00000001', // NFTA_TABLE_FLAGS
      '0b000600 00056d69 6e650000', // NFTA_TABLE_USERDATA
    ),
  },
  {
    name: 'table, exclusively',
    text: 'create table ip6 u',
    operation: { action: 'create', object: { kind: 'table', family: 'ip6', name: 'u' } },
    type: 0xa00,
    flags: 0x201,
    bytes: bytes(
      '0a000000', // family, version, resource id
      '06000100 75000000', // NFTA_TABLE_NAME
      '08000200 00000000', // NFTA_TABLE_FLAGS
    ),
  },
  {
    name: 'table, deleted',
    text: 'delete table inet t',
    operation: { action: 'delete', object: { kind: 'table', family: 'inet', name: 't' } },
    type: 0xa02,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_TABLE_NAME
    ),
  },
  {
    name: 'base chain',
    text: 'add chain inet t b { type filter hook forward priority -150; policy drop; comment "base"; }',
    operation: {
      action: 'add',
      object: {
        kind: 'chain',
        family: 'inet',
        table: 't',
        name: 'b',
        comment: 'base',
        base: { type: 'filter', hook: 'forward', priority: -150, policy: 'drop' },
      },
    },
    type: 0xa03,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '06000300 62000000', // NFTA_CHAIN_NAME
      '0b000700 66696c74 65720000', // NFTA_CHAIN_TYPE
      '08000500 00000000', // NFTA_CHAIN_POLICY
      '14000480', // NFTA_CHAIN_HOOK, nested
      '08000100 00000002', // NFTA_HOOK_HOOKNUM
      '08000200 ffffff6a', // NFTA_HOOK_PRIORITY
      '0b000c00 00056261 73650000', // NFTA_CHAIN_USERDATA
    ),
  },
  {
    name: 'chain',
    text: 'add chain inet t d',
    operation: { action: 'add', object: { kind: 'chain', family: 'inet', table: 't', name: 'd' } },
    type: 0xa03,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '06000300 64000000', // NFTA_CHAIN_NAME
    ),
  },
  {
    name: 'chain of a device',
    text: 'add chain netdev n i { type filter hook ingress device lo priority 5; }',
    operation: {
      action: 'add',
      object: {
        kind: 'chain',
        family: 'netdev',
        table: 'n',
        name: 'i',
        base: { type: 'filter', hook: 'ingress', priority: 5, device: 'lo' },
      },
    },
    type: 0xa03,
    flags: 0x401,
    bytes: bytes(
      '05000000', // family, version, resource id
      '06000100 6e000000', // NFTA_CHAIN_TABLE
      '06000300 69000000', // NFTA_CHAIN_NAME
      '0b000700 66696c74 65720000', // NFTA_CHAIN_TYPE
      '1c000480', // NFTA_CHAIN_HOOK, nested
      '08000100 00000000', // NFTA_HOOK_HOOKNUM
      '08000200 00000005', // NFTA_HOOK_PRIORITY
      '07000300 6c6f0000', // NFTA_HOOK_DEV
    ),
  },
  {
    name: 'chain, deleted',
    text: 'delete chain inet t c',
    operation: { action: 'delete', object: { kind: 'chain', family: 'inet', table: 't', name: 'c' } },
    type: 0xa05,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '06000300 63000000', // NFTA_CHAIN_NAME
    ),
  },
  {
    name: 'counter',
    text: 'add counter inet t x { packets 5 bytes 7; comment "five"; }',
    operation: {
      action: 'add',
      object: {
        kind: 'object',
        family: 'inet',
        table: 't',
        name: 'x',
        type: 1,
        data: { kind: 'counter', packets: 5n, bytes: 7n },
        comment: 'five',
      },
    },
    type: 0xa12,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_OBJ_TABLE
      '06000200 78000000', // NFTA_OBJ_NAME
      '08000300 00000001', // NFTA_OBJ_TYPE
      '0b000800 00056669 76650000', // NFTA_OBJ_USERDATA
      '1c000480', // NFTA_OBJ_DATA, nested
      '0c000100 00000000 00000007', // NFTA_COUNTER_BYTES
      '0c000200 00000000 00000005', // NFTA_COUNTER_PACKETS
    ),
  },
  {
    name: 'counter, deleted',
    text: 'delete counter inet t c',
    operation: { action: 'delete', object: { kind: 'object', family: 'inet', table: 't', name: 'c', type: 1 } },
    type: 0xa14,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_OBJ_TABLE
      '06000200 63000000', // NFTA_OBJ_NAME
      '08000300 00000001', // NFTA_OBJ_TYPE
    ),
  },
  {
    name: 'set of intervals',
    text: 'add set inet t i { type inet_service; flags interval; }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: 'i',
        flags: 4,
        keyType: 13,
        keyLength: 2,
        id: 1,
        userdata: fromHex('0004 02000000'),
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 69000000', // NFTA_SET_NAME
      '08000300 00000004', // NFTA_SET_FLAGS
      '08000400 0000000d', // NFTA_SET_KEY_TYPE
      '08000500 00000002', // NFTA_SET_KEY_LEN
      '08000a00 00000001', // NFTA_SET_ID
      '0a000d00 00040200 00000000', // NFTA_SET_USERDATA
    ),
  },
  {
    name: 'set',
    text: 'add set inet t n { type ifname; size 8; }',
    operation: {
      action: 'add',
      object: {
        kind: 'set',
        family: 'inet',
        table: 't',
        name: 'n',
        flags: 0,
        keyType: 41,
        keyLength: 16,
        id: 1,
        size: 8,
        userdata: fromHex('0004 01000000'),
      },
    },
    type: 0xa09,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 6e000000', // NFTA_SET_NAME
      '08000300 00000000', // NFTA_SET_FLAGS
      '08000400 00000029', // NFTA_SET_KEY_TYPE
      '08000500 00000010', // NFTA_SET_KEY_LEN
      '08000a00 00000001', // NFTA_SET_ID
      '0c000980', // NFTA_SET_DESC, nested
      '08000100 00000008', // NFTA_SET_DESC_SIZE
      '0a000d00 00040100 00000000', // NFTA_SET_USERDATA
    ),
  },
  {
    name: 'set, deleted',
    text: 'delete set inet t s',
    operation: { action: 'delete', object: { kind: 'set', family: 'inet', table: 't', name: 's' } },
    type: 0xa0b,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_TABLE
      '06000200 73000000', // NFTA_SET_NAME
    ),
  },
  {
    name: 'elements',
    text: 'add element inet t s { 192.168.1.1 }',
    operation: {
      action: 'add',
      object: {
        kind: 'elements',
        family: 'inet',
        table: 't',
        set: 's',
        setId: 1,
        elements: [{ key: fromHex('c0a80101') }, { key: fromHex('c0a80102'), flags: 1 }],
      },
    },
    type: 0xa0c,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '06000200 73000000', // NFTA_SET_ELEM_LIST_SET
      '08000400 00000001', // NFTA_SET_ELEM_LIST_SET_ID
      '2c000380', // NFTA_SET_ELEM_LIST_ELEMENTS, nested
      '10000180 0c000180 08000100 c0a80101', // an element
      '18000280 08000300 00000001 0c000180 08000100 c0a80102', // an element
    ),
  },
  {
    name: 'elements, deleted',
    text: 'delete element inet t s { 10.0.0.0/8 }',
    operation: {
      action: 'delete',
      object: {
        kind: 'elements',
        family: 'inet',
        table: 't',
        set: 's',
        elements: [{ key: fromHex('0a000000') }, { key: fromHex('0b000000'), flags: 1 }],
      },
    },
    type: 0xa0e,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '06000200 73000000', // NFTA_SET_ELEM_LIST_SET
      '2c000380', // NFTA_SET_ELEM_LIST_ELEMENTS, nested
      '10000180 0c000180 08000100 0a000000', // an element
      '18000280 08000300 00000001 0c000180 08000100 0b000000', // an element
    ),
  },
  {
    name: 'elements, all deleted',
    text: 'flush set inet t s',
    operation: { action: 'delete', object: { kind: 'elements', family: 'inet', table: 't', set: 's', elements: [] } },
    type: 0xa0e,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '06000200 73000000', // NFTA_SET_ELEM_LIST_SET
    ),
  },
  {
    name: 'rule',
    text: 'add rule inet t c accept comment "hello"',
    operation: {
      action: 'add',
      object: { kind: 'rule', family: 'inet', table: 't', chain: 'c', expressions: [verdict], comment: 'hello' },
    },
    type: 0xa06,
    flags: 0xc01,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_RULE_TABLE
      '06000200 63000000', // NFTA_RULE_CHAIN
      '34000480', // NFTA_RULE_EXPRESSIONS, nested
      '30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001', // NFTA_LIST_ELEM
      '0c000700 00066865 6c6c6f00', // NFTA_RULE_USERDATA
    ),
  },
  {
    name: 'rule, first',
    text: 'insert rule inet t c accept',
    operation: {
      action: 'insert',
      object: { kind: 'rule', family: 'inet', table: 't', chain: 'c', expressions: [verdict] },
    },
    type: 0xa06,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_RULE_TABLE
      '06000200 63000000', // NFTA_RULE_CHAIN
      '34000480', // NFTA_RULE_EXPRESSIONS, nested
      '30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001', // NFTA_LIST_ELEM
    ),
  },
  {
    name: 'rule, behind another',
    text: 'add rule inet t c position 4 accept',
    operation: {
      action: 'add',
      object: { kind: 'rule', family: 'inet', table: 't', chain: 'c', expressions: [verdict], position: 4n },
    },
    type: 0xa06,
    flags: 0xc01,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_RULE_TABLE
      '06000200 63000000', // NFTA_RULE_CHAIN
      '34000480', // NFTA_RULE_EXPRESSIONS, nested
      '30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001', // NFTA_LIST_ELEM
      '0c000600 00000000 00000004', // NFTA_RULE_POSITION
    ),
  },
  {
    name: 'rule, replaced',
    text: 'replace rule inet t c handle 4 accept',
    operation: {
      action: 'replace',
      object: { kind: 'rule', family: 'inet', table: 't', chain: 'c', expressions: [verdict], handle: 4n },
    },
    type: 0xa06,
    flags: 0x101,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_RULE_TABLE
      '06000200 63000000', // NFTA_RULE_CHAIN
      '0c000300 00000000 00000004', // NFTA_RULE_HANDLE
      '34000480', // NFTA_RULE_EXPRESSIONS, nested
      '30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001', // NFTA_LIST_ELEM
    ),
  },
  {
    name: 'rule, deleted',
    text: 'delete rule inet t c handle 4',
    operation: { action: 'delete', object: { kind: 'rule', family: 'inet', table: 't', chain: 'c', handle: 4n } },
    type: 0xa08,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_RULE_TABLE
      '06000200 63000000', // NFTA_RULE_CHAIN
      '0c000300 00000000 00000004', // NFTA_RULE_HANDLE
    ),
  },
  {
    name: 'rules of a chain, deleted',
    text: 'flush chain inet t c',
    operation: { action: 'delete', object: { kind: 'rule', family: 'inet', table: 't', chain: 'c' } },
    type: 0xa08,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_RULE_TABLE
      '06000200 63000000', // NFTA_RULE_CHAIN
    ),
  },
  {
    name: 'rules of a table, deleted',
    text: 'flush table inet t',
    operation: { action: 'delete', object: { kind: 'rule', family: 'inet', table: 't' } },
    type: 0xa08,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_RULE_TABLE
    ),
  },
];
