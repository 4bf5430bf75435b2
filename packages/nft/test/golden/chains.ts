import { ChainFlag, type Expression, priorityOf, TableFlag } from '@router7/nft';
import { bytes } from '../bytes.ts';
import type { GoldenOperation } from './operation.ts';

const accept: Expression = { kind: 'immediate', register: 0, data: { verdict: { code: 1 } } };

/** Tables, chains and rules, with what is rare in them. */
export const goldenChains: readonly GoldenOperation[] = [
  {
    name: 'chain of several devices',
    text: 'add chain netdev t c { type filter hook ingress devices = { d0, d1 } priority -500; policy drop; }',
    operation: {
      action: 'add',
      object: {
        kind: 'chain',
        family: 'netdev',
        table: 't',
        name: 'c',
        base: { type: 'filter', hook: 'ingress', priority: -500, policy: 'drop', devices: ['d1', 'd0'] },
      },
    },
    type: 0xa03,
    flags: 0x401,
    bytes: bytes(
      '05000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '06000300 63000000', // NFTA_CHAIN_NAME
      '0b000700 66696c74 65720000', // NFTA_CHAIN_TYPE
      '08000500 00000000', // NFTA_CHAIN_POLICY
      '28000480', // NFTA_CHAIN_HOOK, nested
      '08000100 00000000', // NFTA_HOOK_HOOKNUM
      '08000200 fffffe0c', // NFTA_HOOK_PRIORITY
      '14000480 07000100 64310000 07000100 64300000', // NFTA_HOOK_DEVS
    ),
  },
  {
    name: 'chain of netdev at egress',
    text: 'add chain netdev t c { type filter hook egress device d0 priority filter; }',
    operation: {
      action: 'add',
      object: {
        kind: 'chain',
        family: 'netdev',
        table: 't',
        name: 'c',
        base: { type: 'filter', hook: 'egress', priority: priorityOf('netdev', 'filter'), device: 'd0' },
      },
    },
    type: 0xa03,
    flags: 0x401,
    bytes: bytes(
      '05000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '06000300 63000000', // NFTA_CHAIN_NAME
      '0b000700 66696c74 65720000', // NFTA_CHAIN_TYPE
      '1c000480', // NFTA_CHAIN_HOOK, nested
      '08000100 00000001', // NFTA_HOOK_HOOKNUM
      '08000200 00000000', // NFTA_HOOK_PRIORITY
      '07000300 64300000', // NFTA_HOOK_DEV
    ),
  },
  {
    name: 'chain of inet at ingress',
    text: 'add chain inet t c { type filter hook ingress device d0 priority filter; }',
    operation: {
      action: 'add',
      object: {
        kind: 'chain',
        family: 'inet',
        table: 't',
        name: 'c',
        base: { type: 'filter', hook: 'ingress', priority: 0, device: 'd0' },
      },
    },
    type: 0xa03,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '06000300 63000000', // NFTA_CHAIN_NAME
      '0b000700 66696c74 65720000', // NFTA_CHAIN_TYPE
      '1c000480', // NFTA_CHAIN_HOOK, nested
      '08000100 00000005', // NFTA_HOOK_HOOKNUM
      '08000200 00000000', // NFTA_HOOK_PRIORITY
      '07000300 64300000', // NFTA_HOOK_DEV
    ),
  },
  {
    name: 'chain of bridge at prerouting',
    text: 'add chain bridge t c { type filter hook prerouting priority dstnat; }',
    operation: {
      action: 'add',
      object: {
        kind: 'chain',
        family: 'bridge',
        table: 't',
        name: 'c',
        base: { type: 'filter', hook: 'prerouting', priority: priorityOf('bridge', 'dstnat') },
      },
    },
    type: 0xa03,
    flags: 0x401,
    bytes: bytes(
      '07000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '06000300 63000000', // NFTA_CHAIN_NAME
      '0b000700 66696c74 65720000', // NFTA_CHAIN_TYPE
      '14000480', // NFTA_CHAIN_HOOK, nested
      '08000100 00000000', // NFTA_HOOK_HOOKNUM
      '08000200 fffffed4', // NFTA_HOOK_PRIORITY
    ),
  },
  {
    name: 'chain of bridge at output',
    text: 'add chain bridge t c { type filter hook output priority out; }',
    operation: {
      action: 'add',
      object: {
        kind: 'chain',
        family: 'bridge',
        table: 't',
        name: 'c',
        base: { type: 'filter', hook: 'output', priority: priorityOf('bridge', 'out') },
      },
    },
    type: 0xa03,
    flags: 0x401,
    bytes: bytes(
      '07000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '06000300 63000000', // NFTA_CHAIN_NAME
      '0b000700 66696c74 65720000', // NFTA_CHAIN_TYPE
      '14000480', // NFTA_CHAIN_HOOK, nested
      '08000100 00000003', // NFTA_HOOK_HOOKNUM
      '08000200 00000064', // NFTA_HOOK_PRIORITY
    ),
  },
  {
    name: 'chain of arp at output',
    text: 'add chain arp t c { type filter hook output priority filter; }',
    operation: {
      action: 'add',
      object: {
        kind: 'chain',
        family: 'arp',
        table: 't',
        name: 'c',
        base: { type: 'filter', hook: 'output', priority: 0 },
      },
    },
    type: 0xa03,
    flags: 0x401,
    bytes: bytes(
      '03000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '06000300 63000000', // NFTA_CHAIN_NAME
      '0b000700 66696c74 65720000', // NFTA_CHAIN_TYPE
      '14000480', // NFTA_CHAIN_HOOK, nested
      '08000100 00000001', // NFTA_HOOK_HOOKNUM
      '08000200 00000000', // NFTA_HOOK_PRIORITY
    ),
  },
  {
    name: 'chain of inet at postrouting',
    text: 'add chain inet t c { type nat hook postrouting priority srcnat + 5; }',
    operation: {
      action: 'add',
      object: {
        kind: 'chain',
        family: 'inet',
        table: 't',
        name: 'c',
        base: { type: 'nat', hook: 'postrouting', priority: priorityOf('inet', 'srcnat + 5') },
      },
    },
    type: 0xa03,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '06000300 63000000', // NFTA_CHAIN_NAME
      '08000700 6e617400', // NFTA_CHAIN_TYPE
      '14000480', // NFTA_CHAIN_HOOK, nested
      '08000100 00000004', // NFTA_HOOK_HOOKNUM
      '08000200 00000069', // NFTA_HOOK_PRIORITY
    ),
  },
  {
    name: 'chain of ip6 at output',
    text: 'add chain ip6 t c { type route hook output priority mangle; }',
    operation: {
      action: 'add',
      object: {
        kind: 'chain',
        family: 'ip6',
        table: 't',
        name: 'c',
        base: { type: 'route', hook: 'output', priority: priorityOf('ip6', 'mangle') },
      },
    },
    type: 0xa03,
    flags: 0x401,
    bytes: bytes(
      '0a000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '06000300 63000000', // NFTA_CHAIN_NAME
      '0a000700 726f7574 65000000', // NFTA_CHAIN_TYPE
      '14000480', // NFTA_CHAIN_HOOK, nested
      '08000100 00000003', // NFTA_HOOK_HOOKNUM
      '08000200 ffffff6a', // NFTA_HOOK_PRIORITY
    ),
  },
  {
    name: 'chain for the network card',
    text: 'add chain netdev t c { type filter hook ingress device d0 priority filter; flags offload; }',
    operation: {
      action: 'add',
      object: {
        kind: 'chain',
        family: 'netdev',
        table: 't',
        name: 'c',
        base: { type: 'filter', hook: 'ingress', priority: 0, device: 'd0' },
        flags: ChainFlag.offload,
      },
    },
    type: 0xa03,
    flags: 0x401,
    bytes: bytes(
      '05000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '06000300 63000000', // NFTA_CHAIN_NAME
      '0b000700 66696c74 65720000', // NFTA_CHAIN_TYPE
      '1c000480', // NFTA_CHAIN_HOOK, nested
      '08000100 00000000', // NFTA_HOOK_HOOKNUM
      '08000200 00000000', // NFTA_HOOK_PRIORITY
      '07000300 64300000', // NFTA_HOOK_DEV
      '08000a00 00000002', // NFTA_CHAIN_FLAGS
    ),
  },
  {
    name: 'chain of one rule',
    text: 'add rule inet t c jump { accept; }',
    operation: {
      action: 'add',
      object: { kind: 'chain', family: 'inet', table: 't', name: '', id: 1, flags: ChainFlag.binding },
    },
    type: 0xa03,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '08000b00 00000001', // NFTA_CHAIN_ID
      '08000a00 00000004', // NFTA_CHAIN_FLAGS
    ),
  },
  {
    name: 'chain, deleted by its handle',
    text: 'delete chain inet t handle 1',
    operation: { action: 'delete', object: { kind: 'chain', family: 'inet', table: 't', handle: 1n } },
    type: 0xa05,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_CHAIN_TABLE
      '0c000200 00000000 00000001', // NFTA_CHAIN_HANDLE
    ),
  },
  {
    name: 'table that belongs to its socket',
    text: 'table inet t { flags owner; }',
    operation: { action: 'add', object: { kind: 'table', family: 'inet', name: 't', flags: TableFlag.owner } },
    type: 0xa00,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_TABLE_NAME
      '08000200 00000002', // NFTA_TABLE_FLAGS
    ),
  },
  {
    name: 'table, deleted by its handle',
    text: 'delete table inet handle 1',
    operation: { action: 'delete', object: { kind: 'table', family: 'inet', handle: 1n } },
    type: 0xa02,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '0c000400 00000000 00000001', // NFTA_TABLE_HANDLE
    ),
  },
  {
    name: 'rule of a chain without a name',
    text: 'add rule inet t c jump { accept; }',
    operation: {
      action: 'add',
      object: { kind: 'rule', family: 'inet', table: 't', chain: '', chainId: 1, expressions: [accept] },
    },
    type: 0xa06,
    flags: 0xc01,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_RULE_TABLE
      '08000b00 00000001', // NFTA_RULE_CHAIN_ID
      '34000480 30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001', // NFTA_RULE_EXPRESSIONS
    ),
  },
  {
    name: 'rule with a number',
    text: 'add rule inet t c accept',
    operation: {
      action: 'add',
      object: { kind: 'rule', family: 'inet', table: 't', chain: 'c', expressions: [accept], id: 1 },
    },
    type: 0xa06,
    flags: 0xc01,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_RULE_TABLE
      '06000200 63000000', // NFTA_RULE_CHAIN
      '34000480 30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001', // NFTA_RULE_EXPRESSIONS
      '08000900 00000001', // NFTA_RULE_ID
    ),
  },
  {
    name: 'rule behind one of the same transaction',
    text: 'add rule inet t c index 1 accept',
    operation: {
      action: 'add',
      object: { kind: 'rule', family: 'inet', table: 't', chain: 'c', expressions: [accept], positionId: 1 },
    },
    type: 0xa06,
    flags: 0xc01,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_RULE_TABLE
      '06000200 63000000', // NFTA_RULE_CHAIN
      '34000480 30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001', // NFTA_RULE_EXPRESSIONS
      '08000a00 00000001', // NFTA_RULE_POSITION_ID
    ),
  },
];
