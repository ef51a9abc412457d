import { Injectable } from '@nestjs/common';
import { resourceUpdated } from '@erato/contracts/content/events';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { LeaderWork } from '@erato/platform/events/leader';
import { refreshPaths } from '../resource/access-path.js';
import { pause } from '../background/pause.js';
import { resourceFact } from '../resource/resource-facts.js';
import { resourceColumns, type ResourceRow } from '../resource/resource-view.js';

/** So many resources are opened or closed with the workspace itself; those beyond follow within seconds. */
const atOnce = 20_000;
const batch = 500;
const everyMs = 500;

const theirs = `SELECT resource_id FROM resource_authors WHERE author_id = $1::text AND author_type = 'workspace'`;

/** Resources are locked in the order of their ids, as every batch does, so that none waits for another in a circle. */
const spread = statement(`
  WITH moved AS (SELECT id FROM resources WHERE id IN (${theirs}) ORDER BY id LIMIT ${atOnce} FOR UPDATE)
  UPDATE resources r SET open = NOT EXISTS (
    SELECT FROM resource_authors a JOIN workspaces w ON w.id = a.author_id::uuid
    WHERE a.resource_id = r.id AND a.author_type = 'workspace' AND w.visibility <> 'public')
  FROM moved WHERE r.id = moved.id`);
const tell = statement(`
  UPDATE resource_authors a SET shown = r.shown FROM resources r
  WHERE r.id = a.resource_id AND a.resource_id IN (${theirs}) AND a.shown <> r.shown`);
const remember = statement(`
  INSERT INTO path_changes (workspace_id) SELECT $1::uuid WHERE EXISTS (SELECT FROM resource_authors
    WHERE author_id = $1::text AND author_type = 'workspace')
  ON CONFLICT (workspace_id) DO UPDATE SET after_id = NULL`);

const next = statement(
  'SELECT workspace_id AS id, after_id AS "afterId" FROM path_changes LIMIT 1 FOR UPDATE',
);
const page = statement(`
  SELECT id FROM resources WHERE id IN (${theirs}) AND ($2::uuid IS NULL OR id > $2)
  ORDER BY id LIMIT ${batch} FOR UPDATE`);
const bump = statement(`
  UPDATE resources r SET access_version = access_version + 1 WHERE id = ANY ($1::uuid[]) RETURNING ${resourceColumns}`);
const advance = statement('UPDATE path_changes SET after_id = $2 WHERE workspace_id = $1');
const finish = statement('DELETE FROM path_changes WHERE workspace_id = $1');

/**
 * Carries a workspace's visibility to the resources of which it is an author: to their rows in the transaction that
 * changes it, and to everyone who keeps what they are (authz, feeds) by an event each, in batches.
 */
@Injectable()
export class Visibilities implements LeaderWork {
  readonly name = 'visibilities';

  constructor(private readonly db: Db) {}

  /** To be called in the transaction that changed the workspace's visibility. */
  async changed(tx: Tx, workspaceId: string): Promise<void> {
    await tx.run(spread, [workspaceId]);
    await tx.run(tell, [workspaceId]);
    await tx.run(remember, [workspaceId]);
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (!(await this.#tellBatch())) await pause(everyMs, signal);
    }
  }

  #tellBatch(): Promise<boolean> {
    const requestId = crypto.randomUUID();
    return this.db.transaction(
      { actor: 'service:content', requestId, deadline: Date.now() + 10_000 },
      async (tx) => {
        const change = await tx.row<{ id: string; afterId: string | null }>(next, []);
        if (!change) return false;
        const ids = (await tx.rows<{ id: string }>(page, [change.id, change.afterId])).map(({ id }) => id);
        const last = ids.at(-1);
        if (last === undefined) {
          await tx.run(finish, [change.id]);
          return true;
        }
        await refreshPaths(tx, ids);
        for (const row of await tx.rows<ResourceRow>(bump, [ids])) {
          tx.emit(resourceUpdated, row.id, resourceFact(row));
        }
        await tx.run(advance, [change.id, last]);
        return true;
      },
    );
  }
}
