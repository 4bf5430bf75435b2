import { fileURLToPath } from 'node:url';
import { Address, Address6 } from '../home.ts';
import type { Host } from '../host.ts';
import type { Program } from '../program.ts';

/** What the server that lies is ahead, seconds. */
const LIE = 3600;

/** Starts the servers of NTP of the lab's Internet, and the provider's; resolves when they answer. */
export async function startTimeServers(internet: Host): Promise<readonly Program[]> {
  const liar = Address.time.at(-1) as string;
  const truthful = [Address6.time, Address.ispTime, ...Address.time.filter((address) => address !== liar)];
  return Promise.all([startTimeServer(internet, truthful), startTimeServer(internet, [liar], LIE)]);
}

/** Starts a server of NTP. @param ahead what its clock is ahead of this machine's, seconds */
export async function startTimeServer(host: Host, addresses: readonly string[], ahead: number = 0): Promise<Program> {
  const path = fileURLToPath(new URL('time-server.ts', import.meta.url));
  const program = host.startNode(`time ${addresses[0]}`, path, [String(ahead), ...addresses]);
  await program.line(/^ready/, 240_000);
  return program;
}
