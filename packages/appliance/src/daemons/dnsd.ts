import { readCacheFile, writeCacheFile } from '../dns/cache-file.ts';
import { registerDnsMetrics } from '../dns/dns-metrics.ts';
import { dnsPages } from '../dns/dns-pages.ts';
import { HomeKnowledge } from '../dns/home-knowledge.ts';
import { NameServer } from '../dns/name-server.ts';
import type { AnswererStatistics } from '../dns/orders.ts';
import { ownAddresses } from '../dns/own-addresses.ts';
import { AddressFollower } from '../runtime/address-follower.ts';
import { ownFlags } from '../runtime/flags.ts';
import { createLog } from '../runtime/log.ts';
import { createMetrics, metricsResponse } from '../runtime/metrics.ts';
import { takeTitle } from '../runtime/notify.ts';
import { type Fetch, PrivateListener } from '../runtime/private-listener.ts';
import { tellReady } from '../runtime/supervised.ts';
import { systemClock } from '../system/clock.ts';

/*
 * dnsd: answers the home's questions for names, from what the home has, from a cache, or from upstream servers. SIGUSR1
 * re-reads all files and looks for addresses to listen on; SIGTERM keeps the cache and ends.
 */

const PORT = 53;
const HTTP_PORT = 8053;
/** How often it is looked whether anything has changed without anyone having said so, in milliseconds. */
const INTERVAL = 60_000;
/** How long the end may take, in milliseconds; the supervisor waits longer. */
const PATIENCE = 3000;

takeTitle('dnsd');
ownFlags('dnsd', {});
const log = createLog();
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());

const knowledge = new HomeKnowledge({ perm: '/perm', log, clock: systemClock });
const server = new NameServer({
  settings: knowledge.settings,
  transport: knowledge.config.transport,
  port: PORT,
  log,
  onDeath: (error) => {
    log.error('nobody answers any more', { error, stack: error.stack });
    process.exit(1);
  },
});
const kept = knowledge.config.cache.keep ? readCacheFile(log) : undefined;
if (kept !== undefined) log.info('cache taken over', { answers: await server.restore(kept) });

const watch = new AddressFollower(log, async (links, all) => {
  const addresses = ownAddresses(links, all);
  const taught = knowledge.teach(server, addresses);
  // Lists of blocked names may be long; nobody waits for them.
  await server.listen(addresses.hosts);
  tellReady();
  await taught;
});
await watch.start();
const timer = setInterval(() => void watch.refresh(), INTERVAL);
process.on('SIGUSR1', () => void watch.refresh());

const listener = new PrivateListener({ port: HTTP_PORT, pages, log });
await listener.start();

function pages(): Fetch {
  const metrics = createMetrics();
  let statistics: AnswererStatistics | undefined;
  registerDnsMetrics(metrics, {
    statistics: () => statistics as AnswererStatistics,
    connections: () => server.connections,
  });
  const app = dnsPages({
    metrics: async () => {
      statistics = await server.statistics();
      return metricsResponse(metrics);
    },
    setSubName: (client, name, address) => knowledge.setSubName(server, client, name, address),
  });
  return app.fetch as Fetch;
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), PATIENCE);
  try {
    clearInterval(timer);
    knowledge.close();
    await watch.close();
    writeCacheFile(await server.stop(knowledge.config.cache.keep), log);
  } catch (error) {
    // Asked to end before everything was there, most likely.
    log.warn('cache not kept', { error });
  }
  process.exit(0);
}
