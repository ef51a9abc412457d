import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from '@erato/contracts/kit/context';
import { apiKeys, type CreateApiKey, type NewApiKey } from '@erato/contracts/identity/api-key';
import { workspaceDeleted, workspaceTransferred } from '@erato/contracts/content/events';
import { credentials, type ResolvedKey } from '@erato/contracts/identity/credential';
import { isWellFormed, keyHash, makeKey } from '@erato/contracts/identity/key-format';
import { members } from '@erato/contracts/identity/member';
import { organizations, type Organization } from '@erato/contracts/identity/organization';
import { users, type User } from '@erato/contracts/identity/user';
import { aUser } from '@erato/testing/client';
import { settle } from '@erato/testing/settle';
import { IdentityUnderTest } from './an-identity.js';

let identity: IdentityUnderTest;
let ana: User;
let stranger: User;
let organization: Organization;

beforeAll(async () => {
  identity = await IdentityUnderTest.start();
  ana = await identity.aUser();
  stranger = await identity.aUser();
  organization = await identity.anOrganization(ana);
}, 60_000);
afterAll(() => identity.close());

const resolve = (secret: string): Promise<ResolvedKey> =>
  identity.services.call(credentials.key, { keyHash: keyHash(secret) });

/** The caller that the gateway makes of a key. */
async function callerOf(secret: string): Promise<Caller> {
  const { keyId, subjectType, subjectId, scopes, ceiling } = await resolve(secret);
  if (!keyId || !subjectType || !subjectId || !scopes) throw new Error('the key is not in force');
  return { keyId, subjectType, subjectId, scopes, ...(ceiling ? { ceiling } : {}) };
}

const aKey = (given: Partial<CreateApiKey> = {}, by: Caller = aUser(ana.id)): Promise<NewApiKey> =>
  identity.gateway.as(by).call(apiKeys.create, {
    name: 'Website',
    subjectType: 'user',
    subjectId: ana.id,
    scopes: ['resources:read'],
    ...given,
  });

describe('an API key', () => {
  it('is shown once and kept as a hash', async () => {
    const key = await aKey();
    expect(isWellFormed(key.secret)).toBe(true);
    expect(key).toMatchObject({
      prefix: key.secret.slice(0, 12),
      createdBy: ana.id,
      expiresAt: null,
      parentKeyId: null,
    });
    const shown = await identity.as(ana).call(apiKeys.get, { id: key.id });
    expect(JSON.stringify(shown)).not.toContain(key.secret);
    const rows = await identity.sql('SELECT api_keys::text AS row FROM api_keys');
    expect(JSON.stringify(rows)).not.toContain(key.secret);
    expect(JSON.stringify(identity.events)).not.toContain(key.secret);
    expect(JSON.stringify(rows)).toContain(keyHash(key.secret));
    await identity.heard('identity.api-key.changed', key.id);
  });

  it('is a caller, while it is in force', async () => {
    const permissions = { workspace: { actions: ['read'] } };
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const key = await aKey({ scopes: ['resources:read', 'users:write'], permissions, expiresAt });
    expect(await resolve(key.secret)).toEqual({
      keyId: key.id,
      subjectType: 'user',
      subjectId: ana.id,
      scopes: ['resources:read', 'users:write'],
      ceiling: permissions,
      expiresAt,
      restsOn: [],
    });
    expect(await resolve(makeKey())).toEqual({ keyId: null });
    await identity.sql(`UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      key.id,
    ]);
    expect(await resolve(key.secret)).toEqual({ keyId: null });
  });

  it('notes its last use, at most once a minute, and not in the way', async () => {
    const key = await aKey();
    await resolve(key.secret);
    const used = () => identity.sql('SELECT last_used_at AS at FROM api_keys WHERE id = $1', [key.id]);
    const first = await settle(async () => (await used())[0]?.['at']);
    await Promise.all([resolve(key.secret), resolve(key.secret)]);
    expect((await used())[0]?.['at']).toEqual(first);
    expect((await identity.as(ana).call(apiKeys.get, { id: key.id })).version).toBe(1);
  });

  it('ends when it is deleted', async () => {
    const key = await aKey();
    expect((await identity.as(stranger).failure(apiKeys.delete, { id: key.id })).code).toBe('not_found');
    const stale = await identity.as(ana).failure(apiKeys.delete, { id: key.id }, { ifMatch: [9] });
    expect(stale.code).toBe('precondition_failed');
    await identity.as(ana).call(apiKeys.delete, { id: key.id });
    expect(await resolve(key.secret)).toEqual({ keyId: null });
    expect((await identity.as(ana).failure(apiKeys.get, { id: key.id })).code).toBe('not_found');
    await identity.heard('identity.api-key.changed', key.id, 2);
  });

  it('is listed to its subject, newest first, and to no other', async () => {
    const owner = await identity.aUser();
    const caller = aUser(owner.id);
    const ids: string[] = [];
    for (let made = 0; made < 3; made++) ids.unshift((await aKey({ subjectId: owner.id }, caller)).id);
    const first = await identity.gateway.as(caller).call(apiKeys.list, { limit: 2, count: 'exact' });
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(first.meta.total).toBe(3);
    const rest = await identity.gateway
      .as(caller)
      .call(apiKeys.list, { limit: 2, after: first.meta.after ?? '' });
    expect(rest.data.map(({ id }) => id)).toEqual(ids.slice(2));
    const foreign = { subjectType: 'user', subjectId: owner.id } as const;
    expect((await identity.as(stranger).failure(apiKeys.list, foreign)).code).toBe('permission_denied');
    const all = await identity.administrator.call(apiKeys.list, foreign);
    expect(all.data).toHaveLength(3);
  });
});

describe('who may make a key', () => {
  it('is oneself, an admin of the organization, an administrator', async () => {
    const member = await identity.aMember(organization, ana);
    const forOrganization = { subjectType: 'organization', subjectId: organization.id } as const;
    expect((await aKey(forOrganization)).subjectId).toBe(organization.id);
    const refused = async (given: Partial<CreateApiKey>, by: Caller) =>
      (
        await identity.gateway.as(by).failure(apiKeys.create, {
          name: 'x',
          subjectType: 'user',
          subjectId: ana.id,
          scopes: ['resources:read'],
          ...given,
        })
      ).code;
    expect(await refused({}, aUser(stranger.id))).toBe('permission_denied');
    expect(await refused({ subjectId: 'user_none' }, aUser(stranger.id))).toBe('permission_denied');
    expect(await refused(forOrganization, aUser(member.id))).toBe('permission_denied');
    expect(await refused(forOrganization, aUser(stranger.id))).toBe('not_found');
    expect(await refused({ ...forOrganization, subjectId: 'org_none' }, aUser(stranger.id))).toBe(
      'not_found',
    );
    expect(await refused({ subjectType: 'harbor', subjectId: crypto.randomUUID() }, aUser(ana.id))).toBe(
      'not_found',
    );
    const byAdministrator = await aKey({ subjectId: stranger.id }, await callerOf(identity.adminKey));
    expect(byAdministrator.subjectId).toBe(stranger.id);
    expect((await resolve(byAdministrator.secret)).subjectId).toBe(stranger.id);
  });

  it('never gives a scope that he lacks', async () => {
    for (const scopes of [['admin'], ['resources:read', 'admin']]) {
      const refused = await identity.as(ana).failure(apiKeys.create, {
        name: 'x',
        subjectType: 'user',
        subjectId: ana.id,
        scopes,
      });
      expect(refused.code).toBe('scope_missing');
    }
    const reader = aUser(ana.id, ['users:write', 'resources:read']);
    const narrow = { name: 'x', subjectType: 'user', subjectId: ana.id } as const;
    const wider = await identity.gateway
      .as(reader)
      .failure(apiKeys.create, { ...narrow, scopes: ['resources:write'] });
    expect(wider.code).toBe('scope_missing');
    await expect(aKey({ scopes: ['users:read'] }, reader)).resolves.toBeDefined();
  });

  it.each(['transferred', 'deleted'] as const)('of a workspace ends when that is %s', async (what) => {
    const id = crypto.randomUUID();
    const owner = { type: 'user' as const, id: ana.id };
    identity.neighbours.workspaces.set(id, { owner, name: { id, slug: 'w', name: 'W' } });
    identity.neighbours.admins.add(`user:${ana.id} ${id}`);
    const ours = { subjectType: 'workspace', subjectId: id } as const;
    const [key, other] = [await aKey(ours), await aKey()];
    const child = await aKey(ours, await callerOf(key.secret));
    const fact = {
      ...{ workspaceId: id, slug: 'ww', ownerType: 'user' as const, ownerId: stranger.id, version: 2 },
      ...{ visibility: 'public' as const, object: null },
    };
    if (what === 'deleted') await identity.tell('content', workspaceDeleted, id, fact);
    else {
      const from = { fromType: 'user' as const, fromId: ana.id };
      await identity.tell('content', workspaceTransferred, id, { ...fact, ...from });
    }
    for (const { secret } of [key, child]) await settle(async () => !(await resolve(secret)).keyId);
    expect((await resolve(other.secret)).keyId).toBe(other.id);
    identity.neighbours.workspaces.delete(id);
  });

  it('may admin the workspace, as authorization says', async () => {
    const id = crypto.randomUUID();
    const owner = { type: 'organization', id: organization.id } as const;
    identity.neighbours.workspaces.set(id, { owner, name: { id, slug: 'w', name: 'W' } });
    const subject = { subjectType: 'workspace', subjectId: id } as const;
    const input = { name: 'x', scopes: ['resources:read'], ...subject };
    expect((await identity.as(stranger).failure(apiKeys.create, input)).code).toBe('permission_denied');
    identity.neighbours.admins.add(`user:${stranger.id} ${id}`);
    const key = await aKey(subject, aUser(stranger.id));
    expect(await resolve(key.secret)).toMatchObject({ subjectType: 'workspace', restsOn: [stranger.id] });
    const own = await aKey(subject, {
      ...(await callerOf(key.secret)),
      scopes: ['users:write', 'resources:read'],
    });
    expect((await resolve(own.secret)).keyId).toBe(own.id);
    identity.neighbours.admins.delete(`user:${stranger.id} ${id}`);
    expect(await resolve(key.secret)).toEqual({ keyId: null });
    expect(await resolve(own.secret)).toEqual({ keyId: null });
    const administrators = await aKey(subject, await callerOf(identity.adminKey));
    expect((await resolve(administrators.secret)).keyId).toBe(administrators.id);
    identity.neighbours.workspaces.delete(id);
    expect(await resolve(administrators.secret)).toEqual({ keyId: null });
  });

  it('checks the request', async () => {
    const input = { name: 'x', subjectType: 'user' as const, subjectId: ana.id, scopes: ['resources:read'] };
    const wrong: object[] = [
      { scopes: ['everything'] },
      { scopes: [] },
      { expiresAt: '2001-01-01T00:00:00Z' },
      { expiresAt: 'tomorrow' },
      { name: ' ' },
      { permissions: { workspace: { actions: ['read'], more: 1 } } },
      { subjectType: 'team' },
    ];
    for (const fields of wrong) {
      const refused = await identity.as(ana).failure(apiKeys.create, { ...input, ...fields });
      expect([JSON.stringify(fields), refused.code]).toEqual([JSON.stringify(fields), 'validation_failed']);
    }
  });
});

describe('a key made by a key', () => {
  const maker = async (given: Partial<CreateApiKey> = {}) => {
    const parent = await aKey({ scopes: ['users:write', 'resources:write'], ...given });
    return { parent, caller: await callerOf(parent.secret) };
  };

  it('inherits its ceiling and its end', async () => {
    const permissions = { workspace: { actions: ['read', 'update'] } };
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { parent, caller } = await maker({ permissions, expiresAt });
    const child = await aKey({}, caller);
    expect(child).toMatchObject({ permissions, expiresAt, parentKeyId: parent.id, createdBy: ana.id });
    const narrower = await aKey({ permissions: { workspace: { actions: ['read'] } } }, caller);
    expect((await resolve(narrower.secret)).ceiling).toEqual({ workspace: { actions: ['read'] } });
    const later = await aKey({ expiresAt: new Date(Date.now() + 9_000_000).toISOString() }, caller);
    expect(later.expiresAt).toBe(expiresAt);
    const wider = await identity.gateway.as(caller).failure(apiKeys.create, {
      name: 'x',
      subjectType: 'user',
      subjectId: ana.id,
      scopes: ['resources:read'],
      permissions: { workspace: { actions: ['admin'] } },
    });
    expect(wider.code).toBe('permission_denied');
  });

  it('ends with it, however deep', async () => {
    const { parent, caller } = await maker();
    const child = await aKey({ scopes: ['users:write'] }, caller);
    const grandchild = await aKey({ scopes: ['users:read'] }, await callerOf(child.secret));
    await identity.as(ana).call(apiKeys.delete, { id: parent.id });
    for (const { secret, id } of [child, grandchild]) {
      expect(await resolve(secret)).toEqual({ keyId: null });
      await identity.heard('identity.api-key.changed', id, 2);
    }
  });

  it('is narrowed with it', async () => {
    const { parent, caller } = await maker();
    const child = await aKey({ scopes: ['resources:write'] }, caller);
    await identity.as(ana).call(apiKeys.update, {
      id: parent.id,
      scopes: ['resources:read'],
      permissions: { resource: { actions: ['read'] } },
    });
    const narrowed = await resolve(child.secret);
    expect(narrowed).toMatchObject({ scopes: [], ceiling: { resource: { actions: ['read'] } } });
    await identity.heard('identity.api-key.changed', child.id, 2);
  });

  it('with a ceiling sees itself alone', async () => {
    const { parent, caller } = await maker({ permissions: { workspace: { actions: ['read'] } } });
    const other = await aKey();
    const listed = await identity.gateway.as(caller).call(apiKeys.list, {});
    expect(listed.data.map(({ id }) => id)).toEqual([parent.id]);
    expect((await identity.gateway.as(caller).failure(apiKeys.delete, { id: other.id })).code).toBe(
      'not_found',
    );
  });
});

describe('narrowing a key', () => {
  it('goes one way', async () => {
    const key = await aKey({
      scopes: ['resources:write', 'users:read'],
      permissions: { workspace: { actions: ['write'], ids: ['a', 'b'] } },
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const soon = new Date(Date.now() + 60_000).toISOString();
    const narrowed = await identity.as(ana).call(apiKeys.update, {
      id: key.id,
      name: 'Renamed',
      scopes: ['resources:read'],
      permissions: { workspace: { actions: ['read'], ids: ['a'] } },
      expiresAt: soon,
    });
    expect(narrowed).toMatchObject({
      name: 'Renamed',
      scopes: ['resources:read'],
      expiresAt: soon,
      version: 2,
    });
    const wider: object[] = [
      { scopes: ['resources:write'] },
      { permissions: null },
      { permissions: { workspace: { actions: ['read'] } } },
      { permissions: { workspace: { actions: ['read'], ids: ['a'] }, resource: { actions: ['read'] } } },
      { expiresAt: null },
      { expiresAt: new Date(Date.now() + 7_200_000).toISOString() },
    ];
    for (const fields of wider) {
      const refused = await identity.as(ana).failure(apiKeys.update, { id: key.id, ...fields });
      expect([JSON.stringify(fields), refused.code]).toEqual([JSON.stringify(fields), 'only_narrower']);
    }
    await identity.heard('identity.api-key.changed', key.id, 2);
  });
});

describe('rotating a key', () => {
  /** A column of milliseconds rounds: `now()` itself may lie half of one ahead. */
  const over = `date_trunc('milliseconds', now())`;
  const rotate = (id: string, graceSeconds?: number, by: Caller = aUser(ana.id)): Promise<NewApiKey> =>
    identity.gateway
      .as(by)
      .call(apiKeys.rotate, { id, ...(graceSeconds === undefined ? {} : { graceSeconds }) });
  const refused = async (id: string, by: Caller, graceSeconds = 0) =>
    (await identity.gateway.as(by).failure(apiKeys.rotate, { id, graceSeconds })).code;

  it('replaces the secret at once, and the key stays the same', async () => {
    const key = await aKey({ permissions: { workspace: { actions: ['read'] } } });
    const rotated = await rotate(key.id);
    expect(rotated).toMatchObject({
      id: key.id,
      permissions: key.permissions,
      prefix: rotated.secret.slice(0, 12),
      version: 2,
    });
    expect(await resolve(key.secret)).toEqual({ keyId: null });
    expect((await resolve(rotated.secret)).keyId).toBe(key.id);
    const kept = await identity.sql(
      'SELECT k::text AS row FROM api_keys k UNION ALL SELECT r::text FROM retired_secrets r',
    );
    expect(JSON.stringify([kept, identity.events])).not.toContain(rotated.secret);
    expect((await identity.as(ana).call(apiKeys.get, { id: key.id })).prefix).toBe(rotated.prefix);
    await identity.heard('identity.api-key.changed', key.id, 2);
  });

  it('keeps the old secret for its grace, and tells how long', async () => {
    const key = await aKey();
    const before = Date.now();
    const second = await rotate(key.id, 3_600);
    const old = await resolve(key.secret);
    expect(old.keyId).toBe(key.id);
    const end = Date.parse(old.expiresAt ?? '');
    expect(end).toBeGreaterThanOrEqual(before + 3_599_000);
    expect(end).toBeLessThanOrEqual(Date.now() + 3_601_000);
    expect((await resolve(second.secret)).expiresAt).toBeNull();
    await identity.sql(`UPDATE retired_secrets SET expires_at = ${over} WHERE key_hash = $1`, [
      keyHash(key.secret),
    ]);
    expect(await resolve(key.secret)).toEqual({ keyId: null });
    const third = await rotate(key.id, 3_600);
    await rotate(key.id, 0);
    for (const { secret } of [second, third]) expect(await resolve(secret)).toEqual({ keyId: null });
  });

  it('leaves its end and its revocation in force for both secrets', async () => {
    const key = await aKey({ expiresAt: new Date(Date.now() + 60_000).toISOString() });
    const rotated = await rotate(key.id, 86_400);
    for (const { secret } of [key, rotated]) {
      expect((await resolve(secret)).expiresAt).toBe(key.expiresAt);
    }
    await identity.as(ana).call(apiKeys.delete, { id: key.id });
    for (const { secret } of [key, rotated]) expect(await resolve(secret)).toEqual({ keyId: null });
    const ended = await aKey();
    await identity.sql(`UPDATE api_keys SET expires_at = ${over} WHERE id = $1`, [ended.id]);
    expect(await refused(ended.id, aUser(ana.id))).toBe('key_expired');
  });

  it('leaves what the key made alive', async () => {
    const parent = await aKey({ scopes: ['users:write', 'resources:read'] });
    const child = await aKey({}, await callerOf(parent.secret));
    await rotate(parent.id);
    expect((await resolve(child.secret)).keyId).toBe(child.id);
  });

  it('is for who holds all that the key may do, and nobody gets more by it', async () => {
    const key = await aKey({ scopes: ['resources:write', 'users:write'] });
    expect(await refused(key.id, aUser(stranger.id))).toBe('not_found');
    expect(await refused(key.id, aUser(ana.id, ['users:write']))).toBe('scope_missing');
    const powerful = await aKey({ scopes: ['admin'] }, await callerOf(identity.adminKey));
    expect(await refused(powerful.id, aUser(ana.id))).toBe('scope_missing');
    const other = await callerOf((await aKey({ scopes: ['users:write', 'resources:write'] })).secret);
    expect(await refused(key.id, other)).toBe('permission_denied');
    const bounded = { ...other, ceiling: { user: { actions: ['admin'] } } };
    expect(await refused(key.id, bounded)).toBe('permission_denied');
    const itself = await rotate(key.id, 0, await callerOf(key.secret));
    const child = await aKey({ scopes: ['resources:read'] }, await callerOf(itself.secret));
    expect((await rotate(child.id, 0, await callerOf(itself.secret))).parentKeyId).toBe(key.id);
    expect((await resolve(itself.secret)).keyId).toBe(key.id);
  });

  it('makes the key rest on who rotated it; the old secret on who made it', async () => {
    const [second, third] = [
      await identity.aMember(organization, ana, 'admin'),
      await identity.aMember(organization, ana, 'admin'),
    ];
    const key = await aKey({ subjectType: 'organization', subjectId: organization.id }, aUser(second.id));
    const rotated = await rotate(key.id, 3_600, aUser(third.id));
    expect(rotated.createdBy).toBe(third.id);
    const demote = (userId: string) =>
      identity.as(ana).call(members.update, { id: organization.id, userId, role: 'member' });
    await demote(second.id);
    expect(await resolve(key.secret)).toEqual({ keyId: null });
    expect((await resolve(rotated.secret)).keyId).toBe(key.id);
    await demote(third.id);
    expect(await resolve(rotated.secret)).toEqual({ keyId: null });
  });

  it('is bounded, and by If-Match', async () => {
    const key = await aKey();
    expect(await refused(key.id, aUser(ana.id), 86_401)).toBe('validation_failed');
    const stale = await identity.as(ana).failure(apiKeys.rotate, { id: key.id }, { ifMatch: [9] });
    expect(stale.code).toBe('precondition_failed');
    for (let made = 0; made < 5; made++) await rotate(key.id, 60);
    expect(await refused(key.id, aUser(ana.id), 60)).toBe('too_many_secrets');
    const last = await rotate(key.id, 0);
    expect((await resolve(last.secret)).keyId).toBe(key.id);
    expect(await identity.sql('SELECT 1 FROM retired_secrets WHERE key_id = $1', [key.id])).toEqual([]);
  });

  it('twice at once leaves one secret', async () => {
    const key = await aKey();
    const both = await Promise.all([rotate(key.id), rotate(key.id)]);
    const alive = await Promise.all(both.map(({ secret }) => resolve(secret)));
    expect(alive.filter(({ keyId }) => keyId === key.id)).toHaveLength(1);
  });
});

describe('a key ends with', () => {
  it('its subject', async () => {
    const gone = await identity.aUser();
    const key = await aKey({ subjectId: gone.id }, aUser(gone.id));
    await identity.administrator.call(users.delete, { id: gone.id });
    expect(await resolve(key.secret)).toEqual({ keyId: null });
    const made = await identity.anOrganization(ana);
    const theirs = await aKey({ subjectType: 'organization', subjectId: made.id });
    await identity.as(ana).call(organizations.delete, { id: made.id });
    expect(await resolve(theirs.secret)).toEqual({ keyId: null });
    await identity.heard('identity.api-key.changed', theirs.id, 2);
  });

  it('its maker’s right to it', async () => {
    const second = await identity.aMember(organization, ana, 'admin');
    const key = await aKey({ subjectType: 'organization', subjectId: organization.id }, aUser(second.id));
    expect((await resolve(key.secret)).keyId).toBe(key.id);
    await identity.as(ana).call(members.update, { id: organization.id, userId: second.id, role: 'member' });
    expect(await resolve(key.secret)).toEqual({ keyId: null });
    await identity.heard('identity.api-key.changed', key.id, 2);
  });

  it('its maker’s scope admin, as far as it has that', async () => {
    const operator = await identity.aUser();
    const [home] = await identity.sql('SELECT workos_org_id AS id FROM organizations WHERE home');
    const inHome = { id: String(home?.['id']), userId: operator.id };
    await identity.administrator.call(members.update, { ...inHome, role: 'operator' });
    const session: Caller = {
      subjectType: 'user',
      subjectId: operator.id,
      scopes: ['admin'],
      sessionId: 'session_x',
    };
    const own = await aKey({ subjectId: operator.id, scopes: ['admin', 'users:read'] }, session);
    const others = await aKey({ subjectId: stranger.id }, session);
    expect((await resolve(own.secret)).scopes).toEqual(['admin', 'users:read']);
    expect((await resolve(others.secret)).keyId).toBe(others.id);
    await identity.administrator.call(members.update, { ...inHome, role: 'member' });
    expect((await resolve(own.secret)).scopes).toEqual(['users:read']);
    expect(await resolve(others.secret)).toEqual({ keyId: null });
    await identity.heard('identity.api-key.changed', others.id, 2);
    await identity.heard('identity.api-key.changed', own.id, 2);
  });
});

describe('the admin key', () => {
  it('is a caller with the scope admin, hidden from the routes', async () => {
    const caller = await callerOf(identity.adminKey);
    expect(caller).toMatchObject({ subjectType: 'organization', scopes: ['admin'] });
    const [row] = await identity.sql('SELECT id FROM api_keys WHERE installation');
    const id = String(row?.['id']);
    expect((await identity.administrator.failure(apiKeys.delete, { id })).code).toBe('not_found');
    const listed = await identity.administrator.call(apiKeys.list, { limit: 100 });
    expect(listed.data.map((key) => key.id)).not.toContain(id);
  });

  it('is replaced when another one is configured, and what it made lives on', async () => {
    const made = await aKey({ subjectId: stranger.id }, await callerOf(identity.adminKey));
    const next = makeKey();
    const file = join(mkdtempSync(join(tmpdir(), 'erato-admin-')), 'key');
    writeFileSync(file, next);
    await identity.stop();
    await identity.boot({ ERATO_ADMIN_KEY_FILE: file });
    await settle(async () => (await resolve(next)).keyId);
    expect(await resolve(identity.adminKey)).toEqual({ keyId: null });
    expect((await resolve(next)).scopes).toEqual(['admin']);
    expect((await resolve(made.secret)).keyId).toBe(made.id);
  });
});
