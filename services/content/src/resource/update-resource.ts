import { Injectable } from '@nestjs/common';
import {
  resourceListed,
  resourcePublished,
  resourceUnlisted,
  resourceUpdated,
} from '@erato/contracts/content/events';
import { alreadyPublished, type Resource, type UpdateResource } from '@erato/contracts/content/resource';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, notFound } from '@erato/contracts/kit/failure';
import type { Tx } from '@erato/platform/database/tx';
import { Policy } from '@erato/policy/client/policy';
import { resourceTarget } from '../access/targets.js';
import { Renderer } from '../post/renderer.js';
import { sortKey } from '../workspace/workspace.entity.js';
import { refreshListed } from './access-path.js';
import { excerptFor } from './new-resource.js';
import type { PreparedPart } from './part-type.js';
import { writePart } from './part-write.js';
import { publicationOf, type Publication } from './publication.js';
import { resourceFact } from './resource-facts.js';
import { partNames, partTypes } from './resource-types.js';
import { ResourceReads } from './resource.reads.js';
import { ResourceEntity } from './resource.entity.js';
import { ResourceWrites } from './resource-writes.js';
import { toResource, type ResourceRow } from './resource-view.js';

/** Changes fields of a resource by a merge patch, its typed part among them (content.md, Routes). */
@Injectable()
export class UpdateResources {
  constructor(
    private readonly writes: ResourceWrites,
    private readonly reads: ResourceReads,
    private readonly policy: Policy,
    private readonly renderer: Renderer,
  ) {}

  async run(context: Context, input: UpdateResource): Promise<Resource> {
    const { id, ...patch } = input;
    const prepared = await this.#prepare(context, id, patch);
    return this.writes.change(context, id, 'update', async (tx, row) => {
      // Rendered on what stood when it was read; when the part has moved on since, it is rendered once more.
      if (Object.keys(patch).length === 0) return toResource(row);
      const part = prepared && (await this.#current(row, patch, prepared));
      const next = await write(tx, row, patch, part);
      return toResource(next);
    });
  }

  /** Renders before the row is locked: that can take a while. */
  async #prepare(context: Context, id: string, patch: Patch): Promise<Prepared | null> {
    if (!partNames.some((name) => patch[name] !== undefined)) return null;
    const standing = await this.reads.find(id);
    if (!standing) throw notFound();
    await this.policy.require(context, 'update', resourceTarget(standing));
    return { from: standing.version, part: await this.#patch(standing, patch) };
  }

  async #current(row: ResourceRow, patch: Patch, prepared: Prepared): Promise<PreparedPart> {
    return prepared.from === row.version ? prepared.part : this.#patch(row, patch);
  }

  async #patch(row: ResourceRow, patch: Patch): Promise<PreparedPart> {
    const own = partTypes[row.type];
    const foreign = partNames.find((name) => patch[name] !== undefined && name !== own?.part);
    if (foreign)
      throw invalidField(foreign, 'not_allowed', `a resource of type ${row.type} has no such part`);
    const given = own && patch[own.part];
    if (!own || !given || !row.part) throw notFound();
    return own.patch(row.part, given, own.part, { renderer: this.renderer });
  }
}

type Patch = Omit<UpdateResource, 'id'>;

interface Prepared {
  /** The version on which it was made. */
  readonly from: number;
  readonly part: PreparedPart;
}

/** The fields of the row as the patch leaves them, and the facts that come of it. */
async function write(
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
