import type { Ipv4Address } from '@router7/wire';
import { decodeIncoming, type Incoming } from './incoming.ts';
import type { ServerDiscardReason } from './output.ts';
import { readPlainRequest } from './plain-request.ts';

/** Reads a datagram, the short way if it is plain, or tells why it is none that a server answers. */
export function readIncoming(payload: Uint8Array, source: Ipv4Address): Incoming | ServerDiscardReason {
  return readPlainRequest(payload, source) ?? decodeIncoming(payload, source);
}
