import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checks } from '@erato/contracts/authz/check';
import { roleAssignments } from '@erato/contracts/authz/role-assignment';
import { workspaceMembers } from '@erato/contracts/authz/workspace-member';
import type { Caller } from '@erato/contracts/kit/context';
import { World } from './world.js';

let world: World;
let owner: Caller;
let stranger: Caller;
beforeAll(async () => {
  world = await World.start();
  owner = world.user('owner');
  stranger = world.user('stranger');
}, 60_000);
afterAll(() => world.close());

const as = (caller: Caller) => world.gateway.as(caller);
function aWorkspace(everyone: string[] = []): string {
  const id = crypto.randomUUID();
  world.workspace(id, { user: owner.subjectId }, { everyone });
  return id;
}
const add = (id: string, user: Caller, role: string, by = owner) =>
  as(by).call(workspaceMembers.add, { id, userId: user.subjectId, role });
/** What may not even be read answers as not found. */
const allowed = async (caller: Caller, id: string, action: string) => {
  const checked = as(caller).call(checks.check, { action, object: { type: 'workspace', id } });
  return checked.then(
    (answer) => answer.allowed,
    () => false,
  );
};

describe('the members of a workspace', () => {
  it('are given a role, another one, and none', async () => {
    const id = aWorkspace();
    const ben = world.user('ben');
    const made = await add(id, ben, 'editor');
    expect(made).toMatchObject({
      ...{ workspaceId: id, userId: ben.subjectId, role: 'editor', isOwner: false, version: 1 },
      addedBy: `user:${owner.subjectId}`,
    });
    expect(await allowed(ben, id, 'update')).toBe(true);
    const ref = { id, userId: ben.subjectId };
    expect(await as(ben).call(workspaceMembers.get, ref)).toEqual(made);
    const again = await as(owner).failure(workspaceMembers.add, { ...ref, role: 'viewer' });
    expect(again.code).toBe('already_member');
    const stale = await as(owner).failure(
      workspaceMembers.update,
      { ...ref, role: 'viewer' },
      { ifMatch: [2] },
    );
    expect(stale.code).toBe('precondition_failed');
    const less = await as(owner).call(workspaceMembers.update, { ...ref, role: 'viewer' }, { ifMatch: [1] });
    expect(less).toMatchObject({ role: 'viewer', version: 2 });
    expect(await allowed(ben, id, 'update')).toBe(false);
    expect(await allowed(ben, id, 'read')).toBe(true);
    await as(owner).call(workspaceMembers.remove, ref);
    expect(await allowed(ben, id, 'read')).toBe(false);
    expect((await as(owner).failure(workspaceMembers.get, ref)).code).toBe('not_found');
    expect((await as(owner).failure(workspaceMembers.remove, ref)).code).toBe('not_found');
    const none = await as(owner).failure(workspaceMembers.update, { ...ref, role: 'viewer' });
    expect(none.code).toBe('not_found');
  });

  it('are one a user, whatever roles he was given', async () => {
    const id = aWorkspace();
    const ben = world.user('ben');
    await add(id, ben, 'viewer');
    const on = { objectType: 'workspace', objectId: id, subjectType: 'user' as const };
    await as(owner).call(roleAssignments.create, { ...on, subjectId: ben.subjectId, role: 'editor' });
    await as(owner).call(roleAssignments.create, {
      ...on,
      ...{ subjectType: 'team', subjectId: world.team('crew', 'org_label'), role: 'admin' },
    });
    const list = await as(owner).call(workspaceMembers.list, { id });
    expect(list.data.map(({ userId, role }) => [userId, role])).toEqual([[ben.subjectId, 'editor']]);
    const ref = { id, userId: ben.subjectId };
    await as(owner).call(workspaceMembers.update, { ...ref, role: 'viewer' });
    expect(await allowed(ben, id, 'update')).toBe(false);
    await as(ben).call(workspaceMembers.remove, ref);
    expect(await allowed(ben, id, 'read')).toBe(false);
  });

  it('are listed in pages, newest first, for who sees them', async () => {
    const id = aWorkspace();
    const users = ['p1', 'p2', 'p3', 'p4', 'p5'].map((name) => world.user(name));
    for (const [at, user] of users.entries()) await add(id, user, at === 0 ? 'admin' : 'viewer');
    const ids = users.map(({ subjectId }) => subjectId).reverse();
    const list = (input: object = {}, by = owner) => as(by).call(workspaceMembers.list, { id, ...input });
    const first = await list({ limit: 3, count: 'exact' });
    expect(first.data.map(({ userId }) => userId)).toEqual(ids.slice(0, 3));
    expect(first.meta.total).toBe(5);
    const second = await list({ limit: 3, after: first.meta.after });
    expect(second.data.map(({ userId }) => userId)).toEqual(ids.slice(3));
    const back = await list({ limit: 3, before: second.meta.before });
    expect(back.data).toEqual(first.data);
    expect((await list({ role: 'admin' }, users[0])).data).toHaveLength(1);
    const [, viewer] = users;
    expect((await as(viewer ?? stranger).failure(workspaceMembers.list, { id })).code).toBe(
      'permission_denied',
    );
  });

  it('are managed by who may, who gives no more than he has', async () => {
    const id = aWorkspace();
    const [manager, ben] = [world.user('manager'), world.user('ben')];
    await add(id, manager, 'editor');
    await world.permit({
      ...{ subjectType: 'user', subjectId: manager.subjectId, objectType: 'workspace', objectId: id },
      ...{ action: 'manage', value: 'allow' },
    });
    const admins = await as(manager).failure(workspaceMembers.add, {
      ...{ id, userId: ben.subjectId, role: 'admin' },
    });
    expect(admins.code).toBe('permission_denied');
    await add(id, ben, 'viewer', owner);
    const raise = { id, userId: ben.subjectId, role: 'admin' };
    expect((await as(manager).failure(workspaceMembers.update, raise)).code).toBe('permission_denied');
    expect((await as(ben).failure(workspaceMembers.update, raise)).code).toBe('permission_denied');
  });

  it('say nothing to strangers, not even whether somebody exists', async () => {
    const [open, closed] = [aWorkspace(['read']), aWorkspace()];
    const codes = async (id: string) => {
      const calls = [
        as(stranger).failure(workspaceMembers.list, { id }),
        as(stranger).failure(workspaceMembers.get, { id, userId: owner.subjectId }),
        as(stranger).failure(workspaceMembers.add, { id, userId: 'user_nobody', role: 'viewer' }),
        as(stranger).failure(workspaceMembers.add, { id, userId: stranger.subjectId, role: 'none' }),
        as(stranger).failure(workspaceMembers.remove, { id, userId: owner.subjectId }),
      ];
      return new Set((await Promise.all(calls)).map(({ code }) => code));
    };
    expect(await codes(open)).toEqual(new Set(['permission_denied']));
    expect(await codes(closed)).toEqual(new Set(['not_found']));
    expect(await codes(crypto.randomUUID())).toEqual(new Set(['not_found']));
    const known = { id: open, userId: 'user_nobody' };
    expect((await as(owner).failure(workspaceMembers.add, { ...known, role: 'viewer' })).code).toBe(
      'unknown_subject',
    );
    const nowhere = { id: open, userId: stranger.subjectId, role: 'none' };
    expect((await as(owner).failure(workspaceMembers.add, nowhere)).code).toBe('unknown_role');
  });

  it('that are added twice at once are added once', async () => {
    const id = aWorkspace();
    const ben = world.user('ben');
    const results = await Promise.allSettled(['viewer', 'editor', 'admin'].map((role) => add(id, ben, role)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await as(owner).call(workspaceMembers.list, { id })).data).toHaveLength(1);
  });
});
