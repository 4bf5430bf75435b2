/**
 * Why bytes from a peer could not be decoded.
 *
 * - `truncated`: a field ends after the input does
 * - `leftover`: bytes remain behind what the format defines
 * - `bad-length`: a length field contradicts the format or its surroundings
 * - `bad-magic`: a fixed marker (magic cookie, version, type) is not there
 * - `bad-value`: a field holds a value that its specification forbids
 * - `bad-checksum`: a checksum does not match
 * - `bad-name`: a DNS name breaks RFC 1035 (label type, 255 octets, pointer that does not point back)
 * - `missing`: something that must be present is absent
 * - `limit`: the input asks for more than the decoder is willing to hold
 */
export type DecodeErrorCode =
  | 'truncated'
  | 'leftover'
  | 'bad-length'
  | 'bad-magic'
  | 'bad-value'
  | 'bad-checksum'
  | 'bad-name'
  | 'missing'
  | 'limit';

/** The peer's fault: bytes that do not follow their specification. */
export class DecodeError extends Error {
  override readonly name: string = 'DecodeError';
  /** What was wrong; stable, meant for programs. */
  readonly code: DecodeErrorCode;
  /** Where it was found, in octets from the start of the decoder's input. */
  readonly offset: number;

  constructor(code: DecodeErrorCode, message: string, offset: number) {
    super(`${message} (at octet ${offset})`);
    this.code = code;
    this.offset = offset;
  }
}

/**
 * Why a value could not be encoded.
 *
 * - `out-of-range`: a number does not fit its field
 * - `too-long`: more octets than the field or the message can hold
 * - `bad-value`: a value that the specification forbids, or text that does not parse
 */
export type EncodeErrorCode = 'out-of-range' | 'too-long' | 'bad-value';

/** The caller's fault: a value that has no encoding. */
export class EncodeError extends Error {
  override readonly name: string = 'EncodeError';
  /** What was wrong; stable, meant for programs. */
  readonly code: EncodeErrorCode;

  constructor(code: EncodeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
