import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { Program } from './program.ts';

const run = promisify(execFile);

/** An IPv6 address that an interface has. */
export interface HostAddress6 {
  readonly address: string;
  readonly length: number;
  /** Still being looked for whether another host has it, or found to be another's (RFC 4862 section 5.4). */
  readonly isTentative: boolean;
  /** Not to be the source of anything new (RFC 4862 section 5.5.4). */
  readonly isDeprecated: boolean;
}

/** One computer of the lab: a network namespace with a name. */
export class Host {
  readonly name: string;
  readonly #programs: Program[] = [];

  /** Creates the namespace, with its loopback interface up. Only on a stage, where names are free and end with it. */
  constructor(name: string) {
    this.name = name;
    execFileSync('ip', ['netns', 'add', name]);
    this.ip('link set lo up');
  }

  /** Runs an `ip` command here, given as one line. */
  ip(line: string): void {
    execFileSync('ip', ['-netns', this.name, ...line.split(' ')], { stdio: ['ignore', 'ignore', 'pipe'] });
  }

  /** Runs a program here to its end and gives what it printed. Rejects when it fails or takes too long. */
  async run(command: string, args: readonly string[], timeoutMs: number = 30_000): Promise<string> {
    const { stdout } = await run('ip', ['netns', 'exec', this.name, command, ...args], {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 16 << 20,
    });
    return stdout;
  }

  /** Starts a program here that goes on running. */
  start(name: string, command: string, args: readonly string[], environment: Record<string, string> = {}): Program {
    const program = new Program(name, ['ip', 'netns', 'exec', this.name, command, ...args], environment);
    this.#programs.push(program);
    return program;
  }

  /** Starts a TypeScript program here that goes on running. */
  startNode(name: string, path: string, args: readonly string[] = []): Program {
    return this.start(name, process.execPath, ['--conditions=@router7/source', path, ...args]);
  }

  /** Kills every program that was started here. */
  async kill(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.stop('SIGKILL')));
  }

  /** The power goes: every process here is killed, and what the kernel knew is gone, cables included. */
  async cutPower(): Promise<void> {
    const pids = execFileSync('ip', ['netns', 'pids', this.name], { encoding: 'utf8' });
    for (const pid of pids.split('\n').filter((text) => text !== '')) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    await this.kill();
    execFileSync('ip', ['netns', 'delete', this.name]);
  }

  /** Global and unique local IPv6 addresses of an interface, none when there is no such interface. */
  async addresses6(device: string): Promise<readonly HostAddress6[]> {
    const text = await this.run('ip', ['-json', '-6', 'address', 'show', 'scope', 'global']);
    const links = JSON.parse(text) as readonly {
      ifname?: string;
      addr_info?: readonly {
        local?: string;
        prefixlen: number;
        tentative?: boolean;
        dadfailed?: boolean;
        deprecated?: boolean;
        preferred_life_time?: number;
      }[];
    }[];
    return (
      links
        .filter((link) => link.ifname === device)
        // What its filter leaves out, ip prints as an empty object.
        .flatMap((link) => (link.addr_info ?? []).filter(({ local }) => local !== undefined))
        .map((found) => ({
          address: found.local ?? '',
          length: found.prefixlen,
          isTentative: found.tentative === true || found.dadfailed === true,
          isDeprecated: found.deprecated === true || found.preferred_life_time === 0,
        }))
    );
  }

  /** IPv4 addresses of an interface as `address/length`, none when there is no such interface. */
  async addresses(device: string): Promise<readonly string[]> {
    const text = await this.run('ip', ['-json', '-4', 'address', 'show']);
    const links = JSON.parse(text) as readonly {
      ifname?: string;
      addr_info?: readonly { local: string; prefixlen: number }[];
    }[];
    return links
      .filter((link) => link.ifname === device)
      .flatMap((link) => link.addr_info ?? [])
      .map((address) => `${address.local}/${address.prefixlen}`);
  }
}

/** Lays a cable between two hosts. */
export function cable(a: Host, aName: string, b: Host, bName: string): void {
  execFileSync('ip', ['link', 'add', aName, 'netns', a.name, 'type', 'veth', 'peer', 'name', bName, 'netns', b.name]);
}
