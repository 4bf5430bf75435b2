import type { LogStream, ServiceStatus, SupervisorControl } from '../../src/init/control.ts';
import { LogRing } from '../../src/init/log-ring.ts';

/** A supervisor without processes: does what it is asked in its books, and remembers what that was. */
export class FakeControl implements SupervisorControl {
  readonly orders: string[] = [];
  readonly #services = new Map<string, ServiceStatus>();
  readonly #rings = new Map<string, LogRing>();
  /** What the next order fails with. */
  failure: Error | undefined;

  constructor(services: readonly (Partial<ServiceStatus> & { readonly name: string })[]) {
    for (const service of services) {
      const status: ServiceStatus = {
        path: `/user/${service.name}`,
        args: [],
        state: 'running',
        ready: true,
        restarts: 0,
        diverted: '',
        ...service,
      };
      this.#services.set(service.name, status);
    }
  }

  list(): readonly ServiceStatus[] {
    return [...this.#services.values()];
  }

  find(pathOrName: string): ServiceStatus | undefined {
    return this.list().find(({ name, path }) => name === pathOrName || path === pathOrName);
  }

  start(name: string): void {
    this.#set(name, 'start', 'running');
  }

  async stop(name: string, { kill = false } = {}): Promise<void> {
    this.#set(name, kill ? 'kill' : 'stop', 'stopped');
  }

  async restart(name: string, { kill = false, once = false } = {}): Promise<void> {
    this.#set(name, `restart${kill ? ' kill' : ''}${once ? ' once' : ''}`, 'running');
  }

  log(name: string, stream: LogStream): LogRing {
    if (name !== 'init' && !this.#services.has(name)) throw new RangeError(`no service ${name}`);
    const key = `${name} ${stream}`;
    let ring = this.#rings.get(key);
    if (ring === undefined) this.#rings.set(key, (ring = new LogRing()));
    return ring;
  }

  changed(): () => void {
    return () => {};
  }

  async end(): Promise<void> {
    this.orders.push('end');
    for (const { pid: _, ...rest } of this.list()) this.#services.set(rest.name, { ...rest, state: 'stopped' });
  }

  async reboot(): Promise<void> {
    this.orders.push('reboot');
  }

  async powerOff(): Promise<void> {
    this.orders.push('poweroff');
  }

  #set(name: string, order: string, state: ServiceStatus['state']): void {
    if (this.failure !== undefined) throw this.failure;
    const service = this.#services.get(name);
    if (service === undefined) throw new RangeError(`no service ${name}`);
    this.orders.push(`${order} ${name}`);
    const { pid: _, ...rest } = service;
    this.#services.set(name, state === 'stopped' ? { ...rest, state } : { ...rest, state, pid: 4711 });
  }
}
