import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Log } from '../runtime/log.ts';

/** Where root gets at the pages when there is no network, or no password. */
export const UNIX_SOCKET: string = '/run/gokrazy-http.sock';

/**
 * Serves by a unix socket that only its owner may open. @returns undefined when that cannot be had: the rest goes on
 *
 * @param path of the socket; what an earlier server has left there is removed
 */
export async function listenUnix(
  path: string,
  fetch: Parameters<typeof getRequestListener>[0],
  log: Log,
): Promise<Server | undefined> {
  const server = createServer(getRequestListener(fetch));
  // Like other files it would be open to everybody at first.
  const mask = process.umask(0o177);
  try {
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
      process.umask(mask);
    });
    chmodSync(path, 0o600);
    server.on('error', (error) => log.warn('unix socket', { path, error }));
    return server;
  } catch (error) {
    log.warn('cannot listen', { path, error });
    return undefined;
  } finally {
    process.umask(mask);
  }
}
