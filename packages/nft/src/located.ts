import { DecodeError, EncodeError, type EncodeErrorCode } from '@router7/wire';

/** An EncodeError that tells where in the definition the value stands. */
class LocatedError extends EncodeError {
  readonly path: string;
  readonly reason: string;

  constructor(code: EncodeErrorCode, path: string, reason: string) {
    super(code, `${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}

/**
 * Compiles or encodes a part of something; what is wrong with it is told with its path, such as
 * `chains.input.rules[3].parts[0]`. What comes from a file may be of any form: where the compiler trips over one
 * (TypeError), that is told, too.
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
  if (error instanceof LocatedError) return new LocatedError(error.code, join(path, error.path), error.reason);
  if (error instanceof EncodeError) return new LocatedError(error.code, path, error.message);
  if (error instanceof TypeError || error instanceof DecodeError) {
    return new LocatedError('bad-value', path, `not of the form that is wanted (${error.message})`);
  }
  return error;
}

function join(outer: string, inner: string): string {
  return inner.startsWith('[') ? outer + inner : `${outer}.${inner}`;
}
