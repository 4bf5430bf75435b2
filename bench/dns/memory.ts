import type { Site } from './site.ts';

/**
 * Octets that dnsd may have in use beside its cache: Node with two threads, the compiler that strips types, the programs,
 * buffers of sockets, and what is to be collected. 165 MiB of it are in use before the first query,
 * and 190 were the most that was seen.
 */
export const BESIDE_CACHE = 208 * 2 ** 20;

const MEBIBYTE = 2 ** 20;

/** Memory in use, in MiB, and what it may be; nothing may be said of servers that do not count octets. */
export function memoryRow({ server, residentBytes }: Site, after: string): Record<string, unknown> {
  const bound = server.cacheBytes === undefined ? Number.NaN : server.cacheBytes + BESIDE_CACHE;
  return {
    server: server.name,
    after,
    'RSS MiB': Number((residentBytes / MEBIBYTE).toFixed(1)),
    'cache MiB': (server.cacheBytes ?? Number.NaN) / MEBIBYTE,
    'bound MiB': bound / MEBIBYTE,
    holds: server.cacheBytes === undefined ? undefined : residentBytes <= bound,
  };
}
