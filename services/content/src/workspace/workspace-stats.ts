import { Injectable } from '@nestjs/common';
import type { TypeCount, WorkspaceStats } from '@erato/contracts/content/workspace';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Policy } from '@erato/policy/client/policy';
import { mayRead } from '../access/may-read.js';
import { Parameters } from '../access/parameters.js';
import { workspaceTarget } from '../access/targets.js';
import { Viewers } from '../access/viewers.js';
import { totalClicks } from '../click/click-totals.js';
import type { WorkspaceRow } from './workspace-view.js';

/** Numbers of a workspace: of what its profile shows the caller, and for who may update it how often its links were followed. */
@Injectable()
export class WorkspaceStatistics {
  constructor(
    private readonly db: Db,
    private readonly policy: Policy,
    private readonly viewers: Viewers,
  ) {}

  async of(context: Context, workspace: WorkspaceRow): Promise<WorkspaceStats> {
    const [resources, { allowed }] = await Promise.all([
      this.#counts(context, workspace.id),
      this.policy.decide(context, 'update', workspaceTarget(workspace)),
    ]);
    return { resources, clicks: allowed ? await totalClicks(this.db, 'workspace', workspace.id) : null };
  }

  async #counts(context: Context, id: string): Promise<TypeCount[]> {
    const into = new Parameters();
    const author = into.add(id, 'text');
    const may = mayRead('resource', await this.viewers.of(context), into);
    const counts = statement(`
      SELECT r.type, count(*)::integer AS count FROM resource_authors a JOIN resources r ON r.id = a.resource_id
      WHERE a.author_id = ${author} AND a.author_type = 'workspace' AND a.listed_at IS NOT NULL AND ${may}
      GROUP BY r.type ORDER BY r.type`);
    return this.db.rows<TypeCount>(counts, into.values);
  }
}
