import type { Socket } from 'node:net';
import { Arena, getsockopt } from './libc.ts';

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** struct ucred (unix(7)): process, user and group, 4 octets each. */
const UCRED = 12;

/** The process that has connected to a unix socket of ours, as the kernel tells; undefined when it does not. */
export function peerProcess(connection: Socket): number | undefined {
  // Node has no public name for it.
  const { fd } = (connection as { _handle?: { fd?: number } })._handle ?? {};
  if (fd === undefined || fd < 0) return undefined;
  const arena = new Arena(UCRED + 4);
  arena.u32[3] = UCRED;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, arena.address, arena.address + UCRED) < 0) return undefined;
  return arena.u32[0];
}
