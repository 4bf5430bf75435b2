import { type ServiceEntry as Entry, serviceEntries } from './service-entry.ts';
import type { ServiceInput, ServiceOutput } from './service-events.ts';
import { deadlineOf, isAlive, type MachineState, mayEnd, pidOf } from './service-state.ts';
import { SERVICE_TIMES, type ServiceTimes } from './service-times.ts';
import type { Service } from './services.ts';

/** Exit statuses after which a service stays stopped: done, and asked not to be supervised (gokrazy's contract). */
const STAY_STOPPED: readonly (number | undefined)[] = [0, 125];

/**
 * Decides when each service is started, signalled and started again: an engine without processes, clocks or timers.
 *
 * A service starts when those that it waits for are ready (IN-11). A wait ends for all of them together after
 * `readyWithinMs` of the service waited for, whatever that one does, counted from its first start or its last unexpected
 * end; and for one that is stopped nobody waits.
 */
export class ServiceMachine {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #times: ServiceTimes;
  readonly #outputs: ServiceOutput[] = [];
  #shutdown: 'no' | 'under-way' | 'over' = 'no';

  /** @throws RangeError when services wait for each other, or for one that is not in the table */
  constructor(services: readonly Service[], times: Partial<ServiceTimes> = {}) {
    this.#times = { ...SERVICE_TIMES, ...times };
    this.#entries = serviceEntries(services, this.#times);
  }

  /** @throws RangeError for a name that no service has */
  state(name: string): MachineState {
    return this.#entry(name).state;
  }

  /** How often a service was started again. @throws RangeError */
  restarts(name: string): number {
    return this.#entry(name).restarts;
  }

  /** Whether nobody waits for a service any longer: it is ready, or stopped, or has had its time. @throws RangeError */
  isSettled(name: string): boolean {
    const { state, awaited } = this.#entry(name);
    return state.kind === 'running' || state.kind === 'stopped' || awaited === 'no-longer';
  }

  /** Takes one input at a time, in milliseconds that never go back. @throws RangeError for a name that no service has */
  handle(input: ServiceInput, now: number): void {
    if (input.kind === 'begin') {
      for (const entry of this.#entries.values()) {
        if (entry.state.kind === 'stopped' && !entry.isLeftStopped) this.#become(entry, { kind: 'waiting' });
      }
    } else if (input.kind === 'shutdown') {
      if (this.#shutdown === 'no') this.#shutdown = 'under-way';
    } else if (input.kind !== 'timeout') {
      this.#handleOne(this.#entry(input.name), input, now);
    }
    this.#proceed(now);
  }

  /** The next thing to do. */
  poll(): ServiceOutput | undefined {
    return this.#outputs.shift();
  }

  /** When to hand in a `timeout`. */
  deadline(): number | undefined {
    let earliest: number | undefined;
    for (const { state, awaited } of this.#entries.values()) {
      for (const at of [deadlineOf(state), awaited]) {
        if (typeof at === 'number' && (earliest === undefined || at < earliest)) earliest = at;
      }
    }
    return earliest;
  }

  #handleOne(
    entry: Entry,
    input: Exclude<ServiceInput, { kind: 'begin' | 'shutdown' | 'timeout' }>,
    now: number,
  ): void {
    const { state } = entry;
    switch (input.kind) {
      case 'adopt': {
        const { pid } = input;
        const since = now - input.ageMs;
        entry.hasStarted = true;
        if (input.ready || entry.isLeftStopped) this.#serves(entry, pid, since);
        else this.#become(entry, { kind: 'starting', pid, since, readyBy: this.#awaitFrom(entry, now) });
        // The one before was killed while it was ending it: for good, or to start it again, or to start the machine again.
        if (entry.isLeftStopped || input.isEnding) {
          this.#end(entry, false, entry.isLeftStopped ? 'stopped' : 'waiting', now);
        }
        return;
      }
      case 'remember':
        entry.hasStarted = true;
        entry.restarts = input.restarts;
        entry.isLeftStopped = input.isStopped;
        return;
      case 'spawned':
        if (state.kind === 'starting') this.#become(entry, { ...state, pid: input.pid });
        if (state.kind === 'stopping') {
          this.#become(entry, { ...state, pid: input.pid });
          this.#signal(entry, state.phase === 'asked' ? 'SIGTERM' : 'SIGKILL');
        }
        return;
      case 'ready':
        if (state.kind !== 'starting' || state.pid === undefined) return;
        this.#tell(entry, `serves, ${((now - state.since) / 1000).toFixed(1)} s after its start`);
        this.#serves(entry, state.pid, state.since);
        return;
      case 'ended':
        this.#ended(entry, input.how, input.status, now);
        return;
      case 'start':
        entry.once = false;
        if (state.kind === 'stopping') this.#become(entry, { ...state, next: 'waiting' });
        else if (!isAlive(state)) this.#launchAnew(entry, now);
        return;
      case 'stop':
        if (isAlive(state)) this.#end(entry, input.kill, 'stopped', now);
        else if (state.kind !== 'stopped') this.#become(entry, { kind: 'stopped' });
        return;
      case 'restart':
        entry.once = input.once;
        if (isAlive(state)) this.#end(entry, input.kill, 'waiting', now);
        else this.#launchAnew(entry, now);
        return;
    }
  }

  /** A person wants it now, whatever it would have waited for. */
  #launchAnew(entry: Entry, now: number): void {
    if (this.#shutdown !== 'no') return;
    entry.delay.forget();
    entry.awaited = undefined;
    this.#launch(entry, now);
  }

  #launch(entry: Entry, now: number): void {
    if (entry.hasStarted) entry.restarts++;
    entry.hasStarted = true;
    const readyBy = now + entry.readyWithin;
    entry.awaited ??= readyBy;
    this.#become(entry, { kind: 'starting', since: now, readyBy });
    this.#outputs.push({ kind: 'spawn', name: entry.service.name });
  }

  #serves(entry: Entry, pid: number, since: number): void {
    entry.awaited = undefined;
    this.#become(entry, { kind: 'running', pid, since });
  }

  #end(entry: Entry, kill: boolean, next: 'stopped' | 'waiting', now: number): void {
    const { state } = entry;
    if (!isAlive(state)) return;
    if (state.kind === 'stopping' && (!kill || state.phase !== 'asked')) {
      this.#become(entry, { ...state, next });
      return;
    }
    const { stopPatience, killPatience } = this.#times;
    const pid = state.pid === undefined ? {} : { pid: state.pid };
    const phase = kill ? 'killed' : 'asked';
    const until = now + (kill ? killPatience : stopPatience);
    entry.awaited ??= until + entry.readyWithin;
    this.#become(entry, { kind: 'stopping', ...pid, since: state.since, phase, until, next });
    this.#signal(entry, kill ? 'SIGKILL' : 'SIGTERM');
  }

  #ended(entry: Entry, how: string, status: number | undefined, now: number): void {
    const { state } = entry;
    if (state.kind === 'stopping') {
      entry.delay.forget();
      if (state.next === 'stopped') entry.awaited = undefined;
      this.#become(entry, { kind: state.next });
      return;
    }
    if (state.kind !== 'starting' && state.kind !== 'running') return;
    if (STAY_STOPPED.includes(status) || entry.once || this.#shutdown !== 'no') {
      this.#tell(entry, `ended with ${how}, stays stopped`);
      entry.delay.forget();
      entry.awaited = undefined;
      this.#become(entry, { kind: 'stopped' });
      return;
    }
    const delay = entry.delay.after(now - state.since);
    this.#tell(entry, `ended with ${how}, starts again ${delay === 0 ? 'at once' : `in ${delay / 1000} s`}`);
    // A crash loop does not make others wait again and again.
    if (state.kind === 'running') this.#awaitFrom(entry, now);
    this.#become(entry, { kind: 'backing-off', until: now + delay });
  }

  /** Does what has become due or possible. */
  #proceed(now: number): void {
    const entries = [...this.#entries.values()];
    // Whoever is waited for comes first in the table, and last in the end.
    for (const entry of this.#shutdown === 'no' ? entries : entries.reverse()) this.#proceedOne(entry, now);
    if (this.#shutdown !== 'under-way') return;
    if (entries.some(({ state }) => mayEnd(state))) return;
    this.#shutdown = 'over';
    this.#outputs.push({ kind: 'over' });
  }

  #proceedOne(entry: Entry, now: number): void {
    const { service } = entry;
    if (typeof entry.awaited === 'number' && entry.awaited <= now) entry.awaited = 'no-longer';
    if (this.#shutdown !== 'no') this.#windUp(entry, now);
    const { state } = entry;
    if (state.kind === 'starting' && state.pid !== undefined && state.readyBy <= now) {
      this.#tell(entry, `not ready after ${entry.readyWithin / 1000} s, nobody waits any longer`);
      this.#serves(entry, state.pid, state.since);
    } else if (state.kind === 'stopping' && state.until !== undefined && state.until <= now) {
      this.#lose(entry, state, now);
    } else if (state.kind === 'backing-off' && state.until <= now) {
      this.#become(entry, { kind: 'waiting' });
    }
    const isDue = entry.state.kind === 'waiting' && service.waitsFor.every((name) => this.isSettled(name));
    if (isDue) this.#launch(entry, now);
  }

  /** Whoever waits for others at the start ends before them. */
  #windUp(entry: Entry, now: number): void {
    const { state, service } = entry;
    if (!isAlive(state)) {
      if (state.kind !== 'stopped') this.#become(entry, { kind: 'stopped' });
      return;
    }
    const isNeeded = [...this.#entries.values()].some(
      (other) => other.service.waitsFor.includes(service.name) && mayEnd(other.state),
    );
    const isAsked = state.kind === 'stopping' && state.next === 'stopped';
    if (!isNeeded && !isAsked) this.#end(entry, false, 'stopped', now);
  }

  /** A process does not end when it is told to. */
  #lose(entry: Entry, state: Extract<MachineState, { kind: 'stopping' }>, now: number): void {
    if (state.phase === 'asked') {
      this.#tell(entry, `does not end within ${this.#times.stopPatience / 1000} s, is made to`);
      this.#end(entry, true, state.next, now);
      return;
    }
    this.#tell(entry, 'does not end, it must hang in the kernel');
    const { until: _, ...rest } = state;
    this.#become(entry, { ...rest, phase: 'stuck' });
  }

  /** Has others wait for it, from `now` on. @returns until when */
  #awaitFrom(entry: Entry, now: number): number {
    entry.awaited = now + entry.readyWithin;
    return entry.awaited;
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new RangeError(`no service ${name}`);
    return entry;
  }

  #become(entry: Entry, state: MachineState): void {
    entry.state = state;
    this.#outputs.push({ kind: 'changed', name: entry.service.name });
  }

  #signal(entry: Entry, signal: 'SIGTERM' | 'SIGKILL'): void {
    if (pidOf(entry.state) !== undefined) this.#outputs.push({ kind: 'signal', name: entry.service.name, signal });
  }

  #tell(entry: Entry, message: string): void {
    this.#outputs.push({ kind: 'told', name: entry.service.name, message });
  }
}
