import { type NetlinkMessage, NftablesMessage, readChange } from '@router7/nft';
import { DecodeError } from '@router7/wire';
import fc from 'fast-check';
import t from 'tap';
import { bytes } from './bytes.ts';
import { goldenFlowtables } from './golden/flowtables.ts';
import { goldenObjects } from './golden/objects.ts';
import { goldenElements } from './golden/set-elements.ts';
import { goldenSets } from './golden/sets.ts';
import { goldenStatefulObjects } from './golden/stateful-objects.ts';

const rows = [...goldenObjects, ...goldenSets, ...goldenElements, ...goldenStatefulObjects, ...goldenFlowtables];
const added = rows.filter(({ operation: { action } }) => action !== 'delete' && action !== 'destroy');

function message(type: number, body: Uint8Array): NetlinkMessage {
  return { type, flags: 0, sequence: 0, portId: 0, body, offset: 16 };
}

t.test('what is added is told whole', async (t) => {
  for (const { name, operation, type, bytes } of added) {
    t.match(readChange(message(type, bytes)), { kind: 'added', object: operation.object }, name);
  }
});

t.test('what is deleted is told by what names it', async (t) => {
  // Kernels tell less of what is deleted than of what is added, and each message of the one will do for the other.
  const pairs: readonly (readonly [from: number, to: number, destroyed: number])[] = [
    [NftablesMessage.newTable, NftablesMessage.deleteTable, NftablesMessage.destroyTable],
    [NftablesMessage.newChain, NftablesMessage.deleteChain, NftablesMessage.destroyChain],
    [NftablesMessage.newRule, NftablesMessage.deleteRule, NftablesMessage.destroyRule],
    [NftablesMessage.newSet, NftablesMessage.deleteSet, NftablesMessage.destroySet],
    [NftablesMessage.newSetElements, NftablesMessage.deleteSetElements, NftablesMessage.destroySetElements],
    [NftablesMessage.newObject, NftablesMessage.deleteObject, NftablesMessage.destroyObject],
    [NftablesMessage.newFlowtable, NftablesMessage.deleteFlowtable, NftablesMessage.destroyFlowtable],
  ];
  for (const [from, ...to] of pairs) {
    const row = added.find(({ type }) => type === (0xa00 | from));
    for (const type of to) {
      const { kind, family } = row?.operation.object ?? {};
      t.match(readChange(message(0xa00 | type, row?.bytes ?? new Uint8Array())), {
        kind: 'deleted',
        key: { kind, family },
      });
    }
  }
  const flowtable = goldenFlowtables[0]?.bytes ?? new Uint8Array();
  t.match(readChange(message(0xa00 | NftablesMessage.deleteFlowtable, flowtable)), { devices: ['d1', 'd0'] });
});

t.test('the end of a transaction', async (t) => {
  const body = bytes(
    '00000007', // family, version, resource id
    '08000100 00000007', // NFTA_GEN_ID
    '08000200 00004718', // NFTA_GEN_PROC_PID
    '08000300 6e667400', // NFTA_GEN_PROC_NAME
  );
  t.same(readChange(message(0xa00 | NftablesMessage.newGeneration, body)), {
    kind: 'generation',
    generation: { id: 7, processId: 0x4718, processName: 'nft' },
  });
});

t.test('what cannot be read is told to be unknown, and what is of others not at all', async (t) => {
  t.equal(readChange(message(0x0100, bytes('02000000'))), undefined, 'of conntrack');
  t.match(readChange(message(0xaff, bytes('02000000'))), { kind: 'unknown', message: 0xff });
  t.match(readChange(message(0xa00, bytes('02000000'))), { kind: 'unknown', message: 0, cause: DecodeError });
  t.match(readChange(message(0xa00, bytes('02'))), { kind: 'unknown', cause: { code: 'truncated' } });
});

t.test('mutated messages are changes, too', async (t) => {
  const mutated = fc.tuple(fc.constantFrom(...rows), fc.nat(0xff), fc.nat(), fc.nat(255));
  fc.assert(
    fc.property(mutated, ([{ bytes }, type, at, value]) => {
      const change = readChange(message(0xa00 | type, bytes.with(at % bytes.length, value)));
      return change !== undefined && ['added', 'deleted', 'generation', 'unknown'].includes(change.kind);
    }),
    { numRuns: 3000 },
  );
  t.pass('nothing is thrown');
});
