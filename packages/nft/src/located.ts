import { DecodeError, EncodeError, errorWithin } from '@router7/wire';

/** A definition has another form than it may have: an EncodeError `bad-value`. */
export class DefinitionError extends EncodeError {
  /** What is there, for people: `the number 5`, `nothing`. */
  readonly found: string;
  /** What should be there, for people: `a list`. */
  readonly expected: string;

  /** @param path such as `chains.input.rules[3].parts[0]` */
  constructor(path: string, found: string, expected: string) {
    super('bad-value', `found ${found}, expected ${expected}`, path);
    this.found = found;
    this.expected = expected;
  }

  override within(part: string): DefinitionError {
    return new DefinitionError(this.pathWithin(part), this.found, this.expected);
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
  if (error instanceof DecodeError)
    return new EncodeError('bad-value', `octets that mean nothing (${error.message})`, path);
  // What V8 says of it is of use to nobody who has written the definition.
  if (error instanceof TypeError) return new EncodeError('bad-value', 'not of the form that is wanted', path);
  return errorWithin(path, error);
}
