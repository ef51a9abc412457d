import { Inject, Injectable } from '@nestjs/common';
import type { Event } from '@workos-inc/node';
import { Failure } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { WriteContext } from '@erato/platform/database/write-context';
import { LOG, type Log } from '@erato/platform/service/log';
import { Workos } from '../workos/workos.js';
import { ApplyEvent, eventNames } from './apply-event.js';
import { SyncRuns } from './sync-runs.js';

const batch = 100;
const reader = 'events';

const readCursor = statement('SELECT event_id AS "eventId" FROM workos_cursor WHERE reader = $1');
const writeCursor = statement(`
  INSERT INTO workos_cursor (reader, event_id, read_at) VALUES ($1, $2, now())
  ON CONFLICT (reader) DO UPDATE SET event_id = excluded.event_id, read_at = now()`);
const dropCursor = statement('DELETE FROM workos_cursor WHERE reader = $1');

/**
 * Reads WorkOS' Events API in its order and applies each event together with the cursor (identity.md, Sync). A cursor that
 * moved meanwhile shows that somebody else reads: then nothing is applied, and it is read again from where the cursor is.
 */
@Injectable()
export class EventReader {
  constructor(
    private readonly db: Db,
    private readonly workos: Workos,
    private readonly events: ApplyEvent,
    private readonly runs: SyncRuns,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Applies the next page; true when there may be more at once. */
  async readOn(context: () => WriteContext, signal: AbortSignal): Promise<boolean> {
    const cursor = (await this.db.row<{ eventId: string }>(readCursor, [reader]))?.eventId ?? null;
    const page = await this.#page(cursor, context);
    if (!page) return true;
    let last = cursor;
    for (const event of page) {
      if (signal.aborted) return false;
      if (!(await this.#apply(event, last, context()))) return true;
      last = event.id;
    }
    return page.length === batch;
  }

  /** Null when WorkOS does not know the cursor any more: it keeps events for some weeks. Then its lists tell what they told. */
  async #page(cursor: string | null, context: () => WriteContext): Promise<readonly Event[] | null> {
    try {
      const page = await this.workos.ask(context(), (sdk) =>
        sdk.events.listEvents({
          events: [...eventNames],
          order: 'asc',
          limit: batch,
          ...(cursor === null ? {} : { after: cursor }),
        }),
      );
      return page.data;
    } catch (error) {
      const isRefusal = error instanceof Failure && ['invalid', 'not-found'].includes(error.kind);
      if (cursor === null || !isRefusal) throw error;
      this.log.warn({ err: error, cursor }, 'WorkOS does not know where the events were read to; rebuilding');
      await this.runs.request(context(), false);
      await this.db.transaction(context(), (tx) => tx.run(dropCursor, [reader]));
      return null;
    }
  }

  async #apply(event: Event, after: string | null, own: WriteContext): Promise<boolean> {
    const context = { ...own, requestId: event.id };
    const prepared = await this.events.prepare(event, context);
    const applied = await this.db.transaction(context, async (tx) => {
      await tx.exclusive('workos cursor');
      const cursor = await tx.row<{ eventId: string }>(readCursor, [reader]);
      if ((cursor?.eventId ?? null) !== after) return false;
      await this.events.apply(tx, event, prepared);
      await tx.run(writeCursor, [reader, event.id]);
      return true;
    });
    this.log.debug({ event: event.id, type: event.event, applied }, 'read an event of WorkOS');
    return applied;
  }
}
