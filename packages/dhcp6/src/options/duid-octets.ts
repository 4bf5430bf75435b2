import { octetsBetween, type Shape } from './shape.ts';

/** 1 and 2, client and server identifier: a DUID has a type of 2 octets and 1 to 128 more (RFC 9915 section 11.1). */
export const duid: Shape<Uint8Array> = octetsBetween(3, 130);
