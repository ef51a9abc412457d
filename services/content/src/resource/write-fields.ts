import {
  resourceListed,
  resourcePublished,
  resourceUnlisted,
  resourceUpdated,
} from '@erato/contracts/content/events';
import { alreadyPublished, type UpdateResource } from '@erato/contracts/content/resource';
import { invalidField } from '@erato/contracts/kit/failure';
import type { Tx } from '@erato/platform/database/tx';
import { sortKey } from '../workspace/workspace.entity.js';
import { refreshListed } from './access-path.js';
import { excerptFor } from './new-resource.js';
import type { PreparedPart } from './part-type.js';
import { writePart } from './part-write.js';
import { publicationOf, type Publication } from './publication.js';
import { resourceFact } from './resource-facts.js';
import { partTypes } from './resource-types.js';
import { ResourceEntity } from './resource.entity.js';
import type { ResourceRow } from './resource-view.js';

export type Patch = Omit<UpdateResource, 'id'>;

/** The fields of the row as the patch leaves them, and the facts that come of it. */
export async function writeFields(
  tx: Tx,
  row: ResourceRow,
  patch: Patch,
  part: PreparedPart | null,
): Promise<ResourceRow> {
  if (patch.title !== undefined && row.type === 'status') {
    throw invalidField('title', 'not_allowed', 'a status has no title');
  }
  const now = new Date();
  const set = {
    title: patch.title ?? row.title,
    ...excerptAfter(row, patch, part),
    status: patch.status ?? row.status,
    ...publicationAfter(row, patch, now),
    updatedAt: now,
    version: row.version + 1,
    accessVersion: row.accessVersion + 1,
  };
  await tx.update(
    ResourceEntity,
    { id: row.id },
    { ...set, titleKey: set.title === null ? null : sortKey(set.title) },
  );
  if (part) await writePart(tx, row, part);
  const next: ResourceRow = { ...row, ...set, part: part?.shown ?? row.part };
  const isPublished = !row.publishedAt && next.publishedAt !== null;
  if (next.status !== row.status || isPublished) await refreshListed(tx, [row.id]);
  const fact = resourceFact(next);
  const listing = next.status === 'LISTED' ? resourceListed : resourceUnlisted;
  if (next.status !== row.status) tx.emit(listing, row.id, fact);
  if (isPublished) tx.emit(resourcePublished, row.id, fact);
  const only = Object.keys(patch).every((field) => field === 'status' || field === 'publishAt');
  if (!only || (next.status === row.status && !isPublished)) tx.emit(resourceUpdated, row.id, fact);
  return next;
}

/** A given excerpt stays until another is given or it is cleared; one that was cut follows the body. */
function excerptAfter(row: ResourceRow, patch: Patch, part: PreparedPart | null) {
  const text = part?.text ?? null;
  if (patch.excerpt !== undefined) {
    const words = text ?? (row.part && partTypes[row.type]?.textOf(row.part)) ?? null;
    return excerptFor(row.type, patch.excerpt, words);
  }
  const { excerpt, excerptGiven } = row;
  return excerptGiven || text === null ? { excerpt, excerptGiven } : excerptFor(row.type, null, text);
}

/** Publication is not taken back: of what is published `publishAt` no longer changes. */
function publicationAfter(row: ResourceRow, patch: Patch, now: Date): Publication {
  const { publishAt, publishedAt } = row;
  if (patch.publishAt === undefined) return { publishAt, publishedAt };
  if (publishedAt === null) return publicationOf(patch.publishAt, now);
  const same = patch.publishAt !== null && new Date(patch.publishAt).getTime() === publishAt?.getTime();
  if (same) return { publishAt, publishedAt };
  throw alreadyPublished();
}
