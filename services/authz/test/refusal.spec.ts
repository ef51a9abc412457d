import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { access } from '@erato/contracts/authz/access';
import { checks } from '@erato/contracts/authz/check';
import { permissions } from '@erato/contracts/authz/permission';
import { roles } from '@erato/contracts/authz/role';
import { roleAssignments } from '@erato/contracts/authz/role-assignment';
import type { Call } from '@erato/contracts/kit/call';
import type { Caller } from '@erato/contracts/kit/context';
import type { Failure } from '@erato/contracts/kit/failure';
import { World } from './world.js';

let world: World;
let owner: Caller;
let reader: Caller;
let stranger: Caller;
beforeAll(async () => {
  world = await World.start();
  [owner, reader, stranger] = [world.user('ro'), world.user('rr'), world.user('rs')];
}, 60_000);
afterAll(() => world.close());

interface Attempt {
  readonly what: string;
  /** What it ends with for who administers the object. */
  readonly code: string;
  fails(as: Caller, objectId: string): Promise<Failure>;
}

/** A call that fails even for who administers the object. */
function attempt<I>(
  what: string,
  code: string,
  call: Call<I, unknown>,
  input: (objectId: string) => I,
): Attempt {
  return { what, code, fails: (as, objectId) => world.gateway.as(as).failure(call, input(objectId)) };
}

const on = (objectId: string) => ({ objectType: 'workspace', objectId });
const friend = { subjectType: 'user' as const, subjectId: 'user_rf' };
const nobody = { subjectType: 'user' as const, subjectId: 'user_nobody' };
const told = ({ kind, code, message, errors }: Failure) => ({ kind, code, message, errors });

describe('a refusal', () => {
  it('tells of conflicts, unknown subjects and rows only who may ask: 404 unread, 403 read', async () => {
    world.user('rf');
    const object = world.workspace('refused', { user: owner.subjectId });
    const asOwner = world.gateway.as(owner);
    const row = { ...friend, ...on('refused'), action: 'delete', value: 'allow' as const };
    const made = await asOwner.call(permissions.create, row);
    await asOwner.call(permissions.create, { ...row, subjectId: reader.subjectId, action: 'read' });
    const role = {
      scopeType: 'workspace' as const,
      slug: 'helper',
      name: 'Helper',
      grants: { resource: ['read'] },
    };
    const { id: roleId } = await asOwner.call(roles.create, { ...role, scopeId: object.id });
    const held = await asOwner.call(roleAssignments.create, { roleId, ...friend, ...on('refused') });

    const attempts: Attempt[] = [
      attempt('the same row', 'permission_exists', permissions.create, (id) => ({ ...row, ...on(id) })),
      attempt('a row about nobody', 'unknown_subject', permissions.create, (id) => ({
        ...row,
        ...nobody,
        ...on(id),
      })),
      attempt('a row about no action', 'unknown_action', permissions.create, (id) => ({
        ...row,
        action: 'fly',
        ...on(id),
      })),
      attempt('rows about nobody', 'unknown_subject', permissions.set, (id) => ({
        permissions: [{ ...row, ...nobody, ...on(id) }],
      })),
      attempt('the same role', 'role_exists', roles.create, (scopeId) => ({ ...role, scopeId })),
      attempt('a system role’s name', 'role_exists', roles.create, (scopeId) => ({
        ...role,
        slug: 'editor',
        scopeId,
      })),
      attempt('a role of no action', 'unknown_action', roles.create, (scopeId) => ({
        ...role,
        slug: 'other',
        grants: { resource: ['fly'] },
        scopeId,
      })),
      attempt('the same assignment', 'assignment_exists', roleAssignments.create, (id) => ({
        roleId,
        ...friend,
        ...on(id),
      })),
      attempt('an assignment to nobody', 'unknown_subject', roleAssignments.create, (id) => ({
        roleId,
        ...nobody,
        ...on(id),
      })),
      attempt('an assignment of no role', 'unknown_role', roleAssignments.create, (id) => ({
        role: 'none',
        ...friend,
        ...on(id),
      })),
      attempt('a question about nobody', 'unknown_subject', checks.check, (id) => ({
        subject: { type: 'user' as const, id: 'user_nobody' },
        action: 'read',
        object: { type: 'workspace', id },
      })),
      attempt('who may do nothing', 'unknown_action', access.subjects, (id) => ({
        ...on(id),
        action: 'fly',
      })),
    ];
    for (const each of attempts) {
      const [administers, reads, unread, missing] = await Promise.all([
        each.fails(owner, 'refused'),
        each.fails(reader, 'refused'),
        each.fails(stranger, 'refused'),
        each.fails(stranger, 'nowhere'),
      ]);
      expect([each.what, administers.code]).toEqual([each.what, each.code]);
      expect([each.what, reads.code]).toEqual([each.what, 'permission_denied']);
      expect([each.what, unread.code]).toEqual([each.what, 'not_found']);
      // What may not be read and what is not there are one answer, to the word.
      expect(told(unread)).toEqual(told(missing));
    }
    const asStranger = world.gateway.as(stranger);
    expect((await asOwner.failure(roles.delete, { id: roleId })).code).toBe('role_in_use');
    const gone = '0198c5a2-7d10-7c33-9a41-00000000dead';
    const byId: [string, (id: string) => Promise<Failure>, string][] = [
      ['permissions.get', (id) => asStranger.failure(permissions.get, { id }), made.id],
      ['permissions.update', (id) => asStranger.failure(permissions.update, { id }), made.id],
      ['permissions.delete', (id) => asStranger.failure(permissions.delete, { id }), made.id],
      ['roles.get', (id) => asStranger.failure(roles.get, { id }), roleId],
      ['roles.update', (id) => asStranger.failure(roles.update, { id }), roleId],
      ['roles.delete', (id) => asStranger.failure(roles.delete, { id }), roleId],
      ['roleAssignments.get', (id) => asStranger.failure(roleAssignments.get, { id }), held.id],
      ['roleAssignments.delete', (id) => asStranger.failure(roleAssignments.delete, { id }), held.id],
    ];
    for (const [what, ask, id] of byId) {
      const [unread, missing] = [await ask(id), await ask(gone)];
      expect([what, unread.code]).toEqual([what, 'not_found']);
      expect(told(unread)).toEqual(told(missing));
    }
    // A stale version is told to who may change it alone.
    const stale = { ifMatch: [99] };
    expect((await asOwner.failure(permissions.delete, { id: made.id }, stale)).code).toBe(
      'precondition_failed',
    );
    expect((await asStranger.failure(permissions.delete, { id: made.id }, stale)).code).toBe('not_found');
    expect((await asOwner.failure(permissions.create, row)).extra).toEqual({ permissionId: made.id });
  });
});
