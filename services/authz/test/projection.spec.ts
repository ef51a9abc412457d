import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { permissionChanges } from '@erato/contracts/authz/change';
import { authzErasureCompleted } from '@erato/contracts/authz/events';
import { checks } from '@erato/contracts/authz/check';
import { facts } from '@erato/contracts/authz/facts';
import { permissions } from '@erato/contracts/authz/permission';
import {
  resourceCreated,
  resourceDeleted,
  type ResourceFact,
  resourcePublished,
  workspaceCreated,
  workspaceTransferred,
} from '@erato/contracts/content/events';
import {
  membershipDeleted,
  type MembershipFact,
  membershipUpdated,
  organizationCreated,
  organizationDeleted,
  teamCreated,
  teamDeleted,
  teamMemberAdded,
  teamMemberRemoved,
  userCreated,
  userDeleted,
} from '@erato/contracts/identity/events';
import { principals } from '@erato/contracts/identity/principal';
import { anAdministrator, aUser } from '@erato/testing/client';
import { settle } from '@erato/testing/settle';
import { aDescription, World } from './world.js';

let world: World;
let service: Awaited<ReturnType<World['asService']>>;
beforeAll(async () => {
  world = await World.start();
  service = await world.asService('content');
}, 60_000);
afterAll(async () => {
  await service.close();
  await world.close();
});

const member = (
  userId: string,
  organizationId: string,
  more: Partial<MembershipFact> = {},
): MembershipFact => ({
  membershipId: `om_${userId}_${organizationId}`,
  userId,
  organizationId,
  roleSlug: 'member',
  status: 'active',
  home: false,
  updatedAt: '2026-01-01T00:00:00.000Z',
  ...more,
});
/** What identity states and, asked, answers: both from one truth, as identity itself does. */
const emit = {
  user: (userId: string) => {
    world.user(userId.slice('user_'.length));
    return world.identity.emit(userCreated, userId, { userId, version: 1 });
  },
  membership: (fact: MembershipFact, ended = false) => {
    const { userId, organizationId, roleSlug, status, home } = fact;
    const parts = world.partsOf(userId);
    const others = parts.organizations.filter((each) => each.organizationId !== organizationId);
    const counts = status === 'active' && !home && !ended;
    parts.organizations = counts ? [...others, { organizationId, roleSlug }] : others;
    return world.identity.emit(ended ? membershipDeleted : membershipUpdated, fact.membershipId, fact);
  },
  team: (teamId: string, organizationId: string) =>
    world.identity.emit(teamCreated, teamId, { teamId, organizationId }),
  joins: (userId: string, teamId: string, organizationId: string) => {
    world.partsOf(userId).teamIds.push(teamId);
    return world.identity.emit(teamMemberAdded, teamId, { userId, teamId, organizationId });
  },
  leaves: (userId: string, teamId: string, organizationId: string) => {
    const parts = world.partsOf(userId);
    parts.teamIds = parts.teamIds.filter((id) => id !== teamId);
    return world.identity.emit(teamMemberRemoved, teamId, { userId, teamId, organizationId });
  },
};
const partsOf = async (id: string) => {
  const { subjects } = await service.call(facts.fetch, { subjects: [{ type: 'user', id }], objects: [] });
  const [subject] = subjects;
  if (!subject) throw new Error('a subject that was asked for is answered');
  return {
    teams: subject.teams,
    organizations: subject.organizations.map((each) => `${each.id} ${each.roleSlug} ${each.isAdmin}`),
    grants: subject.organizations.map(({ grants }) => grants),
  };
};

describe('memberships', () => {
  it('count while they are active; home never does; older facts change nothing', async () => {
    await emit.user('user_m');
    await emit.membership(member('user_m', 'org_home', { home: true, roleSlug: 'admin' }));
    await emit.membership(member('user_m', 'org_a', { status: 'pending' }));
    await emit.membership(member('user_m', 'org_b', { roleSlug: 'admin' }));
    await settle(async () => (await partsOf('user_m')).organizations.length === 1);
    expect(await partsOf('user_m')).toMatchObject({ organizations: ['org_b admin true'] });

    await emit.membership(member('user_m', 'org_a', { updatedAt: '2026-01-02T00:00:00.000Z' }));
    await settle(async () => (await partsOf('user_m')).organizations.length === 2);
    await emit.membership(
      member('user_m', 'org_a', { status: 'inactive', updatedAt: '2026-01-01T12:00:00.000Z' }),
    );
    await emit.membership(
      member('user_m', 'org_b', { roleSlug: 'viewer', updatedAt: '2026-01-03T00:00:00.000Z' }),
    );
    await settle(async () => (await partsOf('user_m')).organizations.includes('org_b viewer false'));
    expect((await partsOf('user_m')).organizations.sort()).toEqual([
      'org_a member false',
      'org_b viewer false',
    ]);
  });

  it('carry the grants of the role that stands from the start, of the organization’s own, or none', async () => {
    await emit.user('user_r');
    await emit.membership(member('user_r', 'org_r1'));
    await emit.membership(member('user_r', 'org_r2', { roleSlug: 'no-such-role' }));
    await settle(async () => (await partsOf('user_r')).organizations.length === 2);
    const { organizations, grants } = await partsOf('user_r');
    expect(Object.fromEntries(organizations.map((name, at) => [name, grants[at]]))).toEqual({
      'org_r1 member false': {
        organization: ['read'],
        workspace: ['write'],
        resource: ['write'],
        collection: ['write'],
      },
      'org_r2 no-such-role false': null,
    });
  });

  it('that end take the organization’s teams with them, and no others', async () => {
    await emit.user('user_t');
    await emit.team('team_1', 'org_t');
    await emit.team('team_2', 'org_u');
    await emit.membership(member('user_t', 'org_t'));
    await emit.membership(member('user_t', 'org_u'));
    await emit.joins('user_t', 'team_1', 'org_t');
    await emit.joins('user_t', 'team_2', 'org_u');
    await settle(async () => (await partsOf('user_t')).teams.length === 2);
    const left = member('user_t', 'org_t', { status: 'inactive', updatedAt: '2026-02-01T00:00:00.000Z' });
    world.partsOf('user_t').teamIds = ['team_2'];
    await emit.membership(left, true);
    await settle(async () => (await partsOf('user_t')).organizations.length === 1);
    expect(await partsOf('user_t')).toMatchObject({
      teams: ['team_2'],
      organizations: ['org_u member false'],
    });
    await emit.leaves('user_t', 'team_2', 'org_u');
    await settle(async () => (await partsOf('user_t')).teams.length === 0);
  });

  it('leaving a team ends what it gave', async () => {
    const object = world.workspace('wt', { user: 'user_owner' });
    await emit.user('user_x');
    await emit.team('team_x', 'org_x');
    await emit.joins('user_x', 'team_x', 'org_x');
    const row = {
      subjectType: 'team',
      subjectId: 'team_x',
      objectType: 'workspace',
      objectId: 'wt',
    } as const;
    await settle(async () => (await partsOf('user_x')).teams.length === 1);
    await world.permit({ ...row, action: 'read', value: 'allow' });
    const ask = async () => {
      const answer = await world.gateway
        .as(aUser('user_x'))
        .call(checks.check, { checks: [{ action: 'read', object }] });
      return answer.results?.[0]?.allowed;
    };
    await settle(ask);
    await emit.leaves('user_x', 'team_x', 'org_x');
    await settle(async () => (await ask()) === false);
  });
});

describe('a denial', () => {
  it('is confirmed with identity: who was added a moment ago is let in before the event comes', async () => {
    const object = world.workspace('fresh', { user: 'user_owner' });
    await emit.user('user_f');
    await emit.team('team_f', 'org_f');
    await settle(async () => (await partsOf('user_f')).teams.length === 0);
    const row = {
      subjectType: 'team',
      subjectId: 'team_f',
      objectType: 'workspace',
      objectId: 'fresh',
    } as const;
    await settle(() => world.permit({ ...row, action: 'read', value: 'allow' }).then(() => true));
    world.memberships.set('user_f', { userId: 'user_f', organizations: [], teamIds: ['team_f'] });
    const caller = world.gateway.as(aUser('user_f'));
    expect((await caller.call(checks.check, { action: 'read', object })).allowed).toBe(true);
    expect((await partsOf('user_f')).teams).toEqual(['team_f']);
    // And in the same way, what identity has taken away is not given again by what was heard before.
    world.memberships.set('user_f', { userId: 'user_f', organizations: [], teamIds: [] });
    const fresh = await service.call(facts.fetch, {
      subjects: [{ type: 'user', id: 'user_f' }],
      objects: [],
      fresh: true,
    });
    expect(fresh.subjects[0]?.teams).toEqual([]);
  });

  it('asks identity at most once a second a subject', async () => {
    const object = world.workspace('shut', { user: 'user_owner' });
    const caller = world.gateway.as(world.user('often'));
    const question = { checks: [{ action: 'read', object }] };
    const before = world.identity.asked(principals.fetch).length;
    const began = Date.now();
    for (let at = 0; at < 20; at++) await caller.call(checks.check, question);
    const seconds = Math.ceil((Date.now() - began) / 1_000);
    const asked = world.identity.asked(principals.fetch).length - before;
    // Once because he was never heard of, and then to confirm.
    expect(asked).toBeLessThanOrEqual(1 + seconds + 1);
    expect(asked).toBeGreaterThanOrEqual(2);
  });
});

describe('objects', () => {
  const fact = (id: string, version: number, more: Partial<ResourceFact> = {}): ResourceFact => ({
    resourceId: id,
    type: 'post',
    ownerType: 'user',
    ownerId: 'user_owner',
    status: 'LISTED',
    publishedAt: null,
    authors: [],
    version,
    object: aDescription('resource', id, { user: 'user_owner' }, { version }),
    ...more,
  });
  const may = async (id: string) => {
    const object = { type: 'resource', id };
    return (await world.gateway.as().call(checks.check, { checks: [{ action: 'read', object }] }))
      .results?.[0]?.allowed;
  };

  it('are known from events, the newer description for good', async () => {
    const id = '0198c5a2-7d10-7c33-9a41-000000000001';
    const open = { everyone: ['read'] };
    await world.content.emit(
      resourceCreated,
      id,
      fact(id, 1, {
        object: aDescription('resource', id, { user: 'user_owner' }, { ...open, readAs: 'update' }),
      }),
    );
    expect(await may(id)).toBe(false);
    await world.content.emit(
      resourcePublished,
      id,
      fact(id, 3, { object: aDescription('resource', id, { user: 'user_owner' }, { ...open, version: 3 }) }),
    );
    await settle(() => may(id));
    await world.content.emit(
      resourcePublished,
      id,
      fact(id, 2, { object: aDescription('resource', id, { user: 'user_owner' }, { version: 2 }) }),
    );
    const marker = '0198c5a2-7d10-7c33-9a41-000000000002';
    await world.content.emit(
      resourceCreated,
      marker,
      fact(marker, 1, { object: aDescription('resource', marker, { user: 'user_owner' }, open) }),
    );
    await settle(() => may(marker));
    expect(await may(id)).toBe(true);
  });

  it('that change hands take with them what a workspace’s key owns', async () => {
    const [id, workspaceId] = [
      '0198c5a2-7d10-7c33-9a41-0000000000a1',
      '0198c5a2-7d10-7c33-9a41-0000000000a2',
    ];
    const parents = [{ type: 'workspace', id: workspaceId }];
    const owned = (user: string, version: number) => ({
      workspaceId,
      slug: 'changing-hands',
      ownerType: 'user' as const,
      ownerId: user,
      visibility: 'private' as const,
      version,
      object: aDescription('workspace', workspaceId, { user }, { version }),
    });
    await world.content.emit(workspaceCreated, workspaceId, owned('user_owner', 1));
    const object = aDescription('resource', id, { user: 'user_owner' }, { parents });
    await world.content.emit(resourceCreated, id, fact(id, 1, { object }));
    const key = {
      subjectType: 'workspace' as const,
      subjectId: workspaceId,
      scopes: ['permissions:read', 'resources:write', 'workspaces:write'],
    };
    const owns = async (type: string, of: string) => {
      const asked = { checks: [{ action: 'delete', object: { type, id: of } }] };
      return (await world.gateway.as(key).call(checks.check, asked)).results?.[0]?.allowed;
    };
    await settle(() => owns('resource', id));
    const from = { fromType: 'user' as const, fromId: 'user_owner' };
    await world.content.emit(workspaceTransferred, workspaceId, { ...owned('user_heir', 2), ...from });
    await settle(async () => (await owns('resource', id)) === false);
    expect(await owns('workspace', workspaceId)).toBe(true);
  });

  it('that are deleted are gone at once and for good, and their rows with trail', async () => {
    const id = '0198c5a2-7d10-7c33-9a41-000000000003';
    const object = { type: 'resource', id };
    world.objects.set(`resource:${id}`, aDescription('resource', id, { user: 'user_owner' }));
    const owner = world.gateway.as(world.user('owner'));
    const rows = Array.from({ length: 100 }, (_, at) => ({
      subjectType: 'user' as const,
      subjectId: world.user(`fan${at}`).subjectId,
      objectType: 'resource',
      objectId: id,
      action: 'read',
      value: 'allow' as const,
    }));
    await owner.call(permissions.set, { permissions: rows });
    await world.content.emit(resourceDeleted, id, fact(id, 2, { object: null }));
    await settle(
      async () => (await owner.failure(checks.check, { action: 'read', object })).code === 'not_found',
    );
    const admin = world.gateway.as(anAdministrator);
    const left = { objectType: 'resource', objectId: id, count: 'exact' as const };
    await settle(async () => (await admin.call(permissions.list, left)).meta.total === 0);
    const trail = await admin.call(permissionChanges.list, { ...left, actor: 'service:authz' });
    expect(trail.meta.total).toBe(100);
    expect(trail.data[0]).toMatchObject({
      verb: 'deleted',
      kind: 'permission',
      after: null,
      before: { action: 'read' },
    });
    // The owning service still describes it; what was heard of its end stands.
    expect((await owner.failure(checks.check, { action: 'read', object })).code).toBe('not_found');
  });

  it('of an organization follow its life', async () => {
    const id = 'org_life';
    const object = { type: 'organization', id };
    await world.identity.emit(organizationCreated, id, {
      organizationId: id,
      object: aDescription('organization', id, null),
    });
    await emit.user('user_boss');
    await emit.membership(member('user_boss', id, { roleSlug: 'admin' }));
    const boss = world.gateway.as(aUser('user_boss'));
    await settle(
      async () =>
        (await boss.call(checks.check, { checks: [{ action: 'admin', object }] })).results?.[0]?.allowed,
    );
    world.partsOf('user_boss').organizations = [];
    await world.identity.emit(organizationDeleted, id, { organizationId: id, object: null });
    await settle(
      async () => (await boss.failure(checks.check, { action: 'read', object })).code === 'not_found',
    );
    expect((await partsOf('user_boss')).organizations).toEqual([]);
  });
});

describe('subjects that are gone', () => {
  it('take their rows with them', async () => {
    const object = world.workspace('left', { user: 'user_owner' });
    await emit.user('user_gone');
    await emit.team('team_gone', 'org_g');
    await emit.user('user_y');
    await emit.joins('user_y', 'team_gone', 'org_g');
    await settle(async () => (await partsOf('user_y')).teams.length === 1);
    for (const [subjectType, subjectId] of [
      ['user', 'user_gone'],
      ['team', 'team_gone'],
    ] as const) {
      await world.permit({
        subjectType,
        subjectId,
        objectType: 'workspace',
        objectId: object.id,
        action: 'read',
        value: 'allow',
      });
    }
    const erased: string[] = [];
    service.bus.connection.subscribe(authzErasureCompleted.subject, {
      callback: (_error, message) => {
        erased.push(message.json<{ subject: string }>().subject);
      },
    });
    await service.bus.connection.flush();
    world.subjects.delete('user:user_gone');
    world.subjects.delete('team:team_gone');
    world.partsOf('user_y').teamIds = [];
    await world.identity.emit(userDeleted, 'user_gone', { userId: 'user_gone', version: 2 });
    await world.identity.emit(teamDeleted, 'team_gone', { teamId: 'team_gone', organizationId: 'org_g' });
    const admin = world.gateway.as(anAdministrator);
    const named = { objectType: 'workspace', objectId: object.id };
    await settle(async () => (await admin.call(permissions.list, named)).data.length === 0);
    await settle(() => erased.length > 0);
    expect(erased).toEqual(['user_gone']);
    expect((await partsOf('user_y')).teams).toEqual([]);
    const row = {
      subjectType: 'user',
      subjectId: 'user_gone',
      ...named,
      action: 'read',
      value: 'allow',
    } as const;
    expect((await admin.failure(permissions.create, row)).code).toBe('unknown_subject');
  });
});
