import type { Host } from '@router7/lab';
import type { LoadResult } from './exchanges.ts';

/**
 * Loads a server with Kea's perfdhcp for some seconds.
 *
 * @param args whom it plays, and how fast: as fast as it can without `-r`
 * @param server none for DHCPv6, where a group is asked
 */
export async function perfdhcp(
  load: Host,
  args: readonly string[],
  seconds: number,
  server?: string,
): Promise<LoadResult> {
  const all = [...args, '-p', String(seconds), ...(server === undefined ? [] : [server])];
  // It ends with a status of its own when some exchanges were lost; what it printed counts.
  const text = await load.run('taskset', ['-c', '1', 'perfdhcp', ...all], (seconds + 20) * 1000).catch(printed);
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
