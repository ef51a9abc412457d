import type { ObjectDescription, ObjectRef } from '@erato/contracts/authz/object-description';
import type { Target } from '@erato/policy/client/policy';
import { objectKey, type Path, type PathElement } from '@erato/policy/facts';
import { collectionPath, nestedPath, type Owned, resourcePath, workspacePath } from '@erato/policy/path';

/** Elements between an object and its root at most; a circle of parents ends here. */
const maxDepth = 12;

export type Lookup = (ref: ObjectRef) => ObjectDescription | undefined;

/** The parents that must be known before an object's path is: those of a resource or workspace are only named. */
export function parentsToKnow({ type, parents }: ObjectDescription): ObjectRef[] {
  if (['organization', 'workspace', 'resource'].includes(type)) return [];
  return parents.filter(isElement);
}

/** What a decision about the object needs beside rows; null where it or one of its parents is not known. */
export function targetOf(ref: ObjectRef, lookup: Lookup): Target | null {
  const object = lookup(ref);
  if (!object) return null;
  const path = pathOf(object, lookup);
  const authors = object.parents.filter(({ type }) => type === 'user').map(({ id }) => id);
  return path && { path, everyone: object.everyone, authors, readAs: object.readAs };
}

/** The path as authz.md states it for each type. */
function pathOf(object: ObjectDescription, lookup: Lookup): Path | null {
  const own = ownedOf(object);
  if (object.type === 'organization' || !own) return ownerless(object, lookup);
  if (object.type === 'workspace') return workspacePath(own);
  if (object.type === 'resource') {
    const authors = object.parents.filter(({ type }) => type === 'workspace');
    return resourcePath(
      own,
      authors.map(({ id }) => id),
    );
  }
  if (object.type === 'collection') {
    const workspace = object.parents.find(({ type }) => type === 'workspace');
    if (!workspace) return collectionPath(object.id, { userId: own.ownerId });
    const owner = lookup(workspace);
    const owned = owner && ownedOf(owner);
    return owned ? collectionPath(object.id, owned) : null;
  }
  return ownerless(object, lookup);
}

/** Through the parents to the root, whose owner's organization comes last. */
function ownerless(object: ObjectDescription, lookup: Lookup): Path | null {
  const inside: PathElement[] = [];
  let at = object;
  for (let depth = 0; depth < maxDepth; depth++) {
    const parent = at.parents.find(isElement);
    if (!parent) {
      const root = ownedOf(at);
      if (root) return nestedPath(inside, at.type, root);
      return [...inside.map((element) => [element]), [{ type: at.type, id: at.id }]];
    }
    inside.push({ type: at.type, id: at.id, ...ownerOf(at) });
    const next = lookup(parent);
    if (!next || objectKey(next) === objectKey(at)) return null;
    at = next;
  }
  return null;
}

/** A parent that has parents of its own: neither an organization nor an author. */
const isElement = ({ type }: ObjectRef): boolean => type !== 'organization' && type !== 'user';

function ownerOf({ ownerType, ownerId }: ObjectDescription): Partial<Pick<Owned, 'ownerType' | 'ownerId'>> {
  return ownerType && ownerId ? { ownerType, ownerId } : {};
}

function ownedOf({ id, ownerType, ownerId }: ObjectDescription): Owned | null {
  return ownerType && ownerId ? { id, ownerType, ownerId } : null;
}
