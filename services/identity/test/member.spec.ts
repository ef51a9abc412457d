import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { principals } from '@erato/contracts/identity/principal';
import { members } from '@erato/contracts/identity/member';
import { organizations, type Organization } from '@erato/contracts/identity/organization';
import { teamMembers } from '@erato/contracts/identity/team-member';
import { teams } from '@erato/contracts/identity/team';
import type { User } from '@erato/contracts/identity/user';
import { IdentityUnderTest } from './an-identity.js';

let identity: IdentityUnderTest;
let admin: User;
let organization: Organization;

beforeAll(async () => {
  identity = await IdentityUnderTest.start();
  admin = await identity.aUser({ handle: 'the_admin' });
}, 60_000);
afterAll(() => identity.close());
beforeEach(async () => {
  organization = await identity.anOrganization(admin);
  identity.workos.control.forgetRequests();
});

const memberships = (id: string) =>
  identity.atWorkos<{ data: { user_id: string; role: { slug: string }; status: string }[] }>(
    'GET',
    `/user_management/organization_memberships?organization_id=${id}&statuses=active,inactive,pending&limit=100`,
  );

describe('members', () => {
  it('are added, listed, changed and removed, on both sides', async () => {
    const { id } = organization;
    const user = await identity.aUser({ handle: 'joining_one' });
    const added = await identity.as(admin).call(members.add, { id, userId: user.id, role: 'viewer' });
    expect(added).toMatchObject({
      organizationId: id,
      userId: user.id,
      role: 'viewer',
      handle: 'joining_one',
      version: 1,
    });
    const listed = await identity.as(user).call(members.list, { id, count: 'exact' });
    expect(listed.data.map(({ userId }) => userId)).toEqual([user.id, admin.id]);
    expect(listed.meta.total).toBe(2);
    expect(listed.data[0]?.email).toBeUndefined();
    const byAdmin = await identity.as(admin).call(members.list, { id, role: 'viewer' });
    expect(byAdmin.data.map(({ email }) => email)).toEqual([user.email]);
    const changed = await identity.as(admin).call(members.update, { id, userId: user.id, role: 'member' });
    expect(changed).toMatchObject({ role: 'member', version: 2 });
    const stale = { id, userId: user.id, role: 'admin' };
    expect((await identity.as(admin).failure(members.update, stale, { ifMatch: [1] })).code).toBe(
      'precondition_failed',
    );
    expect((await memberships(id)).data.find(({ user_id: userId }) => userId === user.id)?.role.slug).toBe(
      'member',
    );
    await identity.as(admin).call(members.remove, { id, userId: user.id });
    expect((await memberships(id)).data.map(({ user_id: userId }) => userId)).toEqual([admin.id]);
    expect((await identity.as(admin).failure(members.get, { id, userId: user.id })).code).toBe('not_found');
    for (const name of ['created', 'updated', 'deleted'])
      await identity.heard(`identity.membership.${name}`, user.id);
    const [event] = await identity.heard('identity.membership.updated', user.id);
    expect(event?.data).toMatchObject({ organizationId: id, roleSlug: 'member', home: false });
  });

  it('come back under another membership after they left', async () => {
    const { id } = organization;
    const user = await identity.aMember(organization, admin);
    await identity.as(user).call(members.remove, { id, userId: user.id });
    const again = await identity.as(admin).call(members.add, { id, userId: user.id, role: 'member' });
    expect(again.status).toBe('active');
    await identity.synced();
    expect((await identity.as(user).call(organizations.get, { id })).id).toBe(id);
    expect((await memberships(id)).data).toHaveLength(2);
  });

  it('are there once, and somebody', async () => {
    const { id } = organization;
    const user = await identity.aMember(organization, admin);
    expect((await identity.as(admin).failure(members.add, { id, userId: user.id })).code).toBe(
      'already_member',
    );
    const nobody = await identity
      .as(admin)
      .failure(members.add, { id, userId: 'user_01ZZZZZZZZZZZZZZZZZZZZZZZX' });
    expect(nobody.errors).toEqual([expect.objectContaining({ path: 'userId', code: 'unknown_subject' })]);
    const role = await identity.as(admin).failure(members.add, { id, userId: user.id, role: 'Not A Role' });
    expect(role.code).toBe('validation_failed');
  });

  it('are managed by admins alone, but everybody may leave', async () => {
    const { id } = organization;
    const member = await identity.aMember(organization, admin);
    const other = await identity.aMember(organization, admin);
    for (const refused of [
      await identity.as(member).failure(members.add, { id, userId: other.id }),
      await identity.as(member).failure(members.update, { id, userId: member.id, role: 'admin' }),
      await identity.as(member).failure(members.remove, { id, userId: other.id }),
      await identity.as(member).failure(members.list, { id, status: ['pending'] }),
    ]) {
      expect(refused.code).toBe('permission_denied');
    }
    await identity.as(member).call(members.remove, { id, userId: member.id });
    expect((await identity.as(member).failure(organizations.get, { id })).code).toBe('not_found');
  });

  it('keep an admin: the last one can neither leave nor be demoted', async () => {
    const { id } = organization;
    await identity.aMember(organization, admin);
    for (const refused of [
      await identity.as(admin).failure(members.update, { id, userId: admin.id, role: 'member' }),
      await identity.as(admin).failure(members.remove, { id, userId: admin.id }),
      await identity.administrator.failure(members.remove, { id, userId: admin.id }),
    ]) {
      expect(refused).toMatchObject({ kind: 'conflict', code: 'last_admin' });
    }
    expect(identity.workos.control.requests({ method: 'DELETE' })).toEqual([]);
  });

  it('keep an admin when two demote each other at once', async () => {
    for (let round = 0; round < 3; round++) {
      const made = await identity.anOrganization(admin);
      const second = await identity.aMember(made, admin, 'admin');
      const demote = (by: User, whom: User) =>
        identity.as(by).call(members.update, { id: made.id, userId: whom.id, role: 'member' });
      const outcomes = await Promise.allSettled([demote(admin, second), demote(second, admin)]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const admins = (await memberships(made.id)).data.filter(({ role }) => role.slug === 'admin');
      expect(admins).toHaveLength(1);
    }
  });

  it('keep an admin when both leave at once', async () => {
    const second = await identity.aMember(organization, admin, 'admin');
    const { id } = organization;
    const outcomes = await Promise.allSettled(
      [admin, second].map((user) => identity.as(user).call(members.remove, { id, userId: user.id })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('leaving an organization', () => {
  it('leaves its teams with it, in one transaction', async () => {
    const { id: organizationId } = organization;
    const user = await identity.aMember(organization, admin);
    const team = await identity.as(admin).call(teams.create, { organizationId, name: 'A&R' });
    const own = await identity.as(admin).call(teams.create, {
      organizationId,
      name: 'His own',
      ownerType: 'user',
      ownerId: user.id,
    });
    await identity.as(admin).call(teamMembers.add, { id: team.id, userId: user.id });
    const [before] = await identity.services.call(principals.fetch, { userIds: [user.id] });
    expect(before).toEqual({
      userId: user.id,
      organizations: [{ organizationId, roleSlug: 'member' }],
      teamIds: [team.id],
    });
    await identity.as(admin).call(members.remove, { id: organizationId, userId: user.id });
    const [after] = await identity.services.call(principals.fetch, { userIds: [user.id] });
    expect(after).toEqual({ userId: user.id, organizations: [], teamIds: [] });
    const [left] = await identity.heard('identity.team-member.removed', user.id);
    const [gone] = await identity.heard('identity.membership.deleted', user.id);
    expect(left?.requestid).toBe(gone?.requestid);
    const handed = await identity.as(admin).call(teams.get, { id: own.id });
    expect(handed).toMatchObject({ ownerType: 'organization', ownerId: organizationId });
  });

  it('is what a deactivation at WorkOS means too', async () => {
    const { id: organizationId } = organization;
    const user = await identity.aMember(organization, admin);
    const team = await identity.as(admin).call(teams.create, { organizationId, name: 'A&R' });
    await identity.as(admin).call(teamMembers.add, { id: team.id, userId: user.id });
    const [row] = await identity.sql(
      'SELECT id FROM organization_memberships WHERE user_id = $1 AND organization_id = $2',
      [user.id, organizationId],
    );
    await identity.atWorkos(
      'PUT',
      `/user_management/organization_memberships/${String(row?.['id'])}/deactivate`,
    );
    await identity.synced();
    expect((await identity.as(user).failure(organizations.get, { id: organizationId })).code).toBe(
      'not_found',
    );
    expect((await identity.as(admin).call(teamMembers.list, { id: team.id })).data).toEqual([]);
    const inactive = await identity
      .as(admin)
      .call(members.list, { id: organizationId, status: ['inactive'] });
    expect(inactive.data.map(({ userId }) => userId)).toEqual([user.id]);
  });
});
