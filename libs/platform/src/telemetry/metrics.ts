import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** Every metric of the process; served by the health server under `/metrics`. */
export const metrics = new Registry();

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export const callDuration = new Histogram({
  name: 'erato_call_duration_seconds',
  help: 'Time from a call’s message to its answer, by subject and outcome (ok or the kind of failure).',
  labelNames: ['subject', 'outcome'],
  buckets: seconds,
  registers: [metrics],
});

export const requestDuration = new Histogram({
  name: 'erato_http_request_duration_seconds',
  help: 'Time from a request to its answer at the gateway, by method, route and status.',
  labelNames: ['method', 'route', 'status'],
  buckets: seconds,
  registers: [metrics],
});

export const eventsPublished = new Counter({
  name: 'erato_events_published_total',
  help: 'Events taken from the outbox and acknowledged by the stream.',
  registers: [metrics],
});

export const eventsConsumed = new Counter({
  name: 'erato_events_consumed_total',
  help: 'Events applied (done), known already (repeated), tried again (retried) or given up (dead).',
  labelNames: ['consumer', 'outcome'],
  registers: [metrics],
});

/** Starts the metrics of Node itself: memory, event loop, garbage collection. */
export function collectProcessMetrics(service: string): void {
  metrics.setDefaultLabels({ service });
  collectDefaultMetrics({ register: metrics, prefix: 'erato_' });
}
