import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { workspaceCreated } from '@erato/contracts/content/events';
import { slugTaken, type CreateWorkspace, type Workspace } from '@erato/contracts/content/workspace';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { violates } from '@erato/platform/database/sql-fault';
import { workspacePath } from '@erato/policy/path';
import { flagWorkspaces } from '../access/flags.js';
import { requireHttpsUrls } from '../link/https-url.js';
import { Ownership } from '../resource/owner.js';
import { anotherSlug, reservedSlugs, slugOf } from './slug.js';
import { sortKey, WorkspaceEntity } from './workspace.entity.js';
import { toWorkspace, workspaceFact, type WorkspaceRow } from './workspace-view.js';

/** How often another slug is tried where the one made from the name is taken. */
const slugTries = 5;

/** Opens a workspace (content.md, Routes). */
@Injectable()
export class CreateWorkspaces {
  constructor(
    private readonly db: Db,
    private readonly ownership: Ownership,
  ) {}

  async run(context: Context, input: CreateWorkspace): Promise<Workspace> {
    const { avatarUrl = null, bannerUrl = null } = input;
    requireHttpsUrls({ avatarUrl, bannerUrl });
    requireFreeName(input.slug);
    const itself = this.ownership.itself(context, null);
    const owner = await this.ownership.resolve(context, input, { itself, otherwise: itself, authors: [] });
    const now = new Date();
    const row: WorkspaceRow = {
      id: uuidv7(),
      name: input.name,
      slug: input.slug ?? slugOf(input.name),
      description: input.description ?? null,
      kind: input.kind ?? 'artist',
      ...owner,
      avatarUrl,
      bannerUrl,
      themeConfig: input.themeConfig ?? null,
      visibility: input.visibility ?? 'public',
      createdAt: now,
      updatedAt: now,
      version: 1,
      accessVersion: 1,
    };
    await this.ownership.requireUnderCeiling(context, workspacePath(row));
    return toWorkspace(await this.#write(context, row, input.slug === undefined));
  }

  async #write(context: Context, first: WorkspaceRow, mayVary: boolean): Promise<WorkspaceRow> {
    for (let attempt = 1; ; attempt++) {
      const row = attempt === 1 ? first : { ...first, slug: anotherSlug(first.slug) };
      try {
        await this.db.transaction(context, async (tx) => {
          const flags = { staticRows: false, opened: false };
          await tx.insert(WorkspaceEntity, { ...row, ...flags, nameKey: sortKey(row.name) });
          if (row.ownerType === 'organization') await flagWorkspaces(tx, [row.id]);
          tx.emit(workspaceCreated, row.id, workspaceFact(row));
        });
        return row;
      } catch (error) {
        if (!violates(error, 'workspaces_slug_key')) throw error;
        if (!mayVary || attempt >= slugTries) throw slugTaken();
      }
    }
  }
}

/** A slug that the system needs for itself is none (content.md, Reserved slugs). */
export function requireFreeName(slug: string | undefined): void {
  if (slug === undefined) return;
  if (reservedSlugs.has(slug)) throw invalidField('slug', 'reserved', 'is reserved');
}
