import type { Operation } from '@router7/nft';

/**
 * A message as nft 1.0.6 (Debian 12, x86_64) sends it, taken from `strace -e trace=sendmsg -e write=all nft -f` in a
 * network namespace of its own: what follows the netlink header. Two rows differ from it in what the kernel does not look
 * at: nft adds an empty NFTA_OBJ_DATA to the counter that is deleted, and names the set before the table when it deletes
 * all elements. The kernel that was asked has no flow tables; what nft sends does not depend on it.
 */
export interface GoldenOperation {
  readonly name: string;
  /** The command that nft was given. */
  readonly text: string;
  readonly operation: Operation;
  readonly type: number;
  /** Without NLM_F_ACK. */
  readonly flags: number;
  readonly bytes: Uint8Array;
}
