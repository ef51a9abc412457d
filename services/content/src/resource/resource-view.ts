import type { Resource, ResourceStatus, ResourceSummary } from '@erato/contracts/content/resource';
import { resourceTypes, type ResourceType } from '@erato/contracts/content/resource-parts';
import type { OwnerType } from '@erato/contracts/content/workspace';
import type { ResourceAccess } from '../access/targets.js';
import type { AnyPart } from './part-type.js';
import { partTypes } from './resource-types.js';

/** A resource's row as the hot reads select it, access path and typed part included. */
export interface ResourceRow extends ResourceAccess {
  readonly shortId: string;
  readonly type: ResourceType;
  readonly ownerType: OwnerType;
  readonly title: string | null;
  readonly excerpt: string | null;
  readonly excerptGiven: boolean;
  readonly status: ResourceStatus;
  readonly publishAt: Date | null;
  readonly publishedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
  readonly accessVersion: number;
  readonly part: AnyPart | null;
}

/** The part of a row of one of these types; only that of the row's own is looked up, by primary key. */
export function partJson(types: readonly ResourceType[]): string {
  const branches = types.flatMap((type) => {
    const own = partTypes[type];
    return own
      ? [`WHEN '${type}' THEN (SELECT ${own.json} FROM ${own.table} p WHERE p.resource_id = r.id)`]
      : [];
  });
  return branches.length > 0 ? `CASE r.type ${branches.join(' ')} END` : 'NULL::json';
}

/** The columns of {@link ResourceRow}, of the row `r`. */
export const resourceColumns = `r.id, r.short_id AS "shortId", r.type, r.owner_type AS "ownerType",
  r.owner_id AS "ownerId", r.title, r.excerpt, r.excerpt_given AS "excerptGiven", r.status,
  r.publish_at AS "publishAt", r.published_at AS "publishedAt", r.created_at AS "createdAt",
  r.updated_at AS "updatedAt", r.version, r.author_workspaces::text[] AS "authorWorkspaces",
  r.author_users AS "authorUsers", r.open, r.access_version AS "accessVersion", ${partJson(resourceTypes)} AS part`;

const timeOf = (at: Date | null): string | null => at?.toISOString() ?? null;

function toSummary(row: Omit<ResourceRow, 'part'>): ResourceSummary {
  return {
    id: row.id,
    shortId: row.shortId,
    type: row.type,
    ownerType: row.ownerType,
    ownerId: row.ownerId,
    title: row.title,
    excerpt: row.excerpt,
    status: row.status,
    publishAt: timeOf(row.publishAt),
    publishedAt: timeOf(row.publishedAt),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    version: row.version,
  };
}

/** The resource with its typed part under the type's name. */
export function toResource(row: ResourceRow): Resource {
  const own = partTypes[row.type];
  const summary = toSummary(row);
  return own && row.part ? { ...summary, [own.part]: row.part } : summary;
}
