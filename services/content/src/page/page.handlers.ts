import {
  pages,
  type CreditedWorkspace,
  type ResourcePage,
  type ResourcePageOf,
  type WorkspacePage,
  type WorkspacePageOf,
} from '@erato/contracts/content/page';
import type { Handlers } from '@erato/contracts/kit/call';
import { guest, type Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { Serves } from '@erato/platform/transport/serves';
import { written } from '@erato/platform/transport/server';
import { Policy } from '@erato/policy/client/policy';
import { Lists } from '../access/lists.js';
import { workspaceTarget } from '../access/targets.js';
import { readLinks, toLinks } from '../link/link-view.js';
import { profileListing } from '../resource/resource-list.js';
import { SingleResources } from '../resource/single-resource.js';
import { ReadableWorkspaces } from '../workspace/readable-workspaces.js';
import { toWorkspace, type WorkspaceRow } from '../workspace/workspace-view.js';
import { WorkspaceReads } from '../workspace/workspace.reads.js';

/** What public pages show: everything of one page in one message, as a guest may see it. */
@Serves(pages)
export class PageHandlers implements Handlers<typeof pages> {
  constructor(
    private readonly resources: SingleResources,
    private readonly readable: ReadableWorkspaces,
    private readonly reads: WorkspaceReads,
    private readonly policy: Policy,
    private readonly lists: Lists,
    private readonly db: Db,
  ) {}

  async resource({ shortId }: ResourcePageOf, context: Context): Promise<ResourcePage> {
    const as = { ...context, caller: guest };
    const resource = await this.resources.getByShortId(as, shortId, ['authors', 'links']);
    const credited = (resource.authors ?? []).filter(({ authorType }) => authorType === 'workspace');
    const found = [...(await this.reads.findAll(credited.map(({ authorId }) => authorId))).values()];
    const open = await this.policy.allows(as, 'read', found.map(workspaceTarget));
    return { resource, workspaces: found.filter((_, at) => open[at]).map(toCredited) };
  }

  async workspace({ slug, ...page }: WorkspacePageOf, context: Context): Promise<WorkspacePage> {
    const as = { ...context, caller: guest };
    const row = await this.readable.getBySlug(as, slug);
    const [links, { items, meta }] = await Promise.all([
      readLinks(this.db, 'workspace', row.id),
      this.lists.items(as, profileListing({ id: row.id, ...page })),
    ]);
    const workspace = JSON.stringify({ ...toWorkspace(row), links: toLinks(links) });
    return written(`{"workspace":${workspace},"resources":[${items}],"after":${JSON.stringify(meta.after)}}`);
  }
}

const toCredited = ({ id, slug, name, avatarUrl }: WorkspaceRow): CreditedWorkspace => ({
  id,
  slug,
  name,
  avatarUrl,
});
