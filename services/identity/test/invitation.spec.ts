import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { invitations } from '@erato/contracts/identity/invitation';
import { members } from '@erato/contracts/identity/member';
import type { Organization } from '@erato/contracts/identity/organization';
import type { User } from '@erato/contracts/identity/user';
import { IdentityUnderTest } from './an-identity.js';

let identity: IdentityUnderTest;
let admin: User;
let organization: Organization;

beforeAll(async () => {
  identity = await IdentityUnderTest.start();
  admin = await identity.aUser();
}, 60_000);
afterAll(() => identity.close());
beforeEach(async () => {
  organization = await identity.anOrganization(admin);
});

const invite = (email: string, role = 'member') =>
  identity.as(admin).call(invitations.create, { id: organization.id, email, role });

describe('invitations', () => {
  it('are sent, listed, shown and revoked', async () => {
    const { id } = organization;
    const made = await invite('rui@label.example');
    expect(made).toMatchObject({
      organizationId: id,
      state: 'pending',
      role: 'member',
      inviterUserId: admin.id,
    });
    expect(made).not.toHaveProperty('acceptUrl');
    expect(JSON.stringify(made)).not.toContain('token');
    const other = await invite('eva@label.example');
    const listed = await identity.as(admin).call(invitations.list, { id, limit: 1 });
    expect(listed.data.map((each) => each.id)).toEqual([other.id]);
    const rest = await identity
      .as(admin)
      .call(invitations.list, { id, limit: 1, after: listed.meta.after ?? '' });
    expect(rest.data.map((each) => each.id)).toEqual([made.id]);
    const found = await identity.as(admin).call(invitations.list, { id, email: 'rui@label.example' });
    expect(found.data).toHaveLength(1);
    const one = { id, invitationId: made.id };
    expect((await identity.as(admin).call(invitations.get, one)).acceptUrl).toMatch(/^http/);
    expect(
      (await identity.as(admin).failure(invitations.create, { id, email: 'rui@label.example' })).code,
    ).toBe('already_invited');
    await identity.as(admin).call(invitations.revoke, one);
    expect((await identity.as(admin).call(invitations.get, one)).state).toBe('revoked');
    expect((await identity.as(admin).failure(invitations.revoke, one)).code).toBe('invitation_over');
    await identity.synced();
    for (const name of ['created', 'revoked']) await identity.heard(`identity.invitation.${name}`, made.id);
    expect(JSON.stringify(identity.events)).not.toContain('rui@label.example');
  });

  it('make a member of who accepts', async () => {
    const user = await identity.aUser();
    const made = await invite(user.email ?? '', 'viewer');
    await identity.atWorkos('POST', `/user_management/invitations/${made.id}/accept`);
    await identity.synced();
    const member = await identity.as(user).call(members.get, { id: organization.id, userId: user.id });
    expect(member).toMatchObject({ role: 'viewer', status: 'active' });
    const [accepted] = await identity.heard('identity.invitation.accepted', made.id);
    expect(accepted?.data).toEqual({
      invitationId: made.id,
      organizationId: organization.id,
      userId: user.id,
    });
    const again = await identity
      .as(admin)
      .failure(invitations.create, { id: organization.id, email: user.email ?? '' });
    expect(again.code).toBe('already_member');
  });

  it('are for admins of that organization alone', async () => {
    const { id } = organization;
    const member = await identity.aMember(organization, admin);
    const made = await invite('who@label.example');
    const one = { id, invitationId: made.id };
    expect((await identity.as(member).failure(invitations.list, { id })).code).toBe('permission_denied');
    expect((await identity.as(member).failure(invitations.get, one)).code).toBe('permission_denied');
    expect((await identity.as(member).failure(invitations.create, { id, email: 'x@y.example' })).code).toBe(
      'permission_denied',
    );
    const elsewhere = await identity.anOrganization(admin);
    const foreign = { id: elsewhere.id, invitationId: made.id };
    expect((await identity.as(admin).failure(invitations.get, foreign)).code).toBe('not_found');
    expect((await identity.as(admin).failure(invitations.revoke, foreign)).code).toBe('not_found');
  });
});
