import type { Ipv6Prefix } from '@router7/wire';
import type { Shape } from './shape.ts';
import { readShortPrefix, writeShortPrefix } from './short-prefix.ts';

/** 91, S46 default mapping rule (RFC 7598 section 4.3): the prefix or address of the border relay. */
export const s46Dmr: Shape<Ipv6Prefix> = { decode: readShortPrefix, encode: writeShortPrefix };
