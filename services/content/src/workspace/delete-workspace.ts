import { Injectable } from '@nestjs/common';
import { workspaceInUse, type DeleteWorkspace } from '@erato/contracts/content/workspace';
import type { Context } from '@erato/contracts/kit/context';
import type { Tx } from '@erato/platform/database/tx';
import { Policy } from '@erato/policy/client/policy';
import { resourceTarget } from '../access/targets.js';
import { removeResources } from '../resource/delete-resource.js';
import type { ResourceRow } from '../resource/resource-view.js';
import {
  authoredAfter,
  authoredBy,
  removeWorkspace,
  withdrawAuthor,
  type Authored,
} from './remove-workspace.js';
import { WorkspaceWrites } from './workspace-writes.js';

/** So many resources go in one transaction; a workspace with fewer goes in one with all of them. */
const batch = 500;

/**
 * Deletes a workspace. Resources of which it is the only author go with it where `cascade` says so, from others it is
 * withdrawn; nothing is written that the caller may not delete or update himself (content.md, Rules). Whether all of it may be
 * done is asked before the first batch, and of each batch again; one that was broken off goes on when it is asked for again.
 */
@Injectable()
export class DeleteWorkspaces {
  constructor(
    private readonly writes: WorkspaceWrites,
    private readonly policy: Policy,
  ) {}

  async run(context: Context, { id, cascade = false }: DeleteWorkspace): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      const isGone = await this.writes.change(context, id, 'delete', async (tx, workspace) => {
        const resources = await authoredBy(tx, workspace.id, batch + 1);
        const isLast = resources.length <= batch;
        if (!isLast && isFirst) await this.#requireWhole(context, tx, workspace.id, cascade);
        await this.#take(context, tx, workspace.id, resources.slice(0, batch), cascade);
        if (isLast) await removeWorkspace(tx, workspace);
        return isLast;
      });
      if (isGone) return;
    }
  }

  async #requireWhole(context: Context, tx: Tx, id: string, cascade: boolean): Promise<void> {
    let after: string | null = null;
    for (;;) {
      const rows: Authored[] = await authoredAfter(tx, id, after, batch);
      await this.#require(context, rows, cascade);
      const last = rows.at(-1);
      if (!last || rows.length < batch) return;
      after = last.id;
    }
  }

  async #take(
    context: Context,
    tx: Tx,
    id: string,
    resources: readonly Authored[],
    cascade: boolean,
  ): Promise<void> {
    const { orphans, others } = await this.#require(context, resources, cascade);
    await removeResources(tx, orphans);
    await withdrawAuthor(tx, id, others);
  }

  /** Parts them into those that would be left without an author and the others, where all of it may be done. */
  async #require(context: Context, resources: readonly Authored[], cascade: boolean) {
    const orphans = resources.filter(({ isOnly }) => isOnly);
    if (orphans.length > 0 && !cascade)
      throw workspaceInUse({ detail: 'It is the only author of resources.' });
    const others = resources.filter(({ isOnly }) => !isOnly);
    await this.#requireAll(context, 'delete', orphans);
    await this.#requireAll(context, 'update', others);
    return { orphans, others };
  }

  async #requireAll(
    context: Context,
    action: 'update' | 'delete',
    rows: readonly ResourceRow[],
  ): Promise<void> {
    const targets = rows.map((row) => resourceTarget(row));
    const allowed = await this.policy.allows(context, action, targets);
    if (!allowed.every(Boolean)) {
      throw workspaceInUse({ detail: `It is an author of resources that you may not ${action}.` });
    }
  }
}
