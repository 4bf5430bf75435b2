import { EncodeError } from '@router7/wire';
import type { Lookup } from '../expressions/lookup.ts';
import { type NftSet, SetFlag } from '../set.ts';
import { type ElementEntry, hasSpans, layOut } from './element-list.ts';
import type { Field } from './field.ts';
import { registerType } from './key-load.ts';
import { isHostNumber, type KeyType, keyTypeOf, spanOfKey } from './key-type.ts';
import { dataAttributes, encodeMapData, type MapData } from './map-data.ts';
import type { AnonymousSet, RuleContext } from './rule-context.ts';
import { setHints } from './set-hints.ts';
import type { Scalar } from './value-type.ts';

/** Keys and what they lead to; `*` stands for all other keys. */
export type MapEntries = { readonly [key: string]: Scalar };

/** What the register has to look like for a lookup. */
export interface AnonymousKey {
  readonly type: KeyType;
  /** Numbers lie in network order. */
  readonly ordered: boolean;
}

function keyOf(fields: readonly Field[]): KeyType {
  const [only] = fields;
  const types = fields.length === 1 && only !== undefined ? [registerType(only)] : fields.map(({ type }) => type);
  return keyTypeOf(types);
}

/** `{ 22, 80-90 }`: makes a set for one rule. @throws EncodeError */
export function addAnonymousSet(
  context: RuleContext,
  fields: readonly Field[],
  values: readonly Scalar[],
  inverted: boolean,
): { set: NftSet; type: AnonymousKey } {
  if (values.length === 0) throw new EncodeError('bad-value', 'a list without values');
  const made = make(
    context,
    fields,
    values.map((key) => ({ key })),
  );
  const { elements } = made.set.elements;
  const all = made.interval && elements.length === 1 && elements[0]?.key?.every((octet) => octet === 0);
  if (inverted && all && elements[0]?.keyEnd === undefined) {
    throw new EncodeError('bad-value', 'nothing is outside of a list of everything');
  }
  return { set: made.set.set, type: made.key };
}

/** `{ 80 : 10.0.0.1, * : 10.0.0.2 }`: makes a map for one rule. @throws EncodeError */
export function addAnonymousMap(
  context: RuleContext,
  fields: readonly Field[],
  entries: MapEntries,
  data: MapData,
): { set: NftSet; type: AnonymousKey } {
  const list = Object.entries(entries).map(([key, value]) => ({ key, value }));
  if (list.length === 0) throw new EncodeError('bad-value', 'a map without elements');
  const made = make(context, fields, list, data);
  return { set: made.set.set, type: made.key };
}

function make(
  context: RuleContext,
  fields: readonly Field[],
  list: readonly { readonly key: Scalar; readonly value?: Scalar }[],
  data?: MapData,
): { set: AnonymousSet; key: AnonymousKey; interval: boolean } {
  const key = keyOf(fields);
  const isOther = (scalar: Scalar): boolean => data !== undefined && scalar === '*';
  const spans = list.flatMap((entry) => (isOther(entry.key) ? [] : [spanOfKey(key, entry.key, false)]));
  const interval = hasSpans(spans);
  const ordered = interval && key.parts.some(isHostNumber);
  const entries = list.map((entry): ElementEntry => {
    return {
      ...(!isOther(entry.key) && { span: spanOfKey(key, entry.key, ordered) }),
      ...(data !== undefined && entry.value !== undefined && { value: encodeMapData(data, entry.value) }),
    };
  });
  const severalFields = key.parts.length > 1;
  const kind = data === undefined ? 'set' : data.kind === 'objects' ? 'objects' : 'map';
  const elements = layOut(entries, { interval, fields: severalFields, merge: data === undefined, name: 'a list' });
  const flags =
    SetFlag.anonymous |
    SetFlag.constant |
    (interval ? SetFlag.interval : 0) |
    (interval && severalFields ? SetFlag.concat : 0) |
    (kind === 'map' ? SetFlag.map : 0) |
    (kind === 'objects' ? SetFlag.object : 0);
  const values = data?.kind === 'values' ? data.type : undefined;
  const set = context.addSet(
    {
      flags,
      keyType: key.code,
      keyLength: key.length,
      ...(data !== undefined && dataAttributes(data)),
      ...(interval && severalFields && { fieldLengths: key.parts.map(({ length }) => length) }),
      userdata: setHints({ key, data: values, kind, autoMerge: interval && kind === 'set' && !severalFields }),
    },
    elements,
  );
  return { set, key: { type: key, ordered }, interval };
}

/** The expression that asks a set whether register 1 is in it. */
export function lookupOf(set: NftSet, inverted: boolean): Lookup {
  return { kind: 'lookup', set: set.name, ...(set.id !== undefined && { setId: set.id }), source: 1, inverted };
}
