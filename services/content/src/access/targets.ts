import type { ObjectDescription } from '@erato/contracts/authz/object-description';
import type { OwnerType, Visibility } from '@erato/contracts/content/workspace';
import type { Target } from '@erato/policy/client/policy';
import { resourcePath, workspacePath } from '@erato/policy/path';

/** What decisions about a workspace need of its row. */
export interface WorkspaceAccess {
  readonly id: string;
  readonly ownerType: OwnerType;
  readonly ownerId: string;
  readonly visibility: Visibility;
}

/** What decisions about a resource need of its row: its access path. */
export interface ResourceAccess {
  readonly id: string;
  readonly ownerType: OwnerType;
  readonly ownerId: string;
  readonly authorWorkspaces: readonly string[];
  readonly authorUsers: readonly string[];
  readonly open: boolean;
  /** Null before it is published; what else it is does not matter here. */
  readonly publishedAt: Date | string | null;
}

export const workspaceTarget = (workspace: WorkspaceAccess): Target => ({
  path: workspacePath(workspace),
  everyone: everyoneMay(workspace.visibility === 'public'),
});

export const resourceTarget = (resource: ResourceAccess): Target => ({
  path: resourcePath(resource, resource.authorWorkspaces),
  everyone: everyoneMay(resource.open),
  authors: resource.authorUsers,
  readAs: readAs(resource),
});

/** The columns of {@link ResourceAccess}, of the row `r`. */
export const accessColumns = `r.id, r.owner_type AS "ownerType", r.owner_id AS "ownerId",
  r.author_workspaces::text[] AS "authorWorkspaces", r.author_users AS "authorUsers", r.open,
  r.published_at AS "publishedAt"`;

/** The target of `create` on an organization. */
export const organizationTarget = (id: string): Target => ({
  path: [[{ type: 'organization', id }]],
  everyone: [],
});

const everyoneMay = (open: boolean): string[] => (open ? ['read'] : []);

/** Before it is published a resource is a draft, whose `read` is decided as `update`. */
const readAs = ({ publishedAt }: ResourceAccess): 'read' | 'update' =>
  publishedAt === null ? 'update' : 'read';

export const describeWorkspace = (
  workspace: WorkspaceAccess & { readonly accessVersion: number },
): ObjectDescription => ({
  type: 'workspace',
  id: workspace.id,
  parents: workspace.ownerType === 'organization' ? [{ type: 'organization', id: workspace.ownerId }] : [],
  ownerType: workspace.ownerType,
  ownerId: workspace.ownerId,
  everyone: everyoneMay(workspace.visibility === 'public'),
  readAs: 'read',
  version: workspace.accessVersion,
});

/** Its parents are its authors; a user among them may read and update. */
export const describeResource = (
  resource: ResourceAccess & { readonly accessVersion: number },
): ObjectDescription => ({
  type: 'resource',
  id: resource.id,
  parents: [
    ...resource.authorWorkspaces.map((id) => ({ type: 'workspace', id })),
    ...resource.authorUsers.map((id) => ({ type: 'user', id })),
    ...(resource.ownerType === 'organization' ? [{ type: 'organization', id: resource.ownerId }] : []),
  ],
  ownerType: resource.ownerType,
  ownerId: resource.ownerId,
  everyone: everyoneMay(resource.open),
  readAs: readAs(resource),
  version: resource.accessVersion,
});
