import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checks } from '@erato/contracts/authz/check';
import { permissionChanges } from '@erato/contracts/authz/change';
import { type NewPermission, permissions } from '@erato/contracts/authz/permission';
import { anAdministrator } from '@erato/testing/client';
import { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterAll(() => world.close());

/** A workspace of its own for each test, owned by `user_owner`. */
let made = 0;
function aWorkspace() {
  const owner = world.user('owner');
  return { owner, workspace: world.workspace(`w${++made}`, { user: owner.subjectId }) };
}
const row = (
  objectId: string,
  subjectId: string,
  action: string,
  value: NewPermission['value'] = 'allow',
): NewPermission => ({ subjectType: 'user', subjectId, objectType: 'workspace', objectId, action, value });

describe('a permission', () => {
  it('is set by who may administer the object, and counts at once', async () => {
    const { owner, workspace } = aWorkspace();
    const friend = world.user('friend');
    const written = await world.gateway
      .as(owner)
      .call(permissions.create, row(workspace.id, friend.subjectId, 'update'));
    expect(written).toMatchObject({
      value: 'allow',
      version: 1,
      expiresAt: null,
      createdBy: 'user:user_owner',
    });

    const asFriend = world.gateway.as(friend);
    const question = { action: 'update', object: workspace };
    const answer = await asFriend.call(checks.check, question, { consistency: written.revision });
    expect(answer.allowed).toBe(true);
    expect(answer.revision).toBeGreaterThanOrEqual(written.revision);
    expect((await asFriend.call(checks.check, { ...question, action: 'delete' })).allowed).toBe(false);
    expect(await asFriend.call(permissions.get, { id: written.id })).toMatchObject({ id: written.id });

    const changed = await world.gateway
      .as(owner)
      .call(permissions.update, { id: written.id, value: 'deny' }, { ifMatch: [1] });
    expect(changed).toMatchObject({ value: 'deny', version: 2 });
    expect(changed.revision).toBeGreaterThan(written.revision);
    const stale = await world.gateway
      .as(owner)
      .failure(permissions.delete, { id: written.id }, { ifMatch: [1] });
    expect(stale.code).toBe('precondition_failed');
    await world.gateway.as(owner).call(permissions.delete, { id: written.id }, { ifMatch: [2] });
    expect((await world.gateway.as(owner).failure(permissions.get, { id: written.id })).code).toBe(
      'not_found',
    );
  });

  it('is refused to who may not administer the object: 404 unread, 403 read', async () => {
    const { workspace } = aWorkspace();
    const stranger = world.user('stranger');
    const wanted = row(workspace.id, stranger.subjectId, 'read');
    const asStranger = world.gateway.as(stranger);
    expect((await asStranger.failure(permissions.create, wanted)).code).toBe('not_found');
    expect((await asStranger.failure(permissions.create, row('nowhere', 'user_x', 'read'))).code).toBe(
      'not_found',
    );
    await world.permit(wanted);
    const again = { ...wanted, action: 'update' };
    expect((await asStranger.failure(permissions.create, again)).code).toBe('permission_denied');
    expect((await asStranger.failure(permissions.set, { permissions: [again] })).code).toBe(
      'permission_denied',
    );
    // Of an unknown subject, too, only who may ask is told.
    const unknown = row(workspace.id, 'user_nobody', 'read');
    expect((await asStranger.failure(permissions.create, unknown)).code).toBe('permission_denied');
  });

  it('names a known action and a known subject', async () => {
    const { owner, workspace } = aWorkspace();
    const asOwner = world.gateway.as(owner);
    const action = await asOwner.failure(permissions.create, row(workspace.id, 'user_owner', 'fly'));
    expect(action).toMatchObject({ code: 'unknown_action', errors: [{ path: 'action' }] });
    const subject = await asOwner.failure(permissions.set, {
      permissions: [row(workspace.id, 'user_owner', 'read'), row(workspace.id, 'user_nobody', 'read')],
    });
    expect(subject).toMatchObject({ code: 'unknown_subject', errors: [{ path: 'permissions.1.subjectId' }] });
    const audience = { ...row(workspace.id, 'everybody', 'read'), subjectType: 'static' as const };
    expect((await asOwner.failure(permissions.create, audience)).code).toBe('unknown_subject');
    await asOwner.call(permissions.create, { ...audience, subjectId: 'guest' });
    expect((await world.gateway.as().call(checks.check, { action: 'read', object: workspace })).allowed).toBe(
      true,
    );
  });

  it('is never more than its giver has', async () => {
    const { owner, workspace } = aWorkspace();
    const helper = world.user('helper');
    const asHelper = world.gateway.as(helper);
    await world.gateway.as(owner).call(permissions.set, {
      permissions: [
        row(workspace.id, helper.subjectId, 'admin'),
        row(workspace.id, helper.subjectId, 'publish', 'deny'),
      ],
    });
    const friend = world.user('friend');
    await asHelper.call(permissions.create, row(workspace.id, friend.subjectId, 'write'));
    for (const action of ['publish', 'admin']) {
      const more = row(workspace.id, friend.subjectId, action);
      expect((await asHelper.failure(permissions.create, more)).code).toBe('permission_denied');
    }
    // Nor does one lift what one is denied oneself, by whatever verb.
    const own = row(workspace.id, helper.subjectId, 'publish', 'unset');
    expect((await asHelper.failure(permissions.set, { permissions: [own] })).code).toBe('permission_denied');
    const { data } = await asHelper.call(permissions.list, {
      objectType: 'workspace',
      objectId: workspace.id,
      value: ['deny'],
    });
    const [deny] = data;
    const id = deny?.id ?? '';
    expect((await asHelper.failure(permissions.delete, { id })).code).toBe('permission_denied');
    const soon = { id, expiresAt: new Date().toISOString() };
    expect((await asHelper.failure(permissions.update, soon)).code).toBe('permission_denied');
    // A key gives no more than its scopes and ceiling leave it.
    const key = { ...owner, scopes: ['permissions:write', 'workspaces:read'], keyId: 'k1' };
    const asKey = world.gateway.as(key);
    expect(
      (await asKey.failure(permissions.create, row(workspace.id, friend.subjectId, 'delete'))).code,
    ).toBe('permission_denied');
    const seen = { ...row(workspace.id, 'guest', 'read'), subjectType: 'static' as const };
    expect((await asKey.call(permissions.create, seen)).createdBy).toBe('user:user_owner key:k1');
  });

  it('of the same five again is a conflict that names the row; an expired one is as if not there', async () => {
    const { owner, workspace } = aWorkspace();
    const asOwner = world.gateway.as(owner);
    const wanted = row(workspace.id, world.user('friend').subjectId, 'read');
    const first = await asOwner.call(permissions.create, {
      ...wanted,
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    });
    const conflict = await asOwner.failure(permissions.create, wanted);
    expect(conflict).toMatchObject({ code: 'permission_exists', extra: { permissionId: first.id } });
    await asOwner.call(permissions.update, { id: first.id, expiresAt: '2020-01-01T00:00:00+01:00' });
    const asFriend = world.gateway.as(world.user('friend'));
    expect((await asFriend.failure(checks.check, { action: 'read', object: workspace })).code).toBe(
      'not_found',
    );
    const second = await asOwner.call(permissions.create, wanted);
    expect(second.id).not.toBe(first.id);
    expect((await asOwner.failure(permissions.get, { id: first.id })).code).toBe('not_found');
  });

  it('ends by itself, in caches too', async () => {
    const { owner, workspace } = aWorkspace();
    const friend = world.user('friend');
    const end = Date.now() + 400;
    const { revision } = await world.gateway.as(owner).call(permissions.create, {
      ...row(workspace.id, friend.subjectId, 'read'),
      expiresAt: new Date(end).toISOString(),
    });
    const ask = () =>
      world.gateway
        .as(friend)
        .call(checks.check, { checks: [{ action: 'read', object: workspace }] }, { consistency: revision });
    expect(await ask()).toMatchObject({ results: [{ allowed: true }] });
    let answer = await ask();
    while (answer.results?.[0]?.allowed && Date.now() < end + 5_000) answer = await ask();
    expect(answer).toMatchObject({ results: [{ allowed: false }] });
    expect(Date.now()).toBeGreaterThanOrEqual(end);
  });
});

describe('PUT /permissions', () => {
  it('sets all or none, inserts and updates, and leaves alone what is as wanted', async () => {
    const { owner, workspace } = aWorkspace();
    const asOwner = world.gateway.as(owner);
    const friend = world.user('friend').subjectId;
    const { permissions: set, revision } = await asOwner.call(permissions.set, {
      permissions: [row(workspace.id, friend, 'read'), row(workspace.id, friend, 'delete', 'deny')],
    });
    expect(set.map(({ action, value, version }) => [action, value, version])).toEqual([
      ['read', 'allow', 1],
      ['delete', 'deny', 1],
    ]);
    const next = await asOwner.call(permissions.set, {
      permissions: [row(workspace.id, friend, 'delete'), row(workspace.id, friend, 'read')],
    });
    expect(next.permissions.map(({ action, value, version }) => [action, value, version])).toEqual([
      ['delete', 'allow', 2],
      ['read', 'allow', 1],
    ]);
    expect(next.revision).toBe(revision + 1);
    const same = await asOwner.call(permissions.set, { permissions: [row(workspace.id, friend, 'read')] });
    expect(same.revision).toBe(next.revision);

    const twice = await asOwner.failure(permissions.set, {
      permissions: [row(workspace.id, friend, 'update'), row(workspace.id, friend, 'update', 'deny')],
    });
    expect(twice).toMatchObject({ code: 'validation_failed', errors: [{ path: 'permissions.1.action' }] });
    const other = world.workspace('theirs', { user: 'user_else' });
    const mixed = { permissions: [row(workspace.id, friend, 'update'), row(other.id, friend, 'update')] };
    expect((await asOwner.failure(permissions.set, mixed)).code).toBe('not_found');
    const { data } = await asOwner.call(permissions.list, {
      objectType: 'workspace',
      objectId: workspace.id,
    });
    expect(data.map(({ action }) => action).sort()).toEqual(['delete', 'read']);
  });

  it('counts several objects as several revisions, of which it answers the last', async () => {
    const { owner, workspace } = aWorkspace();
    const second = aWorkspace().workspace;
    const friend = world.user('friend').subjectId;
    const asOwner = world.gateway.as(owner);
    const { revision: before } = await asOwner.call(checks.check, { action: 'read', object: workspace });
    const { revision } = await asOwner.call(permissions.set, {
      permissions: [
        row(workspace.id, friend, 'read'),
        row(second.id, friend, 'read'),
        row(workspace.id, friend, 'update'),
      ],
    });
    expect(revision).toBe(before + 2);
    const trail = await world.gateway.as(anAdministrator).call(permissionChanges.list, { revision: before });
    expect(trail.data.map((each) => [each.revision, each.objectId])).toEqual([
      [before + 1, workspace.id],
      [before + 1, workspace.id],
      [before + 2, second.id],
    ]);
  });

  it('keeps an object to 1,000 rows', async () => {
    const { owner, workspace } = aWorkspace();
    const asOwner = world.gateway.as(owner);
    const some = (from: number, count: number) => ({
      permissions: Array.from({ length: count }, (_, at) => {
        const name = `many${from + at}`;
        return row(workspace.id, world.user(name).subjectId, 'read');
      }),
    });
    for (let from = 0; from < 1_000; from += 100) await asOwner.call(permissions.set, some(from, 100));
    expect((await asOwner.failure(permissions.set, some(1_000, 1))).code).toBe('too_many_permissions');
    await asOwner.call(permissions.set, some(0, 100));
    const page = await asOwner.call(permissions.list, {
      objectType: 'workspace',
      objectId: workspace.id,
      limit: 100,
      count: 'exact',
    });
    expect([page.data.length, page.meta.total]).toEqual([100, 1_000]);
  });
});

describe('lists', () => {
  it('show an object’s rows to who administers it, a subject’s rows to itself, all to scope admin', async () => {
    const { owner, workspace } = aWorkspace();
    const friend = world.user('friend');
    const asOwner = world.gateway.as(owner);
    const wanted = ['read', 'update', 'delete'].map((action) => row(workspace.id, friend.subjectId, action));
    for (const each of wanted) await asOwner.call(permissions.create, each);

    const byObject = {
      objectType: 'workspace',
      objectId: workspace.id,
      sort: 'createdAt' as const,
      limit: 2,
    };
    const first = await asOwner.call(permissions.list, byObject);
    expect(first.data.map(({ action }) => action)).toEqual(['read', 'update']);
    const second = await asOwner.call(permissions.list, { ...byObject, after: first.meta.after ?? '' });
    expect(second.data.map(({ action }) => action)).toEqual(['delete']);
    expect(second.meta.after).toBeNull();
    const other = { ...byObject, value: ['deny' as const], after: first.meta.after ?? '' };
    expect((await asOwner.failure(permissions.list, other)).code).toBe('cursor_invalid');

    const asFriend = world.gateway.as(friend);
    expect((await asFriend.failure(permissions.list, byObject)).code).toBe('permission_denied');
    const own = { subjectType: 'user' as const, subjectId: friend.subjectId };
    const mine = await asFriend.call(permissions.list, { ...byObject, ...own, action: ['update'] });
    expect(mine.data.map(({ action }) => action)).toEqual(['update']);
    expect((await asOwner.failure(permissions.list, own)).code).toBe('permission_denied');
    const all = await world.gateway.as(anAdministrator).call(permissions.list, { ...own, limit: 100 });
    expect(all.data.length).toBeGreaterThanOrEqual(3);
    const nothing = await asFriend.failure(permissions.list, { action: ['read'] });
    expect(nothing.code).toBe('validation_failed');
    const stranger = world.gateway.as(world.user('stranger2'));
    expect((await stranger.failure(permissions.list, byObject)).code).toBe('not_found');
    expect((await stranger.failure(permissions.get, { id: first.data[0]?.id ?? '' })).code).toBe('not_found');
  });
});
