import type { QueryResultRow } from 'pg';
import type { WorkspaceFact } from '@erato/contracts/content/events';
import type { Workspace } from '@erato/contracts/content/workspace';
import { describeWorkspace } from '../access/targets.js';
import type { WorkspaceEntity } from './workspace.entity.js';

export type WorkspaceRow = Omit<WorkspaceEntity, 'nameKey' | 'staticRows' | 'opened'> & QueryResultRow;

/** The columns of {@link WorkspaceRow}, of the row `r`. */
export const workspaceColumns = `r.id, r.name, r.slug, r.description, r.kind, r.owner_type AS "ownerType",
  r.owner_id AS "ownerId", r.avatar_url AS "avatarUrl", r.banner_url AS "bannerUrl",
  r.theme_config AS "themeConfig", r.visibility, r.created_at AS "createdAt", r.updated_at AS "updatedAt",
  r.version, r.access_version AS "accessVersion"`;

/** What is shown of a workspace; its row keeps the same as JSON. */
export const toWorkspace = (row: WorkspaceRow): Workspace => ({
  id: row.id,
  name: row.name,
  slug: row.slug,
  description: row.description,
  kind: row.kind,
  ownerType: row.ownerType,
  ownerId: row.ownerId,
  avatarUrl: row.avatarUrl,
  bannerUrl: row.bannerUrl,
  themeConfig: row.themeConfig,
  visibility: row.visibility,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  version: row.version,
});

/** What events tell of a workspace; of one that is gone without the description. */
export const workspaceFact = (row: WorkspaceRow, gone = false): WorkspaceFact => ({
  workspaceId: row.id,
  slug: row.slug,
  ownerType: row.ownerType,
  ownerId: row.ownerId,
  visibility: row.visibility,
  version: row.version,
  object: gone ? null : describeWorkspace(row),
});
