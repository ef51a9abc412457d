import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { access } from '@erato/contracts/authz/access';
import { permissionChanges } from '@erato/contracts/authz/change';
import { checks } from '@erato/contracts/authz/check';
import { permissions } from '@erato/contracts/authz/permission';
import { members, roleAssignments } from '@erato/contracts/authz/role-assignment';
import { roles } from '@erato/contracts/authz/role';
import type { Caller } from '@erato/contracts/kit/context';
import { anAdministrator } from '@erato/testing/client';
import { World } from './world.js';

let world: World;
let database: pg.Client;
beforeAll(async () => {
  world = await World.start();
  database = new pg.Client(world.service.databaseUrl);
  await database.connect();
}, 60_000);
afterAll(async () => {
  await database.end();
  await world.close();
});

const on = (object: { type: string; id: string }) => ({ objectType: object.type, objectId: object.id });
const ids = (page: { data: readonly { id: string }[] }): string[] => page.data.map(({ id }) => id);

/** Objects of services that do not run here, as authz would have heard of them. */
async function known(
  ...objects: [type: string, id: string, parent: [string, string] | null, owner: string | null][]
) {
  for (const [type, id, parent, owner] of objects) {
    await database.query(
      `INSERT INTO objects (type, id, parents, owner_type, owner_id, everyone, read_as, version)
       VALUES ($1, $2, $3, $4, $5, '{}', 'read', 1)`,
      [type, id, JSON.stringify(parent ? [{ type: parent[0], id: parent[1] }] : []), owner && 'user', owner],
    );
    await database.query(
      `INSERT INTO object_elements SELECT $1, $2, $3, $4 WHERE $1::text IS NOT NULL
       UNION SELECT element_type, element_id, $3, $4 FROM object_elements WHERE object_type = $1 AND object_id = $2`,
      [parent?.[0] ?? null, parent?.[1] ?? null, type, id],
    );
  }
}

describe('what somebody may', () => {
  it('is told of oneself under scopes and ceiling, of others as far as one administers', async () => {
    const [owner, friend] = [world.user('lo'), world.user('lf')];
    const made = ['l1', 'l2', 'l3'].map((id) => world.workspace(id, { user: owner.subjectId }));
    for (const object of made) {
      // Asked about once, so that authz knows them.
      await world.gateway.as(owner).call(checks.check, { action: 'read', object });
    }
    await world.permit({
      subjectType: 'user',
      subjectId: friend.subjectId,
      objectType: 'workspace',
      objectId: 'l2',
      action: 'write',
      value: 'allow',
    });
    const asked = { action: 'update', objectType: 'workspace' };
    const list = async (as: Caller, more: object = {}) =>
      ids(await world.gateway.as(as).call(access.objects, { ...asked, ...more }));
    expect(await list(owner)).toEqual(['l1', 'l2', 'l3']);
    expect(await list(friend)).toEqual(['l2']);
    expect(await list(owner, { subject: `user:${friend.subjectId}` })).toEqual(['l2']);
    expect(await list(friend, { subject: `user:${owner.subjectId}` })).toEqual([]);
    expect(await list(anAdministrator, { subject: `user:${friend.subjectId}` })).toEqual(['l2']);
    expect(await list({ ...owner, scopes: ['permissions:read', 'workspaces:read'] })).toEqual([]);
    expect(await list({ ...owner, ceiling: { workspace: { actions: ['write'], ids: ['l3'] } } })).toEqual([
      'l3',
    ]);
    expect(await list({ ...owner, subjectType: 'workspace', subjectId: 'l1' })).toEqual(['l1']);
    const failure = async (more: object) =>
      (await world.gateway.as(owner).failure(access.objects, { ...asked, ...more })).code;
    expect(await list(owner, { objectType: 'constructor' })).toEqual([]);
    expect(await failure({ action: 'fly' })).toBe('unknown_action');
    expect(await failure({ subject: 'user:nobody' })).toBe('unknown_subject');
    expect(await failure({ subject: 'harbor:h' })).toBe('validation_failed');
    expect(await failure({ after: 'MTIz' })).toBe('cursor_invalid');
    const { meta } = await world.gateway.as(owner).call(access.objects, { ...asked, limit: 1 });
    expect(await failure({ objectType: 'resource', after: meta.after })).toBe('cursor_invalid');
  });

  it('is as new as wanted, or unavailable', async () => {
    const [owner, friend] = [world.user('ko'), world.user('kf')];
    const object = world.workspace('k1', { user: owner.subjectId });
    const row = {
      subjectType: 'user' as const,
      subjectId: friend.subjectId,
      ...on(object),
      action: 'delete',
      value: 'allow' as const,
    };
    const { revision } = await world.gateway.as(owner).call(permissions.create, row);
    const asked = { action: 'delete', objectType: 'workspace' };
    const caller = world.gateway.as(friend);
    expect(ids(await caller.call(access.objects, asked, { consistency: revision }))).toEqual(['k1']);
    const options = () => ({ consistency: revision + 1_000, deadline: Date.now() + 300 });
    expect((await caller.failure(access.objects, asked, options())).code).toBe('unavailable');
    expect(
      (await world.gateway.as(owner).failure(access.subjects, { ...on(object), action: 'read' }, options()))
        .code,
    ).toBe('unavailable');
  });
});

describe('who may', () => {
  it('is told with every route to who administers the object, and to nobody else', async () => {
    const owner = world.user('wo');
    world.organization('org_who');
    const team = world.team('team_who', 'org_who');
    const both = world.user('wb', { teamIds: [team] });
    await world.gateway
      .as(both)
      .call(checks.check, { checks: [{ action: 'read', object: { type: 'workspace', id: 'who' } }] });
    const object = world.workspace('who', { user: owner.subjectId });
    const asOwner = world.gateway.as(owner);
    const row = { ...on(object), action: 'update', value: 'allow' as const };
    const own = await asOwner.call(permissions.create, {
      ...row,
      subjectType: 'user',
      subjectId: both.subjectId,
    });
    const held = await asOwner.call(roleAssignments.create, {
      ...on(object),
      role: 'editor',
      subjectType: 'team',
      subjectId: team,
    });
    const element = { type: 'workspace', id: 'who' };
    const asked = { ...on(object), action: 'update' };
    const { data } = await asOwner.call(access.subjects, asked);
    const byTeam = {
      by: 'team',
      element,
      through: { type: 'team', id: team },
      assignmentId: held.id,
      role: 'editor',
    };
    expect(data).toEqual([
      { type: 'team', id: team, routes: [byTeam] },
      { type: 'user', id: both.subjectId, routes: [{ by: 'row', element, permissionId: own.id }, byTeam] },
      { type: 'user', id: owner.subjectId, routes: [{ by: 'owner', element, ownership: 'owner' }] },
    ]);
    await asOwner.call(permissions.create, {
      ...row,
      subjectType: 'static',
      subjectId: 'authenticated',
      action: 'read',
    });
    await asOwner.call(permissions.create, {
      ...row,
      subjectType: 'static',
      subjectId: 'guest',
      action: 'read',
      value: 'deny',
    });
    const readers = await asOwner.call(access.subjects, { ...asked, action: 'read', subjectType: 'static' });
    expect(ids(readers)).toEqual(['authenticated', 'follower', 'subscriber']);
    const failure = async (as: Caller, more: object = {}) =>
      (await world.gateway.as(as).failure(access.subjects, { ...asked, ...more })).code;
    expect(await failure(both)).toBe('permission_denied');
    world.workspace('dark', { user: owner.subjectId });
    expect(await failure(both, { objectId: 'dark' })).toBe('not_found');
    expect(await failure(both, { objectId: 'nowhere' })).toBe('not_found');
    expect(await failure(anAdministrator, { objectId: 'nowhere' })).toBe('not_found');
    expect(await failure(owner, { action: 'fly' })).toBe('unknown_action');
  });
});

describe('harbors and artist spaces', () => {
  it('use their roles without a change here: owners, members, custom roles, lists', async () => {
    await known(
      ['harbor', 'har1', null, 'user_maker'],
      ['blueprint', 'blu1', ['harbor', 'har1'], null],
      ['content', 'con1', ['blueprint', 'blu1'], null],
      ['content', 'con2', ['blueprint', 'blu1'], null],
    );
    await known(
      ['artist_space', 'spa1', null, 'user_maker'],
      ['project', 'pro1', ['artist_space', 'spa1'], null],
      ['track', 'tra1', ['project', 'pro1'], null],
    );
    const [maker, editor, viewer, guestOf] = ['maker', 'ed', 'vi', 'go'].map((name) => world.user(name)) as [
      Caller,
      Caller,
      Caller,
      Caller,
    ];
    world.organization('org_h');
    const team = world.team('team_h', 'org_h');
    world.partsOf(editor.subjectId).teamIds = [team];
    const service = await world.asService('content');
    const harbor = { type: 'harbor', id: 'har1' };
    const owned = await service.call(members.setOwner, {
      object: harbor,
      subjectType: 'user',
      subjectId: maker.subjectId,
      actor: 'user:user_maker',
    });
    expect(owned).toMatchObject({ roleSlug: 'admin', isOwner: true });
    await service.close();
    const asMaker = world.gateway.as(maker);
    const give = (
      role: string,
      object: { type: string; id: string },
      subjectType: 'user' | 'team' | 'organization',
      subjectId: string,
    ) => asMaker.call(roleAssignments.create, { role, subjectType, subjectId, ...on(object) });
    await give('editor', harbor, 'team', team);
    const { revision } = await give('viewer', { type: 'project', id: 'pro1' }, 'user', viewer.subjectId);
    const may = async (as: Caller, action: string, type: string, id: string) => {
      const { results } = await world.gateway
        .as(as)
        .call(checks.check, { checks: [{ action, object: { type, id } }] }, { consistency: revision });
      return results?.[0]?.allowed;
    };
    expect(await may(editor, 'delete', 'content', 'con1')).toBe(true);
    expect(await may(editor, 'publish', 'content', 'con1')).toBe(false);
    expect(await may(viewer, 'read', 'track', 'tra1')).toBe(true);
    expect(await may(viewer, 'update', 'track', 'tra1')).toBe(false);
    expect(await may(viewer, 'read', 'artist_space', 'spa1')).toBe(false);
    // A role of the harbor's own, given on one blueprint.
    const own = await asMaker.call(roles.create, {
      scopeType: 'harbor',
      scopeId: 'har1',
      slug: 'publisher',
      name: 'Publisher',
      grants: { content: ['publish'] },
    });
    const given = await asMaker.call(roleAssignments.create, {
      roleId: own.id,
      subjectType: 'user',
      subjectId: guestOf.subjectId,
      objectType: 'blueprint',
      objectId: 'blu1',
    });
    expect(await may(guestOf, 'publish', 'content', 'con2')).toBe(true);
    expect((await asMaker.failure(roles.delete, { id: own.id })).code).toBe('role_in_use');
    const options = { consistency: given.revision };
    const published = await world.gateway
      .as(guestOf)
      .call(access.objects, { action: 'publish', objectType: 'content' }, options);
    expect(ids(published)).toEqual(['con1', 'con2']);
    const who = await asMaker.call(
      access.subjects,
      { objectType: 'content', objectId: 'con1', action: 'publish' },
      options,
    );
    expect(who.data.map(({ id, routes }) => [id, routes.map(({ by, role }) => [by, role])])).toEqual([
      [guestOf.subjectId, [['role', 'publisher']]],
      [
        maker.subjectId,
        [
          ['owner', undefined],
          ['role', 'admin'],
        ],
      ],
    ]);
    // Roles of one kind are not given on objects of another.
    expect(
      (
        await asMaker.failure(roleAssignments.create, {
          roleId: own.id,
          subjectType: 'user',
          subjectId: viewer.subjectId,
          objectType: 'project',
          objectId: 'pro1',
        })
      ).code,
    ).toBe('unknown_role');
  });
});

describe('while its database is away', () => {
  it('everything that is not remembered is unavailable, and nothing is open; then it goes on', async () => {
    const owner = world.user('fo');
    const object = world.workspace('fault', { user: owner.subjectId }, { everyone: ['read'] });
    const cold = world.workspace('cold', { user: owner.subjectId }, { everyone: ['read'] });
    const asOwner = world.gateway.as(owner);
    expect((await asOwner.call(checks.check, { action: 'update', object })).allowed).toBe(true);
    await database.end();
    const name = new URL(world.service.databaseUrl).pathname.slice(1);
    const root = new pg.Client(world.infra.postgresUrl);
    await root.connect();
    await root.query(`ALTER DATABASE "${name}" WITH ALLOW_CONNECTIONS false`);
    await root.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name <> $2',
      [name, 'test'],
    );
    try {
      // Decided from what is remembered, for 30 s at most.
      expect((await asOwner.call(checks.check, { action: 'delete', object })).allowed).toBe(true);
      const asked: (() => Promise<{ code: string }>)[] = [
        () => asOwner.failure(checks.check, { action: 'read', object: cold }),
        () => asOwner.failure(checks.check, { checks: [{ action: 'read', object: cold }] }),
        () => asOwner.failure(checks.explain, { action: 'read', object: cold }),
        () => asOwner.failure(access.objects, { action: 'read', objectType: 'workspace' }),
        () => asOwner.failure(access.subjects, { ...on(object), action: 'read' }),
        () => asOwner.failure(permissions.list, on(object)),
        () => asOwner.failure(roleAssignments.list, on(object)),
        () => world.gateway.as(anAdministrator).failure(permissionChanges.list, {}),
        () =>
          asOwner.failure(permissions.create, {
            subjectType: 'static',
            subjectId: 'guest',
            ...on(object),
            action: 'read',
            value: 'allow',
          }),
      ];
      for (const ask of asked) expect((await ask()).code).toBe('unavailable');
    } finally {
      await root.query(`ALTER DATABASE "${name}" WITH ALLOW_CONNECTIONS true`);
      await root.end();
    }
    database = new pg.Client(world.service.databaseUrl);
    await database.connect();
    expect((await asOwner.call(checks.check, { action: 'read', object: cold })).allowed).toBe(true);
  });
});
