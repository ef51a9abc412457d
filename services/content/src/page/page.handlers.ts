import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import {
  pages,
  type FeedOf,
  type FeedPage,
  type ResourcePage,
  type ResourcePageOf,
  type WorkspacePage,
  type WorkspacePageOf,
} from '@erato/contracts/content/page';
import { Serves } from '@erato/platform/transport/serves';
import { ResourcePages } from './resource-page.js';
import { WorkspacePages } from './workspace-page.js';

/** Calls that only the gateway makes, whose caller is therefore the guest: what he may not read is on no page. */
@Serves(pages)
export class PageHandlers implements Handlers<typeof pages> {
  constructor(
    private readonly workspaces: WorkspacePages,
    private readonly resources: ResourcePages,
  ) {}

  workspace(input: WorkspacePageOf, context: Context): Promise<WorkspacePage> {
    return this.workspaces.page(context, input);
  }

  feed({ slug }: FeedOf, context: Context): Promise<FeedPage> {
    return this.workspaces.feed(context, slug);
  }

  resource({ shortId }: ResourcePageOf, context: Context): Promise<ResourcePage> {
    return this.resources.page(context, shortId);
  }
}
