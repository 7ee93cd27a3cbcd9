import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What a service's telemetry.ts measures with; nothing else imports the metrics library. */
export { Counter, Gauge, Histogram }

export type Metrics = Registry

/** Metrics of one service; labels must be bounded, units stand in the names. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  return registry
}
