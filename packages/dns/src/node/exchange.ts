import type { FailureReason } from '@router7/dns';

/** A question that is under way, as the ways to a server see it. */
export interface Exchange {
  /** The question, 12 octets at least. */
  readonly payload: Uint8Array;
  /** Whether the answer may be too long for UDP. */
  readonly stream: boolean;
  /** How often it was sent on a connection. */
  attempts: number;
  /** A message from the server that was asked, with the question's id. There may be more of them. */
  answer(message: Uint8Array): void;
  /** There will be none; the way has forgotten it. */
  failed(reason: FailureReason): void;
}

/** A way to ask one server. */
export interface Transport {
  /** Never calls back before it has returned. */
  ask(exchange: Exchange): void;
  forget(exchange: Exchange): void;
  /** Ends connections; what is under way fails as `closed`. */
  drop(): void;
  /** Ends everything, and calls nobody back. */
  close(): void;
}

/** The id of a message. */
export function idOf(message: Uint8Array): number {
  return ((message[0] as number) << 8) | (message[1] as number);
}

/** A copy of a message that has another id. */
export function withId(message: Uint8Array, id: number): Uint8Array {
  const copy = message.slice();
  copy[0] = id >> 8;
  copy[1] = id & 0xff;
  return copy;
}

/** Whether it may be a response: a header, and QR set. */
export function isResponse(message: Uint8Array): boolean {
  return message.length >= 12 && ((message[2] as number) & 0x80) !== 0;
}
