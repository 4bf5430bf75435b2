import type { Log } from '../runtime/log.ts';
import { metricsPages } from '../runtime/metrics.ts';
import { type Fetch, PrivateListener } from '../runtime/private-listener.ts';
import type { ClientStatistics } from './client-statistics.ts';

/** Where dhcp6 is asked for its metrics. */
const PORT = 8546;

/** Serves `/metrics` on the private addresses of this host (MT-01). Never rejects: the leases do not depend on it. */
export function serveMetrics(statistics: ClientStatistics, log: Log): PrivateListener {
  const pages = (): Fetch => metricsPages((registry) => statistics.register(registry));
  const listener = new PrivateListener({ port: PORT, pages, log });
  void listener.start().catch((error: unknown) => log.error('metrics are not served', { error }));
  return listener;
}
