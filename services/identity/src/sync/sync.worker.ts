import { Inject, Injectable } from '@nestjs/common';
import type { Event } from '@workos-inc/node';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { WriteContext } from '@erato/platform/database/write-context';
import type { LeaderWork } from '@erato/platform/events/leader';
import { Health } from '@erato/platform/service/health';
import { LOG, type Log } from '@erato/platform/service/log';
import { AdminKey } from '../api-key/admin-key.js';
import { forgetRetiredSecrets } from '../api-key/retired-secret.js';
import { HomeOrganization } from '../home/home-organization.js';
import { forgetTombstones } from '../tombstone.js';
import { forgetCreations } from '../workos/creation.js';
import { Workos } from '../workos/workos.js';
import { ApplyEvent, eventNames } from './apply-event.js';
import { Waker } from './waker.js';

const batch = 100;
const pollMs = 10_000;
const reader = 'events';

const readCursor = statement('SELECT event_id AS "eventId" FROM workos_cursor WHERE reader = $1');
const writeCursor = statement(`
  INSERT INTO workos_cursor (reader, event_id, read_at) VALUES ($1, $2, now())
  ON CONFLICT (reader) DO UPDATE SET event_id = excluded.event_id, read_at = now()`);
const forgetSessions = statement(
  `DELETE FROM revoked_sessions WHERE revoked_at < now() - interval '30 days'`,
);
const forgetTries = statement(`DELETE FROM sign_in_tries WHERE tried_at < now() - interval '1 hour'`);

/** What the worker is told by and tells of its running. */
@Injectable()
export class SyncParts {
  constructor(
    readonly waker: Waker,
    readonly health: Health,
    @Inject(LOG) readonly log: Log,
  ) {}
}

/**
 * Reads WorkOS' Events API in its order, one process at a time, and applies each event together with the cursor
 * (identity.md, Sync). A webhook wakes it; without one it looks every 10 s. First of all it sees to the home organization
 * and the admin key.
 */
@Injectable()
export class SyncWorker implements LeaderWork {
  readonly name = 'workos sync';

  constructor(
    private readonly db: Db,
    private readonly workos: Workos,
    private readonly home: HomeOrganization,
    private readonly adminKey: AdminKey,
    private readonly events: ApplyEvent,
    private readonly parts: SyncParts,
  ) {
    parts.health.add('home organization', async () => (await home.find()) !== null || 'not there yet');
  }

  async run(signal: AbortSignal): Promise<void> {
    const home = await this.home.establish(this.#context());
    await this.adminKey.establish(this.#context(), home);
    await this.#forget();
    await this.home.enrolAll(() => this.#context(), signal);
    while (!signal.aborted) {
      const read = await this.#readOn(signal);
      if (read < batch) await this.parts.waker.sleep(pollMs, signal);
    }
  }

  /** Applies the next page, and gives how many events it had. */
  async #readOn(signal: AbortSignal): Promise<number> {
    this.parts.waker.listen();
    const cursor = await this.db.row<{ eventId: string }>(readCursor, [reader]);
    const page = await this.workos.ask(this.#context(), (sdk) =>
      sdk.events.listEvents({
        events: [...eventNames],
        order: 'asc',
        limit: batch,
        ...(cursor ? { after: cursor.eventId } : {}),
      }),
    );
    for (const event of page.data) {
      if (signal.aborted) break;
      await this.#apply(event);
    }
    return page.data.length;
  }

  async #apply(event: Event): Promise<void> {
    const context = { ...this.#context(), requestId: event.id };
    const prepared = await this.events.prepare(event, context);
    await this.db.transaction(context, async (tx) => {
      await this.events.apply(tx, event, prepared);
      await tx.run(writeCursor, [reader, event.id]);
    });
    this.parts.log.debug({ event: event.id, type: event.event }, 'applied an event of WorkOS');
  }

  async #forget(): Promise<void> {
    await this.db.transaction(this.#context(), async (tx) => {
      for (const each of [
        forgetTombstones,
        forgetCreations,
        forgetSessions,
        forgetTries,
        forgetRetiredSecrets,
      ])
        await tx.run(each, []);
    });
  }

  #context(): WriteContext {
    return { actor: 'service:identity', requestId: crypto.randomUUID(), deadline: Date.now() + 15_000 };
  }
}
