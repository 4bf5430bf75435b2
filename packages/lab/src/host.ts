import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { Program } from './program.ts';

const run = promisify(execFile);

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
