import { bytesEqual } from '@router7/wire';
import { type NftSet, SetFlag, VERDICT_DATA } from '../set.ts';
import { expressionsKey } from './canonical.ts';

/** Whether a set is what it should be, but for its elements; the kernel changes nothing of a set that is there. */
export function isSameSet(wanted: NftSet, present: NftSet): boolean {
  const none = new Uint8Array();
  const verdicts = wanted.dataType === VERDICT_DATA;
  const key = ({ expressions = [] }: NftSet): string => expressionsKey(expressions, () => undefined);
  return (
    wanted.flags === present.flags &&
    wanted.keyType === present.keyType &&
    wanted.keyLength === present.keyLength &&
    wanted.dataType === present.dataType &&
    // The kernel tells the length of its own structure for verdicts.
    (verdicts || wanted.dataLength === present.dataLength) &&
    wanted.objectType === present.objectType &&
    (wanted.timeoutMilliseconds ?? 0n) === (present.timeoutMilliseconds ?? 0n) &&
    (wanted.gcIntervalMilliseconds ?? 0) === (present.gcIntervalMilliseconds ?? 0) &&
    (wanted.policy ?? 0) === (present.policy ?? 0) &&
    (wanted.size ?? 0) === (present.size ?? 0) &&
    String(wanted.fieldLengths ?? '') === String(present.fieldLengths ?? '') &&
    bytesEqual(wanted.userdata ?? none, present.userdata ?? none) &&
    key(wanted) === key(present)
  );
}

/** Whether the kernel takes no change of its elements while rules use it. */
export function isConstant({ flags }: NftSet): boolean {
  return (flags & (SetFlag.constant | SetFlag.anonymous)) !== 0;
}

/** Whether it belongs to one rule. */
export function isAnonymous({ flags }: NftSet): boolean {
  return (flags & SetFlag.anonymous) !== 0;
}
