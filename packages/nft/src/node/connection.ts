import {
  BatchReplies,
  type Chain,
  DumpReplies,
  encodeBatch,
  encodeRequest,
  type FamilyName,
  type Generation,
  NftablesMessage,
  type NftablesReply,
  NftError,
  type NftSet,
  type ObjectKey,
  type Operation,
  type Replies,
  type Request,
  type Rule,
  type RuleKey,
  readChain,
  readGeneration,
  readMessages,
  readObject,
  readRule,
  readSet,
  readSetElements,
  readTable,
  type SetElement,
  SetFlag,
  type StatefulObject,
  sequenceAfter,
  type Table,
} from '@router7/nft';
import { KernelSocket, socketError } from './kernel-socket.ts';
import type { SetSocketOption } from './socket-options.ts';

/** How a connection behaves. */
export interface NftConnectionOptions {
  /** How long one request may take, in milliseconds; 5000 when absent. */
  readonly timeoutMilliseconds?: number;
  /** How often a dump is begun again when the rule set changes under it; 10 times when absent. */
  readonly dumpAttempts?: number;
  /** Octets of the socket's buffers; 4 MiB when absent. The kernel grants no more than net.core allows. */
  readonly bufferSize?: number;
  /** Makes extended ACKs (the kernel's words, the attribute at fault) and buffers beyond net.core's limits possible. */
  readonly setSocketOption?: SetSocketOption;
}

interface Exchange {
  readonly replies: Replies;
  readonly settle: (error?: NftError) => void;
}

/**
 * One socket to nf_tables of the network namespace in which the process is. Requests go one after the other, in the
 * order in which they were made. It keeps the process alive only while a request is under way.
 */
export class NftConnection {
  /** Whether failures carry the kernel's words and the attribute at fault. */
  readonly extendedAck: boolean;
  readonly #openSocket: () => KernelSocket;
  readonly #timeout: number;
  readonly #dumpAttempts: number;
  #socket: KernelSocket | undefined;
  #sequence = 1;
  #closed = false;
  #current: Exchange | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** @throws NftError `socket` when no socket can be opened, or on a big-endian host, which this encoder is not for */
  constructor(options: NftConnectionOptions = {}) {
    this.#timeout = options.timeoutMilliseconds ?? 5000;
    this.#dumpAttempts = options.dumpAttempts ?? 10;
    const bufferSize = options.bufferSize ?? 4 * 1024 * 1024;
    const events = {
      receive: (datagram: Uint8Array) => this.#receive(datagram),
      fail: (error: NftError) => this.#abandon(error),
    };
    this.#openSocket = () => new KernelSocket(events, bufferSize, options.setSocketOption);
    this.#socket = this.#openSocket();
    this.extendedAck = this.#socket.extendedAck;
  }

  /**
   * Carries out all operations as one transaction, or none of them.
   *
   * @param guard the generation that the rule set must still be in
   * @throws NftError with one failure per operation that the kernel refuses; EncodeError before anything is sent
   */
  async apply(operations: readonly Operation[], guard?: { readonly generation: number }): Promise<void> {
    await this.#enqueue(async () => {
      const batch = encodeBatch(operations, { sequence: this.#take(operations.length + 2), ...guard });
      const replies = new BatchReplies(batch);
      await this.#exchange(batch.bytes, replies);
      replies.result();
    });
  }

  /** The rule set's present generation. */
  async generation(): Promise<Generation> {
    const [reply] = await this.request({ list: 'generation' });
    if (reply === undefined) throw new NftError('socket', 'the kernel did not tell its generation');
    return readGeneration(reply.attributes);
  }

  /** All tables, or those of a family. */
  async tables(family?: FamilyName): Promise<Table[]> {
    const replies = await this.request({ list: 'tables', ...(family !== undefined && { family }) });
    return replies.map((reply) => readTable(reply.family, reply.attributes));
  }

  /** All chains, or those of a family; those of a table when it is named. */
  async chains(family?: FamilyName, table?: string): Promise<Chain[]> {
    const replies = await this.request({ list: 'chains', ...(family !== undefined && { family }) });
    const chains = replies.map((reply) => readChain(reply.family, reply.attributes));
    // The kernel does not filter chains by table.
    return table === undefined ? chains : chains.filter((chain) => chain.table === table);
  }

  /** All rules, or those of a family, a table, a chain; in the order of evaluation within each chain. */
  async rules(family?: FamilyName, key: Pick<RuleKey, 'chain'> & { readonly table?: string } = {}): Promise<Rule[]> {
    const replies = await this.request({ list: 'rules', ...(family !== undefined && { family }), ...key });
    return replies.map((reply) => readRule(reply.family, reply.attributes));
  }

  /** All sets, or those of a family or a table. Anonymous sets are among them. */
  async sets(family?: FamilyName, table?: string): Promise<NftSet[]> {
    const filter = { ...(family !== undefined && { family }), ...(table !== undefined && { table }) };
    const replies = await this.request({ list: 'sets', ...filter });
    return replies.map((reply) => readSet(reply.family, reply.attributes));
  }

  /**
   * The elements of a set, none of them twice.
   *
   * A dump comes in pieces, and the kernel may enlarge a hash table between two of them, which makes it skip elements
   * without saying so. Therefore a dump counts only when it has as many elements as the kernel says the set has, or,
   * where it does not say, as many as the dump before.
   *
   * @throws NftError `refused` when there is no such set, `interrupted` when no dump was complete
   */
  async elements(family: FamilyName, table: string, set: string): Promise<SetElement[]> {
    let wanted: number | undefined;
    for (let attempt = 0; attempt < this.#dumpAttempts; attempt++) {
      const replies = await this.request({ list: 'elements', family, table, set });
      const all = replies.flatMap((reply) => readSetElements(reply.family, reply.attributes).elements);
      const distinct = new Map(all.map((element) => [`${element.flags} ${element.key?.join('.')}`, element]));
      // One piece cannot be torn; a set of intervals is a tree, whose changes all raise the generation.
      const now = (await this.sets(family, table)).find(({ name }) => name === set);
      const torn = replies.length > 1 && ((now?.flags ?? 0) & (SetFlag.interval | SetFlag.timeout)) === 0;
      if (!torn || distinct.size === (now?.count ?? wanted)) return [...distinct.values()];
      wanted = distinct.size;
    }
    throw new NftError('interrupted', `set ${set} could not be read whole in ${this.#dumpAttempts} attempts`);
  }

  /** Stateful objects: all, or those of a family, a table, a type, with a name. */
  async objects(family?: FamilyName, key: ObjectKey = {}): Promise<StatefulObject[]> {
    return this.#objects({ list: 'objects', ...(family !== undefined && { family }), ...key });
  }

  /**
   * Reads stateful objects and sets them back to zero in the same instant: no packet is counted twice or not at all.
   * It is not begun again when the rule set changes meanwhile, for what was read is already gone from the kernel.
   */
  async resetObjects(family: FamilyName, key: ObjectKey): Promise<StatefulObject[]> {
    return this.#objects({ list: 'objects', family, reset: true, ...key });
  }

  /**
   * Sends a question and gathers the answers; begins again when the rule set changed meanwhile.
   *
   * @throws NftError
   */
  async request(request: Request): Promise<readonly NftablesReply[]> {
    return this.#enqueue(async () => {
      const resets = request.list === 'objects' && request.reset === true;
      for (let attempt = 0; attempt < this.#dumpAttempts; attempt++) {
        const sequence = this.#take(1);
        const replies = new DumpReplies(sequence);
        await this.#exchange(encodeRequest(request, sequence), replies);
        if (!replies.interrupted || resets) return replies.result();
      }
      throw new NftError('interrupted', `the rule set changed during ${this.#dumpAttempts} attempts to read it`);
    });
  }

  /** Ends the connection; what is under way fails with `closed`. May be called again. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#abandon(new NftError('closed', 'the connection was closed'));
  }

  /** `using connection = new NftConnection()`. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #objects(request: Request): Promise<StatefulObject[]> {
    const replies = await this.request(request);
    const news = replies.filter(({ message }) => message === NftablesMessage.newObject);
    return news.map((reply) => readObject(reply.family, reply.attributes));
  }

  #take(count: number): number {
    const first = this.#sequence;
    this.#sequence = sequenceAfter(first, count);
    return first;
  }

  async #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async #exchange(bytes: Uint8Array, replies: Replies): Promise<void> {
    if (this.#closed) throw new NftError('closed', 'the connection was closed');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#abandon(new NftError('timeout', `no answer within ${this.#timeout} ms`));
    }, this.#timeout);
    const settle = (error?: NftError): void => (error === undefined ? resolve() : reject(error));
    this.#current = { replies, settle };
    try {
      this.#socket ??= this.#openSocket();
      this.#socket.hold();
      this.#socket.send(bytes);
      await promise;
    } finally {
      clearTimeout(timer);
      this.#current = undefined;
      this.#socket?.release();
    }
  }

  #receive(datagram: Uint8Array): void {
    const exchange = this.#current;
    // What comes unasked answers a request that was given up.
    if (exchange === undefined) return;
    try {
      for (const message of readMessages(datagram)) {
        if (!exchange.replies.handle(message)) continue;
        this.#settle();
        return;
      }
    } catch (error) {
      this.#abandon(socketError(error));
    }
  }

  /** Fails what is under way. A half-read dump or an unsent batch must not live on: the next request has a new socket. */
  #abandon(error: NftError): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#settle(error);
  }

  #settle(error?: NftError): void {
    const exchange = this.#current;
    this.#current = undefined;
    exchange?.settle(error);
  }
}
