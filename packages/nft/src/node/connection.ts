import {
  BatchReplies,
  type Chain,
  DumpReplies,
  encodeBatch,
  encodeRequest,
  type FamilyName,
  type Flowtable,
  type FlowtableKey,
  type Generation,
  NftablesMessage,
  type NftablesReply,
  NftError,
  type NftSet,
  type ObjectKey,
  type Operation,
  type Request,
  type Rule,
  type RuleKey,
  type Ruleset,
  readChain,
  readFlowtable,
  readGeneration,
  readObject,
  readRule,
  readSet,
  readTable,
  type SetElement,
  type StatefulObject,
  type Table,
} from '@router7/nft';
import { dumpElements } from './element-dump.ts';
import { KernelSocket, type KernelSocketOptions } from './kernel-socket.ts';
import { Monitor, type MonitorOptions } from './monitor.ts';
import { RequestQueue } from './request-queue.ts';
import { listRuleset, type RulesetFilter } from './ruleset.ts';
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

/** With which table's rows a dump is concerned: all, those of a family, those of one table. */
function inTable(family?: FamilyName, table?: string): { family?: FamilyName; table?: string } {
  return { ...(family !== undefined && { family }), ...(table !== undefined && { table }) };
}

/**
 * One socket to nf_tables of the network namespace in which the process is. Requests go one after the other, in the
 * order in which they were made. It keeps the process alive only while a request is under way.
 */
export class NftConnection {
  readonly #requests: RequestQueue;
  readonly #socketOptions: KernelSocketOptions;
  readonly #dumpAttempts: number;

  /** @throws NftError `socket` when no socket can be opened, or on a big-endian host, which this encoder is not for */
  constructor(options: NftConnectionOptions = {}) {
    const { dumpAttempts = 10, bufferSize = 4 * 1024 * 1024, setSocketOption } = options;
    this.#dumpAttempts = dumpAttempts;
    this.#socketOptions = { bufferSize, setSocketOption };
    this.#requests = new RequestQueue(
      (events) => new KernelSocket(events, { ...this.#socketOptions, dumps: true }),
      options.timeoutMilliseconds ?? 5000,
    );
    this.extendedAck = this.#requests.socket?.extendedAck ?? false;
  }

  /** Whether failures carry the kernel's words and the attribute at fault. */
  readonly extendedAck: boolean;

  /**
   * Carries out all operations as one transaction, or none of them.
   *
   * @param guard the generation that the rule set must still be in
   * @throws NftError with one failure per operation that the kernel refuses; `too-large` when the transaction does not
   *   fit the send buffer, for it has to be one datagram; EncodeError before anything is sent
   */
  async apply(operations: readonly Operation[], guard?: { readonly generation: number }): Promise<void> {
    await this.#transact(operations, guard);
  }

  /**
   * Asks the kernel whether it would carry out all operations, and changes nothing: `nft --check`.
   *
   * @throws NftError as {@link NftConnection.apply} would
   */
  async check(operations: readonly Operation[], guard?: { readonly generation: number }): Promise<void> {
    await this.#transact(operations, { ...guard, dryRun: true });
  }

  /** The rule set's present generation. */
  async generation(): Promise<Generation> {
    const [reply] = await this.request({ list: 'generation' });
    if (reply === undefined) throw new NftError('socket', 'the kernel did not tell its generation');
    return readGeneration(reply.attributes);
  }

  /**
   * The whole rule set, or a part of it, all of one generation.
   *
   * @throws NftError `interrupted` when it changed during each of several attempts
   */
  async list(filter: RulesetFilter = {}): Promise<Ruleset> {
    return listRuleset(this, filter, this.#dumpAttempts);
  }

  /**
   * What happens to the rule set from now on, on a socket of its own.
   *
   * @throws NftError `socket`, also of a connection without `setSocketOption`
   */
  monitor(options: MonitorOptions = {}): Monitor {
    return new Monitor(this.#socketOptions, options);
  }

  /** All tables, or those of a family. */
  async tables(family?: FamilyName): Promise<Table[]> {
    return this.#dump({ list: 'tables', ...inTable(family) }, readTable);
  }

  /** All chains, or those of a family; those of a table when it is named. */
  async chains(family?: FamilyName, table?: string): Promise<Chain[]> {
    const chains = await this.#dump({ list: 'chains', ...inTable(family) }, readChain);
    // The kernel does not filter chains by table.
    return table === undefined ? chains : chains.filter((chain) => chain.table === table);
  }

  /** All rules, or those of a family, a table, a chain; in the order of evaluation within each chain. */
  async rules(family?: FamilyName, key: Pick<RuleKey, 'chain'> & { readonly table?: string } = {}): Promise<Rule[]> {
    return this.#dump({ list: 'rules', ...inTable(family), ...key }, readRule);
  }

  /**
   * Reads rules and sets the counters and quotas in them back in the same instant (Linux 6.2). It is not begun again when
   * the rule set changes meanwhile, for what was read is already gone from the kernel.
   */
  async resetRules(family: FamilyName, key: Pick<RuleKey, 'chain'> & { readonly table?: string }): Promise<Rule[]> {
    return this.#dump({ list: 'rules', family, reset: true, ...key }, readRule);
  }

  /** All sets, or those of a family or a table. Anonymous sets are among them. */
  async sets(family?: FamilyName, table?: string): Promise<NftSet[]> {
    return this.#dump({ list: 'sets', ...inTable(family, table) }, readSet);
  }

  /**
   * The elements of a set, none of them twice, none left out.
   *
   * @throws NftError `refused` when there is no such set, `interrupted` when no dump was complete
   */
  async elements(family: FamilyName, table: string, set: string): Promise<SetElement[]> {
    return dumpElements(this, { family, table, name: set }, this.#dumpAttempts);
  }

  /** All flow tables, or those of a family, a table, with a name. */
  async flowtables(family?: FamilyName, key: Partial<FlowtableKey> = {}): Promise<Flowtable[]> {
    return this.#dump({ list: 'flowtables', ...inTable(family), ...key }, readFlowtable);
  }

  /** Stateful objects: all, or those of a family, a table, a type, with a name. */
  async objects(family?: FamilyName, key: ObjectKey = {}): Promise<StatefulObject[]> {
    return this.#dump({ list: 'objects', ...inTable(family), ...key }, readObject, NftablesMessage.newObject);
  }

  /**
   * Reads stateful objects and sets them back to zero in the same instant: no packet is counted twice or not at all.
   * It is not begun again when the rule set changes meanwhile, for what was read is already gone from the kernel.
   */
  async resetObjects(family: FamilyName, key: ObjectKey): Promise<StatefulObject[]> {
    return this.#dump({ list: 'objects', family, reset: true, ...key }, readObject, NftablesMessage.newObject);
  }

  /**
   * Sends a question and gathers the answers; begins again when the rule set changed meanwhile.
   *
   * @throws NftError
   */
  async request(request: Request): Promise<readonly NftablesReply[]> {
    return this.#requests.enqueue(async () => {
      const resets = 'reset' in request && request.reset === true;
      for (let attempt = 0; attempt < this.#dumpAttempts; attempt++) {
        const sequence = this.#requests.take(1);
        const replies = new DumpReplies(sequence);
        await this.#requests.exchange(encodeRequest(request, sequence), replies);
        if (!replies.interrupted || resets) return replies.result();
      }
      throw new NftError('interrupted', `the rule set changed during ${this.#dumpAttempts} attempts to read it`);
    });
  }

  /** Ends the connection; what is under way fails with `closed`. May be called again. */
  close(): void {
    this.#requests.close();
  }

  /** `using connection = new NftConnection()`. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #transact(
    operations: readonly Operation[],
    options: { readonly generation?: number; readonly dryRun?: boolean } = {},
  ): Promise<void> {
    await this.#requests.enqueue(async () => {
      const sequence = this.#requests.take(operations.length + 2);
      const batch = encodeBatch(operations, { sequence, ...options });
      const replies = new BatchReplies(batch);
      await this.#requests.exchange(batch.bytes, replies);
      replies.result();
    });
  }

  /** Objects that a dump tells; other messages may stand between them when `message` is given. */
  async #dump<T>(
    request: Request,
    read: (family: number, attributes: NftablesReply['attributes']) => T,
    message?: number,
  ): Promise<T[]> {
    const replies = await this.request(request);
    const wanted = message === undefined ? replies : replies.filter((reply) => reply.message === message);
    return wanted.map(({ family, attributes }) => read(family, attributes));
  }
}
