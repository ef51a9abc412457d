import type { Author, AuthorRef } from '@erato/contracts/content/author';
import type { AuthorFact } from '@erato/contracts/content/events';
import type { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { describeResource, type ResourceAccess } from '../access/targets.js';
import type { AuthorEntity } from './author.entity.js';

export type AuthorRow = Omit<AuthorEntity, 'resourceId' | 'listedAt' | 'shown'>;

export const authorsOf = statement(`
  SELECT author_type AS "authorType", author_id AS "authorId", accepted_at AS "acceptedAt", role, position,
    added_at AS "addedAt"
  FROM resource_authors WHERE resource_id = $1 ORDER BY position, author_id`);

/** All authors of a resource in their order, pending ones among them. */
export const readAuthors = (db: Pick<Db, 'rows'>, resourceId: string): Promise<AuthorRow[]> =>
  db.rows<AuthorRow>(authorsOf, [resourceId]);

export const toAuthor = (row: AuthorRow): Author => ({
  authorType: row.authorType,
  authorId: row.authorId,
  role: row.role,
  position: row.position,
  addedAt: row.addedAt.toISOString(),
  acceptedAt: row.acceptedAt?.toISOString() ?? null,
});

export const isSame = (one: AuthorRef, other: AuthorRef): boolean =>
  one.authorType === other.authorType && one.authorId === other.authorId;

/** What events tell of an author. */
export const authorFact = (
  resource: ResourceAccess & { readonly accessVersion: number },
  { authorType, authorId, acceptedAt }: Pick<AuthorRow, 'authorType' | 'authorId' | 'acceptedAt'>,
): AuthorFact => ({
  resourceId: resource.id,
  authorType,
  authorId,
  acceptedAt: acceptedAt?.toISOString() ?? null,
  object: describeResource(resource),
});
