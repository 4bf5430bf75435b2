import { Hono } from 'hono';
import type { Log } from '../runtime/log.ts';
import { createMetrics, metricsResponse } from '../runtime/metrics.ts';
import { PrivateListener } from '../runtime/private-listener.ts';
import type { FirewallKernel } from './firewall-kernel.ts';
import { FirewallMetrics } from './firewall-metrics.ts';

/** Where netconfigd is asked for its metrics. */
const PORT = 8066;

/** Serves `/metrics` on the private addresses of this host (MT-01). Never rejects: the firewall does not depend on it. */
export function serveMetrics(kernel: FirewallKernel, log: Log): PrivateListener {
  const registry = createMetrics();
  new FirewallMetrics(kernel).register(registry);
  const app = new Hono();
  app.get('/metrics', () => metricsResponse(registry));
  const listener = new PrivateListener({ port: PORT, fetch: app.fetch as never, log });
  void listener.start().catch((error: unknown) => log.error('metrics are not served', { error }));
  return listener;
}
