import { ByteReader, DecodeError } from '@router7/wire';
import { swap16, swap32 } from './attribute-slice.ts';
import { type Batch, sequenceAfter } from './batch.ts';
import { Errno, errnoName } from './errno.ts';
import { decodeAck, type NetlinkAck } from './netlink-error.ts';
import { NETLINK_HEADER_LENGTH, NetlinkFlag, type NetlinkMessage, NetlinkType } from './netlink-header.ts';
import { NftError, type NftFailure } from './nft-error.ts';
import { NFNL_SUBSYS_NFTABLES, type NftablesReply, readNftables } from './nftables-message.ts';
import { describeOperation } from './operation.ts';

const NFTA_RULE_EXPRESSIONS = 4;
/** Netlink header and nfnetlink header. */
const ATTRIBUTES_START = NETLINK_HEADER_LENGTH + 4;

/** Gathers the answers to one request until the last one is there. */
export interface Replies {
  /** Takes a message; true when it was the last. Messages of other requests are passed over. @throws DecodeError */
  handle(message: NetlinkMessage): boolean;
}

/** The answers to a dump, or to a request for one thing that asks for an ACK. */
export class DumpReplies implements Replies {
  readonly #sequence: number;
  readonly #messages: NftablesReply[] = [];
  #interrupted = false;
  #error: NftError | undefined;

  constructor(sequence: number) {
    this.#sequence = sequence;
  }

  handle(message: NetlinkMessage): boolean {
    if (message.sequence !== this.#sequence) return false;
    if ((message.flags & NetlinkFlag.dumpInterrupted) !== 0) this.#interrupted = true;
    if (message.type === NetlinkType.done) {
      // The end of a dump carries its errno, negative, like an ACK.
      const errno = message.body.length < 4 ? 0 : -(swap32(new ByteReader(message.body).u32()) | 0);
      if (errno > 0) this.#fail({ errno, requestType: 0, requestSequence: this.#sequence });
      return true;
    }
    if (message.type === NetlinkType.error) {
      const ack = decodeAck(message);
      if (ack.errno !== 0) this.#fail(ack);
      return true;
    }
    if (message.type >>> 8 === NFNL_SUBSYS_NFTABLES) this.#add(readNftables(message));
    return false;
  }

  /**
   * Whether the rule set changed while it was read: the messages do not fit together. NLM_F_DUMP_INTR or EINTR tell, and
   * of the elements of a set, where the kernel does neither, the generation that each message is of.
   */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** The messages. @throws NftError `refused` */
  result(): readonly NftablesReply[] {
    if (this.#error !== undefined) throw this.#error;
    return this.#messages;
  }

  #add(reply: NftablesReply): void {
    const [first] = this.#messages;
    if (first !== undefined && first.resourceId !== reply.resourceId) this.#interrupted = true;
    this.#messages.push(reply);
  }

  #fail({ errno, text }: NetlinkAck): void {
    if (errno === Errno.EINTR) this.#interrupted = true;
    else
      this.#error = NftError.of('refused', [
        { errno, errnoName: errnoName(errno), ...(text !== undefined && { text }) },
      ]);
  }
}

/** The answers to a transaction. */
export class BatchReplies implements Replies {
  readonly #batch: Batch;
  readonly #failures: NftFailure[] = [];

  constructor(batch: Batch) {
    this.#batch = batch;
  }

  handle(message: NetlinkMessage): boolean {
    if (message.type !== NetlinkType.error) return false;
    const index = sequenceAfter(message.sequence, -this.#batch.firstSequence) - 1;
    if (index >= this.#batch.operations.length) return false;
    const ack = decodeAck(message);
    if (ack.errno !== 0) this.#failures.push(this.#failure(ack, index));
    // An error of the opening message concerns the whole: no rights, no memory, another generation, a failed commit.
    // What may come behind it adds nothing.
    return index === -1 || message.sequence === this.#batch.lastSequence;
  }

  /** Nothing, when all was carried out. @throws NftError `refused` or `stale-generation` */
  result(): void {
    if (this.#failures.length === 0) return;
    const stale = this.#failures.some(({ errno, operation }) => operation === undefined && errno === Errno.ERESTART);
    throw NftError.of(stale ? 'stale-generation' : 'refused', this.#failures);
  }

  #failure({ errno, text, attributeOffset }: NetlinkAck, index: number): NftFailure {
    const failure: NftFailure = {
      errno,
      errnoName: errnoName(errno),
      ...(text !== undefined && { text }),
      ...(attributeOffset !== undefined && { attributeOffset }),
    };
    const operation = this.#batch.operations[index];
    if (operation === undefined) return failure;
    const ruleIndex = this.#ruleIndex(index);
    const found =
      attributeOffset === undefined ? undefined : attributeAt(messageOf(this.#batch, index), attributeOffset);
    const isExpression = operation.object.kind === 'rule' && found?.path[0] === NFTA_RULE_EXPRESSIONS;
    return {
      ...failure,
      operationIndex: index,
      operation,
      ...(ruleIndex !== undefined && { ruleIndex }),
      ...(found !== undefined && { attributePath: found.path }),
      ...(isExpression && found.indexes[1] !== undefined && { expressionIndex: found.indexes[1] }),
      description: describeOperation(operation, ruleIndex),
    };
  }

  #ruleIndex(index: number): number | undefined {
    const subject = this.#batch.operations[index];
    if (subject?.object.kind !== 'rule' || subject.action === 'delete') return undefined;
    const { family, table, chain } = subject.object;
    return this.#batch.operations.slice(0, index).filter(({ action, object }) => {
      if (action === 'delete' || object.kind !== 'rule') return false;
      return object.family === family && object.table === table && object.chain === chain;
    }).length;
  }
}

/** The message of operation `index` within a batch. */
function messageOf(batch: Batch, index: number): Uint8Array {
  const reader = new ByteReader(batch.bytes);
  for (let message = 0; ; message++) {
    const length = swap32(new ByteReader(batch.bytes.subarray(reader.offset)).u32());
    // The opening message comes before operation 0.
    if (message === index + 1) return reader.bytes(length);
    reader.skip((length + 3) & ~3);
  }
}

/** Which attributes lie around the octet at `offset` of our own message: their types, and their places in their levels. */
function attributeAt(message: Uint8Array, offset: number): { path: number[]; indexes: number[] } | undefined {
  const path: number[] = [];
  const indexes: number[] = [];
  let at = ATTRIBUTES_START;
  let end = message.length;
  for (let index = 0; at < end; index++) {
    const reader = new ByteReader(message.subarray(at, end));
    let length: number;
    let type: number;
    try {
      length = swap16(reader.u16());
      type = swap16(reader.u16());
    } catch (error) {
      // The offset points into a payload that is no row of attributes: what was found so far will do.
      if (error instanceof DecodeError) break;
      throw error;
    }
    if (length < 4) break;
    const next = at + ((length + 3) & ~3);
    if (offset >= next) {
      at = next;
      continue;
    }
    path.push(type & 0x3fff);
    indexes.push(index);
    if (offset === at || (type & 0x8000) === 0) break;
    end = Math.min(end, at + length);
    at += 4;
    index = -1;
  }
  return path.length === 0 ? undefined : { path, indexes };
}
