import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import {
  resources,
  type CreateResource,
  type GetResource,
  type GetResourceByShortId,
  type ListProfile,
  type ListResources,
  type Resource,
  type ResourceId,
  type ResourceSummary,
  type UpdateResource,
} from '@erato/contracts/content/resource';
import { Serves } from '@erato/platform/transport/serves';
import { Lists } from '../access/lists.js';
import { ReadableWorkspaces } from '../workspace/readable-workspaces.js';
import { CreateResources } from './create-resource.js';
import { DeleteResources } from './delete-resource.js';
import { profileListing, resourceListing } from './resource-list.js';
import { SingleResources } from './single-resource.js';
import { UpdateResources } from './update-resource.js';

@Serves(resources)
export class ResourceHandlers implements Handlers<typeof resources> {
  constructor(
    private readonly single: SingleResources,
    private readonly lists: Lists,
    private readonly workspaces: ReadableWorkspaces,
    private readonly creation: CreateResources,
    private readonly updates: UpdateResources,
    private readonly deletion: DeleteResources,
  ) {}

  list(input: ListResources, context: Context): Promise<Page<ResourceSummary>> {
    return this.lists.read(context, resourceListing(input));
  }

  async profile(input: ListProfile, context: Context): Promise<Page<ResourceSummary>> {
    await this.workspaces.get(context, input.id);
    return this.lists.read(context, profileListing(input));
  }

  get({ id, include }: GetResource, context: Context): Promise<Resource> {
    return this.single.answer(context, id, include);
  }

  getByShortId({ shortId, include }: GetResourceByShortId, context: Context): Promise<Resource> {
    return this.single.answerByShortId(context, shortId, include);
  }

  create(input: CreateResource, context: Context): Promise<Resource> {
    return this.creation.run(context, input);
  }

  update(input: UpdateResource, context: Context): Promise<Resource> {
    return this.updates.run(context, input);
  }

  delete(input: ResourceId, context: Context): Promise<void> {
    return this.deletion.run(context, input);
  }
}
