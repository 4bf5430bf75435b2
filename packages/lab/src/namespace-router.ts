import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { supervisorCommand } from '@router7/appliance/init/programs';
import { listeningPorts } from './attack/scan.ts';
import { connectRouter, type Home } from './home.ts';
import type { Host, HostAddress6 } from './host.ts';
import { permJson, writePermFiles } from './perm-files.ts';
import type { Running } from './program.ts';
import type { ListeningPort, Router, RouterSettings } from './router.ts';
import { until } from './wait.ts';

const PERM = '/perm';

/** The router's own daemons, from their sources, in a namespace of this machine and with the stage's /perm. */
export class NamespaceRouter implements Router {
  readonly #ends: Pick<Home, 'isp' | 'home'>;
  #host: Host;

  /** @param ends where its cables lead to */
  constructor(ends: Pick<Home, 'isp' | 'home'>) {
    this.#ends = ends;
    this.#host = connectRouter(ends.isp, ends.home);
  }

  async start(settings: RouterSettings): Promise<Running> {
    writePermFiles(PERM, settings);
    return this.#startSupervisor();
  }

  async cutPower(): Promise<void> {
    await this.#host.cutPower();
    await until(
      'the end of the cables',
      5000,
      async () => !(await this.#ends.isp.run('ip', ['link'])).includes('line0'),
    );
  }

  async powerOn(): Promise<Running> {
    this.#host = connectRouter(this.#ends.isp, this.#ends.home);
    return this.#startSupervisor();
  }

  async setLine(isUp: boolean): Promise<void> {
    this.#ends.isp.ip(`link set line0 ${isUp ? 'up' : 'down'}`);
  }

  addresses(device: string): Promise<readonly string[]> {
    return this.#host.addresses(device);
  }

  addresses6(device: string): Promise<readonly HostAddress6[]> {
    return this.#host.addresses6(device);
  }

  defaultRoutes(family: 4 | 6): Promise<string> {
    return this.#host.run('ip', [`-${family}`, 'route', 'show', 'default']);
  }

  listeningPorts(): Promise<readonly ListeningPort[]> {
    return listeningPorts(this.#host);
  }

  async readPerm(path: string): Promise<string | undefined> {
    try {
      return readFileSync(join(PERM, path), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async writePerm(path: string, content: object): Promise<void> {
    writeFileSync(join(PERM, path), permJson(content));
  }

  async signal(daemon: string, signal: 'SIGUSR1' | 'SIGUSR2'): Promise<void> {
    process.kill(daemonPid(daemon), signal);
  }

  #startSupervisor(): Running {
    const [file, ...args] = supervisorCommand();
    return this.#host.start('router', file, args);
  }
}

/** Process id of a daemon of the router; the stage has a process list of its own. */
function daemonPid(name: string): number {
  const pids = execFileSync('ps', ['-e', '-o', 'pid='], { encoding: 'utf8' }).split('\n');
  for (const pid of pids.map((text) => text.trim()).filter((text) => text !== '')) {
    try {
      const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (title.split(/[\0 ]/)[0] === `/user/${name}`) return Number(pid);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error(`no process /user/${name}`);
}
