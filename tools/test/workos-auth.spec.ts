import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkOS } from '@workos-inc/node';
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { aWorkos, API_KEY, CLIENT_ID, sdkFor, type Fixture } from './workos-fixture.js';

const PASSWORD = 'correct horse battery';
let workos: Fixture;
let um: WorkOS['userManagement'];
let n = 0;

const aUser = (verified = true) =>
  um.createUser({ email: `user-${++n}@example.com`, password: PASSWORD, emailVerified: verified });
const anOrganization = () => workos.sdk.organizations.createOrganization({ name: `Label ${++n}` });
const join = (userId: string, organizationId: string, roleSlug = 'member') =>
  um.createOrganizationMembership({ userId, organizationId, roleSlug });
const signIn = (email: string, password = PASSWORD) =>
  um.authenticateWithPassword({ email, password, ipAddress: '192.0.2.1', userAgent: 'spec' });
/** The refusal of a call, whatever class the SDK gives it. */
const refusal = async (
  call: Promise<unknown>,
): Promise<Record<string, unknown> & { status?: number; rawData?: Record<string, unknown> }> =>
  call.then(
    () => ({}),
    (error: unknown) => error as Record<string, unknown>,
  );

beforeAll(async () => {
  workos = await aWorkos();
  um = workos.sdk.userManagement;
});
afterAll(() => workos.close());
afterEach(() => expect(workos.conformance.violations).toEqual([]));

describe('the password grant', () => {
  it('gives a session and a token that verifies against the key set', async () => {
    const [user, organization] = [await aUser(), await anOrganization()];
    await join(user.id, organization.id, 'admin');
    const answer = await signIn(user.email);
    expect(answer).toMatchObject({
      organizationId: organization.id,
      authenticationMethod: 'Password',
      user: { id: user.id },
    });
    expect(answer.user.lastSignInAt).not.toBeNull();
    const keys = createRemoteJWKSet(new URL(um.getJwksUrl(CLIENT_ID)));
    const { payload, protectedHeader } = await jwtVerify(answer.accessToken, keys, {
      algorithms: ['RS256'],
      issuer: workos.running.issuer,
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toMatchObject({
      sub: user.id,
      org_id: organization.id,
      role: 'admin',
      roles: ['admin'],
      permissions: [],
      entitlements: [],
      feature_flags: [],
      client_id: CLIENT_ID,
      iss: `${workos.running.url}/user_management/${CLIENT_ID}`,
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
    expect(payload.jti).toEqual(expect.any(String));
    const sessions = await um.listSessions(user.id);
    expect(sessions.data).toMatchObject([
      {
        id: payload['sid'],
        userId: user.id,
        organizationId: organization.id,
        ipAddress: '192.0.2.1',
        userAgent: 'spec',
        status: 'active',
      },
    ]);
  });

  it('has no organization claims without an organization', async () => {
    const user = await aUser();
    const answer = await signIn(user.email);
    expect(answer.organizationId).toBeUndefined();
    const claims = decodeJwt(answer.accessToken);
    expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['org_id']));
    expect(claims).not.toHaveProperty('role');
  });

  it('refuses a wrong password, an unknown user, and a wrong client', async () => {
    const user = await aUser();
    expect(await refusal(signIn(user.email, 'wrong password'))).toMatchObject({
      status: 400,
      code: 'invalid_credentials',
    });
    expect(await refusal(signIn('nobody@example.com'))).toMatchObject({
      status: 404,
      code: 'entity_not_found',
    });
    expect(
      await refusal(
        um.authenticateWithPassword({ clientId: 'client_other', email: user.email, password: PASSWORD }),
      ),
    ).toMatchObject({
      status: 400,
      error: 'invalid_client',
    });
    const thief = sdkFor(workos.running.port, { apiKey: 'sk_wrong' });
    expect(
      await refusal(thief.userManagement.authenticateWithPassword({ email: user.email, password: PASSWORD })),
    ).toMatchObject({
      error: 'invalid_client',
    });
  });

  it('wants the address verified, and goes on with the code', async () => {
    const user = await aUser(false);
    const refused = await refusal(signIn(user.email));
    expect(refused).toMatchObject({
      name: 'AuthenticationException',
      status: 403,
      code: 'email_verification_required',
      rawData: { email: user.email },
    });
    const verification = await um.getEmailVerification(String(refused.rawData?.['email_verification_id']));
    const pendingAuthenticationToken = String(refused['pendingAuthenticationToken']);
    const wrong = verification.code === '000000' ? '000001' : '000000';
    expect(
      await refusal(um.authenticateWithEmailVerification({ code: wrong, pendingAuthenticationToken })),
    ).toMatchObject({
      code: 'invalid_one_time_code',
    });
    const answer = await um.authenticateWithEmailVerification({
      code: verification.code,
      pendingAuthenticationToken,
    });
    expect(answer.user).toMatchObject({ id: user.id, emailVerified: true });
    expect(
      await refusal(
        um.authenticateWithEmailVerification({ code: verification.code, pendingAuthenticationToken }),
      ),
    ).toMatchObject({
      code: 'invalid_pending_authentication_token',
    });
  });

  it('confirms an address through the user’s own routes', async () => {
    const user = await aUser(false);
    await um.sendVerificationEmail({ userId: user.id });
    const sent = (await workos.sdk.events.listEvents({ events: ['email_verification.created'], limit: 1 }))
      .data[0];
    const { code } = await um.getEmailVerification((sent?.data as { id: string }).id);
    expect((await um.verifyEmail({ userId: user.id, code })).user.emailVerified).toBe(true);
    expect(await refusal(um.sendVerificationEmail({ userId: user.id }))).toMatchObject({
      rawData: { code: 'email_already_verified' },
    });
  });

  it('wants a choice among several organizations', async () => {
    const user = await aUser();
    const [one, two, foreign] = [await anOrganization(), await anOrganization(), await anOrganization()];
    await join(user.id, one.id);
    await join(user.id, two.id, 'viewer');
    const refused = await refusal(signIn(user.email));
    expect(refused).toMatchObject({
      status: 403,
      code: 'organization_selection_required',
      rawData: {
        organizations: [
          { id: one.id, name: one.name },
          { id: two.id, name: two.name },
        ],
        user: { id: user.id },
      },
    });
    const pendingAuthenticationToken = String(refused['pendingAuthenticationToken']);
    expect(
      await refusal(
        um.authenticateWithOrganizationSelection({ organizationId: foreign.id, pendingAuthenticationToken }),
      ),
    ).toMatchObject({ error: 'organization_membership_not_found' });
    const answer = await um.authenticateWithOrganizationSelection({
      organizationId: two.id,
      pendingAuthenticationToken,
    });
    expect(decodeJwt(answer.accessToken)).toMatchObject({ org_id: two.id, role: 'viewer' });
    expect(
      await refusal(
        um.authenticateWithOrganizationSelection({ organizationId: two.id, pendingAuthenticationToken }),
      ),
    ).toMatchObject({
      rawData: { code: 'invalid_pending_authentication_token' },
    });
  });

  it('redeems an invitation, for its address alone', async () => {
    const [user, other, organization] = [await aUser(), await aUser(), await anOrganization()];
    const { token } = await um.sendInvitation({
      email: user.email,
      organizationId: organization.id,
      roleSlug: 'admin',
    });
    const by = (email: string) =>
      um.authenticateWithPassword({ email, password: PASSWORD, invitationToken: token });
    expect(await refusal(by(other.email))).toMatchObject({ error: 'invitation_cannot_be_used_for_email' });
    expect(decodeJwt((await by(user.email)).accessToken)).toMatchObject({
      org_id: organization.id,
      role: 'admin',
    });
    expect(await refusal(by(user.email))).toMatchObject({ error: 'invitation_invalid' });
  });
});

describe('refresh', () => {
  it('keeps the session, rotates the token, and changes the organization on request', async () => {
    const [user, one, two] = [await aUser(), await anOrganization(), await anOrganization()];
    await join(user.id, one.id);
    const first = await signIn(user.email);
    await join(user.id, two.id, 'admin');
    const second = await um.authenticateWithRefreshToken({ refreshToken: first.refreshToken });
    expect(decodeJwt(second.accessToken)['sid']).toBe(decodeJwt(first.accessToken)['sid']);
    expect(decodeJwt(second.accessToken)['org_id']).toBe(one.id);
    expect(
      await refusal(um.authenticateWithRefreshToken({ refreshToken: first.refreshToken })),
    ).toMatchObject({
      name: 'OauthException',
      error: 'invalid_grant',
    });
    const third = await um.authenticateWithRefreshToken({
      refreshToken: second.refreshToken,
      organizationId: two.id,
    });
    expect(decodeJwt(third.accessToken)).toMatchObject({ org_id: two.id, role: 'admin' });
    expect(
      await refusal(
        um.authenticateWithRefreshToken({ refreshToken: third.refreshToken, organizationId: 'org_none' }),
      ),
    ).toMatchObject({
      error: 'organization_not_found',
    });
    expect(await um.authenticateWithRefreshToken({ refreshToken: third.refreshToken })).toBeDefined();
  });

  it('is over with the session: revoked, signed out, the user or the membership gone', async () => {
    const organization = await anOrganization();
    const ends: ((of: { userId: string; sid: string; membershipId: string }) => Promise<unknown>)[] = [
      ({ sid }) => um.revokeSession({ sessionId: sid }),
      ({ sid }) =>
        fetch(um.getLogoutUrl({ sessionId: sid, returnTo: 'http://localhost:3000/bye' }), {
          redirect: 'manual',
        }),
      ({ membershipId }) => um.deactivateOrganizationMembership(membershipId),
      ({ membershipId }) => um.deleteOrganizationMembership(membershipId),
      ({ userId }) => um.deleteUser(userId),
    ];
    for (const end of ends) {
      const user = await aUser();
      const membership = await join(user.id, organization.id);
      const { accessToken, refreshToken } = await signIn(user.email);
      await end({ userId: user.id, sid: String(decodeJwt(accessToken)['sid']), membershipId: membership.id });
      expect(await refusal(um.authenticateWithRefreshToken({ refreshToken }))).toMatchObject({
        error: 'invalid_grant',
      });
    }
  });

  it('of another organization outlives a deactivated membership', async () => {
    const [user, one, two] = [await aUser(), await anOrganization(), await anOrganization()];
    const first = await join(user.id, one.id);
    const { refreshToken } = await signIn(user.email);
    const second = await join(user.id, two.id);
    await um.deactivateOrganizationMembership(second.id);
    expect((await um.listSessions(user.id)).data).toHaveLength(1);
    expect(await um.authenticateWithRefreshToken({ refreshToken })).toMatchObject({ organizationId: one.id });
    await um.deactivateOrganizationMembership(first.id);
    expect((await um.listSessions(user.id)).data).toEqual([]);
  });
});

describe('sessions', () => {
  it('are revoked once, and 404 when unknown', async () => {
    const user = await aUser();
    const sid = String(decodeJwt((await signIn(user.email)).accessToken)['sid']);
    await um.revokeSession({ sessionId: sid });
    await um.revokeSession({ sessionId: sid });
    const told = await workos.sdk.events.listEvents({ events: ['session.revoked'], limit: 100 });
    expect(told.data.filter(({ data }) => (data as { id: string }).id === sid)).toHaveLength(1);
    expect(await refusal(um.revokeSession({ sessionId: 'session_none' }))).toMatchObject({ status: 404 });
    expect(await refusal(um.listSessions('user_none'))).toMatchObject({ status: 404 });
  });

  it('sign out to http(s) addresses alone', async () => {
    const user = await aUser();
    const sid = String(decodeJwt((await signIn(user.email)).accessToken)['sid']);
    const bad = await fetch(um.getLogoutUrl({ sessionId: sid, returnTo: 'javascript:alert(1)' }), {
      redirect: 'manual',
    });
    expect(bad.status).toBe(422);
    const good = await fetch(um.getLogoutUrl({ sessionId: sid, returnTo: 'http://localhost:3000/bye' }), {
      redirect: 'manual',
    });
    expect([good.status, good.headers.get('location')]).toEqual([302, 'http://localhost:3000/bye']);
  });
});

it('serves a key set with a certificate of the key', async () => {
  const answer = await workos.call('GET', `/sso/jwks/${CLIENT_ID}`);
  const [key] = answer.body['keys'] as { x5c: string[]; kid: string }[];
  const certificate = new X509Certificate(Buffer.from(key?.x5c[0] ?? '', 'base64'));
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  const user = await aUser();
  const { accessToken } = await signIn(user.email);
  await expect(
    jwtVerify(accessToken, createLocalJWKSet(answer.body as unknown as JSONWebKeySet)),
  ).resolves.toBeDefined();
  await expect(jwtVerify(accessToken, certificate.publicKey)).resolves.toBeDefined();
  expect((await workos.call('GET', '/sso/jwks/client_other')).status).toBe(404);
});

it('takes another issuer and lifetime of access tokens', async () => {
  const other = await aWorkos({ issuer: 'https://auth.example', accessTokenSeconds: 2 });
  const { userManagement } = other.sdk;
  const { email } = await userManagement.createUser({
    email: 'a@example.com',
    password: PASSWORD,
    emailVerified: true,
  });
  const {
    iss,
    iat = 0,
    exp,
  } = decodeJwt((await userManagement.authenticateWithPassword({ email, password: PASSWORD })).accessToken);
  expect([iss, exp]).toEqual(['https://auth.example', iat + 2]);
  await other.close();
});

it('refuses a grant and a parameter that it does not know', async () => {
  const client = { client_id: CLIENT_ID, client_secret: API_KEY };
  const path = '/user_management/authenticate';
  expect(
    (
      await workos.call('POST', path, {
        ...client,
        grant_type: 'urn:workos:oauth:grant-type:mfa-totp',
        code: '1',
      })
    ).status,
  ).toBe(422);
  expect(
    (await workos.call('POST', path, { ...client, grant_type: 'refresh_token', refresh_token: 'x', more: 1 }))
      .body,
  ).toMatchObject({
    code: 'invalid_request_parameters',
    errors: [{ field: 'more', code: 'unknown_parameter' }],
  });
});

it('answered in the document’s shape', () => {
  expect([...workos.conformance.seen]).toEqual(
    expect.arrayContaining([
      'POST /user_management/authenticate',
      'GET /sso/jwks/{clientId}',
      'GET /user_management/users/{id}/sessions',
      'POST /user_management/sessions/revoke',
      'GET /user_management/sessions/logout',
      'GET /user_management/email_verification/{id}',
      'POST /user_management/users/{id}/email_verification/send',
      'POST /user_management/users/{id}/email_verification/confirm',
    ]),
  );
});
