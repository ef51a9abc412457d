import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiKey, NewApiKey } from '@erato/contracts/identity/api-key';
import type { Tokens } from '@erato/contracts/identity/auth';
import type { Me } from '@erato/contracts/identity/me';
import type { Session } from '@erato/contracts/identity/session';
import type { Erasure, User } from '@erato/contracts/identity/user';
import type { Workspace } from '@erato/contracts/content/workspace';
import { settle } from '@erato/testing/settle';
import { startSystem, type TestSystem } from '@erato/testing/system';
import { Api } from '../support/api.js';
import { aPerson, type Person } from '../support/people.js';
import { Workos } from '../support/workos.js';

const script = fileURLToPath(new URL('../../tools/dist/erato.js', import.meta.url));

let system: TestSystem;
let guest: Api;
let admin: Api;
let ana: Person;

beforeAll(async () => {
  system = await startSystem({
    env: {
      ERATO_RATE_KEY: '100000',
      ERATO_RATE_GUEST: '100000',
      ERATO_ADMIN_ROLE: 'operator',
      ERATO_REDIRECT_URIS: 'http://127.0.0.1:3000/callback',
      LOG_LEVEL: 'debug',
    },
  });
  guest = await Api.of(system.url);
  admin = guest.as(system.adminKey);
  ana = await aPerson(admin, 'ana');
}, 120_000);
afterAll(() => system.stop(), 60_000);

const aKey = async (by: Api, given: object = {}): Promise<NewApiKey> => {
  const body = {
    name: 'App',
    subjectType: 'user',
    subjectId: ana.id,
    scopes: ['users:write', 'resources:read'],
    ...given,
  };
  const made = await by.post<NewApiKey>('/v1/api-keys', body);
  expect(made.status).toBe(201);
  return made.body.data;
};
const statusOf = async (credential: string): Promise<number> =>
  (await guest.as(credential).get('/v1/me')).status;
/** Refused within what the text promises, however warm the gateway's cache is. */
const refusedSoon = (credential: string, withinMs: number): Promise<unknown> =>
  settle(async () => (await statusOf(credential)) === 401, withinMs);

describe('a key that the gateway knows', () => {
  it('is refused as soon as it is revoked, and so is what it made', async () => {
    const key = await aKey(ana.api);
    const child = await aKey(guest.as(key.secret), { scopes: ['users:read'] });
    for (const { secret } of [key, child]) expect(await statusOf(secret)).toBe(200);
    expect((await ana.api.delete(`/v1/api-keys/${key.id}`)).status).toBe(204);
    for (const { secret } of [key, child]) await refusedSoon(secret, 2_000);
  });

  it('is refused as soon as it is rotated without grace; its answer is given once', async () => {
    const key = await aKey(ana.api);
    expect(await statusOf(key.secret)).toBe(200);
    const headers = { 'idempotency-key': 'rotate-once' };
    const path = `/v1/api-keys/${key.id}/rotate`;
    const rotated = await ana.api.post<NewApiKey>(path, { graceSeconds: 0 }, { headers });
    expect(rotated.status).toBe(200);
    const again = await ana.api.post(path, { graceSeconds: 0 }, { headers });
    expect([again.status, again.body.code]).toEqual([409, 'already_done']);
    await refusedSoon(key.secret, 2_000);
    const { secret } = rotated.body.data;
    expect(await statusOf(secret)).toBe(200);
    const graceful = await ana.api.post<NewApiKey>(path, { graceSeconds: 3_600 });
    for (const each of [secret, graceful.body.data.secret]) expect(await statusOf(each)).toBe(200);
    const short = await ana.api.post<NewApiKey>(path, { graceSeconds: 1 });
    for (const each of [secret, graceful.body.data.secret]) await refusedSoon(each, 4_000);
    expect(await statusOf(short.body.data.secret)).toBe(200);
  });

  it('loses a scope as soon as it is narrowed', async () => {
    const key = await aKey(ana.api);
    const call = async () => (await guest.as(key.secret).get('/v1/api-keys')).status;
    expect(await call()).toBe(200);
    await ana.api.patch(`/v1/api-keys/${key.id}`, { scopes: ['resources:read'] });
    await settle(async () => (await call()) === 403, 2_000);
  });

  it('of a workspace is refused as soon as its maker may not administer that any more', async () => {
    const workspace = await ana.api.post<Workspace>('/v1/workspaces', { name: 'Keys of mine' });
    const { id } = workspace.body.data;
    const editor = await aPerson(admin, 'maker');
    const grant = await ana.api.post<{ id: string }>('/v1/permissions', {
      subjectType: 'user',
      subjectId: editor.id,
      objectType: 'workspace',
      objectId: id,
      action: 'admin',
      value: 'allow',
    });
    expect(grant.status).toBe(201);
    const key = await settle(async () => {
      const body = { name: 'W', subjectType: 'workspace', subjectId: id, scopes: ['resources:read'] };
      const made = await editor.api.post<NewApiKey>('/v1/api-keys', body);
      return made.status === 201 ? made.body.data : null;
    });
    expect(await statusOf(key.secret)).toBe(200);
    await ana.api.delete(`/v1/permissions/${grant.body.data.id}`);
    await refusedSoon(key.secret, 3_000);
  });
});

describe('a session', () => {
  const password = 'a-Long-enough-passphrase';
  const signIn = async (email: string, more: object = {}): Promise<string> => {
    const body = { grantType: 'password', email, password, ...more };
    const tokens = await guest.post<Tokens>('/v1/auth/token', body);
    expect(tokens.status).toBe(200);
    return tokens.body.data.accessToken;
  };

  it('is over within 5 s everywhere once it is revoked', async () => {
    const user = await admin.post<User>('/v1/users', { email: 'sessions@people.example', password });
    const { email = '' } = user.body.data;
    const [one, other] = [await signIn(email), await signIn(email)];
    for (const token of [one, other]) expect(await statusOf(token)).toBe(200);
    const listed = await guest.as(one).get<Session[]>('/v1/auth/sessions');
    const revoked = listed.body.data.find(({ current }) => !current);
    expect((await guest.as(one).delete(`/v1/auth/sessions/${revoked?.id ?? ''}`)).status).toBe(204);
    await refusedSoon(other, 5_000);
    expect(await statusOf(one)).toBe(200);
    expect(
      (await guest.as(one).delete(`/v1/users/${user.body.data.id}?confirm=${user.body.data.id}`)).status,
    ).toBe(204);
    await refusedSoon(one, 5_000);
  });

  it('administers by the role in the home organization, for as long as it is held', async () => {
    const user = await admin.post<User>('/v1/users', { email: 'operator@people.example', password });
    const { id, email = '', organizationId = '' } = user.body.data;
    const member = `/v1/organizations/${organizationId}/members/${id}`;
    expect((await admin.patch(member, { role: 'operator' })).status).toBe(200);
    const token = await signIn(email);
    const everybody = async () => (await guest.as(token).get('/v1/introspect/routes')).status;
    await settle(async () => (await everybody()) === 200);
    expect((await admin.patch(member, { role: 'member' })).status).toBe(200);
    await settle(async () => (await everybody()) === 403, 3_000);
  });

  it('goes on while WorkOS is away', async () => {
    const workos = new Workos(system);
    await workos.fail({ kind: 'drop', path: '/' });
    try {
      const me = await ana.api.get<Me>('/v1/me');
      expect(me.status).toBe(200);
      expect(me.body.data).toMatchObject({ id: ana.id, features: [], organizations: [{ home: true }] });
      expect((await ana.api.get('/v1/auth/sessions')).status).toBe(502);
    } finally {
      await workos.clear();
    }
  });
});

describe('signing in by the page', () => {
  it('leads to AuthKit, and back to the allow list alone', async () => {
    const to = (uri: string) => guest.get(`/v1/auth/login?redirectUri=${encodeURIComponent(uri)}`);
    const sent = await to('http://127.0.0.1:3000/callback');
    expect(sent.status).toBe(302);
    expect(sent.headers.get('location')).toContain('redirect_uri=http%3A%2F%2F127.0.0.1%3A3000%2Fcallback');
    for (const uri of [
      'http://127.0.0.1:3000/callback/../evil',
      'http://127.0.0.1:3000/callback?next=//evil.example',
      'http://127.0.0.1:3000/callback@evil.example',
      'https://evil.example',
    ]) {
      const refused = await to(uri);
      expect([uri, refused.status, refused.headers.get('location')]).toEqual([uri, 400, null]);
    }
  });
});

describe('the home organization', () => {
  it('owns nothing, and only administrators list its members', async () => {
    const me = await ana.api.get<Me>('/v1/me');
    const home = me.body.data.organizationId ?? '';
    expect((await ana.api.get(`/v1/organizations/${home}/members`)).status).toBe(403);
    expect((await admin.get(`/v1/organizations/${home}/members`)).status).toBe(200);
    const owned = await admin.post('/v1/workspaces', {
      name: 'Of nobody',
      ownerType: 'organization',
      ownerId: home,
    });
    expect(owned.status).toBeGreaterThanOrEqual(400);
    expect(owned.status).toBeLessThan(500);
    expect((await admin.post('/v1/teams', { organizationId: home, name: 'Everybody' })).status).toBe(409);
  });
});

describe('a deleted user', () => {
  it('is erased by every service, and one can see that', async () => {
    const gone = await aPerson(admin, 'gone');
    const resource = { type: 'status', excerpt: 'Here I was', status: 'LISTED' };
    expect((await gone.api.post('/v1/resources', resource)).status).toBe(201);
    expect((await admin.get(`/v1/users/${gone.id}/erasure`)).status).toBe(404);
    expect((await gone.api.delete(`/v1/users/${gone.id}`)).status).toBe(400);
    expect((await gone.api.delete(`/v1/users/${gone.id}?confirm=${gone.id}`)).status).toBe(204);
    const erasure = await settle(async () => {
      const { body } = await admin.get<Erasure>(`/v1/users/${gone.id}/erasure`);
      return body.data.completedAt ? body.data : null;
    });
    expect(erasure.services.map(({ service }) => service)).toEqual(
      expect.arrayContaining(['identity', 'authz', 'content']),
    );
    await settle(async () => (await gone.api.get('/v1/me')).status === 401, 5_000);
    expect((await ana.api.get(`/v1/users/${gone.id}/erasure`)).status).toBe(403);
  });
});

describe('erato keys', () => {
  async function keys(...args: string[]): Promise<string> {
    const { hostname, port } = new URL(system.url);
    const env = {
      PATH: process.env['PATH'],
      ERATO_DATA_DIR: '/nonexistent',
      HOST: hostname,
      PORT: port,
      ERATO_ADMIN_KEY: system.adminKey,
    };
    return (await promisify(execFile)(process.execPath, [script, 'keys', ...args], { env })).stdout;
  }

  it('makes, lists, rotates and revokes', async () => {
    const subject = `user:${ana.id}`;
    const made = (
      await keys('make', '--subject', subject, '--name', 'From the shell', '--scopes', 'users:read')
    ).trim();
    expect(await statusOf(made)).toBe(200);
    const rows = (await keys('list', '--subject', subject, '--json')).trim().split('\n');
    const listed = rows.map((row) => JSON.parse(row) as ApiKey).find(({ name }) => name === 'From the shell');
    expect(listed).toMatchObject({ subjectId: ana.id, scopes: ['users:read'], prefix: made.slice(0, 12) });
    const id = listed?.id ?? '';
    expect(await keys('list')).toContain(id);
    const file = join(mkdtempSync(join(tmpdir(), 'erato-keys-')), 'key');
    expect(await keys('rotate', id, '--file', file)).not.toContain('erato_');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await refusedSoon(made, 2_000);
    const rotated = readFileSync(file, 'utf8').trim();
    expect(await statusOf(rotated)).toBe(200);
    await keys('revoke', id);
    await refusedSoon(rotated, 2_000);
    await expect(keys('revoke', id)).rejects.toThrow();
    await expect(keys('make', '--name', 'x')).rejects.toThrow();
  });
});

describe('secrets', () => {
  it('stand in no log of any process', async () => {
    const email = 'secretive@people.example';
    const password = 'Never-Log-This-passphrase-81!';
    const made = await admin.post<User>('/v1/users', { email, password });
    const tokens = await guest.post<Tokens>('/v1/auth/token', { grantType: 'password', email, password });
    const { accessToken, refreshToken } = tokens.body.data;
    const wrong = 'Never-Log-This-either-82!';
    await guest.post('/v1/auth/token', { grantType: 'password', email, password: wrong });
    await admin.post('/v1/users', { email: 'not an address', password: wrong });
    const session = guest.as(accessToken);
    const key = await aKey(session, { subjectId: made.body.data.id });
    await guest.as(key.secret).get('/v1/me');
    await guest.as(`${key.secret.slice(0, -1)}x`).get('/v1/me');
    await guest.as(`${accessToken}x`).get('/v1/me');
    await guest.post('/v1/auth/token', { grantType: 'refresh_token', refreshToken });
    await guest.post('/v1/auth/token', { grantType: 'refresh_token', refreshToken: `${refreshToken}x` });
    const logs = (['gateway', 'identity', 'authz', 'content'] as const)
      .map((name) => system.log(name))
      .join('\n');
    expect(logs).toContain('identity');
    for (const secret of [password, wrong, accessToken, refreshToken, key.secret, system.adminKey]) {
      expect([secret.slice(0, 8), logs.includes(secret)]).toEqual([secret.slice(0, 8), false]);
    }
  });
});
