import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry with the process's own metrics in it (processor time, memory, event loop delay). */
export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** The answer to `GET /metrics`, in the text format of Prometheus. */
export async function metricsResponse(registry: Registry): Promise<Response> {
  return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } });
}
