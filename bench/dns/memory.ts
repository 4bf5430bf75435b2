import type { Site } from './site.ts';

/**
 * Octets that dnsd may have in use beside its cache. 104 MiB of it are in use before the first query: 50 are of the file
 * that Node is, which all daemons share, 30 are the heaps of two threads, the rest is what Node and the programs allocate
 * by themselves. Queries add what was left behind and is not collected yet: 128 MiB were the most that was seen.
 */
export const BESIDE_CACHE = 144 * 2 ** 20;

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
