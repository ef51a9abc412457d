import { contentObjects, type DescribeObjects } from '@erato/contracts/authz/describe';
import type { ObjectDescription } from '@erato/contracts/authz/object-description';
import type { Handlers } from '@erato/contracts/kit/call';
import { Serves } from '@erato/platform/transport/serves';
import { describeResource, describeWorkspace } from '../access/targets.js';
import { ResourceReads } from '../resource/resource.reads.js';
import { WorkspaceReads } from '../workspace/workspace.reads.js';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Answers authz what workspaces and resources are, where it has not heard of them. */
@Serves(contentObjects)
export class ObjectHandlers implements Handlers<typeof contentObjects> {
  constructor(
    private readonly workspaces: WorkspaceReads,
    private readonly resources: ResourceReads,
  ) {}

  async describe({ objects }: DescribeObjects): Promise<readonly ObjectDescription[]> {
    const found = await Promise.all(
      objects.map(async ({ type, id }) => {
        if (!uuid.test(id)) return null;
        if (type === 'workspace') {
          const workspace = await this.workspaces.find(id);
          return workspace && describeWorkspace(workspace);
        }
        const resource = type === 'resource' ? await this.resources.find(id) : null;
        return resource && describeResource(resource);
      }),
    );
    return found.filter((each) => each !== null);
  }
}
