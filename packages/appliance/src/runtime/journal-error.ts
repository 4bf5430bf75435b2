/** The journal cannot do what was asked of it; Node's system errors come as they are. */
export class JournalError extends Error {
  override readonly name: string = 'JournalError';
  /** `too-long`: the record fits no segment. `busy`: a `sync()` is under way. `closed`. */
  readonly code: 'too-long' | 'busy' | 'closed';

  constructor(code: 'too-long' | 'busy' | 'closed', message: string) {
    super(message);
    this.code = code;
  }
}
