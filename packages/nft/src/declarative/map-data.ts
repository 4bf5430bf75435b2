import { EncodeError } from '@router7/wire';
import { type Verdict, VerdictCode } from '../expressions/data.ts';
import { VERDICT_DATA } from '../set.ts';
import type { SetElement } from '../set-elements.ts';
import { ObjectType } from '../stateful-object.ts';
import { type KeyType, parseKeyType, spanOfKey, textOfKey } from './key-type.ts';
import type { Scalar } from './value-type.ts';

/** nft's names for the types of stateful objects, as a map's data has them. */
export const objectTypes: { readonly [T in ObjectTypeName]: number } = {
  counter: ObjectType.counter,
  quota: ObjectType.quota,
  limit: ObjectType.limit,
  'ct helper': ObjectType.ctHelper,
  'ct timeout': ObjectType.ctTimeout,
  'ct expectation': ObjectType.ctExpectation,
  synproxy: ObjectType.synproxy,
  secmark: ObjectType.secmark,
};

/** The name of a type of stateful objects. */
export type ObjectTypeName =
  | ('counter' | 'quota' | 'limit' | 'synproxy' | 'secmark')
  | ('ct helper' | 'ct timeout' | 'ct expectation');

/** What a map leads to: verdicts, objects, or values of a type. */
export type MapData =
  | { readonly kind: 'verdict' }
  | { readonly kind: 'objects'; readonly objectType: number }
  | { readonly kind: 'values'; readonly type: KeyType };

/** Reads `verdict`, `counter`, `ipv4_addr . inet_service`. @throws EncodeError `bad-value` */
export function parseMapData(text: string): MapData {
  if (text === 'verdict') return { kind: 'verdict' };
  if (Object.hasOwn(objectTypes, text)) return { kind: 'objects', objectType: objectTypes[text as ObjectTypeName] };
  return { kind: 'values', type: parseKeyType(text) };
}

/** What a set has to say of its data. */
export function dataAttributes(data: MapData): { dataType?: number; dataLength?: number; objectType?: number } {
  if (data.kind === 'verdict') return { dataType: VERDICT_DATA, dataLength: 0 };
  if (data.kind === 'objects') return { objectType: data.objectType };
  return { dataType: data.type.code, dataLength: data.type.length };
}

/** What an element leads to. @throws EncodeError `bad-value` */
export function encodeMapData(data: MapData, value: Scalar): Pick<SetElement, 'data' | 'object'> {
  if (data.kind === 'verdict') return { data: { verdict: parseVerdict(String(value)) } };
  if (data.kind === 'objects') return { object: String(value) };
  const { from, to } = spanOfKey(data.type, value, false);
  if (from.some((octet, index) => octet !== to[index])) {
    throw new EncodeError('bad-value', `${value} is more than one value`);
  }
  return { data: { value: from } };
}

/** The opposite of {@link encodeMapData}; undefined when there are no words for it. */
export function decodeMapData(data: MapData, element: SetElement): Scalar | undefined {
  if (data.kind === 'objects') return element.object;
  if (element.data === undefined) return undefined;
  if ('verdict' in element.data) return data.kind === 'verdict' ? textOfVerdict(element.data.verdict) : undefined;
  if (data.kind !== 'values' || element.data.value.length !== data.type.length) return undefined;
  return textOfKey(data.type, element.data.value, element.data.value, false);
}

const plainVerdicts = ['accept', 'drop', 'continue', 'return'] as const;

/** Reads `accept`, `jump chain` and so on. @throws EncodeError `bad-value` */
function parseVerdict(text: string): Verdict {
  const plain = plainVerdicts.find((word) => word === text);
  if (plain !== undefined) return { code: VerdictCode[plain] };
  const [, word, chain] = /^(jump|goto) (\S+)$/.exec(text) ?? [];
  if (chain === undefined) throw new EncodeError('bad-value', `${JSON.stringify(text)} is no verdict`);
  return { code: word === 'jump' ? VerdictCode.jump : VerdictCode.goto, chain };
}

/** The opposite of {@link parseVerdict}; undefined for a verdict without words. */
export function textOfVerdict({ code, chain }: Verdict): string | undefined {
  if (chain === undefined) return plainVerdicts.find((word) => VerdictCode[word] === code);
  if (code === VerdictCode.jump) return `jump ${chain}`;
  return code === VerdictCode.goto ? `goto ${chain}` : undefined;
}
