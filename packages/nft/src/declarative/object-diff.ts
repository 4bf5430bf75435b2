import { ByteWriter, bytesEqual } from '@router7/wire';
import { AttributeWriter } from '../attribute.ts';
import type { Chain, ChainHook } from '../chain.ts';
import { ChainFlag } from '../chain.ts';
import type { Flowtable } from '../flowtable.ts';
import { type ObjectData, ObjectType, type StatefulObject, writeObject } from '../stateful-object.ts';

/** How a present object stands to the wanted one: to be changed in place, to be made anew, or neither. */
export type Difference = 'same' | 'change' | 'remake';

/** Compares two named objects of one type. What they have counted is no difference. */
export function compareObjects(wanted: StatefulObject, present: StatefulObject): Difference {
  if (wanted.comment !== present.comment) return 'remake';
  if (bytesEqual(bytesOf(wanted), bytesOf(present))) return 'same';
  // The kernel takes new bounds of a quota and new options of a synproxy, and keeps what has been used.
  return wanted.type === ObjectType.quota || wanted.type === ObjectType.synproxy ? 'change' : 'remake';
}

function bytesOf(object: StatefulObject): Uint8Array {
  const writer = new ByteWriter(64);
  const { userdata: _, comment: __, ...rest } = object;
  writeObject(new AttributeWriter(writer), { ...rest, data: withoutState(object.data) });
  return writer.finish();
}

function withoutState(data: ObjectData): ObjectData {
  if (data.kind === 'counter') return { kind: 'counter', packets: 0n, bytes: 0n };
  if (data.kind === 'quota') return { kind: 'quota', bytes: data.bytes, consumed: 0n, inverted: data.inverted };
  return data;
}

/** The wanted object with what the present one has counted, for one that has to be made anew. */
export function withState(wanted: StatefulObject, present: StatefulObject): StatefulObject {
  const [data, old] = [wanted.data, present.data];
  if (data.kind === 'counter' && old.kind === 'counter') return { ...wanted, data: old };
  if (data.kind === 'quota' && old.kind === 'quota') return { ...wanted, data: { ...data, consumed: old.consumed } };
  return wanted;
}

/** Compares two chains. The kernel changes nothing of a chain but its policy. */
export function compareChains(wanted: Chain, present: Chain): Difference {
  const flags = ({ flags = 0 }: Chain): number => flags & ~ChainFlag.base;
  if (wanted.comment !== present.comment || flags(wanted) !== flags(present)) return 'remake';
  const [a, b] = [wanted.base, present.base];
  if (a === undefined || b === undefined) return a === b ? 'same' : 'remake';
  const devices = ({ device, devices }: ChainHook): string =>
    [...(devices ?? []), device ?? ''].toSorted().join(' ').trim();
  if (a.type !== b.type || a.hook !== b.hook || a.priority !== b.priority || devices(a) !== devices(b)) return 'remake';
  return (a.policy ?? 'accept') === (b.policy ?? 'accept') ? 'same' : 'change';
}

/** Compares two flow tables. */
export function compareFlowtables(wanted: Flowtable, present: Flowtable): Difference {
  const devices = (flowtable: Flowtable): string => flowtable.devices.toSorted().join(' ');
  const same = wanted.priority === present.priority && (wanted.flags ?? 0) === (present.flags ?? 0);
  return same && devices(wanted) === devices(present) ? 'same' : 'remake';
}
