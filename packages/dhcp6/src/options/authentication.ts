import type { Shape } from './shape.ts';

/** What vouches for a message (RFC 9915 sections 20 and 21.11). */
export interface Authentication {
  /** 3: reconfiguration key; 0: configuration token, 1: delayed authentication, both obsolete. */
  readonly protocol: number;
  /** 1: HMAC-MD5, with reconfiguration key. */
  readonly algorithm: number;
  /** RDM; 0: {@link replayDetection} grows from message to message. */
  readonly replayDetectionMethod: number;
  /** 64 bits. */
  readonly replayDetection: bigint;
  /** As protocol and algorithm define it. With reconfiguration key a type (1: key, 2: digest) and 16 octets. */
  readonly information: Uint8Array;
}

/**
 * 11, authentication (RFC 9915 section 21.11).
 *
 * ```
 * +---------------+---------------+---------------+
 * |   protocol    |   algorithm   |      RDM      |
 * +---------------+---------------+---------------+---------------+
 * |                 replay detection (8 octets)                   |
 * +---------------------------------------------------------------+
 * |             authentication information (variable)             |
 * +---------------------------------------------------------------+
 * ```
 */
export const authentication: Shape<Authentication> = {
  decode: (reader) => ({
    protocol: reader.u8(),
    algorithm: reader.u8(),
    replayDetectionMethod: reader.u8(),
    replayDetection: reader.u64(),
    information: reader.rest(),
  }),
  encode(writer, value) {
    writer.u8(value.protocol);
    writer.u8(value.algorithm);
    writer.u8(value.replayDetectionMethod);
    writer.u64(value.replayDetection);
    writer.bytes(value.information);
  },
};
