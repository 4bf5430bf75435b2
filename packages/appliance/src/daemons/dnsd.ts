import { NO_LOCAL_DATA } from '@router7/dns';
import { AddressWatch, type OwnAddresses } from '../dns/address-watch.ts';
import { readCacheFile, writeCacheFile } from '../dns/cache-file.ts';
import { registerDnsMetrics } from '../dns/dns-metrics.ts';
import { dnsPages } from '../dns/dns-pages.ts';
import { NameServer, type NameServerSettings } from '../dns/name-server.ts';
import type { AnswererStatistics } from '../dns/orders.ts';
import { serverSettings } from '../dns/server-settings.ts';
import { readOrReport } from '../runtime/atomic-file.ts';
import { ownFlags } from '../runtime/flags.ts';
import { createLog } from '../runtime/log.ts';
import { createMetrics, metricsResponse } from '../runtime/metrics.ts';
import { takeTitle } from '../runtime/notify.ts';
import { PrivateListener } from '../runtime/private-listener.ts';
import { DEFAULT_DNS_CONFIG, DNS_CONFIG_FILE, parseDnsConfig } from '../state/dns-config.ts';

/*
 * dnsd: answers the home's questions for names, from what the home has, from a cache, or from upstream servers. SIGUSR1
 * re-reads all files and looks for addresses to listen on; SIGTERM keeps the cache and ends.
 */

const PORT = 53;
const HTTP_PORT = 8053;
/** How often it is looked whether anything has changed without anyone having said so, milliseconds. */
const INTERVAL = 60_000;

takeTitle('dnsd');
ownFlags('dnsd', {});
const log = createLog();
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());

let config = readOrReport(DNS_CONFIG_FILE, parseDnsConfig, log) ?? DEFAULT_DNS_CONFIG;
let addresses: OwnAddresses = { hosts: [], clients: [], own: [] };
let statistics: AnswererStatistics | undefined;
const server = new NameServer({
  settings: settings(),
  transport: config.transport,
  port: PORT,
  log,
  onDeath: (error) => {
    log.error('nobody answers any more', { error, stack: error.stack });
    process.exit(1);
  },
});
server.know({ kind: 'local', data: NO_LOCAL_DATA });
const kept = config.cache.keep ? readCacheFile(log) : undefined;
if (kept !== undefined) log.info('cache taken over', { answers: await server.restore(kept) });

const watch = new AddressWatch(log, async (found) => {
  addresses = found;
  look();
  await server.listen(found.hosts);
});
await watch.start();
const timer = setInterval(look, INTERVAL);
process.on('SIGUSR1', () => void watch.refresh());

const metrics = createMetrics();
registerDnsMetrics(metrics, {
  statistics: () => statistics as AnswererStatistics,
  connections: () => server.connections,
});
const app = dnsPages({
  metrics: async () => {
    statistics = await server.statistics();
    return metricsResponse(metrics);
  },
  setSubName: () => 'no-lease',
});
const listener = new PrivateListener({ port: HTTP_PORT, fetch: app.fetch as never, log });
await listener.start();

function look(): void {
  config = readOrReport(DNS_CONFIG_FILE, parseDnsConfig, log) ?? config;
  server.configure(settings());
}

function settings(): NameServerSettings {
  const upstreams = ['8.8.8.8', '8.8.4.4', '2001:4860:4860::8888', '2001:4860:4860::8844'];
  return serverSettings(config, { upstreams, own: addresses.own, clients: addresses.clients, groups: [] });
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  clearInterval(timer);
  try {
    await watch.close();
    writeCacheFile(await server.stop(config.cache.keep), log);
  } catch {
    // Asked to end before everything was there.
  }
  process.exit(0);
}
