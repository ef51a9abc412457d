import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { erasures } from '@erato/contracts/erasures';
import { guest } from '@erato/contracts/kit/context';
import { apiKeys } from '@erato/contracts/identity/api-key';
import { profiles } from '@erato/contracts/identity/profile';
import { users, type User } from '@erato/contracts/identity/user';
import { members } from '@erato/contracts/identity/member';
import { settle } from '@erato/testing/settle';
import { IdentityUnderTest } from './an-identity.js';

const usersPath = '/user_management/users';
const profile = ['avatarUrl', 'bannerUrl', 'bio', 'displayName', 'handle', 'id'];

let identity: IdentityUnderTest;
let ana: User;

beforeAll(async () => {
  identity = await IdentityUnderTest.start();
  ana = await identity.aUser({ firstName: 'Ana', lastName: 'Lima', handle: 'Ana_Lima', bio: 'Fado' });
}, 60_000);
afterAll(() => identity.close());
beforeEach(() => identity.workos.control.forgetRequests());

const shownTo = (caller: Parameters<typeof identity.gateway.as>[0], id = ana.id) =>
  identity.gateway.as(caller).call(users.get, { id });

describe('a user', () => {
  it('is created at WorkOS, in the home organization and in Erato', async () => {
    const user = await identity.aUser({ handle: 'first_one', displayName: 'First' });
    const atWorkos = await identity.atWorkos<{ email: string; email_verified: boolean }>(
      'GET',
      `${usersPath}/${user.id}`,
    );
    expect(atWorkos).toMatchObject({ email: user.email, email_verified: true });
    expect(user).toMatchObject({ handle: 'first_one', displayName: 'First', firstName: null, version: 2 });
    const [home] = await identity.sql('SELECT workos_org_id AS id FROM organizations WHERE home');
    expect(user.organizationId).toBe(home?.['id']);
    const membership = await identity.administrator.call(members.get, {
      id: String(home?.['id']),
      userId: user.id,
    });
    expect(membership.status).toBe('active');
    await identity.heard('identity.user.created', user.id);
    const [joined] = await identity.heard('identity.membership.created', user.id);
    expect(joined?.data).toMatchObject({ home: true, status: 'active' });
  });

  it('shows the public profile alone to guests and to others', async () => {
    for (const caller of [guest, { ...guest, subjectType: 'user', subjectId: 'user_someone' } as const]) {
      expect(Object.keys(await shownTo(caller)).sort()).toEqual(profile);
    }
    expect(ana.displayName).toBeNull();
  });

  it('is named to services while he is there, once he has a handle', async () => {
    const [named, plain, gone] = [
      await identity.aUser({ handle: 'named_one', displayName: 'Named' }),
      await identity.aUser({ displayName: 'No handle' }),
      await identity.aUser({ handle: 'gone_one' }),
    ];
    await identity.administrator.call(users.delete, { id: gone.id });
    const userIds = [gone.id, plain.id, 'user_nobody', ana.id, named.id];
    expect(await identity.services.call(profiles.find, { userIds })).toEqual([
      { userId: ana.id, handle: ana.handle, displayName: null, avatarUrl: null },
      { userId: named.id, handle: 'named_one', displayName: 'Named', avatarUrl: null },
    ]);
  });

  it('shows all to oneself and to administrators', async () => {
    for (const caller of [identity.as(ana), identity.administrator]) {
      const user = await caller.call(users.get, { id: ana.id });
      expect(user).toMatchObject({ email: ana.email, firstName: 'Ana', preferences: null, version: 2 });
    }
  });

  it('is found by its handle, whatever the case', async () => {
    const found = await identity.gateway.as(guest).call(users.byHandle, { handle: 'ANA_lima' });
    expect(found.id).toBe(ana.id);
    const none = await identity.gateway.as(guest).failure(users.byHandle, { handle: 'nobody_here' });
    expect(none.kind).toBe('not-found');
  });

  it('is asked for at WorkOS once when the mirror lacks it, never for a guest, and misses are kept', async () => {
    const made = await identity.atWorkos<{ id: string }>('POST', usersPath, {
      email: 'direct@people.example',
    });
    await identity.sql('DELETE FROM users WHERE id = $1', [made.id]);
    const path = `${usersPath}/${made.id}`;
    expect((await identity.gateway.as(guest).failure(users.get, { id: made.id })).code).toBe('not_found');
    expect(identity.workos.control.count({ method: 'GET', path })).toBe(0);
    const both = await Promise.all([1, 2, 3].map(() => identity.as(ana).call(users.get, { id: made.id })));
    expect(both.map(({ id }) => id)).toEqual([made.id, made.id, made.id]);
    expect(identity.workos.control.count({ method: 'GET', path })).toBe(1);
    const unknown = 'user_01ZZZZZZZZZZZZZZZZZZZZZZZZ';
    for (let asked = 0; asked < 3; asked++) {
      expect((await identity.as(ana).failure(users.get, { id: unknown })).code).toBe('not_found');
    }
    expect(identity.workos.control.count({ path: `${usersPath}/${unknown}` })).toBe(1);
    expect((await identity.as(ana).failure(users.get, { id: "user_'; --" })).code).toBe('not_found');
    expect(identity.workos.control.count({ path: `${usersPath}/user_'` })).toBe(0);
  });
});

describe('lists of users', () => {
  it('come from WorkOS for administrators, with Erato’s fields and WorkOS’ cursors', async () => {
    for (let made = 0; made < 3; made++) await identity.aUser();
    identity.workos.control.forgetRequests();
    const first = await identity.administrator.call(users.list, { limit: 2, count: 'exact' });
    expect(first.data).toHaveLength(2);
    expect(first.meta.before).toBeNull();
    expect(identity.workos.control.count({ path: usersPath })).toBe(1);
    expect(identity.workos.control.requests().filter(({ path }) => path !== '/events')).toHaveLength(1);
    const seen = [...first.data];
    for (let after = first.meta.after; after !== null;) {
      const page = await identity.administrator.call(users.list, { limit: 2, after });
      seen.push(...page.data);
      after = page.meta.after;
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen).toHaveLength(first.meta.total ?? 0);
    expect(seen.find(({ id }) => id === ana.id)).toMatchObject({ handle: 'ana_lima', email: ana.email });
    const back = await identity.administrator.call(users.list, { limit: 2, before: first.meta.after ?? '' });
    expect(back.meta.limit).toBe(2);
  });

  it('refuse a cursor of another list', async () => {
    const { meta } = await identity.administrator.call(users.list, { limit: 1 });
    const refused = await identity.administrator.failure(users.list, {
      limit: 1,
      sort: 'createdAt',
      after: meta.after ?? '',
    });
    expect(refused.code).toBe('cursor_invalid');
    const foreign = await identity.gateway.as(guest).failure(users.list, { after: meta.after ?? '' });
    expect(foreign.code).toBe('cursor_invalid');
  });

  it('find by address for administrators alone', async () => {
    const found = await identity.administrator.call(users.list, { email: ana.email ?? '' });
    expect(found.data.map(({ id }) => id)).toEqual([ana.id]);
    expect((await identity.as(ana).failure(users.list, { email: ana.email ?? '' })).code).toBe(
      'permission_denied',
    );
    expect((await identity.gateway.as(guest).failure(users.list, { email: 'a@b.example' })).kind).toBe(
      'unauthenticated',
    );
  });

  it('show to others those who have a handle, from the mirror', async () => {
    const hidden = await identity.aUser({ displayName: 'Zoltan Hidden' });
    await identity.aUser({ handle: 'zoltan', displayName: 'Zoltan Visible' });
    identity.workos.control.forgetRequests();
    for (const caller of [identity.gateway.as(guest), identity.as(ana)]) {
      const { data } = await caller.call(users.list, { q: 'zolt', limit: 100 });
      expect(data.map(({ handle }) => handle)).toEqual(['zoltan']);
      expect(Object.keys(data[0] ?? {}).sort()).toEqual(profile);
    }
    const all = await identity.gateway.as(guest).call(users.list, { limit: 100 });
    expect(all.data.every(({ handle }) => handle !== null)).toBe(true);
    expect(all.data.map(({ id }) => id)).not.toContain(hidden.id);
    expect(identity.workos.control.count({ path: usersPath })).toBe(0);
    const both = await identity.administrator.call(users.list, { q: 'zoltan' });
    expect(both.data).toHaveLength(2);
  });

  it('page by keyset, forwards and back', async () => {
    for (const handle of ['page_one', 'page_two', 'page_three']) await identity.aUser({ handle });
    const caller = identity.gateway.as(guest);
    const one = await caller.call(users.list, { q: 'page', limit: 2, sort: 'createdAt' });
    expect(one.data.map(({ handle }) => handle)).toEqual(['page_one', 'page_two']);
    const two = await caller.call(users.list, {
      q: 'page',
      limit: 2,
      sort: 'createdAt',
      after: one.meta.after ?? '',
    });
    expect(two.data.map(({ handle }) => handle)).toEqual(['page_three']);
    expect(two.meta.after).toBeNull();
    const back = await caller.call(users.list, {
      q: 'page',
      limit: 2,
      sort: 'createdAt',
      before: two.meta.before ?? '',
    });
    expect(back.data).toEqual(one.data);
  });

  it('are not counted for guests, and find nothing where there is no word', async () => {
    expect((await identity.gateway.as(guest).failure(users.list, { count: 'exact' })).code).toBe(
      'validation_failed',
    );
    const counted = await identity.as(ana).call(users.list, { handle: 'ANA_LIMA', count: 'exact' });
    expect(counted.meta.total).toBe(1);
    for (const q of ['!!', "a' | b:*", '&|!():*']) {
      await expect(identity.gateway.as(guest).call(users.list, { q })).resolves.toBeDefined();
    }
    expect((await identity.gateway.as(guest).call(users.list, { q: '!!' })).data).toEqual([]);
  });

  it('of an organization’s members are for its members', async () => {
    const organization = await identity.anOrganization(ana);
    const member = await identity.aMember(organization, ana);
    const listed = await identity.as(member).call(users.list, { organizationId: organization.id });
    expect(listed.data.map(({ id }) => id)).toEqual([ana.id]);
    const asAdministrator = await identity.administrator.call(users.list, {
      organizationId: organization.id,
    });
    expect(asAdministrator.data.map(({ id }) => id).sort()).toEqual([ana.id, member.id].sort());
    const other = await identity.aUser();
    for (const organizationId of [
      organization.id,
      'org_01ZZZZZZZZZZZZZZZZZZZZZZZZ',
      ana.organizationId ?? '',
    ]) {
      expect((await identity.as(other).failure(users.list, { organizationId })).code).toBe(
        'permission_denied',
      );
    }
  });
});

describe('changing a user', () => {
  it('writes to Erato alone what Erato owns', async () => {
    const before = await identity.as(ana).call(users.get, { id: ana.id });
    identity.workos.control.forgetRequests();
    const after = await identity.as(ana).call(users.update, {
      id: ana.id,
      bio: 'Fado, slowly.',
      avatarUrl: 'https://cdn.example/a.jpg',
      themeConfig: { colors: { primary: '#fff', accent: '#000' } },
      preferences: { theme: 'dark' },
    });
    expect(after).toMatchObject({
      bio: 'Fado, slowly.',
      preferences: { theme: 'dark' },
      version: (before.version ?? 0) + 1,
    });
    expect(identity.workos.control.count({ path: usersPath })).toBe(0);
    const [row] = await identity.sql('SELECT workos_updated_at, updated_at FROM users WHERE id = $1', [
      ana.id,
    ]);
    expect(new Date(String(row?.['workos_updated_at'])).getTime()).toBeLessThan(
      Date.parse(after.updatedAt ?? ''),
    );
  });

  it('writes to WorkOS alone what WorkOS owns, and shows it at once', async () => {
    const [own] = await identity.sql('SELECT updated_at FROM users WHERE id = $1', [ana.id]);
    const after = await identity
      .as(ana)
      .call(users.update, { id: ana.id, firstName: 'Anna', lastName: null });
    expect(after).toMatchObject({ firstName: 'Anna', lastName: null });
    const [still] = await identity.sql('SELECT updated_at FROM users WHERE id = $1', [ana.id]);
    expect(still).toEqual(own);
    expect(identity.workos.control.count({ method: 'PUT', path: `${usersPath}/${ana.id}` })).toBe(1);
    expect((await identity.as(ana).call(users.get, { id: ana.id })).firstName).toBe('Anna');
    identity.workos.control.forgetRequests();
    await identity.as(ana).call(users.update, { id: ana.id, firstName: 'Anna' });
    expect(identity.workos.control.count({ method: 'PUT' })).toBe(0);
  });

  it('merges typed parts, and null clears', async () => {
    const { id } = ana;
    await identity
      .as(ana)
      .call(users.update, { id, themeConfig: { colors: { primary: '#fff', accent: '#000' } } });
    const merged = await identity.as(ana).call(users.update, {
      id,
      themeConfig: { colors: { accent: null }, fonts: { body: 'Inter' } },
      preferences: { theme: null, locale: 'pt-PT' },
    });
    expect(merged.themeConfig).toEqual({ colors: { primary: '#fff' }, fonts: { body: 'Inter' } });
    expect(merged.preferences).toEqual({ locale: 'pt-PT' });
    const cleared = await identity.as(ana).call(users.update, { id, themeConfig: null, bio: null });
    expect(cleared).toMatchObject({ themeConfig: null, bio: null });
  });

  it('refuses open or oversized parts', async () => {
    const { id } = ana;
    const wrong: object[] = [
      { themeConfig: { shadows: {} } },
      { themeConfig: { colors: { primary: 'red;} body{display:none' } } },
      { themeConfig: { layout: { text: 'x'.repeat(9_000) } } },
      { preferences: { nonsense: true } },
      { avatarUrl: 'http://cdn.example/a.jpg' },
      { bio: 'x'.repeat(501) },
      { displayName: '' },
    ];
    for (const fields of wrong) {
      const refused = await identity.as(ana).failure(users.update, { id, ...fields });
      expect([JSON.stringify(fields), refused.code]).toEqual([JSON.stringify(fields), 'validation_failed']);
    }
    await expect(identity.as(ana).call(users.update, { id, bio: '😀'.repeat(500) })).resolves.toMatchObject({
      bio: '😀'.repeat(500),
    });
  });

  it('keeps handles unique without case, and reserved words free', async () => {
    const other = await identity.aUser({ handle: 'taken_one' });
    expect((await identity.as(ana).failure(users.update, { id: ana.id, handle: 'TAKEN_one' })).code).toBe(
      'handle_taken',
    );
    for (const handle of ['admin', 'Support', 'ab', 'a-b-c', 'ü'.repeat(5), 'x'.repeat(31)]) {
      expect((await identity.as(ana).failure(users.update, { id: ana.id, handle })).code).toBe(
        'validation_failed',
      );
    }
    const racing = await Promise.allSettled(
      [ana, other].map((user) => identity.as(user).call(users.update, { id: user.id, handle: 'the_one' })),
    );
    expect(racing.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is for oneself and administrators, who alone change what identifies', async () => {
    const other = await identity.aUser();
    expect((await identity.as(other).failure(users.update, { id: ana.id, bio: 'x' })).code).toBe(
      'permission_denied',
    );
    const unknown = { id: 'user_01ZZZZZZZZZZZZZZZZZZZZZZZY', bio: 'x' };
    expect((await identity.as(other).failure(users.update, unknown)).code).toBe('not_found');
    for (const fields of [
      { email: 'new@people.example' },
      { emailVerified: false },
      { externalId: 'x' },
      { metadata: { tier: 'gold' } },
    ]) {
      expect((await identity.as(ana).failure(users.update, { id: ana.id, ...fields })).code).toBe(
        'permission_denied',
      );
    }
    const changed = await identity.administrator.call(users.update, {
      id: other.id,
      email: 'moved@people.example',
      externalId: 'ext-1',
      metadata: { tier: 'gold', region: 'eu' },
    });
    expect(changed).toMatchObject({
      email: 'moved@people.example',
      emailVerified: false,
      externalId: 'ext-1',
      metadata: { tier: 'gold', region: 'eu' },
    });
    const merged = await identity.administrator.call(users.update, {
      id: other.id,
      metadata: { region: null },
    });
    expect(merged.metadata).toEqual({ tier: 'gold' });
    const twice = await identity.administrator.failure(users.update, { id: ana.id, externalId: 'ext-1' });
    expect(twice.code).toBe('external_id_taken');
    const cleared = await identity.administrator.call(users.update, { id: other.id, externalId: null });
    expect(cleared.externalId).toBeNull();
  });

  it('stops at If-Match, before WorkOS is told', async () => {
    const { version = 0 } = await identity.as(ana).call(users.get, { id: ana.id });
    identity.workos.control.forgetRequests();
    const change = { id: ana.id, firstName: 'Stale', bio: 'stale' };
    const refused = await identity.as(ana).failure(users.update, change, { ifMatch: [version - 1] });
    expect(refused.code).toBe('precondition_failed');
    expect(identity.workos.control.count({ method: 'PUT' })).toBe(0);
    await identity.as(ana).call(users.update, { id: ana.id, bio: 'fresh' }, { ifMatch: [version] });
  });

  it('goes by a key’s ceiling', async () => {
    const caller = { subjectType: 'user', subjectId: ana.id, scopes: ['users:write'] } as const;
    const without = identity.gateway.as({ ...caller, ceiling: { workspace: { actions: ['admin'] } } });
    expect((await without.failure(users.update, { id: ana.id, bio: 'x' })).code).toBe('permission_denied');
    expect(Object.keys(await without.call(users.get, { id: ana.id })).sort()).toEqual(profile);
    const within = identity.gateway.as({ ...caller, ceiling: { user: { actions: ['update'] } } });
    await expect(within.call(users.update, { id: ana.id, bio: 'by key' })).resolves.toMatchObject({
      bio: 'by key',
    });
  });
});

describe('creating a user', () => {
  it('takes it well when the worker has enrolled him meanwhile', async () => {
    identity.workos.control.fail({
      kind: 'status',
      status: 400,
      method: 'POST',
      path: '/user_management/organization_memberships',
      applied: true,
      times: 1,
    });
    const made = await identity.administrator.call(users.create, { email: 'faster@people.example' });
    expect(made.email).toBe('faster@people.example');
    identity.workos.control.clear();
  });

  it('maps WorkOS’ refusals', async () => {
    const taken = await identity.administrator.failure(users.create, { email: ana.email ?? '' });
    expect(taken.code).toBe('email_taken');
    const holder = await identity.aUser({ handle: 'held_by_one' });
    const handle = await identity.administrator.failure(users.create, {
      email: 'h@people.example',
      handle: holder.handle ?? '',
    });
    expect(handle.code).toBe('handle_taken');
    const { data } = await identity.atWorkos<{ data: unknown[] }>(
      'GET',
      `${usersPath}?email=h@people.example`,
    );
    expect(data).toEqual([]);
  });
});

describe('deleting a user', () => {
  it('erases him everywhere and says so', async () => {
    const gone = await identity.aUser({ handle: 'soon_gone', firstName: 'Soon' });
    expect((await identity.as(gone).failure(users.delete, { id: gone.id })).code).toBe('validation_failed');
    await identity.as(gone).call(users.delete, { id: gone.id, confirm: gone.id });
    await expect(identity.atWorkos('GET', `${usersPath}/${gone.id}`)).rejects.toThrow('404');
    const [row] = await identity.sql('SELECT * FROM users WHERE id = $1', [gone.id]);
    expect(row).toMatchObject({ email: null, first_name: null, handle: null });
    expect(row?.['deleted_at']).not.toBeNull();
    expect((await identity.administrator.failure(users.get, { id: gone.id })).code).toBe('not_found');
    await identity.heard('identity.user.deleted', gone.id);
    await identity.heard('identity.membership.deleted', gone.id);
    await identity.heard('identity.erasure.completed', gone.id);
    await expect(identity.aUser({ handle: 'soon_gone' })).resolves.toMatchObject({ handle: 'soon_gone' });
  });

  it('tells which services have erased what they held', async () => {
    const gone = await identity.aUser();
    const key = await identity.as(gone).call(apiKeys.create, {
      name: 'Laptop of Gone',
      subjectType: 'user',
      subjectId: gone.id,
      scopes: ['users:read'],
    });
    const progress = () => identity.administrator.call(users.erasure, { id: gone.id });
    expect((await identity.administrator.failure(users.erasure, { id: gone.id })).code).toBe('not_found');
    await identity.administrator.call(users.delete, { id: gone.id });
    const begun = await progress();
    expect(begun).toMatchObject({ userId: gone.id, completedAt: null });
    expect(begun.services).toEqual([
      { service: 'identity', completedAt: begun.requestedAt },
      ...['authz', 'content'].map((service) => ({ service, completedAt: null })),
    ]);
    const say = (service: 'authz' | 'content') =>
      identity.tell(service, erasures[service], gone.id, { userId: gone.id });
    const endOf = async (service: string) =>
      (await progress()).services.find((each) => each.service === service)?.completedAt;
    await say('authz');
    const first = await settle(() => endOf('authz'));
    expect((await progress()).completedAt).toBeNull();
    await say('authz');
    await say('content');
    const last = await settle(async () => (await progress()).completedAt);
    expect(last).toBe(await endOf('content'));
    expect(await endOf('authz')).toBe(first);
    const kept = await identity.sql('SELECT name FROM api_keys WHERE id = $1', [key.id]);
    expect(kept).toEqual([{ name: 'deleted' }]);
  });

  it('does nothing where WorkOS, which comes last, does not', async () => {
    const user = await identity.aUser();
    const path = `${usersPath}/${user.id}`;
    identity.workos.control.fail({ kind: 'status', status: 503, method: 'DELETE', path, times: 3 });
    const refused = await identity.as(user).failure(users.delete, { id: user.id, confirm: user.id });
    expect(refused.code).toBe('workos_unavailable');
    expect((await identity.as(user).call(users.get, { id: user.id })).email).toBe(user.email);
    identity.workos.control.fail({ kind: 'drop', applied: true, method: 'DELETE', path, times: 3 });
    expect((await identity.as(user).failure(users.delete, { id: user.id, confirm: user.id })).code).toBe(
      'workos_unavailable',
    );
    await identity.synced();
    expect((await identity.administrator.failure(users.get, { id: user.id })).code).toBe('not_found');
    expect(await identity.heard('identity.user.deleted', user.id)).toHaveLength(1);
  });

  it('is refused to others, to the last admin and to an owner', async () => {
    const admin = await identity.aUser();
    expect((await identity.as(ana).failure(users.delete, { id: admin.id, confirm: admin.id })).code).toBe(
      'permission_denied',
    );
    const organization = await identity.anOrganization(admin);
    const last = await identity.administrator.failure(users.delete, { id: admin.id });
    expect(last).toMatchObject({ code: 'last_admin', extra: { organizationIds: [organization.id] } });
    await identity.aMember(organization, admin, 'admin');
    const owner = { type: 'user', id: admin.id } as const;
    const name = { id: crypto.randomUUID(), slug: 'own', name: 'Own' };
    identity.neighbours.workspaces.set(name.id, { owner, name });
    const owning = await identity.administrator.failure(users.delete, { id: admin.id });
    expect(owning).toMatchObject({ code: 'still_owns', extra: { workspaces: 1 } });
    identity.neighbours.workspaces.delete(name.id);
    await identity.administrator.call(users.delete, { id: admin.id });
  });
});
