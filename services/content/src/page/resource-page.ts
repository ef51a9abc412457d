import { Injectable } from '@nestjs/common';
import type { Author } from '@erato/contracts/content/author';
import type { PageAuthor, ResourcePage } from '@erato/contracts/content/page';
import type { Context } from '@erato/contracts/kit/context';
import { Policy } from '@erato/policy/client/policy';
import { workspaceTarget } from '../access/targets.js';
import { SingleResources } from '../resource/single-resource.js';
import { ReadableTracks } from '../track/readable-tracks.js';
import { toTrack } from '../track/track-view.js';
import { WorkspaceReads } from '../workspace/workspace.reads.js';

/** What a resource's public page shows. */
@Injectable()
export class ResourcePages {
  constructor(
    private readonly single: SingleResources,
    private readonly tracks: ReadableTracks,
    private readonly workspaces: WorkspaceReads,
    private readonly policy: Policy,
  ) {}

  async page(context: Context, shortId: string): Promise<ResourcePage> {
    const resource = await this.single.getByShortId(context, shortId, ['authors', 'links']);
    const [authors, tracks] = await Promise.all([
      this.#readable(context, resource.authors ?? []),
      resource.type === 'album' ? this.tracks.rows(context, resource.id) : [],
    ]);
    return {
      resource,
      authors,
      tracks: tracks.map((row) => ({ ...toTrack(row, row), shortId: row.shortId })),
    };
  }

  /** A resource may be open where one of its author workspaces is not: that one's name is nobody's business. */
  async #readable(context: Context, authors: readonly Author[]): Promise<PageAuthor[]> {
    const credited = authors.filter(({ authorType }) => authorType === 'workspace');
    const found = await this.workspaces.findAll(credited.map(({ authorId }) => authorId));
    const named = credited.flatMap(({ authorId, role }) => {
      const workspace = found.get(authorId);
      return workspace ? [{ role, workspace }] : [];
    });
    const targets = named.map(({ workspace }) => workspaceTarget(workspace));
    const allowed = await this.policy.allows(context, 'read', targets);
    return named
      .filter((_, at) => allowed[at])
      .map(({ role, workspace }) => {
        const { id, name, slug, kind, avatarUrl, themeConfig } = workspace;
        return { id, name, slug, kind, role, avatarUrl, themeConfig };
      });
  }
}
