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
import { Serves } from '@erato/platform/transport/serves';
import { Lists } from '../access/lists.js';
import { CreateWorkspaces } from './create-workspace.js';
import { DeleteWorkspaces } from './delete-workspace.js';
import { SingleWorkspaces } from './single-workspace.js';
import { UpdateWorkspaces } from './update-workspace.js';
import { workspaceListing } from './workspace-list.js';

@Serves(workspaces)
export class WorkspaceHandlers implements Handlers<typeof workspaces> {
  constructor(
    private readonly single: SingleWorkspaces,
    private readonly lists: Lists,
    private readonly creation: CreateWorkspaces,
    private readonly updates: UpdateWorkspaces,
    private readonly deletion: DeleteWorkspaces,
  ) {}

  list(input: ListWorkspaces, context: Context): Promise<Page<Workspace>> {
    return this.lists.read(context, workspaceListing(input));
  }

  get({ id, include }: GetWorkspace, context: Context): Promise<Workspace> {
    return this.single.get(context, id, include);
  }

  getBySlug({ slug, include }: GetWorkspaceBySlug, context: Context): Promise<Workspace> {
    return this.single.getBySlug(context, slug, include);
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
}
