import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { Failure, notFound } from '@erato/contracts/kit/failure';
import type { MirrorCount, SyncRun } from '@erato/contracts/identity/sync';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { WriteContext } from '@erato/platform/database/write-context';

const columns = `id, dry, requested_at AS "requestedAt", started_at AS "startedAt", finished_at AS "finishedAt",
  counts, trouble`;
const insert = statement(`
  INSERT INTO sync_runs (id, dry, requested_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING RETURNING ${columns}`);
const first = statement(`
  INSERT INTO sync_runs (id, dry, requested_at)
  SELECT $1, false, now() WHERE NOT EXISTS (SELECT FROM workos_cursor) AND NOT EXISTS (SELECT FROM sync_runs WHERE NOT dry)
  ON CONFLICT DO NOTHING`);
const open = statement(`SELECT ${columns} FROM sync_runs WHERE finished_at IS NULL`);
const byId = statement(`SELECT ${columns} FROM sync_runs WHERE id = $1`);
const begin = statement('UPDATE sync_runs SET started_at = coalesce(started_at, now()) WHERE id = $1');
const finish = statement(
  'UPDATE sync_runs SET finished_at = now(), counts = $2::jsonb, trouble = NULL WHERE id = $1',
);
const stumble = statement(`
  UPDATE sync_runs SET trouble = $2, tries = tries + $3,
    finished_at = CASE WHEN tries + $3 >= 3 THEN now() END
  WHERE id = $1 AND finished_at IS NULL`);
const forgetSeen = statement('DELETE FROM sync_seen');

interface Row extends Pick<SyncRun, 'id' | 'dry' | 'counts' | 'trouble'>, Record<string, unknown> {
  requestedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

const view = ({ id, dry, requestedAt, startedAt, finishedAt, counts, trouble }: Row): SyncRun => ({
  id,
  dry,
  requestedAt: requestedAt.toISOString(),
  startedAt: startedAt?.toISOString() ?? null,
  finishedAt: finishedAt?.toISOString() ?? null,
  counts,
  trouble,
});

/** Rebuilds that were asked for: one is open at a time, until it was done or could not be in three tries. */
@Injectable()
export class SyncRuns {
  constructor(private readonly db: Db) {}

  /** Asks for one, or gives the one that is open. */
  request(context: WriteContext, dry: boolean): Promise<SyncRun> {
    return this.db.transaction(context, async (tx) => {
      const row = (await tx.row<Row>(insert, [v7(), dry])) ?? (await tx.row<Row>(open, []));
      if (!row) throw notFound({ detail: 'The rebuild that was under way has just ended; ask again.' });
      return view(row);
    });
  }

  /** Asks for the first of all, where no event was read yet: WorkOS may know more than its events tell. */
  async requestFirst(context: WriteContext): Promise<void> {
    await this.db.transaction(context, (tx) => tx.run(first, [v7()]));
  }

  async get(id: string): Promise<SyncRun> {
    const row = await this.db.row<Row>(byId, [id]);
    if (!row) throw notFound();
    return view(row);
  }

  async open(): Promise<SyncRun | null> {
    const row = await this.db.row<Row>(open, []);
    return row && view(row);
  }

  /** It begins, again where it had not come to its end: what it saw then counts no more. */
  async begin(context: WriteContext, id: string): Promise<void> {
    await this.db.transaction(context, async (tx) => {
      await tx.run(begin, [id]);
      await tx.run(forgetSeen, []);
    });
  }

  async finish(context: WriteContext, id: string, counts: readonly MirrorCount[]): Promise<void> {
    await this.db.transaction(context, async (tx) => {
      await tx.run(finish, [id, JSON.stringify(counts)]);
      await tx.run(forgetSeen, []);
    });
  }

  /** It did not come to its end. While WorkOS or the database is away it waits; for anything else three tries are enough. */
  async stumble(context: WriteContext, id: string, error: unknown): Promise<void> {
    const isOutage = error instanceof Failure && ['upstream', 'unavailable', 'timeout'].includes(error.kind);
    const trouble = error instanceof Failure ? `${error.code}: ${error.message}` : 'internal';
    await this.db.transaction(context, (tx) =>
      tx.run(stumble, [id, trouble.slice(0, 500), isOutage ? 0 : 1]),
    );
  }
}
