import { Injectable } from '@nestjs/common';
import { workspaceInUse, type DeleteWorkspace } from '@erato/contracts/content/workspace';
import type { Context } from '@erato/contracts/kit/context';
import { Policy } from '@erato/policy/client/policy';
import { resourceTarget } from '../access/targets.js';
import { removeResources } from '../resource/delete-resource.js';
import type { ResourceRow } from '../resource/resource-view.js';
import { authoredBy, removeWorkspace, withdrawAuthor } from './remove-workspace.js';
import { WorkspaceWrites } from './workspace-writes.js';

/** So many resources are taken along at most; more are to be deleted before. */
const most = 5_000;

/**
 * Deletes a workspace. Resources of which it is the only author go with it where `cascade` says so, from others it is
 * withdrawn; nothing is written that the caller may not delete or update himself (content.md, Rules).
 */
@Injectable()
export class DeleteWorkspaces {
  constructor(
    private readonly writes: WorkspaceWrites,
    private readonly policy: Policy,
  ) {}

  run(context: Context, { id, cascade = false }: DeleteWorkspace): Promise<void> {
    return this.writes.change(context, id, 'delete', async (tx, workspace) => {
      const resources = await authoredBy(tx, workspace.id, most + 1);
      if (resources.length > most) throw workspaceInUse({ detail: 'It has too many resources.' });
      const orphans = resources.filter(({ isOnly }) => isOnly);
      if (orphans.length > 0 && !cascade) {
        throw workspaceInUse({ detail: `It is the only author of ${orphans.length} resources.` });
      }
      const others = resources.filter(({ isOnly }) => !isOnly);
      await this.#requireAll(context, 'delete', orphans);
      await this.#requireAll(context, 'update', others);
      await removeResources(tx, orphans);
      await withdrawAuthor(tx, workspace.id, others);
      await removeWorkspace(tx, workspace);
    });
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
