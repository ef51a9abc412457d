import { Injectable } from '@nestjs/common';
import type { Workspace, WorkspaceInclude } from '@erato/contracts/content/workspace';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { readLinks, toLinks } from '../link/link-view.js';
import { ReadableWorkspaces } from './readable-workspaces.js';
import { WorkspaceStatistics } from './workspace-stats.js';
import { toWorkspace, type WorkspaceRow } from './workspace-view.js';

/** One workspace as its routes show it, with what `include` asks for. */
@Injectable()
export class SingleWorkspaces {
  constructor(
    private readonly readable: ReadableWorkspaces,
    private readonly statistics: WorkspaceStatistics,
    private readonly db: Db,
  ) {}

  async get(context: Context, id: string, include?: readonly WorkspaceInclude[]): Promise<Workspace> {
    return this.#show(context, await this.readable.get(context, id), include);
  }

  async getBySlug(context: Context, slug: string, include?: readonly WorkspaceInclude[]): Promise<Workspace> {
    return this.#show(context, await this.readable.getBySlug(context, slug), include);
  }

  async #show(
    context: Context,
    row: WorkspaceRow,
    include: readonly WorkspaceInclude[] = [],
  ): Promise<Workspace> {
    const shown = toWorkspace(row);
    const [links, stats] = await Promise.all([
      include.includes('links') ? readLinks(this.db, 'workspace', row.id) : null,
      include.includes('stats') ? this.statistics.of(context, row) : null,
    ]);
    if (links) shown.links = toLinks(links);
    if (stats) shown.stats = stats;
    return shown;
  }
}
