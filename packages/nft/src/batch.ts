import { ByteWriter, EncodeError } from '@router7/wire';
import { familyCode } from './family.ts';
import { located } from './located.ts';
import { NetlinkFlag } from './netlink-header.ts';
import { BatchMessage, NFNL_SUBSYS_NFTABLES, writeNfnetlink } from './nftables-message.ts';
import { describeOperation, type Operation, operationHeader, writeOperation } from './operation.ts';

const NFNL_BATCH_GENID = 1;

/** How a transaction is numbered and guarded. */
export interface BatchOptions {
  /** The sequence number of the opening message; each following one has the next. */
  readonly sequence: number;
  /** Refuses the transaction (ERESTART) unless the rule set is still in this {@link Generation}. */
  readonly generation?: number;
  /**
   * Leaves out the end of the batch: the kernel looks at everything, answers, and undoes it again, as `nft --check`
   * has it. Nothing is changed, and no generation begins.
   */
  readonly dryRun?: boolean;
}

/** A transaction as the kernel takes it: one datagram. */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly operations: readonly Operation[];
  /** Sequence number of the opening message; operation `i` has this plus 1 plus `i`. */
  readonly firstSequence: number;
  /** The sequence number whose ACK comes last of all answers. */
  readonly lastSequence: number;
}

/** Sequence numbers are 32 bits and wrap. */
export function sequenceAfter(sequence: number, steps: number): number {
  return (sequence + steps) >>> 0;
}

/** Octets of an operation's message, about. */
function sizeHint({ object }: Operation): number {
  if (object.kind === 'elements') return 128 + 32 * object.elements.length;
  return object.kind === 'rule' && 'expressions' in object ? 160 + 96 * object.expressions.length : 256;
}

/**
 * Encodes a transaction: NFNL_MSG_BATCH_BEGIN, a message for each operation, NFNL_MSG_BATCH_END.
 *
 * A transaction is one datagram: the kernel carries out what is in one datagram and no more, so that it can be no larger
 * than the send buffer of the socket it goes through.
 *
 * Only the last operation asks for an ACK. The kernel works through the whole batch before it delivers any answer, in
 * the order of the messages, so this ACK says that there will be no more.
 *
 * @throws EncodeError `bad-value` without operations, and what the objects' encoders throw
 */
export function encodeBatch(operations: readonly Operation[], { sequence, generation, dryRun }: BatchOptions): Batch {
  if (operations.length === 0) throw new EncodeError('bad-value', 'a transaction without operations');
  // As large as most rules and elements turn out to be: a buffer that grows is copied each time.
  const writer = new ByteWriter(operations.reduce((size, operation) => size + sizeHint(operation), 64));
  const begin = { type: BatchMessage.begin, flags: NetlinkFlag.request, sequence };
  writeNfnetlink(writer, begin, 0, NFNL_SUBSYS_NFTABLES, (attributes) => {
    if (generation !== undefined) attributes.u32(NFNL_BATCH_GENID, generation);
  });
  operations.forEach((operation, index) => {
    const { message, flags, family } = operationHeader(operation);
    const ack = index === operations.length - 1 ? NetlinkFlag.ack : 0;
    const header = {
      type: (NFNL_SUBSYS_NFTABLES << 8) | message,
      flags: flags | NetlinkFlag.request | ack,
      sequence: sequenceAfter(sequence, index + 1),
    };
    located(
      () => describeOperation(operation),
      () =>
        writeNfnetlink(writer, header, familyCode(family), 0, (attributes) => writeOperation(attributes, operation)),
    );
  });
  if (dryRun !== true) {
    const end = { ...begin, type: BatchMessage.end, sequence: sequenceAfter(sequence, operations.length + 1) };
    writeNfnetlink(writer, end, 0, NFNL_SUBSYS_NFTABLES, () => {});
  }
  return {
    // The writer is not used again, so that what it holds need not be copied.
    bytes: writer.view(),
    operations,
    firstSequence: sequence,
    lastSequence: sequenceAfter(sequence, operations.length),
  };
}
