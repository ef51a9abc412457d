import type { Pool } from 'pg';
import { Gauge } from 'prom-client';
import { metrics } from '../telemetry/metrics.js';

/** The two pools of a service: the one that reads, and the one of transactions. */
export type PoolName = 'reads' | 'writes';

const watched = new Map<Pool, PoolName>();

/** Shows a pool in the metrics until the function that it gives is called. */
export function watchPool(name: PoolName, pool: Pool): () => void {
  watched.set(pool, name);
  return () => watched.delete(pool);
}

const registers = [metrics];

/** Sums what the pools of each name say. They are looked at when somebody asks, so that a pool costs nothing in between. */
function show(gauge: Gauge<'pool'>, count: (pool: Pool) => number): void {
  gauge.reset();
  for (const [pool, name] of watched) gauge.inc({ pool: name }, count(pool));
}

new Gauge({
  name: 'erato_database_connections',
  help: 'Connections to Postgres that are open, by pool (reads, writes) and state (idle, used).',
  labelNames: ['pool', 'state'],
  registers,
  collect() {
    this.reset();
    for (const [{ idleCount, totalCount }, pool] of watched) {
      this.inc({ pool, state: 'idle' }, idleCount);
      this.inc({ pool, state: 'used' }, totalCount - idleCount);
    }
  },
});

new Gauge({
  name: 'erato_database_connections_max',
  help: 'The most connections that a pool opens.',
  labelNames: ['pool'],
  registers,
  collect() {
    show(this, ({ options }) => options.max);
  },
});

new Gauge({
  name: 'erato_database_waiting',
  help: 'Transactions, statements and batches of up to eight of them that wait for a connection, by pool.',
  labelNames: ['pool'],
  registers,
  collect() {
    show(this, ({ waitingCount }) => waitingCount);
  },
});
