import type { Pool } from 'pg';
import { Gauge } from 'prom-client';
import { statement } from '../database/statement.js';
import { inTime } from '../telemetry/in-time.js';
import { metrics } from '../telemetry/metrics.js';

/** So many rows are counted; of more it is told how many numbers they span, which costs two looks into the index. */
const counted = 10_000;

/** What is asked of the database. */
export const look = statement(`
  SELECT (SELECT count(*) FROM (SELECT FROM outbox ORDER BY seq LIMIT ${counted + 1}) AS next)::float8 AS rows,
    (SELECT max(seq) - min(seq) + 1 FROM outbox)::float8 AS numbers,
    (SELECT id FROM outbox ORDER BY seq LIMIT 1) AS oldest`);

interface Row {
  readonly rows: number;
  readonly numbers: number | null;
  readonly oldest: string | null;
}

interface Backlog {
  readonly events: number;
  readonly oldestSeconds: number;
}

const watched = new Set<Pool>();
let looking: Promise<Backlog> | undefined;

/** Shows a service's outbox in the metrics until the function that it gives is called. */
export function watchOutbox(pool: Pool): () => void {
  watched.add(pool);
  return () => watched.delete(pool);
}

async function backlogOf(pool: Pool): Promise<Backlog> {
  const { rows } = await pool.query<Row>(look);
  const { rows: seen, numbers, oldest } = rows[0] ?? { rows: 0, numbers: null, oldest: null };
  return {
    events: seen > counted ? Math.max(seen, numbers ?? 0) : seen,
    oldestSeconds: oldest === null ? 0 : Math.max(0, (Date.now() - timeOf(oldest)) / 1_000),
  };
}

/** The time in a UUIDv7, epoch milliseconds. */
const timeOf = (id: string): number => parseInt(id.replaceAll('-', '').slice(0, 12), 16);

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
