import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { aWorkos, type Fixture } from './workos-fixture.js';

let workos: Fixture;
let n = 0;
const unique = (name: string): string => `${name}-${++n}`;
const aUser = () =>
  workos.sdk.userManagement.createUser({ email: `${unique('user')}@example.com`, emailVerified: true });
const anOrganization = () => workos.sdk.organizations.createOrganization({ name: unique('Label') });

beforeAll(async () => {
  workos = await aWorkos();
});
afterAll(() => workos.close());
afterEach(() => expect(workos.conformance.violations).toEqual([]));

describe('organizations', () => {
  it('are created, read by id and external id, and deleted', async () => {
    const made = await workos.sdk.organizations.createOrganization({
      name: 'Night Records',
      externalId: 'ext-1',
      metadata: { tier: 'gold' },
      domainData: [
        { domain: 'Night.example', state: 'verified' as never },
        { domain: 'day.example', state: 'pending' as never },
      ],
    });
    expect(made).toMatchObject({
      object: 'organization',
      name: 'Night Records',
      externalId: 'ext-1',
      metadata: { tier: 'gold' },
    });
    expect(made.domains.map(({ domain, state }) => [domain, state])).toEqual([
      ['night.example', 'verified'],
      ['day.example', 'pending'],
    ]);
    expect(await workos.sdk.organizations.getOrganization(made.id)).toEqual(made);
    expect(await workos.sdk.organizations.getOrganizationByExternalId('ext-1')).toEqual(made);
    await workos.sdk.organizations.deleteOrganization(made.id);
    await expect(workos.sdk.organizations.getOrganization(made.id)).rejects.toMatchObject({
      status: 404,
      code: 'entity_not_found',
    });
    await expect(workos.sdk.organizations.getOrganizationByExternalId('ext-1')).rejects.toMatchObject({
      status: 404,
    });
  });

  it('merge metadata, where null deletes a key, and keep what an update does not name', async () => {
    const made = await workos.sdk.organizations.createOrganization({
      name: 'A',
      metadata: { a: '1', b: '2' },
      externalId: unique('e'),
    });
    const changed = await workos.sdk.organizations.updateOrganization({
      organization: made.id,
      metadata: { b: null, c: '3' } as never,
      stripeCustomerId: unique('cus'),
    });
    expect(changed).toMatchObject({ name: 'A', externalId: made.externalId, metadata: { a: '1', c: '3' } });
    expect(changed.metadata).not.toHaveProperty('b');
    expect(changed.updatedAt > made.updatedAt).toBe(true);
    const cleared = await workos.sdk.organizations.updateOrganization({
      organization: made.id,
      name: 'B',
      externalId: null,
    });
    expect(cleared).toMatchObject({ name: 'B', externalId: null });
  });

  it('refuse an external id, a Stripe customer or a domain that another has, and bad metadata', async () => {
    const [externalId, stripeCustomerId, domain] = [unique('e'), unique('cus'), `${unique('d')}.example`];
    const first = await workos.sdk.organizations.createOrganization({
      name: 'A',
      externalId,
      domainData: [{ domain, state: 'verified' as never }],
    });
    await workos.sdk.organizations.updateOrganization({ organization: first.id, stripeCustomerId });
    const second = await anOrganization();
    await expect(
      workos.sdk.organizations.createOrganization({ name: 'B', externalId }),
    ).rejects.toMatchObject({ code: 'external_id_already_used' });
    await expect(
      workos.sdk.organizations.updateOrganization({ organization: second.id, stripeCustomerId }),
    ).rejects.toMatchObject({ code: 'stripe_customer_id_already_used' });
    await expect(
      workos.sdk.organizations.updateOrganization({
        organization: second.id,
        domainData: [{ domain, state: 'pending' as never }],
      }),
    ).rejects.toMatchObject({ status: 409 });
    await expect(
      workos.sdk.organizations.updateOrganization({
        organization: second.id,
        metadata: { a: 'x'.repeat(601) },
      }),
    ).rejects.toMatchObject({ code: 'invalid_metadata' });
    await expect(workos.sdk.organizations.createOrganization({ name: '' })).rejects.toMatchObject({
      status: 422,
      code: 'invalid_request_parameters',
    });
  });

  it('are listed by domain and by name, in pages', async () => {
    const domain = `${unique('d')}.example`;
    const made = await workos.sdk.organizations.createOrganization({
      name: 'Zebra Sound',
      domainData: [{ domain, state: 'verified' as never }],
    });
    const byDomain = await workos.sdk.organizations.listOrganizations({ domains: [domain, 'other.example'] });
    expect(byDomain.data.map(({ id }) => id)).toEqual([made.id]);
    const byName = await workos.call('GET', '/organizations?search=zebra&limit=1');
    expect(byName.body).toMatchObject({
      data: [{ id: made.id }],
      list_metadata: { before: null, after: null },
    });
    for (let i = 0; i < 3; i++) await anOrganization();
    const page = await workos.sdk.organizations.listOrganizations({ limit: 2, order: 'asc' });
    const next = await workos.sdk.organizations.listOrganizations({
      limit: 2,
      order: 'asc',
      after: page.listMetadata.after ?? '',
    });
    expect(page.data).toHaveLength(2);
    expect(next.listMetadata.before).toBe(next.data[0]?.id);
    const back = await workos.sdk.organizations.listOrganizations({
      limit: 2,
      order: 'asc',
      before: next.data[0]?.id ?? '',
    });
    expect(back.data).toEqual(page.data);
    const all = await (await workos.sdk.organizations.listOrganizations()).autoPagination();
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });
});

describe('users', () => {
  it('are created, read, changed and deleted', async () => {
    const email = `${unique('Ada')}@Example.com`;
    const externalId = unique('u');
    const made = await workos.sdk.userManagement.createUser({
      email,
      password: 'correct horse',
      emailVerified: true,
      firstName: 'Ada',
      lastName: 'L',
      externalId,
      metadata: { a: '1' },
    });
    expect(made).toMatchObject({
      email: email.toLowerCase(),
      emailVerified: true,
      name: 'Ada L',
      externalId,
      lastSignInAt: null,
    });
    expect(JSON.stringify(made)).not.toContain('password');
    expect(await workos.sdk.userManagement.getUser(made.id)).toEqual(made);
    expect(await workos.sdk.userManagement.getUserByExternalId(externalId)).toEqual(made);
    const changed = await workos.sdk.userManagement.updateUser({
      userId: made.id,
      firstName: 'Augusta',
      metadata: { a: null, b: '2' },
      locale: 'en-GB',
    });
    expect(changed).toMatchObject({
      firstName: 'Augusta',
      lastName: 'L',
      metadata: { b: '2' },
      locale: 'en-GB',
    });
    const moved = await workos.sdk.userManagement.updateUser({ userId: made.id, email: `new-${made.email}` });
    expect(moved).toMatchObject({ email: `new-${made.email}`, emailVerified: false });
    await workos.sdk.userManagement.deleteUser(made.id);
    await expect(workos.sdk.userManagement.getUser(made.id)).rejects.toMatchObject({ status: 404 });
    await expect(workos.sdk.userManagement.deleteUser(made.id)).rejects.toMatchObject({ status: 404 });
  });

  it('refuse an address that is taken, a short password and to unverify', async () => {
    const taken = await aUser();
    await expect(
      workos.sdk.userManagement.createUser({ email: taken.email.toUpperCase() }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'user_creation_error',
      errors: [{ code: 'email_not_available', message: 'This email is not available.' }],
    });
    await expect(
      workos.sdk.userManagement.createUser({ email: 'x@example.com', password: 'short' }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'password_strength_error',
    });
    const other = await aUser();
    await expect(
      workos.sdk.userManagement.updateUser({ userId: other.id, email: taken.email }),
    ).rejects.toMatchObject({ code: 'email_not_available' });
    await expect(
      workos.sdk.userManagement.updateUser({ userId: other.id, emailVerified: false }),
    ).rejects.toMatchObject({ code: 'email_already_verified' });
    await expect(workos.sdk.userManagement.createUser({ email: 'nonsense' })).rejects.toMatchObject({
      status: 422,
    });
  });

  it('are listed by address and organization', async () => {
    const [user, organization] = [await aUser(), await anOrganization()];
    await workos.sdk.userManagement.createOrganizationMembership({
      userId: user.id,
      organizationId: organization.id,
    });
    const byEmail = await workos.sdk.userManagement.listUsers({ email: user.email.toUpperCase() });
    expect(byEmail.data).toEqual([user]);
    const members = await workos.sdk.userManagement.listUsers({ organizationId: organization.id });
    expect(members.data).toEqual([user]);
    expect((await workos.sdk.userManagement.listUsers({ organizationId: 'org_none' })).data).toEqual([]);
  });
});

describe('memberships', () => {
  it('are created with a role, changed, deactivated, reactivated and deleted', async () => {
    const [user, organization] = [await aUser(), await anOrganization()];
    const um = workos.sdk.userManagement;
    const made = await um.createOrganizationMembership({
      userId: user.id,
      organizationId: organization.id,
      roleSlug: 'admin',
    });
    expect(made).toMatchObject({
      status: 'active',
      role: { slug: 'admin' },
      organizationName: organization.name,
      userId: user.id,
    });
    expect(await um.getOrganizationMembership(made.id)).toEqual(made);
    expect((await um.updateOrganizationMembership(made.id, { roleSlug: 'a-and-r' })).role).toEqual({
      slug: 'a-and-r',
    });
    expect((await um.deactivateOrganizationMembership(made.id)).status).toBe('inactive');
    expect((await um.listOrganizationMemberships({ userId: user.id })).data).toEqual([]);
    expect(
      (await um.listOrganizationMemberships({ userId: user.id, statuses: ['inactive', 'pending'] })).data,
    ).toHaveLength(1);
    const again = await um.createOrganizationMembership({
      userId: user.id,
      organizationId: organization.id,
      roleSlug: 'viewer',
    });
    expect(again).toMatchObject({ id: made.id, status: 'active', role: { slug: 'viewer' } });
    await um.deactivateOrganizationMembership(made.id);
    expect(await um.reactivateOrganizationMembership(made.id)).toMatchObject({
      status: 'active',
      role: { slug: 'viewer' },
    });
    expect(
      (await um.listOrganizationMemberships({ organizationId: organization.id })).data.map(({ id }) => id),
    ).toEqual([made.id]);
    await um.deleteOrganizationMembership(made.id);
    await expect(um.getOrganizationMembership(made.id)).rejects.toMatchObject({ status: 404 });
  });

  it('refuse a second one, unknown parties, a role that is no slug, several roles, and a list without a filter', async () => {
    const [user, organization] = [await aUser(), await anOrganization()];
    const um = workos.sdk.userManagement;
    const ids = { userId: user.id, organizationId: organization.id };
    await um.createOrganizationMembership(ids);
    await expect(um.createOrganizationMembership(ids)).rejects.toMatchObject({
      code: 'organization_membership_already_exists',
    });
    await expect(um.createOrganizationMembership({ ...ids, userId: 'user_none' })).rejects.toMatchObject({
      status: 404,
    });
    await expect(
      um.createOrganizationMembership({ ...ids, organizationId: 'org_none' }),
    ).rejects.toMatchObject({ status: 404 });
    const other = await aUser();
    await expect(
      um.createOrganizationMembership({ ...ids, userId: other.id, roleSlug: 'Not A Slug' }),
    ).rejects.toMatchObject({ code: 'invalid_role' });
    await expect(
      um.createOrganizationMembership({ ...ids, userId: other.id, roleSlugs: ['a', 'b'] }),
    ).rejects.toMatchObject({ code: 'multiple_roles_not_enabled' });
    await expect(um.listOrganizationMemberships({} as never)).rejects.toMatchObject({ status: 400 });
  });

  it('go with their user or organization', async () => {
    const [user, organization] = [await aUser(), await anOrganization()];
    const um = workos.sdk.userManagement;
    const made = await um.createOrganizationMembership({ userId: user.id, organizationId: organization.id });
    await workos.sdk.organizations.deleteOrganization(organization.id);
    await expect(um.getOrganizationMembership(made.id)).rejects.toMatchObject({ status: 404 });
  });
});

describe('invitations', () => {
  it('are sent, found, accepted and make a member', async () => {
    const [user, organization, inviter] = [await aUser(), await anOrganization(), await aUser()];
    const um = workos.sdk.userManagement;
    const sent = await um.sendInvitation({
      email: user.email,
      organizationId: organization.id,
      roleSlug: 'viewer',
      expiresInDays: 3,
      inviterUserId: inviter.id,
    });
    expect(sent).toMatchObject({ state: 'pending', roleSlug: 'viewer', inviterUserId: inviter.id });
    expect(await um.getInvitation(sent.id)).toEqual(sent);
    expect(await um.findInvitationByToken(sent.token)).toEqual(sent);
    expect((await um.listInvitations({ organizationId: organization.id, email: user.email })).data).toEqual([
      sent,
    ]);
    const [pending] = (await um.listOrganizationMemberships({ userId: user.id, statuses: ['pending'] })).data;
    expect(pending).toMatchObject({ organizationId: organization.id, status: 'pending' });
    await expect(um.deactivateOrganizationMembership(pending?.id ?? '')).rejects.toMatchObject({
      code: 'cannot_deactivate_pending_organization_membership',
    });
    await expect(
      um.createOrganizationMembership({ userId: user.id, organizationId: organization.id }),
    ).rejects.toMatchObject({
      code: 'cannot_reactivate_pending_organization_membership',
    });
    expect(await um.acceptInvitation(sent.id)).toMatchObject({ state: 'accepted', acceptedUserId: user.id });
    expect((await um.listOrganizationMemberships({ userId: user.id })).data).toMatchObject([
      { id: pending?.id, role: { slug: 'viewer' } },
    ]);
    await expect(um.acceptInvitation(sent.id)).rejects.toMatchObject({
      rawData: { code: 'invite_not_pending' },
    });
    await expect(
      um.sendInvitation({ email: user.email, organizationId: organization.id }),
    ).rejects.toMatchObject({
      rawData: { code: 'user_already_organization_member' },
    });
  });

  it('are revoked, which takes the pending membership back', async () => {
    const [user, organization] = [await aUser(), await anOrganization()];
    const um = workos.sdk.userManagement;
    const sent = await um.sendInvitation({ email: user.email, organizationId: organization.id });
    await expect(
      um.sendInvitation({ email: user.email, organizationId: organization.id }),
    ).rejects.toMatchObject({
      rawData: { code: 'email_already_invited_to_organization' },
    });
    expect(await um.revokeInvitation(sent.id)).toMatchObject({ state: 'revoked' });
    expect(
      (await um.listOrganizationMemberships({ userId: user.id, statuses: ['pending', 'active'] })).data,
    ).toEqual([]);
    await expect(um.revokeInvitation(sent.id)).rejects.toMatchObject({
      rawData: { code: 'invite_not_pending' },
    });
    await expect(um.getInvitation('invitation_none')).rejects.toMatchObject({ status: 404 });
  });

  it('refuse times that WorkOS does not have, and a user who is there already', async () => {
    const um = workos.sdk.userManagement;
    const user = await aUser();
    await expect(um.sendInvitation({ email: 'n@example.com', expiresInDays: 0 })).rejects.toMatchObject({
      rawData: { code: 'expires_in_days_too_short' },
    });
    await expect(um.sendInvitation({ email: 'n@example.com', expiresInDays: 31 })).rejects.toMatchObject({
      rawData: { code: 'expires_in_days_too_long' },
    });
    await expect(um.sendInvitation({ email: user.email })).rejects.toMatchObject({
      rawData: { code: 'user_already_exists' },
    });
  });
});

it('answered every operation of the directory in the document’s shape', () => {
  expect([...workos.conformance.seen].sort()).toEqual(
    [
      'DELETE /organizations/{id}',
      'DELETE /user_management/organization_memberships/{id}',
      'DELETE /user_management/users/{id}',
      'GET /organizations',
      'GET /organizations/external_id/{external_id}',
      'GET /organizations/{id}',
      'GET /user_management/invitations',
      'GET /user_management/invitations/by_token/{token}',
      'GET /user_management/invitations/{id}',
      'GET /user_management/organization_memberships',
      'GET /user_management/organization_memberships/{id}',
      'GET /user_management/users',
      'GET /user_management/users/external_id/{external_id}',
      'GET /user_management/users/{id}',
      'POST /organizations',
      'POST /user_management/invitations',
      'POST /user_management/invitations/{id}/accept',
      'POST /user_management/invitations/{id}/revoke',
      'POST /user_management/organization_memberships',
      'POST /user_management/users',
      'PUT /organizations/{id}',
      'PUT /user_management/organization_memberships/{id}',
      'PUT /user_management/organization_memberships/{id}/deactivate',
      'PUT /user_management/organization_memberships/{id}/reactivate',
      'PUT /user_management/users/{id}',
    ].sort(),
  );
});
