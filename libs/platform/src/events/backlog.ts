import type { Pool } from 'pg';
import { statement } from '../database/statement.js';

/** So many rows are counted; of more it is told how many numbers they span, which costs two looks into the index. */
export const counted = 10_000;

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

/** What waits in an outbox. */
export interface Backlog {
  readonly events: number;
  /** The age of the oldest; 0 where there is none. */
  readonly oldestSeconds: number;
}

/** What waits in the outbox of a database; never more than a bounded part of it is read. */
export async function backlogOf(database: Pick<Pool, 'query'>): Promise<Backlog> {
  const { rows } = await database.query<Row>(look);
  const { rows: seen, numbers, oldest } = rows[0] ?? { rows: 0, numbers: null, oldest: null };
  return {
    events: seen > counted ? Math.max(seen, numbers ?? 0) : seen,
    oldestSeconds: oldest === null ? 0 : Math.max(0, (Date.now() - timeOf(oldest)) / 1_000),
  };
}

/** The time in a UUIDv7, epoch milliseconds. */
const timeOf = (id: string): number => parseInt(id.replaceAll('-', '').slice(0, 12), 16);
