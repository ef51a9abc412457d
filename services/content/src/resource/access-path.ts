import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';

const staticRows = `(
  EXISTS (SELECT FROM access_rows x WHERE x.object_type = 'resource' AND x.object_id = r.id::text AND x.rank >= 3)
  OR (r.owner_type = 'organization' AND EXISTS (
    SELECT FROM access_rows x WHERE x.object_type = 'organization' AND x.object_id = r.owner_id AND x.rank >= 3))
  OR EXISTS (SELECT FROM resource_authors a JOIN workspaces w ON w.id = a.author_id::uuid
    WHERE a.resource_id = r.id AND a.author_type = 'workspace' AND w.static_rows))`;

const accepted = (type: 'user' | 'workspace'): string =>
  `SELECT author_id FROM resource_authors WHERE resource_id = r.id AND author_type = '${type}'
   AND accepted_at IS NOT NULL ORDER BY position, author_id`;

/** What the access path of the resource `r` is, from its authors and their workspaces as they stand. */
const path = `
  author_workspaces = ARRAY(${accepted('workspace')})::uuid[],
  author_users = ARRAY(${accepted('user')}),
  open = NOT EXISTS (SELECT FROM resource_authors a JOIN workspaces w ON w.id = a.author_id::uuid
    WHERE a.resource_id = r.id AND a.author_type = 'workspace' AND w.visibility <> 'public'),
  static_rows = ${staticRows}`;

const refresh = statement(`UPDATE resources r SET ${path} WHERE id = ANY ($1::uuid[])`);

/** Profiles read from the authors' rows when what is listed was published. */
const list = statement(`
  UPDATE resource_authors a SET listed_at = CASE WHEN r.status = 'LISTED' AND a.accepted_at IS NOT NULL THEN r.published_at END
  FROM resources r WHERE r.id = a.resource_id AND a.resource_id = ANY ($1::uuid[])`);

/**
 * Brings the access path that resources keep in their rows, and the times in their authors' rows, to what their authors
 * are. To be done in the transaction that changes authors, status or publication.
 */
export async function refreshPaths(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(refresh, [ids]);
  await tx.run(list, [ids]);
}

/** Only the times, where authors have not changed. */
export async function refreshListed(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(list, [ids]);
}
