import type { Pool } from 'pg';
import { Gauge } from 'prom-client';
import { inTime } from '../telemetry/in-time.js';
import { metrics } from '../telemetry/metrics.js';
import { backlogOf, counted, type Backlog } from './backlog.js';

const watched = new Set<Pool>();
let looking: Promise<Backlog> | undefined;

/** Shows a service's outbox in the metrics until the function that it gives is called. */
export function watchOutbox(pool: Pool): () => void {
  watched.add(pool);
  return () => watched.delete(pool);
}

async function lookAtAll(): Promise<Backlog> {
  // Pools are counted first: who waits for a connection in order to count must not count.
  await Promise.resolve();
  const each = await Promise.all([...watched].map(backlogOf));
  return {
    events: each.reduce((sum, { events }) => sum + events, 0),
    oldestSeconds: Math.max(0, ...each.map(({ oldestSeconds }) => oldestSeconds)),
  };
}

/** Both gauges share one look, and nobody looks while somebody does. */
function backlog(): Promise<Backlog> {
  looking ??= lookAtAll().finally(() => (looking = undefined));
  return looking;
}

/** What is not known is not there: a figure of before would say that all is well. */
async function show(gauge: Gauge, read: (backlog: Backlog) => number): Promise<void> {
  const now = watched.size > 0 ? await inTime(backlog()) : null;
  if (now) gauge.set(read(now));
  else gauge.remove();
}

new Gauge({
  name: 'erato_outbox_backlog',
  help: `Events committed and not yet published; exact to ${counted}, beyond that the span of their numbers.`,
  registers: [metrics],
  collect() {
    return show(this, ({ events }) => events);
  },
});

new Gauge({
  name: 'erato_outbox_oldest_seconds',
  help: 'The age of the oldest event that is committed and not yet published; 0 where there is none.',
  registers: [metrics],
  collect() {
    return show(this, ({ oldestSeconds }) => oldestSeconds);
  },
});
