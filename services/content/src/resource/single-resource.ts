import { Injectable } from '@nestjs/common';
import type { Resource, ResourceInclude } from '@erato/contracts/content/resource';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { readAuthors, toAuthor } from '../author/author-view.js';
import { readLinks, toLinks } from '../link/link-view.js';
import { ReadableTracks } from '../track/readable-tracks.js';
import { ReadableResources } from './readable-resources.js';
import { toResource, type ResourceRow } from './resource-view.js';

/** One resource as its routes show it, with what `include` asks for. */
@Injectable()
export class SingleResources {
  constructor(
    private readonly readable: ReadableResources,
    private readonly tracks: ReadableTracks,
    private readonly db: Db,
  ) {}

  async get(context: Context, id: string, include?: readonly ResourceInclude[]): Promise<Resource> {
    return this.#show(context, await this.readable.get(context, id), include);
  }

  async getByShortId(
    context: Context,
    shortId: string,
    include?: readonly ResourceInclude[],
  ): Promise<Resource> {
    return this.#show(context, await this.readable.getByShortId(context, shortId), include);
  }

  async #show(
    context: Context,
    row: ResourceRow,
    include: readonly ResourceInclude[] = [],
  ): Promise<Resource> {
    const shown = toResource(row);
    const [authors, links, tracks] = await Promise.all([
      include.includes('authors') ? readAuthors(this.db, row.id) : null,
      include.includes('links') ? readLinks(this.db, 'resource', row.id) : null,
      include.includes('tracks') && row.type === 'album' ? this.tracks.of(context, row.id) : null,
    ]);
    if (authors) shown.authors = authors.filter(({ acceptedAt }) => acceptedAt).map(toAuthor);
    if (links) shown.links = toLinks(links);
    if (tracks) shown.tracks = tracks;
    return shown;
  }
}
