import type { NtpConfig } from './config.ts';
import type { Discipline } from './discipline.ts';
import { rootDistance } from './sample.ts';
import type { Candidate } from './selection.ts';
import type { ServerList } from './server-list.ts';

/** Who has a say in what the time is, and of how many more than half have to agree. */
export class Electorate {
  readonly #list: ServerList;
  readonly #discipline: Discipline;
  readonly #config: NtpConfig;
  #firstAnswerAt: number | undefined;

  constructor(list: ServerList, discipline: Discipline, config: NtpConfig) {
    this.#list = list;
    this.#discipline = discipline;
    this.#config = config;
  }

  /** Somebody has answered: from the first time on there is only so much patience with the others. */
  answered(now: number): void {
    this.#firstAnswerAt ??= now;
  }

  /** What servers say, of what was measured after `since`. */
  candidates(since: number, now: number): readonly Candidate[] {
    const candidates: Candidate[] = [];
    for (const { id, history } of this.#list.servers) {
      const { last, jitterMs } = history;
      if (last === undefined || last.at <= since) continue;
      candidates.push({ id, offsetMs: last.offsetMs, distanceMs: rootDistance(last, jitterMs, now), jitterMs });
    }
    return candidates;
  }

  /** Of how many servers more than half have to agree. */
  size(now: number): number {
    const { isSet } = this.#discipline;
    const { servers, names } = this.#list;
    const since = now - (this.#firstAnswerAt ?? now);
    const { patienceMs } = this.#config;
    if (!isSet && since < patienceMs) return Math.max(servers.length, names);
    if (!isSet && since < 4 * patienceMs) return servers.length;
    // Those that must not be asked for a while have no say.
    return servers.filter((one) => one.hasAnswered || (one.reach !== 0 && one.notBefore <= now)).length;
  }
}
