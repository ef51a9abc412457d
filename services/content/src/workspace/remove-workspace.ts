import { authorRemoved, workspaceDeleted } from '@erato/contracts/content/events';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { authorFact } from '../author/author-view.js';
import { refreshPaths } from '../resource/access-path.js';
import { resourceColumns, type ResourceRow } from '../resource/resource-view.js';
import { touchResources } from '../resource/resource-writes.js';
import { workspaceFact, type WorkspaceRow } from './workspace-view.js';

/** A resource that a workspace is an author of, and whether nobody else is who has accepted. */
export interface Authored extends ResourceRow {
  readonly isOnly: boolean;
}

const authored = `
  SELECT ${resourceColumns}, NOT EXISTS (SELECT FROM resource_authors a WHERE a.resource_id = r.id
      AND a.accepted_at IS NOT NULL AND NOT (a.author_type = 'workspace' AND a.author_id = $1::text)) AS "isOnly"
  FROM resources r
  WHERE r.id IN (SELECT resource_id FROM resource_authors WHERE author_id = $1::text AND author_type = 'workspace')`;
const find = statement(`${authored} ORDER BY r.id LIMIT $2 FOR UPDATE`);
const findAfter = statement(`${authored} AND ($3::uuid IS NULL OR r.id > $3) ORDER BY r.id LIMIT $2`);
const withdraw = statement(`
  DELETE FROM resource_authors WHERE author_id = $1::text AND author_type = 'workspace'
  AND resource_id = ANY ($2::uuid[])`);
const dropLinks = statement(
  `DELETE FROM external_links WHERE subject_type = 'workspace' AND subject_id = $1`,
);
const drop = statement('DELETE FROM workspaces WHERE id = $1');
const dropChange = statement('DELETE FROM path_changes WHERE workspace_id = $1');

/** Its resources, locked until the end of the transaction, in the order of their ids. */
export const authoredBy = (tx: Tx, workspaceId: string, limit: number): Promise<Authored[]> =>
  tx.rows<Authored>(find, [workspaceId, limit]);

/** The same behind an id, as they are now, not locked. */
export const authoredAfter = (
  tx: Tx,
  workspaceId: string,
  after: string | null,
  limit: number,
): Promise<Authored[]> => tx.rows<Authored>(findAfter, [workspaceId, limit, after]);

/** Takes the workspace from the authors of resources that stand, and tells of each. */
export async function withdrawAuthor(
  tx: Tx,
  workspaceId: string,
  rows: readonly ResourceRow[],
): Promise<void> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  await tx.run(withdraw, [workspaceId, ids]);
  await refreshPaths(tx, ids);
  const author = { authorType: 'workspace' as const, authorId: workspaceId, acceptedAt: null };
  for (const row of await touchResources(tx, ids)) {
    tx.emit(authorRemoved, row.id, authorFact(row, author));
  }
}

/** Deletes a workspace that is no author any more, with its links. */
export async function removeWorkspace(tx: Tx, workspace: WorkspaceRow): Promise<void> {
  await tx.run(dropLinks, [workspace.id]);
  await tx.run(dropChange, [workspace.id]);
  await tx.run(drop, [workspace.id]);
  const gone = { ...workspace, version: workspace.version + 1, accessVersion: workspace.accessVersion + 1 };
  tx.emit(workspaceDeleted, workspace.id, workspaceFact(gone, true));
}
