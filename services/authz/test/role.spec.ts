import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checks } from '@erato/contracts/authz/check';
import { permissionActions } from '@erato/contracts/authz/permission-action';
import { permissions } from '@erato/contracts/authz/permission';
import { members, type NewRoleAssignment, roleAssignments } from '@erato/contracts/authz/role-assignment';
import { roles } from '@erato/contracts/authz/role';
import { systemRoles } from '@erato/policy/system-roles';
import { builtInActions } from '@erato/policy/actions';
import { anAdministrator } from '@erato/testing/client';
import { settle } from '@erato/testing/settle';
import { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterAll(() => world.close());

let made = 0;
function aWorkspace() {
  const owner = world.user('owner');
  return { owner, object: world.workspace(`w${++made}`, { user: owner.subjectId }) };
}
const asRole = (objectId: string, subjectId: string, role: string): NewRoleAssignment => ({
  role,
  subjectType: 'user',
  subjectId,
  objectType: 'workspace',
  objectId,
});

describe('what stands from the start', () => {
  it('is what the decision knows by itself', async () => {
    const caller = world.gateway.as(world.user('reader'));
    const { data } = await caller.call(roles.list, { limit: 100 });
    expect(data.every(({ isSystem, scopeType }) => isSystem && scopeType === 'system')).toBe(true);
    const written = (each: { kind: string; slug: string; grants: object }) =>
      `${each.kind} ${each.slug} ${JSON.stringify(sorted(each.grants))}`;
    const sorted = (grants: object) => Object.entries(grants).sort(([a], [b]) => (a < b ? -1 : 1));
    expect(data.map(({ scopeId, slug, grants }) => written({ kind: scopeId, slug, grants })).sort()).toEqual(
      systemRoles.map(({ scopeType, slug, grants }) => written({ kind: scopeType, slug, grants })).sort(),
    );
    const actions = await caller.call(permissionActions.list, {});
    expect(actions.map(({ slug, implies }) => ({ slug, implies }))).toEqual(
      [...builtInActions].sort((a, b) => (a.slug < b.slug ? -1 : 1)),
    );
  });

  it('cannot be changed or deleted', async () => {
    const admin = world.gateway.as(anAdministrator);
    const [role] = (await admin.call(roles.list, { scopeType: 'workspace', scopeId: 'any', slug: 'editor' }))
      .data;
    const id = role?.id ?? '';
    expect((await admin.failure(roles.update, { id, name: 'Mine' })).code).toBe('system_role');
    expect((await admin.failure(roles.delete, { id })).code).toBe('system_role');
    expect((await admin.failure(permissionActions.update, { slug: 'read', name: 'See' })).code).toBe(
      'system_action',
    );
    expect((await admin.failure(permissionActions.delete, { slug: 'read' })).code).toBe('system_action');
  });
});

describe('an assignment', () => {
  it('gives what its role grants, until it is taken away or given up', async () => {
    const { owner, object } = aWorkspace();
    const editor = world.user('editor');
    const asOwner = world.gateway.as(owner);
    const asEditor = world.gateway.as(editor);
    const given = await asOwner.call(roleAssignments.create, asRole(object.id, editor.subjectId, 'editor'));
    expect(given).toMatchObject({ roleSlug: 'editor', isOwner: false, version: 1 });
    const song = world.resource('song', { user: owner.subjectId }, [object.id]);
    const may = async (action: string, at = object) =>
      (
        await asEditor.call(
          checks.check,
          { checks: [{ action, object: at }] },
          { consistency: given.revision },
        )
      ).results?.[0]?.allowed;
    expect([await may('write'), await may('update', song), await may('delete', song)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(
      await asOwner.failure(roleAssignments.create, asRole(object.id, editor.subjectId, 'editor')),
    ).toMatchObject({
      code: 'assignment_exists',
      extra: { assignmentId: given.id },
    });

    const replaced = await asOwner.call(roleAssignments.create, {
      ...asRole(object.id, editor.subjectId, 'viewer'),
      replace: true,
    });
    const { data } = await asOwner.call(roleAssignments.list, {
      objectType: 'workspace',
      objectId: object.id,
    });
    expect(data.map(({ id, roleSlug }) => [id, roleSlug])).toEqual([[replaced.id, 'viewer']]);
    expect(
      (await asEditor.call(roleAssignments.list, { subjectType: 'user', subjectId: editor.subjectId })).data,
    ).toHaveLength(1);
    expect((await asEditor.call(roleAssignments.get, { id: replaced.id })).id).toBe(replaced.id);
    await asEditor.call(roleAssignments.delete, { id: replaced.id });
    await settle(
      async () => (await asEditor.failure(checks.check, { action: 'read', object })).code === 'not_found',
    );
    expect((await asOwner.failure(roleAssignments.get, { id: replaced.id })).code).toBe('not_found');
  });

  it('is given by who manages members, and grants no more than he has', async () => {
    const { owner, object } = aWorkspace();
    const [editor, helper, friend] = [world.user('editor'), world.user('helper'), world.user('friend')];
    await world.gateway.as(owner).call(roleAssignments.create, asRole(object.id, editor.subjectId, 'editor'));
    await world.gateway.as(owner).call(roleAssignments.create, asRole(object.id, helper.subjectId, 'admin'));
    const wanted = asRole(object.id, friend.subjectId, 'viewer');
    expect((await world.gateway.as(editor).failure(roleAssignments.create, wanted)).code).toBe(
      'permission_denied',
    );
    expect((await world.gateway.as(friend).failure(roleAssignments.create, wanted)).code).toBe('not_found');
    const asHelper = world.gateway.as(helper);
    expect(
      (await asHelper.call(roleAssignments.create, asRole(object.id, friend.subjectId, 'admin'))).roleSlug,
    ).toBe('admin');
    await world.permit({
      subjectType: 'user',
      subjectId: helper.subjectId,
      objectType: 'workspace',
      objectId: object.id,
      action: 'publish',
      value: 'deny',
    });
    const other = world.user('other').subjectId;
    expect((await asHelper.failure(roleAssignments.create, asRole(object.id, other, 'admin'))).code).toBe(
      'permission_denied',
    );
    expect((await asHelper.call(roleAssignments.create, asRole(object.id, other, 'editor'))).roleSlug).toBe(
      'editor',
    );
    expect((await asHelper.failure(roleAssignments.create, asRole(object.id, other, 'conductor'))).code).toBe(
      'unknown_role',
    );
    expect(
      (await asHelper.failure(roleAssignments.create, asRole(object.id, 'user_nobody', 'viewer'))).code,
    ).toBe('unknown_subject');
    expect(
      (
        await asHelper.failure(roleAssignments.create, {
          ...wanted,
          roleId: '0198c5a2-7d10-7c33-9a41-000000000001',
        })
      ).code,
    ).toBe('validation_failed');
  });

  it('as owner is set by the owning service alone, and cannot be removed', async () => {
    const object = world.workspace(`w${++made}`, { user: 'user_nobody_else' });
    const [first, second, helper] = [world.user('first'), world.user('second'), world.user('helper')];
    const service = await world.asService('content');
    const own = (subjectId: string) =>
      service.call(members.setOwner, { object, subjectType: 'user', subjectId, actor: 'user:user_maker' });
    const set = await own(first.subjectId);
    expect(set).toMatchObject({ isOwner: true, roleSlug: 'admin', createdBy: 'user:user_maker' });
    const asFirst = world.gateway.as(first);
    expect(
      (await asFirst.call(checks.explain, { action: 'admin', object }, { consistency: set.revision }))
        .decidedBy,
    ).toMatchObject({ rule: 'owner', ownership: 'assignment', assignmentId: set.id });
    await asFirst.call(roleAssignments.create, asRole(object.id, helper.subjectId, 'admin'));
    expect((await world.gateway.as(helper).failure(roleAssignments.delete, { id: set.id })).code).toBe(
      'permission_denied',
    );
    // An owner cannot be locked out.
    await world.gateway.as(helper).call(permissions.create, {
      subjectType: 'user',
      subjectId: first.subjectId,
      objectType: 'workspace',
      objectId: object.id,
      action: 'read',
      value: 'deny',
    });
    expect((await asFirst.call(checks.check, { action: 'admin', object })).allowed).toBe(true);
    const moved = await own(second.subjectId);
    const { data } = await service.call(members.list, { object });
    expect(data.filter(({ isOwner }) => isOwner).map(({ subjectId }) => subjectId)).toEqual([
      second.subjectId,
    ]);
    expect(
      (await asFirst.failure(checks.check, { action: 'admin', object }, { consistency: moved.revision }))
        .code,
    ).toBe('not_found');
    expect(await own(second.subjectId)).toMatchObject({ id: moved.id });
    await service.close();
  });
});

describe('a role of a scope', () => {
  it('is made by who administers it, never grants more, and changes at once for who holds it', async () => {
    const { owner, object } = aWorkspace();
    const asOwner = world.gateway.as(owner);
    const writer = world.user('writer');
    const wanted = {
      scopeType: 'workspace' as const,
      scopeId: object.id,
      slug: 'writer',
      name: 'Writer',
      grants: { workspace: ['read'] },
    };
    const role = await asOwner.call(roles.create, wanted);
    expect((await asOwner.failure(roles.create, wanted)).code).toBe('role_exists');
    expect((await asOwner.failure(roles.create, { ...wanted, slug: 'editor' })).code).toBe('role_exists');
    expect(
      (await asOwner.failure(roles.create, { ...wanted, slug: 'odd', grants: { workspace: ['fly'] } })).code,
    ).toBe('unknown_action');
    expect(
      (
        await asOwner.failure(roles.create, {
          ...wanted,
          slug: 'odd',
          grants: { workspace: 'read' as never },
        })
      ).code,
    ).toBe('validation_failed');
    expect((await world.gateway.as(writer).failure(roles.create, wanted)).code).toBe('not_found');

    const given = await asOwner.call(roleAssignments.create, asRole(object.id, writer.subjectId, 'writer'));
    const ask = async (action: string) =>
      (
        await world.gateway
          .as(writer)
          .call(checks.check, { checks: [{ action, object }] }, { consistency: given.revision })
      ).results?.[0]?.allowed;
    expect([await ask('read'), await ask('update')]).toEqual([true, false]);
    await asOwner.call(roles.update, { id: role.id, grants: { workspace: ['write'] } }, { ifMatch: [1] });
    await settle(() => ask('update'));
    expect((await asOwner.failure(roles.delete, { id: role.id })).code).toBe('role_in_use');
    const offered = await asOwner.call(roles.list, { scopeType: 'workspace', scopeId: object.id });
    expect(offered.data.map(({ slug }) => slug)).toEqual(['admin', 'editor', 'viewer', 'writer']);
    const elsewhere = aWorkspace().object;
    const byId = {
      roleId: role.id,
      subjectType: 'user' as const,
      subjectId: writer.subjectId,
      objectType: 'workspace',
      objectId: elsewhere.id,
    };
    expect((await asOwner.failure(roleAssignments.create, byId)).code).toBe('unknown_role');

    const helper = world.user('helper');
    await world.permit({
      subjectType: 'user',
      subjectId: helper.subjectId,
      objectType: 'workspace',
      objectId: object.id,
      action: 'admin',
      value: 'allow',
    });
    await world.permit({
      subjectType: 'user',
      subjectId: helper.subjectId,
      objectType: 'workspace',
      objectId: object.id,
      action: 'publish',
      value: 'deny',
    });
    const more = { ...wanted, slug: 'more', grants: { resource: ['publish'] } };
    expect((await world.gateway.as(helper).failure(roles.create, more)).code).toBe('permission_denied');
    await asOwner.call(roleAssignments.delete, { id: given.id });
    await asOwner.call(roles.delete, { id: role.id });
    expect((await asOwner.failure(roles.get, { id: role.id })).code).toBe('not_found');
  });
});

describe('an action', () => {
  it('is added by a row, decided at once, and not deleted while it is used', async () => {
    const { owner, object } = aWorkspace();
    const admin = world.gateway.as(anAdministrator);
    const made = await admin.call(permissionActions.create, {
      slug: 'moderate',
      name: 'Moderate',
      implies: ['read'],
    });
    expect(made).toMatchObject({ version: 1, isSystem: false, category: 'content' });
    expect((await admin.failure(permissionActions.create, { slug: 'moderate', name: 'Again' })).code).toBe(
      'action_exists',
    );
    expect(
      (await admin.failure(permissionActions.create, { slug: 'odd', name: 'Odd', implies: ['fly'] })).code,
    ).toBe('unknown_action');
    const friend = world.user('friend');
    const row = {
      subjectType: 'user' as const,
      subjectId: friend.subjectId,
      objectType: 'workspace',
      objectId: object.id,
      action: 'moderate',
      value: 'allow' as const,
    };
    const asOwner = world.gateway.as(owner);
    await settle(() => asOwner.call(permissions.create, row));
    const asFriend = world.gateway.as(friend);
    await settle(async () => (await asFriend.call(checks.check, { action: 'moderate', object })).allowed);
    expect((await asFriend.call(checks.check, { action: 'read', object })).allowed).toBe(true);
    expect((await admin.failure(permissionActions.delete, { slug: 'moderate' })).code).toBe('action_in_use');
    await admin.call(permissionActions.update, { slug: 'moderate', implies: ['update'] });
    await settle(async () => (await asFriend.call(checks.check, { action: 'update', object })).allowed);
    const [permission] = (
      await asOwner.call(permissions.list, { objectType: 'workspace', objectId: object.id })
    ).data;
    await asOwner.call(permissions.delete, { id: permission?.id ?? '' });
    await admin.call(permissionActions.delete, { slug: 'moderate' });
    await settle(
      async () =>
        (await asFriend.failure(checks.check, { action: 'moderate', object })).code === 'unknown_action',
    );
  });
});
