import { fileURLToPath } from 'node:url';
import type { Host } from '../host.ts';
import type { Program } from '../program.ts';
import type { ListeningPort } from '../router.ts';
import { type Outcome, type Probe, tellProbe } from './probe.ts';

/** How long an answer may take on cables that are a few centimetres of memory. */
const PATIENCE = 1500;

/** Starts something to be found on a host; resolves when it listens. */
export async function startListener(host: Host, tcp: readonly number[], udp: readonly number[]): Promise<Program> {
  const program = host.startNode(`${host.name} listener`, path('listener.ts'), [tcp.join(','), udp.join(',')]);
  await program.line(/^ready$/, 20_000);
  return program;
}

/** Knocks at all ports from a host. @returns the outcomes, in the order of the probes */
export async function scan(
  host: Host,
  probes: readonly Probe[],
  patience: number = PATIENCE,
): Promise<readonly Outcome[]> {
  const args = ['--conditions=@router7/source', path('scanner.ts'), String(patience), JSON.stringify(probes)];
  return JSON.parse(await host.run(process.execPath, args, 60_000)) as readonly Outcome[];
}

/** Knocks at all ports from a host. @returns those that answered, in words */
export async function openPorts(host: Host, probes: readonly Probe[]): Promise<readonly string[]> {
  const outcomes = await scan(host, probes);
  return probes.filter((_, index) => outcomes[index] === 'open').map(tellProbe);
}

/** The ports on which something listens on a host: what a scan of it could find. */
export async function listeningPorts(host: Host): Promise<readonly ListeningPort[]> {
  const text = await host.run('ss', ['-H', '-l', '-n', '-t', '-u']);
  const ports = text
    .split('\n')
    .map((line) => /^(tcp|udp)\s.*?[:\]](\d+)\s+\S+\s*$/.exec(line.trim()))
    .filter((match) => match !== null)
    .map((match) => `${match[1]} ${match[2]}`);
  return [...new Set(ports)].map((text) => {
    const [protocol, port] = text.split(' ');
    return { protocol: protocol as 'tcp' | 'udp', port: Number(port) };
  });
}

function path(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
