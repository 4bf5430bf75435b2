import type { Log } from '../runtime/log.ts';
import { metricsPages } from '../runtime/metrics.ts';
import { type Fetch, PrivateListener } from '../runtime/private-listener.ts';
import type { FirewallKernel } from './firewall-kernel.ts';
import { FirewallMetrics } from './firewall-metrics.ts';

/** Where netconfigd is asked for its metrics. */
const PORT = 8066;

/** Serves `/metrics` on the private addresses of this host (MT-01). Never rejects: the firewall does not depend on it. */
export function serveMetrics(kernel: FirewallKernel, log: Log): PrivateListener {
  const metrics = new FirewallMetrics(kernel);
  const pages = (): Fetch => metricsPages((registry) => metrics.register(registry));
  const listener = new PrivateListener({ port: PORT, pages, log });
  void listener.start().catch((error: unknown) => log.error('metrics are not served', { error }));
  return listener;
}
