import type { QueryResultRow } from 'pg';
import type { WorkspaceFact } from '@erato/contracts/content/events';
import type { Workspace } from '@erato/contracts/content/workspace';
import { asIs, Shape, text, time, word } from '../access/shape.js';
import { describeWorkspace } from '../access/targets.js';
import type { WorkspaceEntity } from './workspace.entity.js';

export type WorkspaceRow = Omit<WorkspaceEntity, 'nameKey' | 'staticRows' | 'opened'> & QueryResultRow;

/** The columns of {@link WorkspaceRow}, of the row `r`. */
export const workspaceColumns = `r.id, r.name, r.slug, r.description, r.kind, r.owner_type AS "ownerType",
  r.owner_id AS "ownerId", r.avatar_url AS "avatarUrl", r.banner_url AS "bannerUrl",
  r.theme_config AS "themeConfig", r.visibility, r.created_at AS "createdAt", r.updated_at AS "updatedAt",
  r.version, r.access_version AS "accessVersion"`;

/** {@link Workspace} of a row's texts, for lists. */
export const workspaceShape = new Shape({
  id: word('r.id'),
  name: text('r.name'),
  slug: word('r.slug'),
  description: text('r.description'),
  kind: word('r.kind'),
  ownerType: word('r.owner_type'),
  ownerId: text('r.owner_id'),
  avatarUrl: text('r.avatar_url'),
  bannerUrl: text('r.banner_url'),
  themeConfig: asIs('r.theme_config'),
  visibility: word('r.visibility'),
  createdAt: time('r.created_at'),
  updatedAt: time('r.updated_at'),
  version: asIs('r.version'),
});

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
