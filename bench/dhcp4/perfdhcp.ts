import type { Host } from '@router7/lab';
import { Network } from './population.ts';

/** What perfdhcp counted of whole exchanges. */
export interface PerfdhcpResult {
  readonly exchanges: number;
  readonly seconds: number;
}

/**
 * Loads a server with Kea's perfdhcp for some seconds, as a relay agent with many clients.
 *
 * @param rate exchanges per second to begin; 0 for as many as it can
 */
export async function perfdhcp(load: Host, clients: number, seconds: number, rate: number): Promise<PerfdhcpResult> {
  const pace = rate === 0 ? [] : ['-r', String(rate)];
  const args = ['-4', '-l', Network.relay, '-R', String(clients), '-p', String(seconds), ...pace, Network.server];
  // It ends with a status of its own when some exchanges were lost; what it printed counts.
  const text = await load.run('taskset', ['-c', '1', 'perfdhcp', ...args], (seconds + 20) * 1000).catch(printed);
  const numbers = (pattern: RegExp): number[] => [...text.matchAll(pattern)].map((match) => Number(match[1]));
  const received = numbers(/received packets: (\d+)/g);
  if (received.length < 2) throw new Error(`perfdhcp: ${text.split('\n').slice(0, 3).join(' | ')}`);
  return { exchanges: received[1] ?? 0, seconds };
}

function printed(error: unknown): string {
  const { stdout } = error as { stdout?: unknown };
  if (typeof stdout === 'string' && stdout !== '') return stdout;
  throw error;
}
