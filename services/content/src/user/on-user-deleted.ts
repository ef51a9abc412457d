import { Injectable } from '@nestjs/common';
import { erasureCompleted, resourceUpdated, workspaceUpdated } from '@erato/contracts/content/events';
import { userDeleted, type UserFact } from '@erato/contracts/identity/events';
import type { CloudEvent } from '@erato/contracts/kit/event';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { EventHandler } from '@erato/platform/events/handler';
import { refreshPaths } from '../resource/access-path.js';
import { removeResources } from '../resource/delete-resource.js';
import { resourceFact } from '../resource/resource-facts.js';
import { resourceColumns, type ResourceRow } from '../resource/resource-view.js';
import { touchResources } from '../resource/resource-writes.js';
import { forgetInRevisions } from '../revision/forget-user.js';
import { authoredBy, removeWorkspace } from '../workspace/remove-workspace.js';
import { workspaceColumns, workspaceFact, type WorkspaceRow } from '../workspace/workspace-view.js';

/** Stands for a user who is gone, where something must name somebody. */
const nobody = 'deleted';

const owned = statement(`
  SELECT ${resourceColumns} FROM resources r WHERE owner_id = $1 AND owner_type = 'user' ORDER BY id FOR UPDATE`);
const workspaces = statement(`
  SELECT ${workspaceColumns} FROM workspaces r WHERE owner_id = $1 AND owner_type = 'user' ORDER BY id FOR UPDATE`);
const anonymise = statement(`
  UPDATE workspaces r SET name = 'Deleted workspace', name_key = 'deleted workspace', slug = 'deleted-' || right(id::text, 12),
    description = NULL, owner_id = '${nobody}', avatar_url = NULL, banner_url = NULL, theme_config = NULL,
    updated_at = now(), version = version + 1, access_version = access_version + 1
  WHERE id = $1 RETURNING ${workspaceColumns}`);
const dropLinks = statement(
  `DELETE FROM external_links WHERE subject_type = 'workspace' AND subject_id = $1`,
);
const authored = statement(`
  SELECT id FROM resources WHERE id IN (SELECT resource_id FROM resource_authors WHERE author_id = $1
    AND author_type = 'user') ORDER BY id FOR UPDATE`);
/** Where nobody else is an author, the work stays and its author becomes nobody. */
const forget = statement(`
  WITH kept AS (
    UPDATE resource_authors a SET author_id = '${nobody}' WHERE author_id = $1 AND author_type = 'user'
      AND accepted_at IS NOT NULL AND NOT EXISTS (SELECT FROM resource_authors o WHERE o.resource_id = a.resource_id
        AND o.accepted_at IS NOT NULL AND (o.author_type, o.author_id) <> (a.author_type, a.author_id))
    RETURNING resource_id)
  DELETE FROM resource_authors WHERE author_id = $1 AND author_type = 'user'
    AND resource_id NOT IN (SELECT resource_id FROM kept)`);

const dropTransfers = statement(`
  DELETE FROM workspace_transfers WHERE (to_id = $1 AND to_type = 'user') OR (from_id = $1 AND from_type = 'user')`);
const forgetTransfers = statement(
  'UPDATE workspace_transfers SET requested_by = NULL, version = version + 1 WHERE requested_by = $1',
);

/**
 * Erases what content holds of a user (identity.md, Erasure): what is his own is deleted, in the works of others his name
 * is withdrawn, or becomes nobody's where he was the only author. His workspaces go; one that is an author of works of
 * others stays as a nameless shell, since to remove it could open to everyone what is private.
 */
@Injectable()
export class OnUserDeleted implements EventHandler<UserFact> {
  readonly event = userDeleted;

  async apply(tx: Tx, { data: { userId } }: CloudEvent<UserFact>): Promise<void> {
    await removeResources(tx, await tx.rows<ResourceRow>(owned, [userId]));
    for (const workspace of await tx.rows<WorkspaceRow>(workspaces, [userId])) await leave(tx, workspace);
    await tx.run(dropTransfers, [userId]);
    await tx.run(forgetTransfers, [userId]);
    await withdraw(tx, userId);
    await forgetInRevisions(tx, userId);
    tx.emit(erasureCompleted, userId, { userId });
  }
}

async function leave(tx: Tx, workspace: WorkspaceRow): Promise<void> {
  const [others] = await authoredBy(tx, workspace.id, 1);
  if (!others) return removeWorkspace(tx, workspace);
  await tx.run(dropLinks, [workspace.id]);
  const shell = await tx.row<WorkspaceRow>(anonymise, [workspace.id]);
  if (shell) tx.emit(workspaceUpdated, shell.id, workspaceFact(shell));
}

async function withdraw(tx: Tx, userId: string): Promise<void> {
  const ids = (await tx.rows<{ id: string }>(authored, [userId])).map(({ id }) => id);
  if (ids.length === 0) return;
  await tx.run(forget, [userId]);
  await refreshPaths(tx, ids);
  for (const row of await touchResources(tx, ids)) tx.emit(resourceUpdated, row.id, resourceFact(row));
}
