import { Injectable } from '@nestjs/common';
import type { Resource, ResourceInclude, ResourceStats } from '@erato/contracts/content/resource';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { Policy } from '@erato/policy/client/policy';
import { resourceTarget } from '../access/targets.js';
import { readAuthors, toAuthor } from '../author/author-view.js';
import { totalClicks } from '../click/click-totals.js';
import { readLinks, toLinks } from '../link/link-view.js';
import { ReadableTracks } from '../track/readable-tracks.js';
import { ReadableResources } from './readable-resources.js';
import { ResourceTexts } from './resource-texts.js';
import { toResource, type ResourceRow } from './resource-view.js';

/** One resource as its routes show it, with what `include` asks for. */
@Injectable()
export class SingleResources {
  constructor(
    private readonly readable: ReadableResources,
    private readonly texts: ResourceTexts,
    private readonly tracks: ReadableTracks,
    private readonly policy: Policy,
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

  /** {@link get} as a call answers it: with nothing included the answer is put together from the row's texts. */
  answer(context: Context, id: string, include: readonly ResourceInclude[] = []): Promise<Resource> {
    return include.length === 0 ? this.texts.get(context, id) : this.get(context, id, include);
  }

  answerByShortId(
    context: Context,
    shortId: string,
    include: readonly ResourceInclude[] = [],
  ): Promise<Resource> {
    return include.length === 0
      ? this.texts.getByShortId(context, shortId)
      : this.getByShortId(context, shortId, include);
  }

  async #show(
    context: Context,
    row: ResourceRow,
    include: readonly ResourceInclude[] = [],
  ): Promise<Resource> {
    const shown = toResource(row);
    const [authors, links, tracks, stats] = await Promise.all([
      include.includes('authors') ? readAuthors(this.db, row.id) : null,
      include.includes('links') ? readLinks(this.db, 'resource', row.id) : null,
      include.includes('tracks') && row.type === 'album' ? this.tracks.of(context, row.id) : null,
      include.includes('stats') ? this.#stats(context, row) : null,
    ]);
    if (authors) shown.authors = authors.filter(({ acceptedAt }) => acceptedAt).map(toAuthor);
    if (links) shown.links = toLinks(links);
    if (tracks) shown.tracks = tracks;
    if (stats) shown.stats = stats;
    return shown;
  }

  /** How often its links were followed, for who may update it. */
  async #stats(context: Context, row: ResourceRow): Promise<ResourceStats> {
    const { allowed } = await this.policy.decide(context, 'update', resourceTarget(row));
    return { clicks: allowed ? await totalClicks(this.db, 'resource', row.id) : null };
  }
}
