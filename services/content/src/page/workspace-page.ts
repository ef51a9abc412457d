import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import type { FeedPage, WorkspacePage, WorkspacePageOf } from '@erato/contracts/content/page';
import { Db } from '@erato/platform/database/db';
import { written } from '@erato/platform/transport/server';
import { Lists } from '../access/lists.js';
import { readLinks, toLinks } from '../link/link-view.js';
import { profileListing } from '../resource/resource-list.js';
import { ReadableWorkspaces } from '../workspace/readable-workspaces.js';
import { toWorkspace } from '../workspace/workspace-view.js';
import { feedEntryJson, pageEntryJson } from './page-entry.js';

/** How many entries a feed has: readers come back before there are more. */
const feedLength = 20;

/** What a workspace's public page and its feed show: itself, its links, and what the profile lists. */
@Injectable()
export class WorkspacePages {
  constructor(
    private readonly readable: ReadableWorkspaces,
    private readonly lists: Lists,
    private readonly db: Db,
  ) {}

  async page(context: Context, { slug, ...position }: WorkspacePageOf): Promise<WorkspacePage> {
    const row = await this.readable.getBySlug(context, slug);
    const listing = { ...profileListing({ id: row.id, ...position }), json: pageEntryJson };
    const [links, { items, meta }] = await Promise.all([
      readLinks(this.db, 'workspace', row.id),
      this.lists.items(context, listing),
    ]);
    return written(bodyOf({ ...toWorkspace(row), links: toLinks(links) }, items, meta));
  }

  async feed(context: Context, slug: string): Promise<FeedPage> {
    const row = await this.readable.getBySlug(context, slug);
    const listing = { ...profileListing({ id: row.id, limit: feedLength }), json: feedEntryJson };
    const { items, meta } = await this.lists.items(context, listing);
    return written(bodyOf(toWorkspace(row), items, meta));
  }
}

const bodyOf = (workspace: object, items: string, meta: object): string =>
  `{"workspace":${JSON.stringify(workspace)},"entries":{"data":[${items}],"meta":${JSON.stringify(meta)}}}`;
