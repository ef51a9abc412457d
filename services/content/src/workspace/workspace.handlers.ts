import {
  workspaces,
  type CreateWorkspace,
  type DeleteWorkspace,
  type GetWorkspace,
  type GetWorkspaceBySlug,
  type ListWorkspaces,
  type UpdateWorkspace,
  type Workspace,
} from '@erato/contracts/content/workspace';
import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { Serves } from '@erato/platform/transport/serves';
import { Lists } from '../access/lists.js';
import { readLinks, toLinks } from '../link/link-view.js';
import { CreateWorkspaces } from './create-workspace.js';
import { DeleteWorkspaces } from './delete-workspace.js';
import { ReadableWorkspaces } from './readable-workspaces.js';
import { UpdateWorkspaces } from './update-workspace.js';
import { workspaceListing } from './workspace-list.js';
import { toWorkspace, type WorkspaceRow } from './workspace-view.js';

@Serves(workspaces)
export class WorkspaceHandlers implements Handlers<typeof workspaces> {
  constructor(
    private readonly readable: ReadableWorkspaces,
    private readonly lists: Lists,
    private readonly creation: CreateWorkspaces,
    private readonly updates: UpdateWorkspaces,
    private readonly deletion: DeleteWorkspaces,
    private readonly db: Db,
  ) {}

  list(input: ListWorkspaces, context: Context): Promise<Page<Workspace>> {
    return this.lists.read(context, workspaceListing(input));
  }

  async get({ id, include }: GetWorkspace, context: Context): Promise<Workspace> {
    return this.#show(await this.readable.get(context, id), include);
  }

  async getBySlug({ slug, include }: GetWorkspaceBySlug, context: Context): Promise<Workspace> {
    return this.#show(await this.readable.getBySlug(context, slug), include);
  }

  create(input: CreateWorkspace, context: Context): Promise<Workspace> {
    return this.creation.run(context, input);
  }

  update(input: UpdateWorkspace, context: Context): Promise<Workspace> {
    return this.updates.run(context, input);
  }

  delete(input: DeleteWorkspace, context: Context): Promise<void> {
    return this.deletion.run(context, input);
  }

  async #show(row: WorkspaceRow, include: readonly 'links'[] = []): Promise<Workspace> {
    const shown = toWorkspace(row);
    if (include.includes('links')) shown.links = toLinks(await readLinks(this.db, 'workspace', row.id));
    return shown;
  }
}
