import type { Expression } from '@router7/nft';
import type { RuleText } from '../../recorder.ts';

/**
 * An expression as nft 1.0.6 (Debian 12, x86_64) sends it for one rule, taken from `strace -e trace=sendmsg -e write=all`
 * in a network namespace of its own: the payload of the NFTA_LIST_ELEM attribute. `test/record-golden.ts` makes such
 * rows and compares them all with what the installed nft sends.
 */
export interface GoldenExpression extends RuleText {
  readonly name: string;
  /** The line of `nft --debug=netlink`; absent when nft 1.0.6 cannot say `text`. */
  readonly listing?: string;
  /** Where the octets are from when there is no `listing`. */
  readonly source?: string;
  readonly expression: Expression;
  readonly bytes: Uint8Array;
}
