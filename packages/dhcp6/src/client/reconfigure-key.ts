/** The reconfiguration key protocol (RFC 9915 section 20.4). */
import type { Authentication } from '../options/authentication.ts';

/** What a server has handed out so that its Reconfigure can be told from another's. */
export interface ReconfigureKey {
  readonly serverIdentifier: Uint8Array;
  readonly key: Uint8Array;
  /** The greatest replay-detection value that was seen. */
  readonly replayDetection: bigint;
}

/** Section 20.4: protocol 3, algorithm 1, RDM 0. */
const RECONFIGURATION_KEY = { protocol: 3, algorithm: 1, replayDetectionMethod: 0 } as const;
/** Section 20.4.1: types of the information in the option. */
export const InformationType = { key: 1, digest: 2 } as const;
/** And the octets of what follows. */
const VALUE_LENGTH = 16;

const AUTHENTICATION = 11;
/** Octets of the authentication option before the digest: protocol, algorithm, RDM, replay detection, type. */
const BEFORE_DIGEST = 12;

/** Whether an option is of this protocol, with information of this type. */
export function isOurKind(authentication: Authentication, type: number): boolean {
  const { protocol, algorithm, replayDetectionMethod } = RECONFIGURATION_KEY;
  return (
    authentication.protocol === protocol &&
    authentication.algorithm === algorithm &&
    authentication.replayDetectionMethod === replayDetectionMethod &&
    authentication.information.length === 1 + VALUE_LENGTH &&
    authentication.information[0] === type
  );
}

/** Section 20.4.2: the digest is "over the entire DHCP Reconfigure message", the field for it set to zero. */
export function hasDigest(payload: Uint8Array, digest: Uint8Array, hmac: (octets: Uint8Array) => Uint8Array): boolean {
  const octets = new Uint8Array(payload);
  const view = new DataView(octets.buffer);
  for (let at = 4; at + 4 <= octets.length; at += 4 + view.getUint16(at + 2)) {
    if (view.getUint16(at) !== AUTHENTICATION) continue;
    octets.fill(0, at + 4 + BEFORE_DIGEST, at + 4 + BEFORE_DIGEST + VALUE_LENGTH);
    break;
  }
  const own = hmac(octets);
  // Every octet is looked at, so that the time it takes does not tell how many are right.
  let difference = own.length ^ digest.length;
  for (const [i, octet] of own.entries()) difference |= octet ^ (digest[i] ?? 0);
  return difference === 0;
}
