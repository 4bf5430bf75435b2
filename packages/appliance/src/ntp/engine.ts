import { isIP } from 'node:net';
import type { Engine } from '../runtime/drive.ts';
import { readAnswer } from './answer.ts';
import type { NtpConfig } from './config.ts';
import { Discipline } from './discipline.ts';
import { Electorate } from './electorate.ts';
import type { NtpInput } from './input.ts';
import type { NtpOutput } from './output.ts';
import { encodePacket, question } from './packet.ts';
import type { DiscardReason } from './reply-fault.ts';
import { RoundPause } from './round-pause.ts';
import { type Selection, select } from './selection.ts';
import type { Server } from './server.ts';
import { ServerList } from './server-list.ts';
import { Synchrony } from './synchrony.ts';

/** Rounds in a row in which a server was outvoted until that is told. */
const TOLD_LIES = 3;
/** Servers that lead nowhere and are replaced within one round, at most. */
const MOST_DETOURS = 8;
/** Servers that have to agree on a time before the one that was saved last. */
const MAJORITY_OF_THREE = 3;
/** The saved time may be so much ahead, of a clock that was within what needs no step. */
const SAVED_TOLERANCE_MS = 60_000;

/** What an {@link NtpEngine} needs beside its configuration. */
export interface NtpSurroundings {
  /** Random numbers from 0 to below 1, of the good kind: nobody is to guess them. */
  readonly random: () => number;
}

/**
 * All servers are asked together, in rounds:
 *
 * - `waiting`: for the next one
 * - `asking`: until all have answered, or have had their time
 */
type State =
  | { readonly kind: 'waiting'; readonly askAt: number }
  | { readonly kind: 'asking'; readonly endsAt: number };

/**
 * A client of NTP (RFC 5905; without its server, SNTP of section 14 but with several servers): asks them, believes what
 * more than half agree on, and tells what to do with the clock.
 *
 * Deviations: servers are asked in rounds at one interval for all, instead of each at its own; see also `selection.ts`,
 * `sample.ts` and `discipline.ts`.
 */
export class NtpEngine implements Engine<NtpInput, NtpOutput> {
  readonly #config: NtpConfig;
  readonly #random: () => number;
  readonly #list: ServerList;
  readonly #discipline: Discipline;
  readonly #electorate: Electorate;
  readonly #synchrony = new Synchrony();
  readonly #pause: RoundPause;
  readonly #outputs: NtpOutput[] = [];
  #state: State | undefined;
  #detours = 0;
  /** When the clock was corrected last: what was measured before is not true any more. */
  #adjustedAt = Number.NEGATIVE_INFINITY;
  /** Wall clock minus monotonic time, as of the last answer. */
  #wallOffset = 0;

  constructor(config: NtpConfig, { random }: NtpSurroundings) {
    this.#config = config;
    this.#random = random;
    this.#list = new ServerList(config.servers, random);
    this.#discipline = new Discipline(config);
    this.#electorate = new Electorate(this.#list, this.#discipline, config);
    this.#pause = new RoundPause(config, random);
  }

  handle(input: NtpInput, now: number): void {
    this.#state ??= { kind: 'waiting', askAt: now + this.#pause.jitter() };
    switch (input.kind) {
      case 'names': {
        const gone = this.#list.setNames(input.names, (name) => isIP(name) !== 0, now);
        for (const { id, question } of gone) if (question !== undefined) this.#say({ kind: 'forget', server: id });
        this.#joinRound(now);
        break;
      }
      case 'resolved':
        if (this.#list.resolved(input.name, input.addresses, now)) this.#joinRound(now);
        break;
      case 'sent': {
        const server = this.#find(input.server);
        if (server?.question !== undefined) server.question = { ...server.question, sentAt: now };
        break;
      }
      case 'reply':
        this.#reply(input, now);
        break;
      case 'unreachable': {
        const server = this.#find(input.server);
        if (server?.question !== undefined) this.#detour(server, now);
        break;
      }
      case 'again':
        if (this.#discipline.isSet) break;
        this.#list.resolveAgain(now);
        this.#pause.reset();
        if (this.#state.kind === 'waiting') this.#waitFor(this.#pause.jitter(), now);
        break;
      case 'timeout':
        break;
    }
    this.#pass(now);
  }

  poll(): NtpOutput | undefined {
    return this.#outputs.shift();
  }

  deadline(): number | undefined {
    if (this.#state === undefined) return undefined;
    return Math.min(this.#state.kind === 'waiting' ? this.#state.askAt : this.#state.endsAt, this.#list.deadline);
  }

  /** Whether the clock has been right once. */
  get isSet(): boolean {
    return this.#discipline.isSet;
  }

  /** Does what has become due. */
  #pass(now: number): void {
    for (const name of this.#list.toResolve(now)) this.#say({ kind: 'resolve', name });
    if (this.#state?.kind === 'waiting') {
      if (this.#state.askAt <= now) this.#startRound(now);
      return;
    }
    if (this.#state?.kind !== 'asking') return;
    const isOver = this.#state.endsAt <= now || this.#list.servers.every(({ question }) => question === undefined);
    // The first majority of all is the time: nobody waits for the rest.
    const selection = isOver || !this.#discipline.isSet ? this.#select(now) : undefined;
    if (isOver || selection !== undefined) this.#endRound(selection, now);
  }

  #startRound(now: number): void {
    this.#detours = 0;
    this.#state = { kind: 'asking', endsAt: now + this.#config.answerMs };
    for (const server of this.#list.servers) this.#ask(server, now);
  }

  /** A server that has just become known is asked in the round that goes on, as long as the time is not known. */
  #joinRound(now: number): void {
    if (this.#discipline.isSet) return;
    if (this.#state?.kind === 'asking') {
      for (const server of this.#list.servers) if (!server.isAsked) this.#ask(server, now);
    } else if (this.#pause.hasTried) {
      this.#waitFor(0, now);
    }
  }

  #ask(server: Server, now: number): void {
    if (server.notBefore > now) return;
    const cookie = (BigInt(Math.floor(this.#random() * 2 ** 32)) << 32n) | BigInt(Math.floor(this.#random() * 2 ** 32));
    server.isAsked = true;
    server.question = { cookie, sentAt: now };
    this.#say({ kind: 'ask', server: server.id, address: server.address, payload: encodePacket(question(cookie)) });
  }

  /** A server that cannot be reached gives its place to another one, which is asked right away. */
  #detour(server: Server, now: number): void {
    this.#say({ kind: 'forget', server: server.id });
    server.question = undefined;
    if (++this.#detours > MOST_DETOURS) return;
    const other = this.#list.replace(server, now);
    if (other !== undefined && other.address !== server.address) this.#ask(other, now);
  }

  #reply({ server: id, payload, wall }: Extract<NtpInput, { kind: 'reply' }>, now: number): void {
    const server = this.#find(id);
    if (server === undefined) return;
    const answer = readAnswer(payload, server.question, wall, now, this.#config);
    if (answer.kind === 'stray') {
      this.#discard(server, answer.reason);
      return;
    }
    // RFC 5905 section 8: what was awaited has come, so that a copy of it is a duplicate.
    server.question = undefined;
    this.#say({ kind: 'forget', server: id });
    switch (answer.kind) {
      case 'useless':
        this.#discard(server, answer.reason);
        break;
      case 'kiss':
        this.#discard(server, 'kiss');
        this.#kissed(server, answer.code, now);
        break;
      case 'sample':
        this.#wallOffset = wall - now;
        this.#electorate.answered(now);
        server.hasAnswered = true;
        server.history.add(answer.sample);
        break;
    }
  }

  /** RFC 5905 section 7.4: DENY and RSTR end it, RATE slows it down, other codes mean nothing to a client. */
  #kissed(server: Server, code: string, now: number): void {
    if (code === 'RATE') server.rated(now);
    else if (code === 'DENY' || code === 'RSTR') this.#list.deny(server, now);
    else return;
    this.#say({ kind: 'kissed', address: server.address, code });
  }

  /** What the majority says, of what was measured since the clock was corrected last. */
  #select(now: number): Selection | undefined {
    const candidates = this.#electorate.candidates(this.#adjustedAt, now);
    return candidates.length === 0 ? undefined : select(candidates, this.#electorate.size(now));
  }

  #endRound(selection: Selection | undefined, now: number): void {
    for (const server of this.#list.servers) {
      if (server.question === undefined) continue;
      this.#say({ kind: 'forget', server: server.id });
      server.question = undefined;
      // Others were faster: that says nothing about this one.
      if (this.#state?.kind === 'asking' && now < this.#state.endsAt) server.isAsked = false;
    }
    const hasAnswers = this.#list.servers.some(({ hasAnswered }) => hasAnswered);
    if (selection !== undefined) this.#count(selection);
    for (const server of this.#list.servers) if (server.isAsked) server.endRound();
    const isFollowed = selection !== undefined && this.#follow(selection, now);
    if (!isFollowed) this.#unfollowed(selection === undefined ? (hasAnswers ? 'no-majority' : 'silence') : undefined);
    for (const server of [...this.#list.servers]) if (server.isUseless) this.#list.replace(server, now);
    this.#waitFor(this.#pause.after(this.#discipline), now);
  }

  /** Counts who was outvoted. */
  #count({ truechimers }: Selection): void {
    for (const server of this.#list.servers) {
      if (!server.hasAnswered) continue;
      server.lies = truechimers.has(server.id) ? 0 : server.lies + 1;
      if (server.lies !== TOLD_LIES) continue;
      const { address, name, history } = server;
      this.#say({ kind: 'falseticker', address, name, offsetMs: history.last?.offsetMs ?? 0 });
    }
  }

  /** Corrects the clock by what the majority says. @returns whether that is to be believed */
  #follow(selection: Selection, now: number): boolean {
    const { truechimers, offsetMs, errorMs, jitterMs } = selection;
    // All that agree were held up on the way: nothing that could not wait.
    if (!this.#list.servers.some(({ id, history }) => truechimers.has(id) && history.isFast)) return true;
    const { savedTime, stepMs } = this.#config;
    const isBack = Math.abs(offsetMs) >= stepMs && now + this.#wallOffset + offsetMs < savedTime - SAVED_TOLERANCE_MS;
    if (isBack && truechimers.size < MAJORITY_OF_THREE) {
      this.#tellLoss('before-saved-time');
      return false;
    }
    const verdict = this.#discipline.judge(selection);
    if (verdict === 'wait') return true;
    this.#adjustedAt = now;
    if (verdict === 'step') {
      for (const { history } of this.#list.servers) history.clear();
      this.#say({ kind: 'step', byMs: offsetMs });
    }
    const left = verdict === 'step' ? 0 : offsetMs;
    // Also after a step, which makes the kernel take the clock for unsynchronized.
    const { poll: timeConstant } = this.#discipline;
    const slew = { offsetMs: left, timeConstant, maximumErrorMs: errorMs, estimatedErrorMs: jitterMs };
    this.#say({ kind: 'slew', slew });
    if (this.#synchrony.gained()) {
      const servers = this.#electorate.size(now);
      this.#say({ kind: 'synchronized', offsetMs, errorMs, agreeing: truechimers.size, servers });
    }
    return true;
  }

  #unfollowed(why: 'silence' | 'no-majority' | undefined): void {
    this.#discipline.disagreed();
    const isLong = this.#synchrony.missed();
    if (isLong && why !== undefined) this.#tellLoss(why);
  }

  #tellLoss(why: 'silence' | 'no-majority' | 'before-saved-time'): void {
    if (this.#synchrony.lost()) this.#say({ kind: 'lost', why });
  }

  #discard(server: Server, reason: DiscardReason): void {
    this.#say({ kind: 'discarded', address: server.address, reason });
  }

  #waitFor(delayMs: number, now: number): void {
    this.#state = { kind: 'waiting', askAt: now + delayMs };
  }

  #find(id: number): Server | undefined {
    return this.#list.servers.find((server) => server.id === id);
  }

  #say(output: NtpOutput): void {
    this.#outputs.push(output);
  }
}
