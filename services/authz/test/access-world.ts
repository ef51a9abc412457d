import fc from 'fast-check';
import type { ObjectDescription } from '@erato/contracts/authz/object-description';
import { aDescription } from './world.js';

/** A small world: few subjects and objects of every shape, so that rows meet; written to the tables as they are. */
export interface AccessWorld {
  objects: readonly ObjectDescription[];
  permissions: readonly Row[];
  assignments: readonly Held[];
  roles: readonly Role[];
  users: readonly Member[];
}

interface Row {
  subjectType: 'user' | 'team' | 'organization' | 'static';
  subjectId: string;
  objectType: string;
  objectId: string;
  action: string;
  value: 'allow' | 'deny' | 'unset';
  expiresAt: number | null;
}

interface Held {
  role: number;
  subjectType: 'user' | 'team' | 'organization';
  subjectId: string;
  objectType: string;
  objectId: string;
  isOwner: boolean;
  expiresAt: number | null;
}

interface Role {
  id: string;
  slug: string;
  grants: Record<string, string[]>;
}

interface Member {
  id: string;
  teams: readonly string[];
  organizations: readonly { id: string; roleSlug: string }[];
  audiences: readonly { audience: 'follower' | 'subscriber'; workspaceId: string }[];
}

export const userIds = ['u1', 'u2', 'u3', 'u4'];
export const teamIds = ['t1', 't2'];
export const organizationIds = ['o1', 'o2'];
const workspaceIds = ['w1', 'w2', 'w3'];
const resourceIds = Array.from({ length: 8 }, (_, at) => `r${at}`);
export const listedTypes = [
  'organization',
  'workspace',
  'resource',
  'collection',
  'harbor',
  'blueprint',
  'content',
];
/** Of which organization a team is. */
export const organizationOf = (team: string): string => (team === 't1' ? 'o1' : 'o2');

const owner = fc.constantFrom(
  { user: 'u1' },
  { user: 'u2' },
  { user: 'u4' },
  { organization: 'o1' },
  { organization: 'o2' },
);
type Owner = { user: string } | { organization: string };
const home = (owned: Owner) =>
  'organization' in owned ? [{ type: 'organization', id: owned.organization }] : [];
const parent = (type: string) => (id: string) => ({ type, id });
const everyone = fc.constantFrom<string[][]>([], [], ['read']);

const workspace = (id: string) =>
  fc
    .tuple(owner, everyone)
    .map(([owned, open]) => aDescription('workspace', id, owned, { parents: home(owned), everyone: open }));
const resource = (id: string) =>
  fc
    .tuple(
      owner,
      everyone,
      fc.subarray(workspaceIds, { maxLength: 2 }),
      fc.subarray(['u1', 'u3']),
      fc.boolean(),
    )
    .map(([owned, open, authors, users, draft]) =>
      aDescription('resource', id, owned, {
        parents: [...authors.map(parent('workspace')), ...users.map(parent('user')), ...home(owned)],
        everyone: open,
        readAs: draft ? 'update' : 'read',
      }),
    );
const harbor = (id: string) =>
  owner.map((owned) => aDescription('harbor', id, owned, { parents: home(owned) }));
/** Something inside something, with an owner of its own or without. */
const inside = (type: string, id: string, above: fc.Arbitrary<{ type: string; id: string }>) =>
  fc
    .tuple(above, fc.option(fc.constantFrom('u1', 'u3'), { freq: 4 }))
    .map(([over, user]) => aDescription(type, id, user === null ? null : { user }, { parents: [over] }));
/** A workspace's collection has the workspace's owner; a user's own stands alone. */
const collection = (id: string, workspaces: readonly ObjectDescription[]) =>
  fc.oneof(
    fc.constantFrom('u1', 'u3').map((user) => aDescription('collection', id, { user })),
    fc.constantFrom(...workspaces).map((over) => ({
      ...aDescription('collection', id, null, { parents: [{ type: 'workspace', id: over.id }] }),
      ownerType: over.ownerType,
      ownerId: over.ownerId,
    })),
  );

const objects: fc.Arbitrary<ObjectDescription[]> = fc
  .tuple(...workspaceIds.map(workspace))
  .chain((workspaces) =>
    fc.tuple(
      fc.constant(workspaces),
      fc.tuple(...resourceIds.map(resource)),
      fc.tuple(...['h1', 'h2'].map(harbor)),
      fc.tuple(
        ...['b1', 'b2', 'b3'].map((id) =>
          inside('blueprint', id, fc.constantFrom('h1', 'h2').map(parent('harbor'))),
        ),
      ),
      fc.tuple(
        ...['x1', 'x2', 'x3', 'x4'].map((id) =>
          inside('content', id, fc.constantFrom('b1', 'b2', 'b3').map(parent('blueprint'))),
        ),
      ),
      fc.tuple(...['c1', 'c2', 'c3'].map((id) => collection(id, workspaces))),
    ),
  )
  .map((groups) => [
    ...organizationIds.map((id) => aDescription('organization', id, null)),
    ...groups.flat(),
  ]);

const anObject = fc.constantFrom(
  ...organizationIds.map(parent('organization')),
  ...workspaceIds.flatMap((id) => [parent('workspace')(id), parent('workspace')(id)]),
  ...resourceIds.map(parent('resource')),
  ...['c1', 'c2'].map(parent('collection')),
  ...['h1', 'h2'].map(parent('harbor')),
  ...['b1', 'b2'].map(parent('blueprint')),
  ...['x1', 'x2'].map(parent('content')),
);
const holder = fc.constantFrom(
  ...['u1', 'u1', 'u2', 'u3'].map((id) => ({ subjectType: 'user' as const, subjectId: id })),
  ...teamIds.map((id) => ({ subjectType: 'team' as const, subjectId: id })),
  ...organizationIds.map((id) => ({ subjectType: 'organization' as const, subjectId: id })),
);
const addressee = fc.oneof(
  { weight: 3, arbitrary: holder },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('guest', 'authenticated', 'follower', 'subscriber')
      .map((subjectId) => ({ subjectType: 'static' as const, subjectId })),
  },
);
export const anAction = fc.constantFrom('read', 'read', 'update', 'write', 'delete', 'publish', 'admin');
const expiresAt = fc.constantFrom<(number | null)[]>(null, null, null, -3_600_000, 3_600_000);

const permissions: fc.Arbitrary<Row[]> = fc.uniqueArray(
  fc
    .tuple(
      addressee,
      anObject,
      anAction,
      fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const, 'unset' as const),
      expiresAt,
    )
    .map(([to, on, action, value, ends]) => ({
      ...to,
      objectType: on.type,
      objectId: on.id,
      action,
      value,
      expiresAt: ends,
    })),
  {
    maxLength: 25,
    size: 'max',
    selector: (row) => [row.subjectId, row.objectType, row.objectId, row.action].join(),
  },
);
const assignments: fc.Arbitrary<Held[]> = fc.uniqueArray(
  fc
    .tuple(holder, anObject, fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 4 }), expiresAt)
    .map(([to, on, role, owns, ends]) => ({
      ...to,
      ...{ objectType: on.type, objectId: on.id, role, isOwner: owns === 0, expiresAt: ends },
    })),
  {
    maxLength: 8,
    size: 'max',
    selector: (row) => [row.role, row.subjectId, row.objectType, row.objectId].join(),
  },
);
const roles: fc.Arbitrary<Role[]> = fc.tuple(
  ...[0, 1, 2].map((at) =>
    fc
      .dictionary(fc.constantFrom(...listedTypes), fc.uniqueArray(anAction, { maxLength: 2 }), {
        maxKeys: 4,
        noNullPrototype: true,
      })
      .map((grants) => ({ id: `00000000-0000-7000-8000-00000000000${at}`, slug: `custom${at}`, grants })),
  ),
);
const member = (id: string): fc.Arbitrary<Member> =>
  fc.record({
    id: fc.constant(id),
    teams: fc.subarray(teamIds),
    organizations: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom(...organizationIds),
        roleSlug: fc.constantFrom('admin', 'member', 'viewer', 'custom0', 'unheard'),
      }),
      { maxLength: 2, selector: (each) => each.id },
    ),
    audiences: fc.uniqueArray(
      fc.record({
        audience: fc.constantFrom('follower' as const, 'subscriber' as const),
        workspaceId: fc.constantFrom(...workspaceIds),
      }),
      { maxLength: 3, selector: (each) => each.audience + each.workspaceId },
    ),
  });

export const anAccessWorld: fc.Arbitrary<AccessWorld> = fc.record({
  objects,
  permissions,
  assignments,
  roles,
  users: fc.tuple(...userIds.map(member)),
});
