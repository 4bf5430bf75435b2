import type { Asker } from './asker.ts';
import { QUESTION_LIMIT } from './question-limit.ts';
import type { UpstreamState } from './upstream-state.ts';

/** Upstreams that count at most. */
export const MAX_UPSTREAMS = 64;

/** A question that upstreams are asked, and who waits for the answer. */
export class Pending {
  readonly index: number;
  /** Of the question; {@link Pending.key} adds the flavour. */
  hash: number = 0;
  key: number = 0;
  flavour: number = 0;
  /** Header and question as the first asker sent them. */
  readonly question: Uint8Array = new Uint8Array(QUESTION_LIMIT);
  /** Offset behind the question. */
  questionEnd: number = 0;
  group: number = 0;
  /** The answer is for this client only. */
  alone: boolean = false;
  /** The whole query, when it goes on as it came; the answer is for this client only. */
  raw: Uint8Array | undefined = undefined;
  /** The option with the client's subnet (RFC 7871), code and length included; the answer is for this client only. */
  subnet: Uint8Array | undefined = undefined;
  dnssecOk: boolean = false;
  checkingDisabled: boolean = false;
  /** Whether the answer may be stored. */
  cacheable: boolean = true;
  /** Whether the answer may have private addresses. */
  privateAllowed: boolean = false;
  /** Upstreams to ask, indices. */
  route: readonly number[] = [];
  /** How often each of them, by place in `route`, was asked. */
  readonly tries: Uint8Array = new Uint8Array(MAX_UPSTREAMS);
  attempts: number = 0;
  /** The answer did not fit a datagram: connections only from here on. */
  stream: boolean = false;
  startedAt: number = 0;
  /** When to ask another upstream as well; Infinity: not any more. */
  nextAttemptAt: number = 0;
  intervalMs: number = 0;
  /** Those who were waiting have been told something else; the question goes on for the cache. */
  givenUp: boolean = false;
  /** It was looked whether there is an expired answer. */
  staleTried: boolean = false;
  failureStored: boolean = false;
  /** The best of the answers that were no help: rcode, -1 without one; and its extended error, -1 without one. */
  rcode: number = -1;
  extendedError: number = -1;
  /** The transport failed, which RFC 8914 tells apart from silence. */
  networkError: boolean = false;
  exchanges: Exchange | undefined = undefined;
  askers: Asker | undefined = undefined;

  // Places in the lists of the table.
  bucketNext: Pending | undefined = undefined;
  older: Pending | undefined = undefined;
  newer: Pending | undefined = undefined;
  active: boolean = false;

  constructor(index: number) {
    this.index = index;
  }
}

/** A question that an upstream was sent, or is about to be. */
export class Exchange {
  readonly number: number;
  /** Undefined: the exchange is over, or is a probe. */
  pending: Pending | undefined = undefined;
  upstream!: UpstreamState;
  open: boolean = false;
  /** Given out by `poll`: whoever sends it has to be told when it is over. */
  sent: boolean = false;
  /** Of the message, random. */
  id: number = 0;
  /** What letters' case is made from; 0: as the client has it. */
  caseSeed: number = 0;
  stream: boolean = false;
  edns: boolean = false;
  cookie: boolean = false;
  /** A cookie was called bad, and this is the second attempt. */
  afterBadCookie: boolean = false;
  /** The question with an OPT record was refused, and this is the same without one. */
  afterRefusedEdns: boolean = false;
  /** That there is no answer yet has been held against the upstream. */
  judged: boolean = false;
  startedAt: number = 0;
  /** The next exchange for the same question. */
  next: Exchange | undefined = undefined;

  constructor(number: number) {
    this.number = number;
  }
}
