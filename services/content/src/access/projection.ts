import { Inject, Injectable } from '@nestjs/common';
import { facts, type FetchedFacts } from '@erato/contracts/authz/facts';
import { unavailable } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { LeaderWork } from '@erato/platform/events/leader';
import { LOG, type Log } from '@erato/platform/service/log';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { ActionTable } from '@erato/policy/actions';
import { pause } from '../background/pause.js';
import { accessRowsOf } from './access-row.js';
import { writeAccessRows } from './access-rows.js';

/** Objects a message; authz answers for at most 200. */
const batch = 100;
/** How long it sleeps when nothing wakes it, in milliseconds. */
const pollMs = 500;

const stale = statement(`
  SELECT object_type AS type, object_id AS id, revision::float8 AS revision FROM access_stale
  ORDER BY revision LIMIT ${batch}`);
const settled = statement(`
  DELETE FROM access_stale s USING unnest($1::text[], $2::text[]) AS o (type, id)
  WHERE s.object_type = o.type AND s.object_id = o.id AND s.revision <= $3`);
const reached = statement(`
  SELECT (SELECT revision FROM access_heard) >= $1::bigint
    AND NOT EXISTS (SELECT FROM access_stale WHERE revision <= $1::bigint) AS reached`);

interface Stale {
  readonly type: string;
  readonly id: string;
  readonly revision: number;
}

/**
 * Keeps `access_rows`, what permissions say about workspaces and resources, so that lists filter in SQL. Events of authz
 * name what has changed ({@link ../access/on-access-changed.ts}); here it is fetched, many objects in one message, and
 * written together with the flags that say where rows about audiences stand.
 */
@Injectable()
export class Projection implements LeaderWork {
  readonly name = 'access-rows';
  #rouse: (() => void) | undefined;

  constructor(
    private readonly db: Db,
    private readonly caller: BusCaller,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** To be called when something has become stale; the one who keeps the rows works in the same process. */
  readonly staled = (): void => this.#rouse?.();

  /**
   * Waits until lists hold every change of permissions up to that revision (authz.md, Erato-Consistency).
   *
   * @throws Failure `unavailable` where that is not so at the deadline
   */
  async reach(revision: number, deadline: number): Promise<void> {
    for (let wait = 2; ; wait = Math.min(wait * 2, 50)) {
      const state = await this.db.row<{ reached: boolean }>(reached, [revision]);
      if (state?.reached) return;
      if (Date.now() + wait >= deadline) {
        throw unavailable({ detail: 'Lists do not hold that revision of permissions yet.', retryAfter: 1 });
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const objects = await this.db.rows<Stale>(stale, []);
      if (objects.length > 0) await this.#bring(objects);
      else await this.#sleep(signal);
    }
  }

  async #bring(objects: readonly Stale[]): Promise<void> {
    const { requestId, deadline } = ownContext({ timeoutMs: 5_000 });
    const refs = objects.map(({ type, id }) => ({ type, id }));
    const found = await this.caller.call(
      facts.fetch,
      { subjects: [], objects: refs },
      { requestId, deadline },
    );
    const context = { actor: 'service:content', requestId, deadline: Date.now() + 30_000 };
    await this.db.transaction(context, (tx) => store(tx, refs, found));
    this.log.debug({ objects: refs.length, revision: found.revision }, 'permissions were brought up');
  }

  async #sleep(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const end = (): void => woken.abort();
    this.#rouse = end;
    signal.addEventListener('abort', end, { once: true });
    await pause(pollMs, woken.signal);
    signal.removeEventListener('abort', end);
    this.#rouse = undefined;
  }
}

async function store(
  tx: Tx,
  refs: readonly { type: string; id: string }[],
  found: FetchedFacts,
): Promise<void> {
  const actions = new ActionTable(found.actions);
  const rows = found.objects.flatMap((object) => accessRowsOf(object, actions));
  await writeAccessRows(tx, refs, rows);
  await tx.run(settled, [refs.map(({ type }) => type), refs.map(({ id }) => id), found.revision]);
}
