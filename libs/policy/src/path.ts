import type { Path, PathElement } from './facts.js';

/** An object with its owner, as the owning service keeps it. */
export interface Owned {
  id: string;
  ownerType: 'user' | 'organization';
  ownerId: string;
}

/** The path of a workspace: itself, its organization (authz.md). */
export function workspacePath(workspace: Owned): Path {
  return withOrganization([[owned('workspace', workspace)]], workspace);
}

/**
 * The path of a resource: the resource, its author workspaces side by side, the owning organization if there is
 * one (authz.md). Owners of the author workspaces do not count.
 */
export function resourcePath(resource: Owned, authorWorkspaceIds: readonly string[]): Path {
  const authors = authorWorkspaceIds.map((id) => ({ type: 'workspace', id, ownerCounts: false }));
  const path = [[owned('resource', resource)], authors].filter((group) => group.length > 0);
  return withOrganization(path, resource);
}

/** The path of a collection: itself, its owner workspace, that one's organization; a user's collection stands alone. */
export function collectionPath(id: string, owner: Owned | { userId: string }): Path {
  if ('userId' in owner) return [[{ type: 'collection', id, ownerType: 'user', ownerId: owner.userId }]];
  return [[{ type: 'collection', id }], ...workspacePath(owner)];
}

/**
 * The path of the studio's and the CMS's objects: the object and its parents, nearest first (with an owner where
 * they have one of their own), then the root, an artist space or harbor, then its organization (authz.md).
 */
export function nestedPath(inside: readonly PathElement[], rootType: string, root: Owned): Path {
  return withOrganization([...inside.map((element) => [element]), [owned(rootType, root)]], root);
}

function owned(type: string, { id, ownerType, ownerId }: Owned): PathElement {
  return { type, id, ownerType, ownerId };
}

function withOrganization(path: readonly (readonly PathElement[])[], owner: Owned): Path {
  if (owner.ownerType !== 'organization') return path;
  return [...path, [{ type: 'organization', id: owner.ownerId }]];
}
