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
 * Compiles a part of a definition; what is wrong with it is told with its path, such as `chains.input.rules[3].parts[0]`.
 * A definition from a file may be of any form: where the compiler trips over one (TypeError), that is told, too.
 *
 * @throws EncodeError
 */
export function located<T>(path: string, compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    if (error instanceof LocatedError) throw new LocatedError(error.code, join(path, error.path), error.reason);
    if (error instanceof EncodeError) throw new LocatedError(error.code, path, error.message);
    if (error instanceof TypeError || error instanceof DecodeError) {
      throw new LocatedError('bad-value', path, `not of the form that is wanted (${error.message})`);
    }
    throw error;
  }
}

function join(outer: string, inner: string): string {
  return inner.startsWith('[') ? outer + inner : `${outer}.${inner}`;
}
