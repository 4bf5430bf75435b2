import { FlowtableFlag } from '@router7/nft';
import { bytes } from '../bytes.ts';
import type { GoldenOperation } from './operation.ts';

/** Flow tables. */
export const goldenFlowtables: readonly GoldenOperation[] = [
  {
    name: 'flow table',
    text: 'add flowtable inet t f { hook ingress priority 5; devices = { d0, d1 }; }',
    operation: {
      action: 'add',
      object: { kind: 'flowtable', family: 'inet', table: 't', name: 'f', priority: 5, devices: ['d1', 'd0'] },
    },
    type: 0xa16,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_FLOWTABLE_TABLE
      '06000200 66000000', // NFTA_FLOWTABLE_NAME
      '28000380', // NFTA_FLOWTABLE_HOOK, nested
      '08000100 00000000', // NFTA_FLOWTABLE_HOOK_NUM
      '08000200 00000005', // NFTA_FLOWTABLE_HOOK_PRIORITY
      '14000380 07000100 64310000 07000100 64300000', // NFTA_FLOWTABLE_HOOK_DEVS
      '08000700 00000000', // NFTA_FLOWTABLE_FLAGS
    ),
  },
  {
    name: 'flow table with flags',
    text: 'add flowtable inet t f { hook ingress priority filter; devices = { d0 }; flags offload; counter; }',
    operation: {
      action: 'add',
      object: {
        kind: 'flowtable',
        family: 'inet',
        table: 't',
        name: 'f',
        priority: 0,
        devices: ['d0'],
        flags: FlowtableFlag.offload | FlowtableFlag.counter,
      },
    },
    type: 0xa16,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_FLOWTABLE_TABLE
      '06000200 66000000', // NFTA_FLOWTABLE_NAME
      '20000380', // NFTA_FLOWTABLE_HOOK, nested
      '08000100 00000000', // NFTA_FLOWTABLE_HOOK_NUM
      '08000200 00000000', // NFTA_FLOWTABLE_HOOK_PRIORITY
      '0c000380 07000100 64300000', // NFTA_FLOWTABLE_HOOK_DEVS
      '08000700 00000003', // NFTA_FLOWTABLE_FLAGS
    ),
  },
  {
    name: 'flow table without devices',
    text: 'add flowtable inet t f { hook ingress priority filter; }',
    operation: {
      action: 'add',
      object: { kind: 'flowtable', family: 'inet', table: 't', name: 'f', priority: 0, devices: [] },
    },
    type: 0xa16,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_FLOWTABLE_TABLE
      '06000200 66000000', // NFTA_FLOWTABLE_NAME
      '14000380', // NFTA_FLOWTABLE_HOOK, nested
      '08000100 00000000', // NFTA_FLOWTABLE_HOOK_NUM
      '08000200 00000000', // NFTA_FLOWTABLE_HOOK_PRIORITY
      '08000700 00000000', // NFTA_FLOWTABLE_FLAGS
    ),
  },
  {
    name: 'flow table, one device taken off',
    text: 'delete flowtable inet t f { hook ingress priority filter; devices = { d0 }; }',
    operation: {
      action: 'delete',
      object: { kind: 'flowtable', family: 'inet', table: 't', name: 'f', priority: 0, removeDevices: ['d0'] },
    },
    type: 0xa18,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_FLOWTABLE_TABLE
      '06000200 66000000', // NFTA_FLOWTABLE_NAME
      '20000380', // NFTA_FLOWTABLE_HOOK, nested
      '08000100 00000000', // NFTA_FLOWTABLE_HOOK_NUM
      '08000200 00000000', // NFTA_FLOWTABLE_HOOK_PRIORITY
      '0c000380 07000100 64300000', // NFTA_FLOWTABLE_HOOK_DEVS
    ),
  },
  {
    name: 'flow table, deleted',
    text: 'delete flowtable inet t f',
    operation: { action: 'delete', object: { kind: 'flowtable', family: 'inet', table: 't', name: 'f' } },
    type: 0xa18,
    flags: 0x1,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_FLOWTABLE_TABLE
      '06000200 66000000', // NFTA_FLOWTABLE_NAME
    ),
  },
];
