import type { ObjectDescription } from '@erato/contracts/authz/object-description';
import type { Caller, Path, PathElement, SubjectFacts } from '@erato/policy/facts';
import { systemRoles } from '@erato/policy/system-roles';
import type { World as Question } from '../../../libs/policy/test/world.js';
import { type AccessWorld, organizationOf } from './access-world.js';

/** The path of an object, told again from authz.md and the descriptions. */
function pathOf(world: AccessWorld, object: ObjectDescription): Path {
  const element = ({ type, id, ownerType, ownerId }: ObjectDescription): PathElement => ({
    type,
    id,
    ...(ownerType && ownerId && { ownerType, ownerId }),
  });
  const organization = ({ ownerType, ownerId }: ObjectDescription): PathElement[][] =>
    ownerType === 'organization' && ownerId ? [[{ type: 'organization', id: ownerId }]] : [];
  if (object.type === 'organization') return [[element(object)]];
  if (object.type === 'resource') {
    const authors = object.parents
      .filter(({ type }) => type === 'workspace')
      .map(({ type, id }) => ({ type, id, ownerCounts: false }));
    return [[element(object)], ...(authors.length > 0 ? [authors] : []), ...organization(object)];
  }
  const above = object.parents.find(({ type }) => type !== 'organization');
  const found = world.objects.find(({ type, id }) => type === above?.type && id === above.id);
  if (!found) return [[element(object)], ...organization(object)];
  const own = object.type === 'collection' ? { type: object.type, id: object.id } : element(object);
  return [[own], ...pathOf(world, found)];
}

/** What is known of who asks. */
function principalsOf(world: AccessWorld, { subjectType, subjectId }: Caller): SubjectFacts {
  const nothing = { revision: 1, teams: [], organizations: [], audiences: [] };
  if (subjectType === 'team') {
    const id = organizationOf(subjectId);
    return { ...nothing, organizations: [{ id, roleSlug: '', grants: null, isAdmin: false }] };
  }
  const user = subjectType === 'user' && world.users.find(({ id }) => id === subjectId);
  const workspace = world.objects.find(
    ({ type, id }) => subjectType === 'workspace' && type === subjectType && id === subjectId,
  );
  const owned =
    workspace?.ownerType && workspace.ownerId ? { type: workspace.ownerType, id: workspace.ownerId } : null;
  if (!user) return { ...nothing, owner: owned };
  const grantsOf = (roleSlug: string) =>
    systemRoles.find((role) => role.scopeType === 'organization' && role.slug === roleSlug)?.grants ??
    world.roles.find((role) => role.slug === roleSlug)?.grants ??
    null;
  return {
    revision: 1,
    teams: user.teams,
    organizations: user.organizations.map(({ id, roleSlug }) => ({
      ...{ id, roleSlug, isAdmin: roleSlug === 'admin' },
      grants: roleSlug === 'custom0' && id !== 'o1' ? null : grantsOf(roleSlug),
    })),
    audiences: user.audiences,
  };
}

/** A question about the world, as the reference of libs/policy takes it. */
export function questionOf(
  world: AccessWorld,
  caller: Caller,
  action: string,
  object: ObjectDescription,
  principals = principalsOf(world, caller),
): Question {
  const rows: Record<
    string,
    {
      permissions: Question['rows'][string]['permissions'][number][];
      assignments: Question['rows'][string]['assignments'][number][];
    }
  > = {};
  const on = (type: string, id: string) => (rows[`${type}:${id}`] ??= { permissions: [], assignments: [] });
  for (const [at, { objectType, objectId, ...row }] of world.permissions.entries()) {
    on(objectType, objectId).permissions.push({ id: `p${at}`, ...row });
  }
  for (const [at, { objectType, objectId, role, ...held }] of world.assignments.entries()) {
    const { id: roleId = '', slug: roleSlug = '', grants = {} } = world.roles[role] ?? {};
    on(objectType, objectId).assignments.push({ id: `a${at}`, roleId, roleSlug, grants, ...held });
  }
  return {
    caller,
    principals,
    action: action === 'read' ? object.readAs : action,
    path: pathOf(world, object),
    rows,
    actions: [],
    everyone: object.everyone,
    authors: object.parents.filter(({ type }) => type === 'user').map(({ id }) => id),
    now: 0,
  };
}
