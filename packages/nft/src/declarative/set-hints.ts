import { ByteOrder, encodeSetUserdata } from '../set-userdata.ts';
import type { KeyType } from './key-type.ts';

/** What nft is told of a set beside what the kernel needs, so that it prints it in its own words. */
export interface SetHints {
  readonly key: KeyType;
  /** For a map: the type of its data; undefined for verdicts. */
  readonly data?: KeyType | undefined;
  readonly kind: 'set' | 'map' | 'objects';
  readonly autoMerge?: boolean;
  readonly comment?: string | undefined;
}

/**
 * What stands for `typeof` where the type is a concatenation: EXPR_CONCAT (13) without saying of what, as nft writes it
 * for `type ipv4_addr . inet_service`.
 */
const CONCATENATION = Uint8Array.of(0, 4, 13, 0, 0, 0, 1, 0);

/** The userdata of a set or a map. @throws EncodeError `too-long` */
export function setHints({ key, data, kind, autoMerge, comment }: SetHints): Uint8Array {
  return encodeSetUserdata({
    keyByteOrder: key.byteOrder,
    ...(kind === 'map' && { dataByteOrder: data?.byteOrder ?? ByteOrder.none }),
    ...(autoMerge === true && { autoMerge }),
    ...(key.parts.length > 1 && { keyTypeof: CONCATENATION }),
    ...((data?.parts.length ?? 0) > 1 && { dataTypeof: CONCATENATION }),
    ...(kind !== 'set' && { dataInterval: false }),
    ...(comment !== undefined && { comment }),
  });
}
