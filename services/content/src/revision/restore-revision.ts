import { Injectable } from '@nestjs/common';
import { resourceUpdated } from '@erato/contracts/content/events';
import type { Resource } from '@erato/contracts/content/resource';
import {
  notRestorable,
  type Restorable,
  type RestoreRevision,
  type Snapshot,
} from '@erato/contracts/content/revision';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import type { Tx } from '@erato/platform/database/tx';
import { readLinks, writeLinks } from '../link/link-view.js';
import { linkOf, replaced } from '../link/links.js';
import { ReadableResources } from '../resource/readable-resources.js';
import { resourceFact } from '../resource/resource-facts.js';
import { partTypes } from '../resource/resource-types.js';
import { toResource, type ResourceRow } from '../resource/resource-view.js';
import { ResourceWrites, touchResource } from '../resource/resource-writes.js';
import { UpdateResources } from '../resource/update-resource.js';
import type { Patch } from '../resource/write-fields.js';
import { writeTracks } from '../track/track-view.js';
import { keepRevision } from './keep-revision.js';
import { RestoredAuthors } from './restored-authors.js';
import { RestoredTracks } from './restored-tracks.js';
import { RevisionEntity } from './revision.entity.js';

/**
 * Makes a resource again what a revision says it was: an update like any other, in one transaction, all or nothing. Status and
 * publication stay as they are: what was hidden or published since does not change back by the way.
 */
@Injectable()
export class RestoreRevisions {
  constructor(
    private readonly db: Db,
    private readonly resources: ReadableResources,
    private readonly writes: ResourceWrites,
    private readonly updates: UpdateResources,
    private readonly authors: RestoredAuthors,
    private readonly tracks: RestoredTracks,
  ) {}

  async run(context: Context, { id, version, only }: RestoreRevision): Promise<Resource> {
    const standing = await this.resources.updatable(context, id);
    const revision = await this.db.findOneBy(RevisionEntity, { resourceId: standing.id, version });
    if (!revision) throw notFound({ detail: 'There is no such revision.' });
    const { snapshot } = revision;
    const asked = (what: Restorable): boolean => only?.includes(what) ?? true;
    const patch = asked('fields') ? fieldsOf(standing, snapshot) : null;
    const prepared = patch && (await this.updates.prepare(context, id, patch));
    // A status has one author, who made it.
    const named =
      asked('authors') && standing.type !== 'status'
        ? await this.authors.ask(context, id, snapshot.authors)
        : null;
    return this.writes.change(context, id, 'update', async (tx, row) => {
      const authors = named && (await this.authors.plan(context, tx, row, named));
      const tracks =
        asked('tracks') && snapshot.tracks
          ? await this.tracks.plan(context, tx, row.id, snapshot.tracks)
          : null;
      const errors = [...(authors?.errors ?? []), ...(tracks?.errors ?? [])];
      if (errors.length > 0) throw notRestorable({ errors });
      await keepRevision(tx, row);
      if (asked('links')) await restoreLinks(tx, row.id, snapshot);
      if (tracks) await writeTracks(tx, row.id, tracks.places);
      const current = authors ? await this.authors.write(tx, row, authors) : row;
      const next = patch
        ? await this.updates.write(tx, current, patch, prepared)
        : await touchAndTell(tx, current);
      if (authors) this.authors.tell(tx, next, authors);
      return toResource(next);
    });
  }
}

/** Title, excerpt and the typed part, as a patch that names all of them. */
function fieldsOf({ type }: ResourceRow, snapshot: Snapshot): Patch {
  const own = partTypes[type];
  return {
    ...(snapshot.title === null ? {} : { title: snapshot.title }),
    excerpt: snapshot.excerpt,
    ...(own ? { [own.part]: snapshot[own.part] } : {}),
  };
}

async function restoreLinks(tx: Tx, id: string, { links }: Snapshot): Promise<void> {
  const now = new Date();
  const given = links.map((link, at) => linkOf(link, `links.${at}.url`, now));
  await writeLinks(tx, 'resource', id, replaced(await readLinks(tx, 'resource', id), given));
}

async function touchAndTell(tx: Tx, row: ResourceRow): Promise<ResourceRow> {
  const moved = await touchResource(tx, row);
  tx.emit(resourceUpdated, row.id, resourceFact(moved));
  return moved;
}
