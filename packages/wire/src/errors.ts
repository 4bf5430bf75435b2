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
  /** Where in the value, as far as the encoder tells: `iaPd.iaPrefix`, `chains.input.rules[3]`; empty when it does not. */
  readonly path: string;
  /** What was wrong there, for people: the message without the path. */
  readonly reason: string;

  constructor(code: EncodeErrorCode, reason: string, path: string = '') {
    super(path === '' ? reason : `${path}: ${reason}`);
    this.code = code;
    this.path = path;
    this.reason = reason;
  }

  /** The same fault, seen from what the value is a part of. */
  within(part: string): EncodeError {
    return new EncodeError(this.code, this.reason, this.pathWithin(part));
  }

  /** {@link path} behind the name of what the value is a part of. */
  protected pathWithin(part: string): string {
    if (this.path === '') return part;
    return this.path.startsWith('[') ? part + this.path : `${part}.${this.path}`;
  }
}

/** What is to be thrown of an error in a part of a value: an EncodeError tells which part it was, any other stays as it is. */
export function errorWithin(part: string, error: unknown): unknown {
  return error instanceof EncodeError ? error.within(part) : error;
}
