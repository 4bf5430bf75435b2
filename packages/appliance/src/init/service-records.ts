import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootId, networkNamespaceOf, startTicksOf, titleOf } from '../system/processes.ts';

/** What the next supervisor has to know of a service. */
export interface ServiceRecord {
  /** Only while there is a process. */
  readonly pid?: number;
  /** When that began, in clock ticks since the machine's start. */
  readonly startTicks?: number;
  readonly startTime?: string;
  readonly path: string;
  readonly restarts: number;
  readonly ready: boolean;
  /** It was stopped, or ended for good. */
  readonly stopped: boolean;
  /** It has been told to end. */
  readonly ending?: true;
}

/** The files below /run by which a supervisor leaves its services to the next one, and others find their processes. */
export class ServiceRecords {
  readonly #folder: string;
  readonly #boot: string = bootId();
  /** What was written last: most changes change nothing here. */
  readonly #written = new Map<string, string>();

  /** @throws Node's system error when the folders cannot be made */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(join(folder, 'services'), { recursive: true });
    chmodSync(join(folder, 'services'), 0o755);
  }

  /** Undefined when there is none, or none of this boot of the machine. */
  read(name: string): ServiceRecord | undefined {
    try {
      const { boot, ...record } = JSON.parse(readFileSync(this.#path(name), 'utf8')) as ServiceRecord & {
        boot: string;
      };
      const isWhole = typeof record.path === 'string' && typeof record.restarts === 'number';
      return boot === this.#boot && isWhole ? record : undefined;
    } catch {
      return undefined;
    }
  }

  /** @throws Node's system error */
  write(name: string, record: ServiceRecord): void {
    const text = `${JSON.stringify({ ...record, boot: this.#boot })}\n`;
    if (this.#written.get(name) === text) return;
    replace(this.#path(name), text);
    if (record.pid === undefined) rmSync(this.#pidPath(name), { force: true });
    else replace(this.#pidPath(name), `${record.pid}\n`);
    this.#written.set(name, text);
  }

  /** The next supervisor is to start it as if there had been none. */
  forget(name: string): void {
    this.#written.delete(name);
    for (const path of [this.#path(name), this.#pidPath(name)]) rmSync(path, { force: true });
  }

  #path(name: string): string {
    return join(this.#folder, 'services', `${name}.json`);
  }

  #pidPath(name: string): string {
    return join(this.#folder, `${name}.pid`);
  }
}

/**
 * Whether a record's process is still the one that it was written of, and of this router: numbers are used again, and a
 * title is anybody's to choose. One that has just begun may not have its title yet.
 */
export function isSameProcess({ pid, startTicks, path }: ServiceRecord): boolean {
  if (pid === undefined || startTicks === undefined || startTicksOf(pid) !== startTicks) return false;
  const title = titleOf(pid);
  // A zombie has none.
  if (title === '' || (title.startsWith('/user/') && title !== path)) return false;
  return networkNamespaceOf(pid) === networkNamespaceOf('self');
}

/** In memory: there is no power cut to be feared, only readers. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o644 });
  renameSync(`${path}.new`, path);
}
