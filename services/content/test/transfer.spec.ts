import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workspaceTransferred } from '@erato/contracts/content/events';
import { transfers, type Transfer } from '@erato/contracts/content/transfer';
import { resources } from '@erato/contracts/content/resource';
import { workspaces } from '@erato/contracts/content/workspace';
import { checks } from '@erato/contracts/authz/check';
import { membershipDeleted, userDeleted } from '@erato/contracts/identity/events';
import type { Caller } from '@erato/contracts/kit/context';
import { settle } from '@erato/testing/settle';
import { World } from './world.js';

let world: World;
let mia: Caller;
let tom: Caller;
let eve: Caller;
/** An admin and a mere member of the label. */
let boss: Caller;
let staff: Caller;
const label = 'org_label';
beforeAll(async () => {
  world = await World.start();
  world.organization(label);
  const at = (roleSlug: string) => ({ organizations: [{ organizationId: label, roleSlug }] });
  [mia, tom, eve] = [world.user('mia'), world.user('tom'), world.user('eve')];
  [boss, staff] = [world.user('boss', at('admin')), world.user('staff', at('member'))];
}, 60_000);
afterAll(() => world.close());

const to = (receiver: Caller) => ({ toType: 'user' as const, toId: receiver.subjectId });
const toLabel = { toType: 'organization' as const, toId: label };
const offer = (by: Caller, id: string, receiver: typeof toLabel | ReturnType<typeof to>): Promise<Transfer> =>
  world.as(by).call(transfers.request, { id, ...receiver });
const ownerOf = async (id: string) => {
  const { ownerType, ownerId } = await world.as(mia).call(workspaces.get, { id });
  return { ownerType, ownerId };
};

describe('a transfer', () => {
  it('changes nothing until the receiver accepts, and then everything', async () => {
    const made = await world.aWorkspace(mia, { name: 'Given' });
    const work = await world.aPost(mia, { authors: [{ authorType: 'workspace', authorId: made.id }] });
    const transfer = await offer(mia, made.id, to(tom));
    expect(transfer).toMatchObject({
      ...{ workspaceId: made.id, workspaceName: 'Given', fromId: 'user_mia', toId: 'user_tom' },
      ...{ status: 'pending', requestedBy: 'user_mia', decidedAt: null, version: 1 },
    });
    expect(await ownerOf(made.id)).toEqual({ ownerType: 'user', ownerId: 'user_mia' });
    const accepted = await world.as(tom).call(transfers.accept, { id: transfer.id });
    expect(accepted).toMatchObject({ status: 'accepted', version: 2 });
    const moved = await world.as(tom).call(workspaces.get, { id: made.id });
    expect(moved).toMatchObject({ ownerType: 'user', ownerId: 'user_tom', version: 2 });
    const renamed = await world.as(tom).call(workspaces.update, { id: made.id, name: 'Taken' });
    expect(renamed.name).toBe('Taken');
    const denied = await world.as(mia).failure(workspaces.update, { id: made.id, name: 'Mine' });
    expect(denied.code).toBe('permission_denied');
    expect(await world.as().call(resources.get, { id: work.id })).toMatchObject({ ownerId: 'user_mia' });
    const [fact] = await settle(() => {
      const heard = world.heard(workspaceTransferred, made.id);
      return heard.length > 0 ? heard : null;
    });
    expect(fact).toMatchObject({ fromId: 'user_mia', ownerId: 'user_tom', version: 2 });
    // authz has heard of it too.
    const question = { action: 'delete', object: { type: 'workspace', id: made.id } };
    await settle(async () => {
      const answer = await world.as(tom).call(checks.check, question);
      const former = await world.as(mia).call(checks.check, question);
      return answer.allowed === true && former.allowed === false;
    });
  });

  it('to an organization is accepted by its admins', async () => {
    const made = await world.aWorkspace(mia, { name: 'Signed', visibility: 'private' });
    const { id } = await offer(mia, made.id, toLabel);
    for (const caller of [staff, eve]) {
      expect((await world.as(caller).failure(transfers.accept, { id })).code).toBe('not_found');
      expect((await world.as(caller).failure(transfers.get, { id })).code).toBe('not_found');
    }
    expect((await world.as(mia).failure(transfers.accept, { id })).code).toBe('permission_denied');
    await world.as(boss).call(transfers.accept, { id });
    const got = await world.as(staff).call(workspaces.get, { id: made.id });
    expect(got).toMatchObject({ ownerType: 'organization', ownerId: label });
    expect((await world.as(mia).failure(workspaces.get, { id: made.id })).code).toBe('not_found');
    const back = await world.as(boss).call(transfers.request, { id: made.id, ...to(mia) });
    expect(back.fromId).toBe(label);
    await world.as(mia).call(transfers.accept, { id: back.id });
    expect(await ownerOf(made.id)).toEqual({ ownerType: 'user', ownerId: 'user_mia' });
  });

  it('is offered by the owner alone, to somebody else who exists, once at a time', async () => {
    const made = await world.aWorkspace(mia, { name: 'Offered' });
    const secret = await world.aWorkspace(mia, { name: 'Offered in secret', visibility: 'private' });
    for (const id of [made.id, secret.id]) {
      await world.permit({
        ...{ subjectType: 'user', subjectId: 'user_tom', objectType: 'workspace', objectId: id },
        ...{ action: 'admin', value: 'allow' },
      });
    }
    const code = async (by: Caller, id: string, receiver: { toType: 'user'; toId: string }) =>
      (await world.as(by).failure(transfers.request, { id, ...receiver })).code;
    const nobody = { toType: 'user' as const, toId: 'user_nobody' };
    const key: Caller = {
      subjectType: 'workspace',
      subjectId: made.id,
      scopes: ['workspaces:write'],
      keyId: 'k',
    };
    expect(await code(tom, made.id, to(tom))).toBe('permission_denied');
    expect(await code(key, made.id, to(tom))).toBe('permission_denied');
    expect(await code(eve, made.id, nobody)).toBe('permission_denied');
    expect(await code(eve, secret.id, nobody)).toBe('not_found');
    expect(await code(eve, secret.id, to(eve))).toBe('not_found');
    expect(await code(mia, made.id, nobody)).toBe('unknown_subject');
    expect(await code(mia, made.id, to(mia))).toBe('validation_failed');
    const results = await Promise.allSettled([1, 2, 3].map(() => offer(mia, made.id, to(tom))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const again = await world.as(mia).failure(transfers.request, { id: made.id, ...toLabel });
    expect(again.code).toBe('transfer_pending');
    expect(again.extra).toEqual({ transferId: expect.any(String) });
  });

  it('is settled once, whoever comes first', async () => {
    const made = await world.aWorkspace(mia, { name: 'Raced' });
    const { id } = await offer(mia, made.id, to(tom));
    const attempts = await Promise.allSettled([
      world.as(tom).call(transfers.accept, { id }),
      world.as(tom).call(transfers.accept, { id }),
      world.as(tom).call(transfers.decline, { id }),
      world.as(mia).call(transfers.cancel, { id }),
    ]);
    const lost = attempts.filter((each) => each.status === 'rejected');
    expect(lost).toHaveLength(3);
    for (const { reason } of lost) expect(reason).toMatchObject({ code: 'transfer_over' });
    const { status } = await world.as(tom).call(transfers.get, { id });
    const { ownerId } = await ownerOf(made.id);
    expect(ownerId).toBe(status === 'accepted' ? 'user_tom' : 'user_mia');
  });

  it('can be declined and taken back, and then be offered again', async () => {
    const made = await world.aWorkspace(mia, { name: 'Again' });
    const first = await offer(mia, made.id, to(tom));
    expect((await world.as(mia).failure(transfers.decline, { id: first.id })).code).toBe('permission_denied');
    expect((await world.as(tom).failure(transfers.cancel, { id: first.id })).code).toBe('permission_denied');
    expect(await world.as(tom).call(transfers.decline, { id: first.id })).toMatchObject({
      status: 'declined',
    });
    const second = await offer(mia, made.id, to(tom));
    const stale = await world.as(mia).failure(transfers.cancel, { id: second.id }, { ifMatch: [7] });
    expect(stale.code).toBe('precondition_failed');
    await world.as(mia).call(transfers.cancel, { id: second.id });
    expect((await world.as(tom).failure(transfers.accept, { id: second.id })).code).toBe('transfer_over');
  });

  it('ends with its time, with the workspace, and with who could offer it', async () => {
    const old = await world.aWorkspace(mia, { name: 'Old' });
    const expired = await offer(mia, old.id, to(tom));
    await world.database.query(
      `UPDATE workspace_transfers SET expires_at = now() - interval '1 second' WHERE id = $1`,
      [expired.id],
    );
    expect((await world.as(tom).failure(transfers.accept, { id: expired.id })).code).toBe('transfer_expired');
    expect(await world.as(tom).call(transfers.get, { id: expired.id })).toMatchObject({ status: 'expired' });
    await offer(mia, old.id, to(tom));

    const gone = await world.aWorkspace(mia, { name: 'Gone' });
    const orphan = await offer(mia, gone.id, to(tom));
    const ends = await Promise.allSettled([
      world.as(mia).call(workspaces.delete, { id: gone.id }),
      world.as(tom).call(transfers.accept, { id: orphan.id }),
    ]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);

    const ours = await world.aWorkspace(boss, { name: 'Ours', ownerType: 'organization', ownerId: label });
    const second = world.user('leaving', { organizations: [{ organizationId: label, roleSlug: 'admin' }] });
    const taken = await offer(second, ours.id, to(second));
    world.user('leaving');
    await world.identity.emit(membershipDeleted, 'om_leaving', {
      ...{ membershipId: 'om_leaving', userId: second.subjectId, organizationId: label, roleSlug: 'admin' },
      ...{ status: 'inactive', home: false, updatedAt: new Date().toISOString() },
    });
    const former = world.as(second);
    await settle(async () => {
      const renamed = await former.call(workspaces.update, { id: ours.id, name: 'x' }).catch(() => null);
      return renamed === null;
    });
    expect((await world.as(second).failure(transfers.accept, { id: taken.id })).code).toBe('transfer_over');
    expect(await ownerOf(ours.id)).toEqual({ ownerType: 'organization', ownerId: label });
  });

  it('is listed for both sides, newest first, and forgotten with them', async () => {
    const [ada, bob] = [world.user('ada'), world.user('bob')];
    const ids: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      ids.unshift((await offer(ada, (await world.aWorkspace(ada, { name })).id, to(bob))).id);
    }
    const list = async (caller: Caller, input: object = {}) =>
      world.as(caller).call(transfers.list, { ...input });
    expect((await list(bob)).data.map(({ id }) => id)).toEqual(ids);
    expect((await list(ada)).data.map(({ id }) => id)).toEqual(ids);
    expect((await list(ada, { direction: 'incoming' })).data).toEqual([]);
    expect((await list(eve)).data).toEqual([]);
    const first = await list(bob, { limit: 2, count: 'exact' });
    expect(first.meta.total).toBe(3);
    const second = await list(bob, { limit: 2, after: first.meta.after });
    expect(second.data.map(({ id }) => id)).toEqual(ids.slice(2));
    await world.as(bob).call(transfers.decline, { id: ids[0] ?? '' });
    expect((await list(bob, { status: ['pending'] })).data.map(({ id }) => id)).toEqual(ids.slice(1));
    await world.identity.emit(userDeleted, 'user_bob', { userId: 'user_bob', version: 2 });
    await settle(async () => (await list(ada)).data.length === 0);
  });
});
