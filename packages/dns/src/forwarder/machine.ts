import type { AnswerCache } from '../cache/answer-cache.ts';
import { CacheState } from '../cache/cache-state.ts';
import type { LocalRecords } from '../cache/local-records.ts';
import { HeaderFlag } from '../header.ts';
import type { BlockList } from '../local/block-list.ts';
import type { LocalAnswers } from '../local/local-answers.ts';
import { QueryView, scanQuery } from '../scan/query-view.ts';
import { ResponseView } from '../scan/response-view.ts';
import { Asking } from './asker.ts';
import { AskerTable } from './asker-table.ts';
import { ExchangeTable } from './exchange-table.ts';
import { Outbox } from './outbox.ts';
import { type Exchange, MAX_UPSTREAMS, type Pending } from './pending.ts';
import { PendingTable } from './pending-table.ts';
import { RateLimiter } from './rate-limiter.ts';
import { ResponseWriter } from './response-writer.ts';
import { Routes } from './routes.ts';
import { ServerCookies } from './server-cookies.ts';
import type { ForwarderSettings, RateLimitSettings } from './settings.ts';
import { emptyStatistics, type ForwarderStatistics } from './statistics.ts';
import { UpstreamState } from './upstream-state.ts';

const MAX_MESSAGE = 0xffff;
/** Octets of an identity that are told. */
const MAX_IDENTITY = 64;

/** What a forwarder needs. */
export interface ForwarderOptions {
  /** To begin with; `Forwarder.configure` takes others. */
  readonly settings: ForwarderSettings;
  /** Of this forwarder alone. */
  readonly cache: AnswerCache;
  /** What the cache was made with: 32 random bits. */
  readonly seed: number;
  /** 32 random bits, unpredictable: ids, letters' case and cookies come from it. */
  readonly random: () => number;
  /** The router's own zones. */
  readonly local?: LocalAnswers | undefined;
  /** Names that some clients are not to find. */
  readonly blocks?: BlockList | undefined;
}

/** Everything that a forwarder knows. */
export class Machine {
  settings: ForwarderSettings;
  cache: AnswerCache;
  readonly local: LocalAnswers | undefined;
  readonly blocks: BlockList | undefined;
  readonly seed: number;
  readonly random: () => number;
  routes: Routes;
  limiter: RateLimiter | undefined;
  upstreams: UpstreamState[] = [];
  readonly pendings: PendingTable;
  readonly askers: AskerTable;
  readonly exchanges: ExchangeTable;
  /** Probes that are under way, the oldest first. */
  readonly probes: Exchange[] = [];
  readonly outbox: Outbox = new Outbox();
  readonly statistics: ForwarderStatistics = emptyStatistics();
  readonly writer: ResponseWriter;

  /** The query that is being answered, */
  readonly view: QueryView = new QueryView();
  /** and what has to be known of it when its octets are gone. */
  readonly asking: Asking = new Asking();
  /** The question of a pending one, looked at again. */
  readonly pendingView: QueryView = new QueryView();
  /** The last answer of an upstream, */
  readonly answer: Uint8Array = new Uint8Array(MAX_MESSAGE);
  answerLength: number = 0;
  readonly answerView: ResponseView = new ResponseView();
  /** its number, by which those who were to be told it know whether it is still there, */
  answerSerial: number = 0;
  /** and its place in the cache, 0 when it has none (any more). */
  answerEntry: number = 0;
  /** Where replies and questions are written. */
  readonly output: Uint8Array = new Uint8Array(MAX_MESSAGE);

  readonly #cookies: ServerCookies;
  #blockGeneration: number;
  #localGeneration = -1;

  constructor({ settings, cache, seed, random, local, blocks }: ForwarderOptions) {
    this.settings = settings;
    this.cache = cache;
    this.seed = seed;
    this.random = random;
    this.local = local;
    this.blocks = blocks;
    this.#blockGeneration = blocks?.generation ?? 0;
    this.pendings = new PendingTable(settings.maximumPending);
    this.askers = new AskerTable(settings.maximumAskers);
    this.exchanges = new ExchangeTable(2 * settings.maximumPending + 2 * MAX_UPSTREAMS);
    this.writer = new ResponseWriter(this.statistics);
    this.#cookies = new ServerCookies(random);
    this.routes = new Routes(settings, seed);
    this.configure(settings);
  }

  /** Takes other settings; what is known of an upstream stays with its label. */
  configure(settings: ForwarderSettings): void {
    const { rateLimit } = settings;
    if (rateLimit === undefined) this.limiter = undefined;
    else if (this.limiter === undefined || !isSameLimit(rateLimit, this.settings.rateLimit)) {
      this.limiter = new RateLimiter(rateLimit, this.random());
    }
    const known = new Map(this.upstreams.map((upstream) => [upstream.settings.label, upstream]));
    this.settings = settings;
    this.routes = new Routes(settings, this.seed);
    this.upstreams = settings.upstreams.slice(0, MAX_UPSTREAMS).map((each, index) => {
      const upstream = known.get(each.label) ?? new UpstreamState(each);
      known.delete(each.label);
      upstream.index = index;
      upstream.settings = each;
      upstream.renewCookie(this.random);
      return upstream;
    });
    this.writer.cookies = settings.cookies ? this.#cookies : undefined;
    this.writer.tcpIdleMs = settings.tcpIdleMs;
    // What is more than fits beside everything else in the room that respond() asks for is left away.
    this.writer.identity = settings.identity.subarray(0, MAX_IDENTITY);
  }

  /** Takes another cache, made with the same seed; what the one before had is gone. */
  replaceCache(cache: AnswerCache): void {
    this.cache = cache;
    this.answerEntry = 0;
    // The new one has heard of no generation yet.
    this.#localGeneration = -1;
  }

  /** Has the cache know of changes of what is answered here, or not at all. */
  watchPolicies(): void {
    const { cache, local, blocks } = this;
    if (local !== undefined && local.generation !== this.#localGeneration) {
      this.#localGeneration = local.generation;
      cache.localGeneration = local.generation;
      // A name that others were asked about may be ours now.
      cache.invalidate();
    }
    if (blocks !== undefined && blocks.generation !== this.#blockGeneration) {
      this.#blockGeneration = blocks.generation;
      cache.invalidate();
    }
  }

  /** Reads the question of a pending one into {@link pendingView}. */
  viewOf(pending: Pending): QueryView {
    const { pendingView } = this;
    const { question } = pending;
    scanQuery(pendingView, question, 0, pending.questionEnd, this.seed);
    pendingView.dnssecOk = pending.dnssecOk;
    return pendingView;
  }

  /** Stores an answer of the router's own. @returns the entry, 0 when it cannot be stored */
  storeLocal(view: QueryView, flavour: number, answer: LocalRecords, now: number): number {
    this.answerEntry = 0;
    return this.cache.storeLocal(view, flavour, answer, now);
  }

  /** Remembers that nobody had an answer. */
  storeFailure(pending: Pending, extendedError: number, now: number): void {
    if (!pending.cacheable) return;
    const view = this.viewOf(pending);
    this.cache.lookup(view, pending.flavour, now);
    // It was to be refreshed before its time: nothing is lost yet.
    if (this.cache.found === CacheState.fresh) return;
    this.answerEntry = 0;
    this.cache.storeFailure(view, pending.flavour, extendedError, now);
  }

  /** Whether there is an answer that has expired. */
  hasStale(pending: Pending, now: number): boolean {
    if (!pending.cacheable) return false;
    const entry = this.cache.lookup(this.viewOf(pending), pending.flavour, now);
    return entry !== 0 && this.cache.found !== CacheState.unchecked;
  }

  /** Whether none of these answers. */
  areDown(route: readonly number[]): boolean {
    for (const index of route) if (this.upstreams[index]?.down === false) return false;
    return true;
  }
}

function isSameLimit(a: RateLimitSettings, b: RateLimitSettings | undefined): boolean {
  return a.perSecond === b?.perSecond && a.burst === b.burst && a.forwardedCost === b.forwardedCost;
}

/** Who gets different answers to one question: DO, CD and the client's group. */
export function flavourOf(view: QueryView, group: number): number {
  return (view.dnssecOk ? 1 : 0) | ((view.flags & HeaderFlag.checkingDisabled) !== 0 ? 2 : 0) | ((group & 63) << 2);
}
