import { DecodeError } from '@router7/wire';
import type { NtpConfig } from './config.ts';
import { decodePacket, kissCode, type NtpPacket } from './packet.ts';
import { type DiscardReason, replyFault } from './reply-fault.ts';
import { type RoundTrip, rootDistance, type Sample, sampleOf } from './sample.ts';
import type { Question } from './server.ts';

/**
 * What has come in:
 *
 * - `sample`: the answer, and what it says about the clock
 * - `kiss`: the answer, a kiss code
 * - `useless`: the answer, but it does not tell the time
 * - `stray`: something else; the answer may still come
 */
export type Answer =
  | { readonly kind: 'sample'; readonly sample: Sample }
  | { readonly kind: 'kiss'; readonly code: string }
  | { readonly kind: 'useless' | 'stray'; readonly reason: DiscardReason };

/** Faults of something that the server that was asked did not send. */
const STRAY: ReadonlySet<DiscardReason> = new Set(['malformed', 'not-asked', 'bogus', 'mode', 'version']);

/**
 * Reads what has come from where a question went to. Never throws.
 *
 * @param wall the clock now, milliseconds since 1970 with a fraction
 * @param now monotonic milliseconds
 */
export function readAnswer(
  payload: Uint8Array,
  question: Question | undefined,
  wall: number,
  now: number,
  { notBefore, maximumDistanceMs }: NtpConfig,
): Answer {
  const packet = decoded(payload);
  if (packet === undefined || question === undefined) {
    return { kind: 'stray', reason: packet === undefined ? 'malformed' : 'not-asked' };
  }
  const fault = replyFault(packet, question.cookie);
  if (fault === 'kiss') return { kind: 'kiss', code: kissCode(packet) };
  if (fault !== undefined) return { kind: STRAY.has(fault) ? 'stray' : 'useless', reason: fault };
  const trip: RoundTrip = { sentAt: question.sentAt, receivedAt: now, wall };
  const sample = sampleOf(packet, trip, notBefore);
  if (sample === undefined) return { kind: 'useless', reason: 'no-time' };
  if (wall + sample.offsetMs < notBefore) return { kind: 'useless', reason: 'before-build' };
  // RFC 5905 section 11.2.1, the fit test: the root distance is not to exceed the distance threshold.
  if (rootDistance(sample, 0, now) > maximumDistanceMs) return { kind: 'useless', reason: 'distance' };
  return { kind: 'sample', sample };
}

function decoded(payload: Uint8Array): NtpPacket | undefined {
  try {
    return decodePacket(payload);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
