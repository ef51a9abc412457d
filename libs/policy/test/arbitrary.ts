import fc from 'fast-check';
import type { ActionRow } from '../src/actions.js';
import type {
  Assignment,
  Caller,
  Ceiling,
  Grants,
  Path,
  PathElement,
  PermissionRow,
  SubjectFacts,
} from '../src/facts.js';
import type { World } from './world.js';

/** The moment of every generated decision; rows end before, at, or after it. */
export const now = 1_000_000;

/** Actions beside the built-in ones: one on its own, one that implies, one through another, and a circle. */
export const customActions: readonly ActionRow[] = [
  { slug: 'feature', implies: [] },
  { slug: 'moderate', implies: ['update'] },
  { slug: 'curate', implies: ['moderate', 'feature'] },
  { slug: 'rule', implies: ['serve'] },
  { slug: 'serve', implies: ['rule', 'write'] },
];

const builtIn = ['create', 'read', 'update', 'delete', 'publish', 'write', 'manage', 'admin'];
export const anyAction = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('read', 'update', 'write') },
  { weight: 3, arbitrary: fc.constantFrom(...builtIn) },
  { weight: 1, arbitrary: fc.constantFrom(...customActions.map((row) => row.slug)) },
);
const rowAction = fc.oneof(
  { weight: 20, arbitrary: anyAction },
  { weight: 1, arbitrary: fc.constant('gone') },
);
const expiresAt = fc.constantFrom(null, null, null, now + 1, now, now - 1);
const types = ['resource', 'workspace', 'organization'];
const actionList = fc.uniqueArray(rowAction, { maxLength: 2 });

/** Grants of a role over the types that the generated paths hold, sometimes none of them. */
const grants: fc.Arbitrary<Grants> = fc.dictionary(fc.constantFrom(...types, 'asset'), actionList, {
  maxKeys: 3,
});

const user = fc.constantFrom('u1', 'u1', 'u2');
const team = fc.constantFrom('t1', 't2', 't3');
const organization = fc.constantFrom('o1', 'o2');
const holder = fc.oneof(
  fc.record({ subjectType: fc.constant('user' as const), subjectId: user }),
  fc.record({ subjectType: fc.constant('team' as const), subjectId: team }),
  fc.record({ subjectType: fc.constant('organization' as const), subjectId: organization }),
);
const addressee = fc.oneof(
  { weight: 3, arbitrary: holder },
  {
    weight: 2,
    arbitrary: fc.record({
      subjectType: fc.constant('static' as const),
      subjectId: fc.constantFrom('subscriber', 'follower', 'authenticated', 'guest'),
    }),
  },
);

const permission: fc.Arbitrary<Omit<PermissionRow, 'id'>> = fc
  .record({
    action: rowAction,
    value: fc.constantFrom(
      'allow' as const,
      'allow' as const,
      'deny' as const,
      'deny' as const,
      'unset' as const,
    ),
    expiresAt,
  })
  .chain((said) => addressee.map((to) => ({ ...to, ...said })));

const assignment: fc.Arbitrary<Omit<Assignment, 'id'>> = fc
  .record({
    roleId: fc.constantFrom('role1', 'role2'),
    roleSlug: fc.constantFrom('editor', 'viewer'),
    grants,
    isOwner: fc.oneof(
      { weight: 9, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    expiresAt,
  })
  .chain((said) => holder.map((to) => ({ ...to, ...said })));

const owner: fc.Arbitrary<Pick<PathElement, 'ownerType' | 'ownerId' | 'ownerCounts'>> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.constant({ ownerType: 'user' as const, ownerId: 'u2' }) },
  { weight: 1, arbitrary: fc.constant({ ownerType: 'user' as const, ownerId: 'u1' }) },
  { weight: 1, arbitrary: fc.constant({ ownerType: 'user' as const, ownerId: 'u1', ownerCounts: false }) },
  { weight: 1, arbitrary: fc.constant({ ownerType: 'organization' as const, ownerId: 'o1' }) },
);

/** From one to three distances, with one or two workspaces side by side. */
const path: fc.Arbitrary<Path> = fc
  .record({
    object: fc.boolean(),
    workspaces: fc.constantFrom(['w1'], ['w1'], ['w1', 'w2'], []),
    organization: fc.constantFrom('o1', 'o1', 'o2', null),
    owners: fc.tuple(owner, owner, owner),
  })
  .map((shape): Path => {
    const { object, workspaces, organization: root, owners } = shape;
    const groups: PathElement[][] = [];
    if (object || workspaces.length !== 1) groups.push([{ type: 'resource', id: 'r1', ...owners[0] }]);
    if (workspaces.length > 0) {
      groups.push(
        workspaces.map((id, at) => ({ type: 'workspace', id, ...(at === 0 ? owners[1] : owners[2]) })),
      );
    }
    if (root !== null) groups.push([{ type: 'organization', id: root }]);
    return groups;
  });

const principals: fc.Arbitrary<SubjectFacts> = fc.record({
  revision: fc.constant(1),
  owner: fc.constantFrom(
    { type: 'user' as const, id: 'u1' },
    { type: 'user' as const, id: 'u2' },
    { type: 'organization' as const, id: 'o1' },
    null,
  ),
  teams: fc.uniqueArray(team, { maxLength: 3 }),
  organizations: fc.uniqueArray(
    fc.record({
      id: organization,
      roleSlug: fc.constantFrom('member', 'viewer'),
      grants: fc.oneof({ weight: 3, arbitrary: grants }, { weight: 1, arbitrary: fc.constant(null) }),
      isAdmin: fc.oneof(
        { weight: 7, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
    }),
    { maxLength: 2, selector: (one) => one.id },
  ),
  audiences: fc.uniqueArray(
    fc.record({
      audience: fc.constantFrom('follower' as const, 'subscriber' as const),
      workspaceId: fc.constantFrom('w1', 'w2', 'w3'),
    }),
    { maxLength: 3, selector: (one) => `${one.audience}:${one.workspaceId}` },
  ),
});

const ceiling: fc.Arbitrary<Ceiling> = fc.dictionary(
  fc.constantFrom(...types, 'asset'),
  fc.oneof(
    fc.record({ actions: actionList }),
    fc.record({
      actions: actionList,
      ids: fc.uniqueArray(fc.constantFrom('r1', 'w1', 'w2', 'o1'), { maxLength: 2 }),
    }),
  ),
  { maxKeys: 3 },
);

const who = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ subjectType: 'user' as const, subjectId: 'u1' }) },
  { weight: 1, arbitrary: fc.constant({ subjectType: 'team' as const, subjectId: 't1' }) },
  { weight: 1, arbitrary: fc.constant({ subjectType: 'organization' as const, subjectId: 'o1' }) },
  { weight: 1, arbitrary: fc.constant({ subjectType: 'workspace' as const, subjectId: 'w1' }) },
  { weight: 1, arbitrary: fc.constant({ subjectType: 'harbor' as const, subjectId: 'h1' }) },
  { weight: 2, arbitrary: fc.constant({ subjectType: 'guest' as const, subjectId: 'guest' }) },
);

const caller: fc.Arbitrary<Caller> = fc
  .record({
    who,
    scopes: fc.oneof(
      { weight: 12, arbitrary: fc.constant(['resources:write']) },
      { weight: 1, arbitrary: fc.constantFrom([], ['resources:read'], ['resources:read', 'admin']) },
    ),
    ceiling: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: ceiling }),
  })
  .map(({ who: subject, scopes, ceiling: limit }) => ({
    ...subject,
    scopes,
    ...(limit !== undefined && { ceiling: limit }),
  }));

/** Rows of one object, unique as the table's keys are. */
function rowsOn(key: string): fc.Arbitrary<World['rows'][string]> {
  return fc.record({
    permissions: fc
      .uniqueArray(permission, {
        maxLength: 5,
        selector: (row) => `${row.subjectType}:${row.subjectId}:${row.action}`,
      })
      .map((rows) => rows.map((row, at) => ({ id: `${key}/p${at}`, ...row }))),
    assignments: fc
      .uniqueArray(assignment, {
        maxLength: 2,
        selector: (row) => `${row.roleId}:${row.subjectType}:${row.subjectId}`,
      })
      .map((rows) => rows.map((row, at) => ({ id: `${key}/a${at}`, ...row }))),
  });
}

/** Worlds small enough that rows meet: few subjects, few objects, many rows about the same things. */
export const anyWorld: fc.Arbitrary<World> = fc.record(
  {
    caller,
    principals,
    action: anyAction,
    path,
    rows: fc.record({
      'resource:r1': rowsOn('r1'),
      'workspace:w1': rowsOn('w1'),
      'workspace:w2': rowsOn('w2'),
      'organization:o1': rowsOn('o1'),
      'organization:o2': rowsOn('o2'),
    }),
    actions: fc.constant(customActions),
    everyone: fc.constantFrom([], [], ['read'], ['read', 'update'], ['write']),
    authors: fc.constantFrom([], [], ['u1'], ['u2', 'u1']),
    now: fc.constant(now),
    scope: fc.constantFrom('resources:read', 'resources:write'),
  },
  { requiredKeys: ['caller', 'principals', 'action', 'path', 'rows', 'actions', 'everyone', 'now'] },
);

/** Worlds in which neither rule 1 nor rule 2 answers, so that what follows is what is tested. */
export const openWorld: fc.Arbitrary<World> = anyWorld.map(({ scope: _, ...world }) => {
  const { subjectType, subjectId } = world.caller;
  return { ...world, caller: { subjectType, subjectId, scopes: [] } };
});
