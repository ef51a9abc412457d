import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { identityObjects } from '@erato/contracts/authz/describe';
import { principals } from '@erato/contracts/identity/principal';
import { members } from '@erato/contracts/identity/member';
import { organizations } from '@erato/contracts/identity/organization';
import { teams } from '@erato/contracts/identity/team';
import type { User } from '@erato/contracts/identity/user';
import { settle } from '@erato/testing/settle';
import { IdentityUnderTest } from './an-identity.js';

const atPath = '/organizations';

let identity: IdentityUnderTest;
let admin: User;
let other: User;

beforeAll(async () => {
  identity = await IdentityUnderTest.start();
  admin = await identity.aUser();
  other = await identity.aUser();
}, 60_000);
afterAll(() => identity.close());
beforeEach(() => identity.workos.control.forgetRequests());

const homeId = async (): Promise<string> =>
  String((await identity.sql('SELECT workos_org_id AS id FROM organizations WHERE home'))[0]?.['id']);

describe('an organization', () => {
  it('has its maker as admin, on both sides', async () => {
    const made = await identity.as(admin).call(organizations.create, {
      name: 'Northern Lights',
      slug: 'northern-lights',
      themeConfig: { colors: { primary: '#e4572e' } },
    });
    expect(made).toMatchObject({ slug: 'northern-lights', home: false, domains: [], metadata: {} });
    const member = await identity.as(admin).call(members.get, { id: made.id, userId: admin.id });
    expect(member).toMatchObject({ role: 'admin', status: 'active', email: admin.email });
    const [event] = await identity.heard('identity.organization.created', made.id);
    expect(event?.data).toMatchObject({ object: { type: 'organization', parents: [], ownerType: null } });
    const taken = await identity
      .as(other)
      .failure(organizations.create, { name: 'Y', slug: 'northern-lights' });
    expect(taken.code).toBe('slug_taken');
  });

  it('may be made twice alike: names are not unique', async () => {
    const input = { name: 'Same Name' };
    const one = await identity.as(admin).call(organizations.create, input);
    const two = await identity.as(admin).call(organizations.create, input);
    expect(two.id).not.toBe(one.id);
    const racing = await Promise.all([1, 2].map(() => identity.as(admin).call(organizations.create, input)));
    expect(new Set(racing.map(({ id }) => id)).size).toBe(2);
  });

  it('is seen by its members and by administrators, to others it is not there', async () => {
    const made = await identity.anOrganization(admin);
    const reader = await identity.aMember(made, admin, 'viewer');
    for (const caller of [identity.as(admin), identity.as(reader), identity.administrator]) {
      expect((await caller.call(organizations.get, { id: made.id })).name).toBe(made.name);
    }
    const { id } = made;
    const refusals = [
      identity.as(other).failure(organizations.get, { id }),
      identity.as(other).failure(organizations.update, { id, name: 'x' }),
      identity.as(other).failure(organizations.delete, { id }),
      identity.as(other).failure(members.list, { id }),
      identity.as(other).failure(members.add, { id, userId: other.id }),
      identity.as(other).failure(teams.create, { organizationId: id, name: 'x' }),
    ];
    for (const refused of await Promise.all(refusals)) expect(refused.code).toBe('not_found');
    expect((await identity.as(reader).failure(organizations.update, { id, name: 'x' })).code).toBe(
      'permission_denied',
    );
    expect((await identity.as(reader).failure(organizations.delete, { id })).code).toBe('permission_denied');
    const key = identity.gateway.as({
      subjectType: 'organization',
      subjectId: id,
      scopes: ['organizations:write'],
    });
    await expect(key.call(organizations.update, { id, name: 'By its key' })).resolves.toBeDefined();
  });

  it('is listed to administrators by WorkOS and to members from the mirror', async () => {
    const mine = await identity.as(other).call(organizations.list, {});
    expect(mine.data.map(({ home }) => home)).toEqual([true]);
    expect(identity.workos.control.count({ path: atPath })).toBe(0);
    const all = await identity.administrator.call(organizations.list, {
      search: 'same name',
      limit: 1,
    });
    expect(all.data).toHaveLength(1);
    expect(all.meta.after).not.toBeNull();
    expect(identity.workos.control.count({ path: atPath })).toBe(1);
    const searched = await identity
      .as(admin)
      .call(organizations.list, { search: 'NORTHERN', count: 'exact' });
    expect(searched.data.every(({ name }) => name.startsWith('Northern'))).toBe(true);
    expect(searched.meta.total).toBe(searched.data.length);
    const bySlug = await identity.administrator.call(organizations.list, {
      search: 'northern lights',
      limit: 100,
    });
    expect(bySlug.data.find(({ slug }) => slug === 'northern-lights')?.themeConfig).toEqual({
      colors: { primary: '#e4572e' },
    });
  });

  it('is asked for at WorkOS once when the mirror lacks it, for administrators alone', async () => {
    const made = await identity.atWorkos<{ id: string }>('POST', atPath, { name: 'Direct' });
    await identity.sql('DELETE FROM organizations WHERE workos_org_id = $1', [made.id]);
    expect((await identity.as(other).failure(organizations.get, { id: made.id })).code).toBe('not_found');
    expect(identity.workos.control.count({ path: `${atPath}/${made.id}` })).toBe(0);
    await expect(identity.administrator.call(organizations.get, { id: made.id })).resolves.toMatchObject({
      name: 'Direct',
    });
    const unknown = 'org_01ZZZZZZZZZZZZZZZZZZZZZZZZ';
    for (let asked = 0; asked < 2; asked++) {
      expect((await identity.administrator.failure(organizations.get, { id: unknown })).code).toBe(
        'not_found',
      );
    }
    expect(identity.workos.control.count({ path: `${atPath}/${unknown}` })).toBe(1);
  });
});

describe('changing an organization', () => {
  it('touches the side that owns what changes, and that one alone', async () => {
    const made = await identity.anOrganization(admin);
    identity.workos.control.forgetRequests();
    const own = await identity
      .as(admin)
      .call(organizations.update, { id: made.id, avatarUrl: 'https://c.example/a' });
    expect(identity.workos.control.count({ path: atPath })).toBe(0);
    expect(own.version).toBe(made.version + 1);
    const [before] = await identity.sql('SELECT updated_at FROM organizations WHERE workos_org_id = $1', [
      made.id,
    ]);
    const named = await identity.as(admin).call(organizations.update, { id: made.id, name: 'New Name' });
    expect(named.name).toBe('New Name');
    const [after] = await identity.sql('SELECT updated_at FROM organizations WHERE workos_org_id = $1', [
      made.id,
    ]);
    expect(after).toEqual(before);
    const at = await identity.atWorkos<{ name: string; updated_at: string }>('GET', `${atPath}/${made.id}`);
    expect(at.name).toBe('New Name');
    expect(named.updatedAt).toBe(at.updated_at);
    const same = await identity.as(admin).call(organizations.update, { id: made.id, name: 'New Name' });
    expect(same.version).toBe(named.version);
    expect(identity.workos.control.count({ method: 'PUT' })).toBe(1);
  });

  it('needs an administrator for what identifies', async () => {
    const made = await identity.anOrganization(admin);
    for (const fields of [{ externalId: 'x' }, { metadata: { a: 'b' } }, { domains: ['a.example'] }]) {
      expect((await identity.as(admin).failure(organizations.update, { id: made.id, ...fields })).code).toBe(
        'permission_denied',
      );
      expect((await identity.as(admin).failure(organizations.create, { name: 'x', ...fields })).code).toBe(
        'permission_denied',
      );
    }
    const changed = await identity.administrator.call(organizations.update, {
      id: made.id,
      externalId: 'org-ext',
      metadata: { a: 'b', c: 'd' },
      domains: ['Label.example'],
    });
    expect(changed).toMatchObject({
      externalId: 'org-ext',
      metadata: { a: 'b', c: 'd' },
      domains: ['label.example'],
    });
    const merged = await identity.administrator.call(organizations.update, {
      id: made.id,
      metadata: { a: null },
    });
    expect(merged.metadata).toEqual({ c: 'd' });
    const rival = await identity.anOrganization(admin);
    const taken = { id: rival.id, domains: ['label.example'] };
    expect((await identity.administrator.failure(organizations.update, taken)).code).toBe('domain_taken');
    const external = { id: rival.id, externalId: 'org-ext' };
    expect((await identity.administrator.failure(organizations.update, external)).code).toBe(
      'external_id_taken',
    );
    const listed = await identity.administrator.call(organizations.list, { domains: ['label.example'] });
    expect(listed.data.map(({ id }) => id)).toEqual([made.id]);
  });

  it('stops at If-Match and at a slug that is taken, before WorkOS is told', async () => {
    const made = await identity.anOrganization(admin);
    const { id } = made;
    identity.workos.control.forgetRequests();
    const stale = await identity
      .as(admin)
      .failure(organizations.update, { id, name: 'x' }, { ifMatch: [made.version + 7] });
    expect(stale.code).toBe('precondition_failed');
    const taken = await identity
      .as(admin)
      .failure(organizations.update, { id, name: 'x', slug: 'northern-lights' });
    expect(taken.code).toBe('slug_taken');
    expect(identity.workos.control.count({ method: 'PUT' })).toBe(0);
  });
});

describe('deleting an organization', () => {
  it('takes its members, teams and keys with it', async () => {
    const made = await identity.anOrganization(admin);
    const member = await identity.aMember(made, admin);
    const team = await identity.as(admin).call(teams.create, { organizationId: made.id, name: 'A&R' });
    await identity.as(admin).call(organizations.delete, { id: made.id });
    expect((await identity.administrator.failure(organizations.get, { id: made.id })).code).toBe('not_found');
    expect((await identity.administrator.failure(teams.get, { id: team.id })).code).toBe('not_found');
    const [gone] = await identity.heard('identity.organization.deleted', made.id);
    expect(gone?.data['object']).toBeNull();
    await identity.heard('identity.membership.deleted', member.id);
    await identity.heard('identity.team.deleted', team.id);
    await identity.synced();
    expect(await identity.sql('SELECT 1 FROM organizations WHERE workos_org_id = $1', [made.id])).toEqual([]);
    const deletions = await identity.heard('identity.organization.deleted', made.id);
    expect(deletions).toHaveLength(1);
  });

  it('is refused while it owns workspaces, and can then be changed again', async () => {
    const made = await identity.anOrganization(admin);
    const name = { id: crypto.randomUUID(), slug: 'owned', name: 'Owned' };
    identity.neighbours.workspaces.set(name.id, { owner: { type: 'organization', id: made.id }, name });
    const refused = await identity.as(admin).failure(organizations.delete, { id: made.id });
    expect(refused).toMatchObject({ code: 'still_owns', extra: { workspaces: 1 } });
    await expect(identity.atWorkos('GET', `${atPath}/${made.id}`)).resolves.toBeDefined();
    await expect(
      identity.as(admin).call(organizations.update, { id: made.id, name: 'Goes on' }),
    ).resolves.toBeDefined();
    identity.neighbours.workspaces.delete(name.id);
    await identity.as(admin).call(organizations.delete, { id: made.id });
  });

  it('comes under nothing new while it is being deleted', async () => {
    const made = await identity.anOrganization(admin);
    const subject = { type: 'organization' as const, id: made.id };
    expect(await identity.services.call(principals.find, { subjects: [subject] })).toHaveLength(1);
    await identity.sql('UPDATE organizations SET deleting_at = now() WHERE workos_org_id = $1', [made.id]);
    expect(await identity.services.call(principals.find, { subjects: [subject] })).toEqual([]);
    const refused = await identity.as(admin).failure(teams.create, { organizationId: made.id, name: 'x' });
    expect(refused.code).toBe('organization_deleting');
    await identity.sql(
      `UPDATE organizations SET deleting_at = now() - interval '1 minute' WHERE workos_org_id = $1`,
      [made.id],
    );
    await identity.as(admin).call(teams.create, { organizationId: made.id, name: 'x' });
  });

  it('does not go without content’s word', async () => {
    const made = await identity.anOrganization(admin);
    identity.neighbours.away = true;
    const refused = await identity
      .as(admin)
      .failure(organizations.delete, { id: made.id }, { deadline: Date.now() + 700 });
    identity.neighbours.away = false;
    expect(['unavailable', 'timeout']).toContain(refused.code);
    await settle(() => identity.as(admin).call(organizations.update, { id: made.id, name: 'Here' }));
  });
});

describe('the home organization', () => {
  it('grants nothing, shows its members to administrators alone, and stays', async () => {
    const id = await homeId();
    expect((await identity.as(other).call(organizations.get, { id })).home).toBe(true);
    expect((await identity.as(other).failure(members.list, { id })).code).toBe('permission_denied');
    const listed = await identity.administrator.call(members.list, { id, limit: 100 });
    expect(listed.data.map(({ userId }) => userId)).toEqual(expect.arrayContaining([admin.id, other.id]));
    const promoted = await identity.administrator.call(members.update, {
      id,
      userId: other.id,
      role: 'admin',
    });
    expect(promoted.role).toBe('admin');
    expect((await identity.as(other).failure(organizations.update, { id, name: 'Mine' })).code).toBe(
      'permission_denied',
    );
    expect((await identity.as(other).failure(members.add, { id, userId: admin.id })).code).toBe(
      'permission_denied',
    );
    expect((await identity.as(other).failure(members.remove, { id, userId: other.id })).code).toBe(
      'home_organization',
    );
    expect((await identity.administrator.failure(organizations.delete, { id })).code).toBe(
      'home_organization',
    );
    const team = { organizationId: id, name: 'Everybody' };
    expect((await identity.administrator.failure(teams.create, team)).code).toBe('home_organization');
    const [fetched] = await identity.services.call(principals.fetch, { userIds: [other.id] });
    expect(fetched).toEqual({ userId: other.id, organizations: [], teamIds: [] });
    const [found] = await identity.services.call(principals.find, {
      subjects: [{ type: 'organization', id }],
    });
    expect(found?.home).toBe(true);
  });

  it('is described to authorization like any other', async () => {
    const id = await homeId();
    const objects = [
      { type: 'organization', id },
      { type: 'organization', id: 'org_none' },
    ];
    const described = await identity.services.call(identityObjects.describe, { objects });
    expect(described).toEqual([
      expect.objectContaining({
        id,
        parents: [],
        ownerType: null,
        ownerId: null,
        everyone: [],
        readAs: 'read',
      }),
    ]);
  });

  it('is made once, however often and however many start at once', async () => {
    const before = await homeId();
    await identity.stop();
    await identity.sql(
      'TRUNCATE organizations, organization_memberships, users, workos_cursor, api_keys, tombstones CASCADE',
    );
    await identity.boot();
    expect(await homeId()).toBe(before);
    const { data } = await identity.atWorkos<{ data: { external_id: string | null }[] }>(
      'GET',
      `${atPath}?limit=100`,
    );
    expect(data.filter(({ external_id: external }) => external === 'erato-home')).toHaveLength(1);
  });

  it('can be one that is there already', async () => {
    const mine = await identity.atWorkos<{ id: string }>('POST', atPath, { name: 'Chosen' });
    await identity.stop();
    await identity.boot({ ERATO_HOME_ORGANIZATION: mine.id });
    await identity.synced();
    expect(await homeId()).toBe(mine.id);
  });
});
