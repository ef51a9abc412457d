import { Injectable } from '@nestjs/common';
import { workspaceUpdated } from '@erato/contracts/content/events';
import { slugTaken, type UpdateWorkspace, type Workspace } from '@erato/contracts/content/workspace';
import type { Context } from '@erato/contracts/kit/context';
import { translating } from '@erato/platform/database/sql-fault';
import { mergePart } from '@erato/platform/patch/merge-patch';
import { Visibilities } from '../access/visibility.js';
import { requireHttpsUrls } from '../link/https-url.js';
import { requireFreeName } from './create-workspace.js';
import { sortKey, WorkspaceEntity } from './workspace.entity.js';
import { WorkspaceWrites } from './workspace-writes.js';
import { toWorkspace, workspaceFact, type WorkspaceRow } from './workspace-view.js';

/** Changes fields of a workspace by a merge patch; the owner is not among them (content.md, Routes). */
@Injectable()
export class UpdateWorkspaces {
  constructor(
    private readonly writes: WorkspaceWrites,
    private readonly visibilities: Visibilities,
  ) {}

  async run(context: Context, { id, ...patch }: UpdateWorkspace): Promise<Workspace> {
    requireHttpsUrls({ avatarUrl: patch.avatarUrl, bannerUrl: patch.bannerUrl });
    requireFreeName(patch.slug);
    const written = await translating({ workspaces_slug_key: () => slugTaken() }, () =>
      this.writes.change(context, id, 'update', async (tx, row) => {
        if (Object.keys(patch).length === 0) return row;
        const next: WorkspaceRow = {
          ...row,
          ...patch,
          themeConfig:
            patch.themeConfig === undefined
              ? row.themeConfig
              : mergePart('themeConfig', row.themeConfig, patch.themeConfig),
          updatedAt: new Date(),
          version: row.version + 1,
          accessVersion: row.accessVersion + 1,
        };
        await tx.update(WorkspaceEntity, { id: row.id }, { ...next, nameKey: sortKey(next.name) });
        if (next.visibility !== row.visibility) await this.visibilities.changed(tx, row.id);
        tx.emit(workspaceUpdated, row.id, workspaceFact(next));
        return next;
      }),
    );
    return toWorkspace(written);
  }
}
