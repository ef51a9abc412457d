import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { guest, type Caller } from '@erato/contracts/kit/context';
import type { Failure } from '@erato/contracts/kit/failure';
import { auth, type RequestToken, type Tokens } from '@erato/contracts/identity/auth';
import { credentials } from '@erato/contracts/identity/credential';
import { members } from '@erato/contracts/identity/member';
import { sessions } from '@erato/contracts/identity/session';
import { users, type User } from '@erato/contracts/identity/user';
import { aUser, failureOf } from '@erato/testing/client';
import { IdentityUnderTest } from './an-identity.js';

const password = 'correct horse battery staple';
let identity: IdentityUnderTest;
let ana: User;

beforeAll(async () => {
  identity = await IdentityUnderTest.start();
  ana = await identity.aUser({ password });
}, 60_000);
afterAll(() => identity.close());
beforeEach(() => identity.sql('TRUNCATE sign_in_tries'));

const token = (input: RequestToken): Promise<Tokens> => identity.gateway.as(guest).call(auth.token, input);
const refused = (input: RequestToken): Promise<Failure> =>
  identity.gateway.as(guest).failure(auth.token, input);
const signIn = (user = ana): Promise<Tokens> =>
  token({ grantType: 'password', email: user.email ?? '', password });
const sessionOf = ({ accessToken }: Tokens): Caller => {
  const { sub = '', sid } = decodeJwt<{ sid: string }>(accessToken);
  return { ...aUser(sub), sessionId: sid };
};
const isActive = async (caller: Caller): Promise<boolean> =>
  (
    await identity.services.call(credentials.session, {
      sessionId: caller.sessionId ?? '',
      userId: caller.subjectId,
    })
  ).active;

describe('signing in', () => {
  it('by password, and going on by refresh token', async () => {
    const tokens = await signIn();
    expect(tokens).toMatchObject({ tokenType: 'Bearer', userId: ana.id, expiresIn: 300 });
    expect(tokens.organizationId).toBe(ana.organizationId);
    const refreshed = await token({ grantType: 'refresh_token', refreshToken: tokens.refreshToken });
    expect(sessionOf(refreshed)).toEqual(sessionOf(tokens));
    const used = await refused({ grantType: 'refresh_token', refreshToken: tokens.refreshToken });
    expect(used).toMatchObject({ kind: 'unauthenticated', code: 'invalid_grant' });
    expect((await identity.as(ana).call(users.get, { id: ana.id })).lastSignInAt).not.toBeNull();
  });

  it('by code, with PKCE', async () => {
    const codeVerifier = randomBytes(32).toString('base64url');
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    const { url } = await identity.services.call(auth.loginUrl, {
      redirectUri: 'http://127.0.0.1:3000/callback',
      state: 's1',
      codeChallenge,
    });
    const page = new URL(url);
    expect(page.origin).toBe(identity.workos.url);
    expect(page.searchParams.get('code_challenge')).toBe(codeChallenge);
    const code = async (): Promise<string> => {
      const answer = await fetch(`${page.origin}${page.pathname}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams([
          ...page.searchParams,
          ['step', 'sign-in'],
          ['email', ana.email ?? ''],
          ['password', password],
        ]),
      });
      const target = new URL(answer.headers.get('location') ?? '', identity.workos.url);
      expect(target.searchParams.get('state')).toBe('s1');
      return target.searchParams.get('code') ?? '';
    };
    const other = await refused({
      grantType: 'authorization_code',
      code: await code(),
      codeVerifier: randomBytes(32).toString('base64url'),
    });
    expect(other.code).toBe('invalid_grant');
    const tokens = await token({ grantType: 'authorization_code', code: await code(), codeVerifier });
    expect(tokens.userId).toBe(ana.id);
  });

  it('leads back to addresses of the allow list alone', async () => {
    for (const redirectUri of [
      'http://127.0.0.1:3000/callback/more',
      'http://127.0.0.1:3000/callback?x=1',
      'http://127.0.0.1:3000',
      'https://evil.example/callback',
    ]) {
      const failure = await failureOf(identity.services.call(auth.loginUrl, { redirectUri }));
      expect(failure.errors?.[0]).toMatchObject({ path: 'redirectUri', code: 'not_allowed' });
    }
  });

  it('says the same for a wrong password and an unknown user', async () => {
    const wrong = await refused({ grantType: 'password', email: ana.email ?? '', password: 'wrong' });
    const unknown = await refused({
      grantType: 'password',
      email: 'nobody@people.example',
      password: 'wrong',
    });
    const told = ({ kind, code, title, message, errors, extra }: Failure) => ({
      kind,
      code,
      title,
      message,
      errors,
      extra,
    });
    expect(told(wrong)).toEqual(told(unknown));
    expect(wrong.kind).toBe('unauthenticated');
  });

  it('is tried ten times in a quarter of an hour, and a success ends the count', async () => {
    const user = await identity.aUser({ password });
    const wrong: RequestToken = { grantType: 'password', email: user.email ?? '', password: 'wrong' };
    for (let tried = 0; tried < 9; tried++) expect((await refused(wrong)).code).toBe('invalid_grant');
    await signIn(user);
    const kinds = await Promise.all(Array.from({ length: 12 }, async () => (await refused(wrong)).kind));
    expect(kinds.filter((kind) => kind === 'unauthenticated')).toHaveLength(10);
    expect(kinds.filter((kind) => kind === 'throttled')).toHaveLength(2);
    const throttled = await refused({ ...wrong, email: (user.email ?? '').toUpperCase(), password });
    expect(throttled.kind).toBe('throttled');
    expect(throttled.retryAfter).toBeGreaterThan(800);
    for (let tried = 0; tried < 10; tried++) await refused({ ...wrong, email: 'none@people.example' });
    expect((await refused({ ...wrong, email: 'none@people.example' })).kind).toBe('throttled');
    await identity.sql(`UPDATE sign_in_tries SET tried_at = tried_at - interval '16 minutes'`);
    await signIn(user);
  });

  it('tells what the next call needs when the address is not verified', async () => {
    const user = await identity.aUser({ password, emailVerified: false });
    const failure = await refused({ grantType: 'password', email: user.email ?? '', password });
    expect(failure).toMatchObject({ kind: 'forbidden', code: 'email_verification_required' });
    const next = failure.extra?.['next'] as Record<string, string>;
    expect(next).toMatchObject({ grantType: 'email_verification', email: user.email });
    const { code } = await identity.atWorkos<{ code: string }>(
      'GET',
      `/user_management/email_verification/${next['emailVerificationId'] ?? ''}`,
    );
    const pendingAuthenticationToken = next['pendingAuthenticationToken'] ?? '';
    const wrong = await refused({
      grantType: 'email_verification',
      pendingAuthenticationToken,
      code: '000000',
    });
    expect(wrong.code).toBe('invalid_grant');
    const tokens = await token({ grantType: 'email_verification', pendingAuthenticationToken, code });
    expect(tokens.userId).toBe(user.id);
  });

  it('tells what the next call needs when there are several organizations', async () => {
    const user = await identity.aUser({ password });
    const organization = await identity.anOrganization(user);
    const failure = await refused({ grantType: 'password', email: user.email ?? '', password });
    expect(failure).toMatchObject({ kind: 'forbidden', code: 'organization_selection_required' });
    const next = failure.extra?.['next'] as {
      pendingAuthenticationToken: string;
      organizations: { id: string }[];
    };
    expect(next.organizations.map(({ id }) => id).sort()).toEqual(
      [organization.id, user.organizationId].sort(),
    );
    const tokens = await token({
      grantType: 'organization_selection',
      pendingAuthenticationToken: next.pendingAuthenticationToken,
      organizationId: organization.id,
    });
    expect(tokens.organizationId).toBe(organization.id);
  });

  it('checks the fields of each grant type', async () => {
    const wrong: RequestToken[] = [
      { grantType: 'password', email: 'a@b.example' },
      { grantType: 'authorization_code', code: 'x' },
      { grantType: 'refresh_token' },
      { grantType: 'refresh_token', refreshToken: 'x', password: 'y' },
      { grantType: 'mfa_totp', code: '1', pendingAuthenticationToken: 'x' },
    ];
    for (const input of wrong) expect((await refused(input)).code).toBe('validation_failed');
  });

  it('is 502 while WorkOS is away, and is not tried twice', async () => {
    identity.workos.control.forgetRequests();
    const path = '/user_management/authenticate';
    identity.workos.control.fail({ kind: 'status', path, status: 500, times: 1 });
    const away = await refused({ grantType: 'password', email: ana.email ?? '', password });
    expect(away).toMatchObject({ kind: 'upstream', code: 'workos_unavailable' });
    expect(identity.workos.control.count({ path })).toBe(1);
    await signIn();
  });
});

describe('sessions', () => {
  it('are one’s own, listed and ended', async () => {
    const [here, there] = [sessionOf(await signIn()), sessionOf(await signIn())];
    const listed = await identity.gateway.as(here).call(sessions.list, { limit: 100 });
    const shown = new Map(listed.data.map((session) => [session.id, session]));
    expect(shown.get(here.sessionId ?? '')).toMatchObject({ current: true, status: 'active' });
    expect(shown.get(there.sessionId ?? '')?.current).toBe(false);
    const other = await identity.aUser();
    expect((await identity.as(other).failure(sessions.revoke, { id: here.sessionId ?? '' })).code).toBe(
      'not_found',
    );
    expect(await isActive(there)).toBe(true);
    await identity.gateway.as(here).call(sessions.revoke, { id: there.sessionId ?? '' });
    expect(await isActive(there)).toBe(false);
    expect(await isActive(here)).toBe(true);
    await identity.heard('identity.session.revoked', there.sessionId ?? '');
    const organization = {
      subjectType: 'organization',
      subjectId: 'org_x',
      scopes: ['users:write'],
    } as const;
    expect((await identity.gateway.as(organization).failure(sessions.list, {})).code).toBe(
      'permission_denied',
    );
  });

  it('that ended at WorkOS are ended here', async () => {
    const caller = sessionOf(await signIn());
    await identity.atWorkos('POST', '/user_management/sessions/revoke', { session_id: caller.sessionId });
    await identity.synced();
    expect(await isActive(caller)).toBe(false);
    await identity.heard('identity.session.revoked', caller.sessionId ?? '');
  });

  it('end with their user', async () => {
    const user = await identity.aUser({ password });
    const caller = sessionOf(await signIn(user));
    expect(await isActive(caller)).toBe(true);
    await identity.administrator.call(users.delete, { id: user.id });
    expect(await isActive(caller)).toBe(false);
  });

  it('administer by the role in the home organization', async () => {
    const session = { sessionId: 'session_x', userId: ana.id };
    const home = ana.organizationId ?? '';
    const asked = async (organizationId: string, role: string) =>
      (await identity.services.call(credentials.session, { ...session, organizationId, role })).admin;
    const become = (role: string) =>
      identity.administrator.call(members.update, { id: home, userId: ana.id, role });
    expect(await asked(home, 'operator')).toBe(false);
    expect((await become('operator')).role).toBe('operator');
    expect(await asked(home, 'operator')).toBe(true);
    expect(await asked(home, 'admin')).toBe(false);
    const organization = await identity.anOrganization(ana);
    expect(await asked(organization.id, 'operator')).toBe(false);
    // The token still says what he was; he is it no more.
    await become('member');
    expect(await asked(home, 'operator')).toBe(false);
  });
});

describe('secrets', () => {
  it('stand in no row and in no event', async () => {
    const own = 'a passphrase that is kept nowhere';
    const user = await identity.aUser({ password: own });
    const tokens = await token({ grantType: 'password', email: user.email ?? '', password: own });
    await refused({ grantType: 'password', email: user.email ?? '', password: `${own}!` });
    const tables = await identity.sql(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    expect(tables.length).toBeGreaterThan(10);
    const rows = await Promise.all(
      tables.map(({ name }) => identity.sql(`SELECT t::text FROM "${String(name)}" t`)),
    );
    const kept = JSON.stringify([rows, identity.events]);
    expect(kept).toContain(user.id);
    for (const secret of [own, tokens.accessToken, tokens.refreshToken, identity.adminKey]) {
      expect(kept.includes(secret)).toBe(false);
    }
  });
});

describe('the password grant', () => {
  it('is off unless switched on', async () => {
    await identity.stop();
    await identity.boot({ ERATO_PASSWORD_GRANT: 'off' });
    const failure = await refused({ grantType: 'password', email: ana.email ?? '', password });
    expect(failure.code).toBe('grant_disabled');
  });
});
