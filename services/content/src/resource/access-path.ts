import { statement } from '@erato/platform/database/statement';
import { flagResources } from '../access/flags.js';
import type { Tx } from '@erato/platform/database/tx';

const accepted = (type: 'user' | 'workspace'): string =>
  `SELECT author_id FROM resource_authors WHERE resource_id = r.id AND author_type = '${type}'
   AND accepted_at IS NOT NULL ORDER BY position, author_id`;

/** What the access path of the resource `r` is, from its authors and their workspaces as they stand. */
const path = `
  author_workspaces = ARRAY(${accepted('workspace')})::uuid[],
  author_users = ARRAY(${accepted('user')}),
  open = NOT EXISTS (SELECT FROM resource_authors a JOIN workspaces w ON w.id = a.author_id::uuid
    WHERE a.resource_id = r.id AND a.author_type = 'workspace' AND w.visibility <> 'public')`;

const refresh = statement(`UPDATE resources r SET ${path} WHERE id = ANY ($1::uuid[])`);

/** Profiles and lists read from the authors' rows when what is listed was published, and what is not shown to everyone. */
const list = statement(`
  UPDATE resource_authors a SET listed_at = CASE WHEN r.status = 'LISTED' AND a.accepted_at IS NOT NULL THEN r.published_at END,
    shown = r.shown
  FROM resources r WHERE r.id = a.resource_id AND a.resource_id = ANY ($1::uuid[])`);

/**
 * Brings the access path that resources keep in their rows, and the times in their authors' rows, to what their authors
 * are. To be done in the transaction that changes authors, status or publication.
 */
export async function refreshPaths(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(refresh, [ids]);
  await flagResources(tx, ids);
  await tx.run(list, [ids]);
}

/** Only the times, where authors have not changed. */
export async function refreshListed(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(list, [ids]);
}
