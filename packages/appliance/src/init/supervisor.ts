import { join } from 'node:path';
import { type Drive, drive } from '../runtime/drive.ts';
import { createLog, type Log } from '../runtime/log.ts';
import { type Clock, systemClock } from '../system/clock.ts';
import { titleOf } from '../system/processes.ts';
import { endGroup, isOutOfMemory } from './cgroup.ts';
import { Conditions } from './conditions.ts';
import type { Command } from './confinement.ts';
import type { LogStream, ServiceStatus, SupervisorControl } from './control.ts';
import type { LogRing } from './log-ring.ts';
import type { StartSituation } from './service-command.ts';
import type { ServiceInput, ServiceOutput } from './service-events.ts';
import { type LogListener, ServiceLogs } from './service-logs.ts';
import { ServiceMachine } from './service-machine.ts';
import { adoptProcess, type EndListener, startProcess } from './service-process.ts';
import { ServiceRecords } from './service-records.ts';
import { isAlive } from './service-state.ts';
import type { Service } from './services.ts';
import { type SupervisedService as Entry, recordOf, statusOf, supervisedService } from './supervised-service.ts';
import { SupervisorSocket } from './supervisor-socket.ts';

/** What a {@link Supervisor} runs on. */
export interface SupervisorOptions {
  readonly services: readonly Service[];
  /** Where it keeps what the next supervisor needs; below /run, and nobody else's. */
  readonly folder: string;
  /** How a service is started. @throws Error when it cannot be */
  readonly command: (service: Service, situation: StartSituation) => Command;
  readonly listener: LogListener;
  /** What restarts the machine or switches it off; absent when it is not ours. */
  readonly machine?: { restart(): void; powerOff(): void };
  /** Addresses may have changed (SIGHUP). */
  readonly relisten?: () => void;
  readonly clock?: Clock;
}

/**
 * Keeps the services running as a {@link ServiceMachine} decides.
 *
 * It may be killed at any time: its services go on without noticing, and the next supervisor takes them over, with the last
 * lines of their logs and what they have written meanwhile.
 */
export class Supervisor implements SupervisorControl {
  readonly #options: SupervisorOptions;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #machine: ServiceMachine;
  readonly #logs: ServiceLogs;
  readonly #records: ServiceRecords;
  readonly #socket: SupervisorSocket;
  readonly #drive: Drive<ServiceInput>;
  /** Keeps its lines as those of `init`. */
  readonly ownLog: Log;
  readonly #listeners = new Set<() => void>();
  readonly #conditions = new Conditions();
  readonly #dirty = new Set<string>();
  #socketPath = '';
  #ending: Promise<void> | undefined;
  #isOver = false;

  /** @throws RangeError for a table that contradicts itself; Node's system error when the folder cannot be used */
  constructor(options: SupervisorOptions) {
    const { services, folder, listener, clock = systemClock } = options;
    this.#options = options;
    this.#entries = new Map(services.map((service) => [service.name, supervisedService(service)]));
    this.#machine = new ServiceMachine(services);
    this.#records = new ServiceRecords(folder);
    this.#logs = new ServiceLogs(join(folder, 'log'), [...this.#entries.keys()], listener);
    this.ownLog = createLog((line) => this.#logs.tell('init', line.trimEnd()));
    this.#socket = new SupervisorSocket({
      isService: (pid) => this.#nameOf(pid) !== undefined,
      ready: (pid) => {
        const name = this.#nameOf(pid);
        if (name !== undefined) this.#drive.input({ kind: 'ready', name });
      },
      signal: (pid, name, kind) => this.#signalFor(pid, name, kind),
    });
    const transport = {
      start: () => undefined,
      perform: (output: ServiceOutput) => this.#perform(output),
      flush: () => this.#settle(),
      close: () => undefined,
    };
    this.#drive = drive<ServiceInput, ServiceOutput>(this.#machine, transport, clock, this.ownLog);
  }

  /**
   * Takes over what an earlier supervisor has left running.
   *
   * @returns the names of the services that it takes over
   */
  adopt(): readonly string[] {
    return [...this.#entries.values()].flatMap((entry) => (this.#adoptOne(entry) ? [entry.service.name] : []));
  }

  /** Starts all that is not running, each when it is its turn. */
  async begin(): Promise<void> {
    const path = join(this.#options.folder, 'supervisor.sock');
    try {
      await this.#socket.listen(path);
      this.#socketPath = path;
    } catch (error) {
      // Nobody can say that it is ready, so each has to have its time.
      this.ownLog.error('no socket for the services', { error });
    }
    this.#drive.input({ kind: 'begin' });
  }

  /** Ends all services, those that others wait for after these, and says what is in the way. Settles when none is left. */
  end(): Promise<void> {
    this.#ending ??= this.#conditions.until(() => this.#isOver);
    for (const name of this.#entries.keys()) this.#dirty.add(name);
    this.#drive.input({ kind: 'shutdown' });
    return this.#ending;
  }

  /** Settles when nobody waits for these services any longer. @throws RangeError */
  settled(names: readonly string[]): Promise<void> {
    return this.#conditions.until(() => names.every((name) => this.#machine.isSettled(name)));
  }

  list(): readonly ServiceStatus[] {
    return [...this.#entries.values()].map((entry) => statusOf(entry, this.#machine));
  }

  find(pathOrName: string): ServiceStatus | undefined {
    const entry = this.#entries.get(pathOrName) ?? this.#entries.get(pathOrName.replace(/^\/user\//, ''));
    return entry === undefined ? undefined : statusOf(entry, this.#machine);
  }

  start(name: string): void {
    this.#drive.input({ kind: 'start', name: this.#entry(name).service.name });
  }

  stop(name: string, { kill = false }: { readonly kill?: boolean } = {}): Promise<void> {
    this.#drive.input({ kind: 'stop', name: this.#entry(name).service.name, kill });
    return this.#conditions.until(() => this.#machine.state(name).kind !== 'stopping');
  }

  restart(
    name: string,
    { kill = false, once = false }: { readonly kill?: boolean; readonly once?: boolean } = {},
  ): Promise<void> {
    this.#drive.input({ kind: 'restart', name: this.#entry(name).service.name, kill, once });
    return this.#conditions.until(() => this.#machine.state(name).kind !== 'stopping');
  }

  log(name: string, stream: LogStream): LogRing {
    return this.#logs.ring(name, stream);
  }

  changed(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async reboot(): Promise<void> {
    const machine = this.#ownMachine();
    this.ownLog.info('restarting the machine');
    await this.end();
    machine.restart();
  }

  async powerOff(): Promise<void> {
    const machine = this.#ownMachine();
    this.ownLog.info('switching the machine off');
    await this.end();
    machine.powerOff();
  }

  #ownMachine(): NonNullable<SupervisorOptions['machine']> {
    if (this.#options.machine === undefined) throw new Error('this machine is not ours');
    return this.#options.machine;
  }

  #adoptOne(entry: Entry): boolean {
    const { name } = entry.service;
    const record = this.#records.read(name);
    if (record === undefined) return false;
    this.#drive.input({ kind: 'remember', name, restarts: record.restarts, isStopped: record.stopped });
    const process = adoptProcess(
      record,
      () => this.#logs.lastStatus(name),
      (how, status) => this.#ended(entry, how, status),
    );
    if (process === undefined) return false;
    entry.process = process;
    const ageMs = Math.max(0, Date.now() - process.startTime.getTime());
    const { ready, ending: isEnding = false } = record;
    this.#drive.input({ kind: 'adopt', name, pid: process.pid, ready, isEnding, ageMs });
    this.#logs.tell(name, 'goes on, an earlier supervisor has started it');
    return true;
  }

  #perform(output: ServiceOutput): void {
    switch (output.kind) {
      case 'spawn':
        this.#spawn(this.#entry(output.name));
        return;
      case 'signal':
        try {
          this.#entry(output.name).process?.signal(output.signal);
        } catch (error) {
          this.#logs.tell(output.name, `cannot be sent ${output.signal}: ${(error as Error).message}`);
        }
        return;
      case 'changed':
        this.#dirty.add(output.name);
        return;
      case 'told':
        this.#logs.tell(output.name, output.message);
        return;
      case 'over':
        this.#isOver = true;
        return;
    }
  }

  #spawn(entry: Entry): void {
    const { service } = entry;
    const { name } = service;
    const isFirst = this.#records.read(name) === undefined;
    try {
      const command = this.#options.command(service, { isFirst, socket: this.#socketPath });
      const ended: EndListener = (how, status) => this.#ended(entry, how, status);
      entry.process = this.#logs.forProcess(name, (output) => startProcess(command, output, ended));
    } catch (error) {
      entry.process = undefined;
      queueMicrotask(() => this.#ended(entry, (error as Error).message, 127));
      return;
    }
    const pid = entry.process?.pid;
    // What the engine hears comes after what it is saying now.
    if (pid !== undefined) queueMicrotask(() => this.#drive.input({ kind: 'spawned', name, pid }));
  }

  #ended(entry: Entry, reason: string, status: number | undefined): void {
    const { name, memoryMiB } = entry.service;
    const how = reason === 'SIGKILL' && isOutOfMemory(name) ? `${reason}: its ${memoryMiB} MiB were used up` : reason;
    entry.process = undefined;
    entry.lastEnd = { at: new Date(), how };
    endGroup(name);
    const known = status === undefined ? {} : { status };
    this.#drive.input({ kind: 'ended', name, how, ...known });
  }

  /** A service may wake up others, and have the supervisor look at the addresses; nobody else may anything. */
  #signalFor(pid: number, name: string, kind: 'SIGUSR1' | 'SIGHUP'): void {
    if (this.#nameOf(pid) === undefined) return;
    if (name === 'init') {
      if (kind === 'SIGHUP') this.#options.relisten?.();
      return;
    }
    const entry = this.#entries.get(name);
    if (entry?.process === undefined || kind !== 'SIGUSR1') return;
    // Before it has its title it does not expect any, and Node would open its debugger.
    if (titleOf(entry.process.pid) === entry.path) entry.process.signal(kind);
  }

  #nameOf(pid: number): string | undefined {
    return [...this.#entries.values()].find(({ process }) => process?.pid === pid)?.service.name;
  }

  /** After whatever has happened: what others go by. */
  #settle(): void {
    const hasChanged = this.#dirty.size > 0;
    for (const name of this.#dirty) this.#keep(this.#entry(name));
    this.#dirty.clear();
    if (hasChanged) for (const listener of [...this.#listeners]) listener();
    this.#conditions.look();
  }

  #keep(entry: Entry): void {
    const { name } = entry.service;
    const state = this.#machine.state(name);
    try {
      // Whoever starts after the end of everything starts everything.
      if (this.#ending !== undefined && !isAlive(state)) this.#records.forget(name);
      else this.#records.write(name, recordOf(entry, this.#machine, this.#ending !== undefined));
    } catch (error) {
      this.ownLog.error('the next supervisor would not find a service', { service: name, error });
    }
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new RangeError(`no service ${name}`);
    return entry;
  }
}
