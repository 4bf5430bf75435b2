import { DecodeError, EncodeError, type EncodeErrorCode } from '@router7/wire';

/** An EncodeError that tells where in the definition the value stands. */
class LocatedError extends EncodeError {
  readonly path: string;
  readonly reason: string;

  constructor(code: EncodeErrorCode, path: string, reason: string) {
    super(code, path === '' ? reason : `${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}

/** A definition has another form than it may have: an EncodeError `bad-value`. */
export class DefinitionError extends LocatedError {
  /** What is there, for people: `the number 5`, `nothing`. */
  readonly found: string;
  /** What should be there, for people: `a list`. */
  readonly expected: string;

  /** @param path such as `chains.input.rules[3].parts[0]` */
  constructor(path: string, found: string, expected: string) {
    super('bad-value', path, `found ${found}, expected ${expected}`);
    this.found = found;
    this.expected = expected;
  }
}

/**
 * Compiles or encodes a part of something; what is wrong with it is told with its path, such as
 * `chains.input.rules[3].parts[0]`. Where the encoder trips over a value of another form (TypeError), that is told, too.
 *
 * @throws EncodeError
 */
export function located<T>(path: string | (() => string), compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    throw locate(error, typeof path === 'string' ? path : path());
  }
}

function locate(error: unknown, path: string): unknown {
  if (error instanceof DefinitionError) return new DefinitionError(join(path, error.path), error.found, error.expected);
  if (error instanceof LocatedError) return new LocatedError(error.code, join(path, error.path), error.reason);
  if (error instanceof EncodeError) return new LocatedError(error.code, path, error.message);
  if (error instanceof DecodeError)
    return new LocatedError('bad-value', path, `octets that mean nothing (${error.message})`);
  // What V8 says of it is of use to nobody who has written the definition.
  if (error instanceof TypeError) return new LocatedError('bad-value', path, 'not of the form that is wanted');
  return error;
}

function join(outer: string, inner: string): string {
  if (inner === '') return outer;
  return inner.startsWith('[') ? outer + inner : `${outer}.${inner}`;
}
