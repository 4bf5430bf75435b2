import { EdnsOptionCode } from '../edns-code.ts';
import type { QueryView } from '../scan/query-view.ts';
import type { ResponseView } from '../scan/response-view.ts';
import { readU16 } from './message-writing.ts';

/** The client subnet of a query (RFC 7871 section 6) with code and length, copied; undefined without one. */
export function clientSubnetOption({ bytes, optAt, optEnd }: QueryView): Uint8Array | undefined {
  return optAt === 0 ? undefined : optionIn(bytes, optAt + 11, optEnd);
}

/** The same of a response, whose scope the client is to know (section 7.2.2). */
export function answeredSubnetOption(view: ResponseView): Uint8Array | undefined {
  if (view.optIndex < 0) return undefined;
  const at = view.dataAt[view.optIndex] as number;
  return optionIn(view.bytes, at, at + (view.dataLength[view.optIndex] as number));
}

/** The options are known to lie within. */
function optionIn(bytes: Uint8Array, at: number, end: number): Uint8Array | undefined {
  let position = at;
  while (position + 4 <= end) {
    const next = position + 4 + readU16(bytes, position + 2);
    if (readU16(bytes, position) === EdnsOptionCode.clientSubnet) return bytes.slice(position, next);
    position = next;
  }
  return undefined;
}
