import { concatenate, type Data, SetElementFlag } from '@router7/nft';
import { fromHex } from '@router7/wire';
import { bytes } from '../bytes.ts';
import type { GoldenOperation } from './operation.ts';

const accept: Data = { verdict: { code: 1 } };
const jump: Data = { verdict: { code: -3, chain: 'c' } };

/** Elements of sets and maps. */
export const goldenElements: readonly GoldenOperation[] = [
  {
    name: 'elements of a map in a rule',
    text: 'add rule inet t c tcp dport vmap { 22 : accept, 80-90 : jump c }',
    operation: {
      action: 'add',
      object: {
        kind: 'elements',
        family: 'inet',
        table: 't',
        set: '__map%d',
        setId: 1,
        elements: [
          { key: fromHex('0000'), flags: 1 },
          { key: fromHex('0016'), data: accept },
          { key: fromHex('0017'), flags: 1 },
          { key: fromHex('0050'), data: jump },
          { key: fromHex('005b'), flags: 1 },
        ],
      },
    },
    type: 0xa0c,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '0c000200 5f5f6d61 70256400', // NFTA_SET_ELEM_LIST_SET
      '08000400 00000001', // NFTA_SET_ELEM_LIST_SET_ID
      '94000380', // NFTA_SET_ELEM_LIST_ELEMENTS, nested
      '18000180', // an element, nested
      '08000300 00000001', // NFTA_SET_ELEM_FLAGS
      '0c000180 06000100 00000000', // NFTA_SET_ELEM_KEY
      '20000280', // an element, nested
      '0c000180 06000100 00160000', // NFTA_SET_ELEM_KEY
      '10000280 0c000280 08000100 00000001', // NFTA_SET_ELEM_DATA
      '18000380', // an element, nested
      '08000300 00000001', // NFTA_SET_ELEM_FLAGS
      '0c000180 06000100 00170000', // NFTA_SET_ELEM_KEY
      '28000480', // an element, nested
      '0c000180 06000100 00500000', // NFTA_SET_ELEM_KEY
      '18000280 14000280 08000100 fffffffd 06000200 63000000', // NFTA_SET_ELEM_DATA
      '18000580', // an element, nested
      '08000300 00000001', // NFTA_SET_ELEM_FLAGS
      '0c000180 06000100 005b0000', // NFTA_SET_ELEM_KEY
    ),
  },
  {
    name: 'elements with time-out and comment',
    text: 'add element inet t s { 10.0.0.1 timeout 1h expires 10m comment "guest", 10.0.0.2 }',
    operation: {
      action: 'add',
      object: {
        kind: 'elements',
        family: 'inet',
        table: 't',
        set: 's',
        setId: 1,
        elements: [
          {
            key: fromHex('0a000001'),
            timeoutMilliseconds: 3_600_000n,
            expirationMilliseconds: 600_000n,
            comment: 'guest',
          },
          { key: fromHex('0a000002') },
        ],
      },
    },
    type: 0xa0c,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '06000200 73000000', // NFTA_SET_ELEM_LIST_SET
      '08000400 00000001', // NFTA_SET_ELEM_LIST_SET_ID
      '48000380', // NFTA_SET_ELEM_LIST_ELEMENTS, nested
      '34000180', // an element, nested
      '0c000400 00000000 0036ee80', // NFTA_SET_ELEM_TIMEOUT
      '0c000500 00000000 000927c0', // NFTA_SET_ELEM_EXPIRATION
      '0c000180 08000100 0a000001', // NFTA_SET_ELEM_KEY
      '0c000600 00066775 65737400', // NFTA_SET_ELEM_USERDATA
      '10000280', // an element, nested
      '0c000180 08000100 0a000002', // NFTA_SET_ELEM_KEY
    ),
  },
  {
    name: 'elements of a map, and what all others lead to',
    text: 'add element inet t s { 22 : 10.0.0.1, * : 10.0.0.2 }',
    operation: {
      action: 'add',
      object: {
        kind: 'elements',
        family: 'inet',
        table: 't',
        set: 's',
        setId: 1,
        elements: [
          { key: fromHex('0016'), data: { value: fromHex('0a000001') } },
          { flags: SetElementFlag.catchAll, data: { value: fromHex('0a000002') } },
        ],
      },
    },
    type: 0xa0c,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '06000200 73000000', // NFTA_SET_ELEM_LIST_SET
      '08000400 00000001', // NFTA_SET_ELEM_LIST_SET_ID
      '38000380', // NFTA_SET_ELEM_LIST_ELEMENTS, nested
      '1c000180', // an element, nested
      '0c000180 06000100 00160000', // NFTA_SET_ELEM_KEY
      '0c000280 08000100 0a000001', // NFTA_SET_ELEM_DATA
      '18000280', // an element, nested
      '08000300 00000002', // NFTA_SET_ELEM_FLAGS
      '0c000280 08000100 0a000002', // NFTA_SET_ELEM_DATA
    ),
  },
  {
    name: 'elements of a map of verdicts',
    text: 'add element inet t s { 1 : accept, 2 : jump c }',
    operation: {
      action: 'add',
      object: {
        kind: 'elements',
        family: 'inet',
        table: 't',
        set: 's',
        setId: 1,
        elements: [
          { key: fromHex('01000000'), data: accept },
          { key: fromHex('02000000'), data: jump },
        ],
      },
    },
    type: 0xa0c,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '06000200 73000000', // NFTA_SET_ELEM_LIST_SET
      '08000400 00000001', // NFTA_SET_ELEM_LIST_SET_ID
      '4c000380', // NFTA_SET_ELEM_LIST_ELEMENTS, nested
      '20000180', // an element, nested
      '0c000180 08000100 01000000', // NFTA_SET_ELEM_KEY
      '10000280 0c000280 08000100 00000001', // NFTA_SET_ELEM_DATA
      '28000280', // an element, nested
      '0c000180 08000100 02000000', // NFTA_SET_ELEM_KEY
      '18000280 14000280 08000100 fffffffd 06000200 63000000', // NFTA_SET_ELEM_DATA
    ),
  },
  {
    name: 'element of a map of counters',
    text: 'add element inet t s { 1 timeout 1h comment "foo" : "x" }',
    operation: {
      action: 'add',
      object: {
        kind: 'elements',
        family: 'inet',
        table: 't',
        set: 's',
        setId: 1,
        elements: [{ key: fromHex('01000000'), object: 'x', timeoutMilliseconds: 3_600_000n, comment: 'foo' }],
      },
    },
    type: 0xa0c,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '06000200 73000000', // NFTA_SET_ELEM_LIST_SET
      '08000400 00000001', // NFTA_SET_ELEM_LIST_SET_ID
      '34000380', // NFTA_SET_ELEM_LIST_ELEMENTS, nested
      '30000180', // an element, nested
      '0c000400 00000000 0036ee80', // NFTA_SET_ELEM_TIMEOUT
      '0c000180 08000100 01000000', // NFTA_SET_ELEM_KEY
      '0a000600 0004666f 6f000000', // NFTA_SET_ELEM_USERDATA
      '06000900 78000000', // NFTA_SET_ELEM_OBJREF
    ),
  },
  {
    name: 'element of several intervals',
    text: 'add element inet t s { 10.0.0.0/8 . 80-90 }',
    operation: {
      action: 'add',
      object: {
        kind: 'elements',
        family: 'inet',
        table: 't',
        set: 's',
        setId: 1,
        elements: [
          {
            key: concatenate([fromHex('0a000000'), fromHex('0050')]),
            keyEnd: concatenate([fromHex('0affffff'), fromHex('005a')]),
          },
        ],
      },
    },
    type: 0xa0c,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '06000200 73000000', // NFTA_SET_ELEM_LIST_SET
      '08000400 00000001', // NFTA_SET_ELEM_LIST_SET_ID
      '28000380', // NFTA_SET_ELEM_LIST_ELEMENTS, nested
      '24000180', // an element, nested
      '10000180 0c000100 0a000000 00500000', // NFTA_SET_ELEM_KEY
      '10000a80 0c000100 0affffff 005a0000', // NFTA_SET_ELEM_KEY_END
    ),
  },
  {
    name: 'element with its state',
    text: 'add element inet t s { 10.0.0.1 counter packets 3 bytes 4 }',
    operation: {
      action: 'add',
      object: {
        kind: 'elements',
        family: 'inet',
        table: 't',
        set: 's',
        setId: 1,
        elements: [{ key: fromHex('0a000001'), expressions: [{ kind: 'counter', packets: 3n, bytes: 4n }] }],
      },
    },
    type: 0xa0c,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '06000200 73000000', // NFTA_SET_ELEM_LIST_SET
      '08000400 00000001', // NFTA_SET_ELEM_LIST_SET_ID
      '40000380', // NFTA_SET_ELEM_LIST_ELEMENTS, nested
      '3c000180', // an element, nested
      '0c000180 08000100 0a000001', // NFTA_SET_ELEM_KEY
      '2c000780 0c000100 636f756e 74657200 1c000280 0c000100 00000000 00000004 0c000200 00000000 00000003', // NFTA_SET_ELEM_EXPR
    ),
  },
  {
    name: 'element with everything',
    text: 'add element inet t s { 10.0.0.0-10.0.0.3 . 80-90 counter packets 1 bytes 2 timeout 1h comment "c" : jump c }',
    operation: {
      action: 'add',
      object: {
        kind: 'elements',
        family: 'inet',
        table: 't',
        set: 's',
        setId: 1,
        elements: [
          {
            key: fromHex('0a000000 00500000'),
            keyEnd: fromHex('0a000003 005a0000'),
            timeoutMilliseconds: 3_600_000n,
            data: jump,
            comment: 'c',
            expressions: [{ kind: 'counter', packets: 1n, bytes: 2n }],
          },
        ],
      },
    },
    type: 0xa0c,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '06000200 73000000', // NFTA_SET_ELEM_LIST_SET
      '08000400 00000001', // NFTA_SET_ELEM_LIST_SET_ID
      '80000380', // NFTA_SET_ELEM_LIST_ELEMENTS, nested
      '7c000180', // an element, nested
      '0c000400 00000000 0036ee80', // NFTA_SET_ELEM_TIMEOUT
      '10000180 0c000100 0a000000 00500000', // NFTA_SET_ELEM_KEY
      '10000a80 0c000100 0a000003 005a0000', // NFTA_SET_ELEM_KEY_END
      '18000280 14000280 08000100 fffffffd 06000200 63000000', // NFTA_SET_ELEM_DATA
      '08000600 00026300', // NFTA_SET_ELEM_USERDATA
      '2c000780 0c000100 636f756e 74657200 1c000280 0c000100 00000000 00000002 0c000200 00000000 00000001', // NFTA_SET_ELEM_EXPR
    ),
  },
  {
    name: 'catch-all element',
    text: 'add element inet t s { * counter packets 1 bytes 2 timeout 3s comment "all" : accept }',
    operation: {
      action: 'add',
      object: {
        kind: 'elements',
        family: 'inet',
        table: 't',
        set: 's',
        setId: 1,
        elements: [
          {
            flags: SetElementFlag.catchAll,
            timeoutMilliseconds: 3000n,
            data: accept,
            comment: 'all',
            expressions: [{ kind: 'counter', packets: 1n, bytes: 2n }],
          },
        ],
      },
    },
    type: 0xa0c,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '06000200 73000000', // NFTA_SET_ELEM_LIST_SET
      '08000400 00000001', // NFTA_SET_ELEM_LIST_SET_ID
      '64000380', // NFTA_SET_ELEM_LIST_ELEMENTS, nested
      '60000180', // an element, nested
      '08000300 00000002', // NFTA_SET_ELEM_FLAGS
      '0c000400 00000000 00000bb8', // NFTA_SET_ELEM_TIMEOUT
      '10000280 0c000280 08000100 00000001', // NFTA_SET_ELEM_DATA
      '0a000600 0004616c 6c000000', // NFTA_SET_ELEM_USERDATA
      '2c000780 0c000100 636f756e 74657200 1c000280 0c000100 00000000 00000002 0c000200 00000000 00000001', // NFTA_SET_ELEM_EXPR
    ),
  },
  {
    name: 'interval with a comment',
    text: 'add element inet t s { 10.0.0.0/8 comment "x" }',
    operation: {
      action: 'add',
      object: {
        kind: 'elements',
        family: 'inet',
        table: 't',
        set: 's',
        setId: 1,
        elements: [
          { key: fromHex('00000000'), flags: 1 },
          { key: fromHex('0a000000'), comment: 'x' },
          { key: fromHex('0b000000'), flags: 1 },
        ],
      },
    },
    type: 0xa0c,
    flags: 0x401,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '06000200 73000000', // NFTA_SET_ELEM_LIST_SET
      '08000400 00000001', // NFTA_SET_ELEM_LIST_SET_ID
      '4c000380', // NFTA_SET_ELEM_LIST_ELEMENTS, nested
      '18000180', // an element, nested
      '08000300 00000001', // NFTA_SET_ELEM_FLAGS
      '0c000180 08000100 00000000', // NFTA_SET_ELEM_KEY
      '18000280', // an element, nested
      '0c000180 08000100 0a000000', // NFTA_SET_ELEM_KEY
      '08000600 00027800', // NFTA_SET_ELEM_USERDATA
      '18000380', // an element, nested
      '08000300 00000001', // NFTA_SET_ELEM_FLAGS
      '0c000180 08000100 0b000000', // NFTA_SET_ELEM_KEY
    ),
  },
  {
    name: 'element, exclusively',
    text: 'create element inet t s { 10.0.0.1 }',
    operation: {
      action: 'create',
      object: {
        kind: 'elements',
        family: 'inet',
        table: 't',
        set: 's',
        setId: 1,
        elements: [{ key: fromHex('0a000001') }],
      },
    },
    type: 0xa0c,
    flags: 0x601,
    bytes: bytes(
      '01000000', // family, version, resource id
      '06000100 74000000', // NFTA_SET_ELEM_LIST_TABLE
      '06000200 73000000', // NFTA_SET_ELEM_LIST_SET
      '08000400 00000001', // NFTA_SET_ELEM_LIST_SET_ID
      '14000380', // NFTA_SET_ELEM_LIST_ELEMENTS, nested
      '10000180', // an element, nested
      '0c000180 08000100 0a000001', // NFTA_SET_ELEM_KEY
    ),
  },
];
