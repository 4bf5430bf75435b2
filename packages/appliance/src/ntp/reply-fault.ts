import { Leap, Mode, type NtpPacket } from './packet.ts';

/** A server further than this from a reference clock has lost it (MAXDISP of RFC 5905 figure 27), seconds. */
const MAXDISP_SECONDS = 16;
/** MAXSTRAT of RFC 5905 figure 27: 16 is not synchronized, all above is reserved. */
const MAXSTRAT = 16;
/** A reference clock that was not heard for a day is none. */
const OLDEST_REFERENCE = 86_400n << 32n;

/**
 * Why an answer is of no use:
 *
 * - `malformed`: no packet of NTP
 * - `not-asked`: nothing was asked, or it is answered already (late, twice, or by somebody else)
 * - `bogus`: it does not repeat the question's random bits
 * - `mode`, `version`: not a server's, or of a version that nobody asked for
 * - `kiss`: a kiss code instead of a time
 * - `unsynchronized`: the server says itself that it does not know the time
 * - `no-time`: timestamps are missing or contradict each other
 * - `distance`: too far from a reference clock
 * - `before-build`: a time before this program was made
 */
export type DiscardReason =
  | 'malformed'
  | 'not-asked'
  | 'bogus'
  | 'mode'
  | 'version'
  | 'kiss'
  | 'unsynchronized'
  | 'no-time'
  | 'distance'
  | 'before-build';

/**
 * The packet sanity tests of RFC 5905 section 8 (TEST2, 3, 6 and 7), and those of RFC 4330 section 5.
 *
 * @param cookie the transmit timestamp of the question
 * @returns undefined for an answer that tells the time
 */
export function replyFault(packet: NtpPacket, cookie: bigint): DiscardReason | undefined {
  // Before anything else is believed: whoever has not seen the question may make up all the rest. RFC 8633 section 5.4 says
  // so of kiss codes in particular.
  if (packet.originTimestamp !== cookie) return 'bogus';
  if (packet.mode !== Mode.server) return 'mode';
  // A server of version 3 answers so.
  if (packet.version !== 3 && packet.version !== 4) return 'version';
  if (packet.stratum === 0) return 'kiss';
  // RFC 4330 section 5: discard "if the LI field is 3".
  if (packet.leap === Leap.unknown || packet.stratum >= MAXSTRAT) return 'unsynchronized';
  const { receiveTimestamp: receive, transmitTimestamp: transmit, referenceTimestamp: reference } = packet;
  if (receive === 0n || transmit === 0n) return 'no-time';
  // As differences, so that it holds where one era ends and the next begins.
  if (BigInt.asIntN(64, transmit - receive) < 0n) return 'no-time';
  const age = BigInt.asIntN(64, transmit - reference);
  if (reference !== 0n && (age < 0n || age > OLDEST_REFERENCE)) return 'no-time';
  if (packet.rootDelaySeconds / 2 + packet.rootDispersionSeconds >= MAXDISP_SECONDS) return 'distance';
  return undefined;
}
