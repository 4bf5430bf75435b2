import { errnoName } from './errno.ts';
import type { Operation } from './operation.ts';

/**
 * Why the kernel did not do what it was asked to.
 *
 * - `refused`: it said no; of a transaction nothing was carried out
 * - `stale-generation`: the rule set has changed since the generation that was named; nothing was carried out
 * - `too-large`: the transaction does not fit the socket's send buffer; nothing was carried out
 * - `interrupted`: the rule set changed during each of several attempts to read it
 * - `timeout`: no answer in time; whether it was carried out is not known
 * - `overrun`: answers were lost for want of buffer; whether it was carried out is not known
 * - `closed`: the connection was closed before the answer came
 * - `socket`: the socket could not be used
 */
export type NftErrorCode =
  | 'refused'
  | 'stale-generation'
  | 'too-large'
  | 'interrupted'
  | 'timeout'
  | 'overrun'
  | 'closed'
  | 'socket';

/** One complaint of the kernel. */
export interface NftFailure {
  readonly errno: number;
  /** `ENOENT` and so on. */
  readonly errnoName: string;
  /** The kernel's own words; only on a socket with extended ACKs. */
  readonly text?: string;
  /** Octets from the start of the message to the attribute at fault; only on a socket with extended ACKs. */
  readonly attributeOffset?: number;
  /** The types of the attributes around that one and of itself, outermost first. */
  readonly attributePath?: readonly number[];
  /** Which operation of the transaction; absent when the whole of it was refused. */
  readonly operationIndex?: number;
  readonly operation?: Operation;
  /** For a rule: the how-manieth it is among the transaction's rules for its chain, from 0. */
  readonly ruleIndex?: number;
  /** For a rule with `attributePath`: the index of the expression at fault. */
  readonly expressionIndex?: number;
  /** The operation in words: `add rule inet router7 input #3`. */
  readonly description?: string;
}

/** A request to nf_tables that failed. */
export class NftError extends Error {
  override readonly name: string = 'NftError';
  /** What happened; stable, meant for programs. */
  readonly code: NftErrorCode;
  /** What the kernel complained about, in the order of the operations. The first is usually the cause of the others. */
  readonly failures: readonly NftFailure[];

  constructor(code: NftErrorCode, message: string, failures: readonly NftFailure[] = []) {
    super(message);
    this.code = code;
    this.failures = failures;
  }

  /** An error that tells its first failure and how many follow. */
  static of(code: NftErrorCode, failures: readonly NftFailure[]): NftError {
    const [first] = failures;
    const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : '';
    return new NftError(code, `${first === undefined ? code : describe(first)}${more}`, failures);
  }
}

function describe(failure: NftFailure): string {
  const what = failure.description === undefined ? 'nf_tables' : failure.description;
  const expression = failure.expressionIndex === undefined ? '' : `, expression ${failure.expressionIndex}`;
  const text = failure.text === undefined ? '' : ` (${failure.text})`;
  return `${what}${expression}: ${errnoName(failure.errno)}${text}`;
}
