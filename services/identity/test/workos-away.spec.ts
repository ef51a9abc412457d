import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { guest } from '@erato/contracts/kit/context';
import { members } from '@erato/contracts/identity/member';
import { organizations, type Organization } from '@erato/contracts/identity/organization';
import { teams } from '@erato/contracts/identity/team';
import { users, type User } from '@erato/contracts/identity/user';
import { settle } from '@erato/testing/settle';
import { IdentityUnderTest } from './an-identity.js';

let identity: IdentityUnderTest;
let admin: User;
let organization: Organization;

beforeAll(async () => {
  identity = await IdentityUnderTest.start();
}, 60_000);
afterAll(() => identity.close());
beforeEach(async () => {
  admin = await identity.aUser();
  organization = await identity.anOrganization(admin);
  await identity.synced();
  identity.workos.control.forgetRequests();
});
afterEach(() => identity.workos.control.clear());

const control = () => identity.workos.control;
const atWorkos = (id: string) => identity.atWorkos<{ name: string }>('GET', `/organizations/${id}`);

describe('an organization whose change WorkOS does not take', () => {
  it('stays as it was on both sides, and the same request then succeeds', async () => {
    const { id } = organization;
    control().fail({ kind: 'status', status: 503, method: 'PUT', path: `/organizations/${id}`, times: 3 });
    const change = { id, name: 'Changed', slug: `s-${Date.now()}`, avatarUrl: 'https://c.example/a' };
    const refused = await identity.as(admin).failure(organizations.update, change);
    expect(refused).toMatchObject({ kind: 'upstream', code: 'workos_unavailable' });
    expect(control().count({ method: 'PUT', path: `/organizations/${id}` })).toBe(3);
    expect(await identity.as(admin).call(organizations.get, { id })).toEqual(organization);
    expect((await atWorkos(id)).name).toBe(organization.name);
    const changed = await identity.as(admin).call(organizations.update, change);
    expect(changed).toMatchObject({ name: 'Changed', slug: change.slug, avatarUrl: change.avatarUrl });
    expect((await atWorkos(id)).name).toBe('Changed');
  });

  it('converges when it was applied and no answer came', async () => {
    const { id } = organization;
    control().fail({ kind: 'drop', applied: true, method: 'PUT', path: `/organizations/${id}`, times: 3 });
    const change = { id, name: 'Applied', avatarUrl: 'https://c.example/b' };
    const refused = await identity.as(admin).failure(organizations.update, change);
    expect(refused.code).toBe('workos_unavailable');
    expect((await atWorkos(id)).name).toBe('Applied');
    expect((await identity.as(admin).call(organizations.get, { id })).avatarUrl).toBeNull();
    const changed = await identity.as(admin).call(organizations.update, change);
    expect(changed).toMatchObject({ name: 'Applied', avatarUrl: change.avatarUrl });
    await identity.synced();
    expect(await identity.as(admin).call(organizations.get, { id })).toEqual(changed);
  });

  it('is tried again within the request where that is safe', async () => {
    const { id } = organization;
    control().fail({ kind: 'drop', applied: true, method: 'PUT', path: `/organizations/${id}`, times: 1 });
    const changed = await identity.as(admin).call(organizations.update, { id, name: 'At the second try' });
    expect(changed.name).toBe('At the second try');
    expect(control().count({ method: 'PUT', path: `/organizations/${id}` })).toBe(2);
  });

  it('waits as long as WorkOS asks for', async () => {
    const { id } = organization;
    const path = `/organizations/${id}`;
    control().fail({ kind: 'status', status: 429, retryAfterSeconds: 1, method: 'PUT', path, times: 1 });
    const began = Date.now();
    await identity.as(admin).call(organizations.update, { id, name: 'Patient' });
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
    control().fail({ kind: 'status', status: 429, retryAfterSeconds: 30, method: 'PUT', path, times: 1 });
    const refused = await identity.as(admin).failure(organizations.update, { id, name: 'Impatient' });
    expect(refused).toMatchObject({ code: 'workos_unavailable', retryAfter: 30 });
    expect(Date.now() - began).toBeLessThan(4_500);
  });
});

describe('WorkOS written and Erato not', () => {
  it('is told with what was written and how to repair it, and the same request converges', async () => {
    const { id } = organization;
    const change = { id, name: 'Half', avatarUrl: 'https://c.example/c' };
    await identity.whileUnwritable('organizations', async () => {
      const refused = await identity.as(admin).failure(organizations.update, change);
      expect(refused).toMatchObject({ kind: 'internal', code: 'partial_write' });
      expect(refused.extra).toMatchObject({
        written: ['the fields that it owns'],
        notWritten: ['the profile in Erato'],
        recovery: expect.stringContaining('same request again'),
      });
      expect((await atWorkos(id)).name).toBe('Half');
    });
    const [row] = await identity.sql('SELECT avatar_url FROM organizations WHERE workos_org_id = $1', [id]);
    expect(row?.['avatar_url']).toBeNull();
    const changed = await identity.as(admin).call(organizations.update, change);
    expect(changed).toMatchObject({ name: 'Half', avatarUrl: change.avatarUrl });
    await identity.synced();
    expect(await identity.as(admin).call(organizations.get, { id })).toEqual(changed);
  });

  it('makes no second organization when the same create is sent again', async () => {
    const input = { name: `Twice ${Date.now()}`, avatarUrl: 'https://c.example/d' };
    await identity.whileUnwritable('organization_memberships', async () => {
      const refused = await identity.as(admin).failure(organizations.create, input);
      expect(refused.code).toBe('partial_write');
      expect(refused.extra?.['written']).toEqual(['the organization', 'its first admin']);
    });
    const made = await identity.as(admin).call(organizations.create, input);
    expect(made.avatarUrl).toBe(input.avatarUrl);
    const found = await identity.atWorkos<{ data: { id: string }[] }>(
      'GET',
      `/organizations?search=${encodeURIComponent(input.name)}`,
    );
    expect(found.data.map(({ id }) => id)).toEqual([made.id]);
    const member = await identity.as(admin).call(members.get, { id: made.id, userId: admin.id });
    expect(member.role).toBe('admin');
    await identity.synced();
    expect(await identity.as(admin).call(organizations.get, { id: made.id })).toMatchObject(input);
  });

  it('makes no second organization when its first admin could not be made', async () => {
    const path = '/user_management/organization_memberships';
    control().fail({ kind: 'status', status: 500, method: 'POST', path, times: 3 });
    const input = { name: `Admin later ${Date.now()}` };
    const refused = await identity.as(admin).failure(organizations.create, input);
    expect(refused).toMatchObject({ code: 'partial_write', extra: { written: ['the organization'] } });
    const made = await identity.as(admin).call(organizations.create, input);
    const found = await identity.atWorkos<{ data: object[] }>(
      'GET',
      `/organizations?search=${encodeURIComponent(input.name)}`,
    );
    expect(found.data).toHaveLength(1);
    expect((await identity.as(admin).call(members.get, { id: made.id, userId: admin.id })).role).toBe(
      'admin',
    );
  });

  it('makes no second user, and no second member', async () => {
    const input = { email: `twice-${Date.now()}@people.example`, handle: `twice_${Date.now()}` };
    await identity.whileUnwritable('users', async () => {
      expect((await identity.administrator.failure(users.create, input)).code).toBe('partial_write');
    });
    await identity.synced();
    const user = await identity.administrator.call(users.create, input);
    expect(user).toMatchObject(input);
    const member = { id: organization.id, userId: user.id, role: 'viewer' };
    await identity.whileUnwritable('organization_memberships', async () => {
      expect((await identity.as(admin).failure(members.add, member)).code).toBe('partial_write');
    });
    expect(await identity.as(admin).call(members.add, member)).toMatchObject({
      role: 'viewer',
      status: 'active',
    });
    await identity.whileUnwritable('organization_memberships', async () => {
      const demotion = await identity.as(admin).failure(members.update, { ...member, role: 'member' });
      expect(demotion.code).toBe('partial_write');
    });
    expect((await identity.as(admin).call(members.update, { ...member, role: 'member' })).role).toBe(
      'member',
    );
  });

  it('finishes a deletion that stopped half-way', async () => {
    const { id } = organization;
    await identity.whileUnwritable('organization_memberships', async () => {
      expect((await identity.as(admin).failure(organizations.delete, { id })).code).toBe('partial_write');
    });
    await identity.as(admin).call(organizations.delete, { id });
    expect((await identity.administrator.failure(organizations.get, { id })).code).toBe('not_found');
  });
});

describe('a create whose answer is lost', () => {
  it('is one create, by its idempotency key', async () => {
    control().fail({ kind: 'drop', applied: true, method: 'POST', path: '/organizations', times: 1 });
    const input = { name: `Lost ${Date.now()}` };
    const made = await identity.as(admin).call(organizations.create, input);
    const found = await identity.atWorkos<{ data: { id: string }[] }>(
      'GET',
      `/organizations?search=${encodeURIComponent(input.name)}`,
    );
    expect(found.data.map(({ id }) => id)).toEqual([made.id]);
  });
});

describe('WorkOS down', () => {
  it('is 502 on its own routes, at once after a while, and breaks nothing else', async () => {
    control().fail({ kind: 'status', status: 503, path: '/' });
    const ask = async () => {
      const began = Date.now();
      const refused = await identity.administrator.failure(users.list, {});
      return { code: refused.code, took: Date.now() - began };
    };
    expect((await ask()).code).toBe('workos_unavailable');
    expect((await identity.administrator.failure(organizations.list, {})).code).toBe('workos_unavailable');
    const asked = control().count();
    const open = await ask();
    expect(open.code).toBe('workos_unavailable');
    expect(open.took).toBeLessThan(100);
    expect(control().count()).toBeLessThanOrEqual(asked + 1);

    expect((await identity.as(admin).call(users.get, { id: admin.id })).email).toBe(admin.email);
    expect((await identity.as(admin).call(organizations.get, { id: organization.id })).id).toBe(
      organization.id,
    );
    expect((await identity.as(admin).call(organizations.list, {})).data.length).toBeGreaterThan(0);
    await identity.gateway.as(guest).call(users.list, {});
    await identity.as(admin).call(users.update, { id: admin.id, bio: 'WorkOS is down' });
    await identity.as(admin).call(teams.create, { organizationId: organization.id, name: 'Goes on' });
    const named = { id: admin.id, firstName: 'No' };
    expect((await identity.as(admin).failure(users.update, named)).code).toBe('workos_unavailable');

    control().clear();
    await settle(() => identity.administrator.call(users.list, {}), 9_000);
  }, 20_000);

  it('that never answers takes 4 s at most', async () => {
    control().fail({ kind: 'silence', path: '/organizations', method: 'GET', times: 4 });
    const began = Date.now();
    const refused = await identity.administrator.failure(organizations.list, {});
    expect(refused.code).toBe('workos_unavailable');
    expect(Date.now() - began).toBeLessThan(4_600);
  }, 10_000);

  it('does not keep the service from starting', async () => {
    await identity.stop();
    control().fail({ kind: 'drop', path: '/' });
    await identity.boot();
    expect((await identity.as(admin).call(users.get, { id: admin.id })).id).toBe(admin.id);
    control().clear();
    await identity.synced();
  }, 20_000);
});
