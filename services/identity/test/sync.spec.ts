import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { members } from '@erato/contracts/identity/member';
import { organizations } from '@erato/contracts/identity/organization';
import { sync, type SyncRun } from '@erato/contracts/identity/sync';
import { teamMembers } from '@erato/contracts/identity/team-member';
import { teams } from '@erato/contracts/identity/team';
import { users } from '@erato/contracts/identity/user';
import { failureOf } from '@erato/testing/client';
import { settle } from '@erato/testing/settle';
import { IdentityUnderTest, webhookSecret } from './an-identity.js';

const usersPath = '/user_management/users';
const membershipsPath = '/user_management/organization_memberships';

let identity: IdentityUnderTest;
beforeAll(async () => {
  identity = await IdentityUnderTest.start();
}, 60_000);
afterAll(() => identity.close());
beforeEach(() => identity.workos.control.clear());

const signed = (body: string, at = Date.now(), secret = webhookSecret): string =>
  `t=${at}, v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
const deliver = (body: string, signature = signed(body)) =>
  identity.services.call(sync.webhook, { body, signature });
const homeId = async (): Promise<string> =>
  String((await identity.sql('SELECT workos_org_id AS id FROM organizations WHERE home'))[0]?.['id']);

describe('what happens at WorkOS', () => {
  it('enters the mirror, in order, with Erato’s events', async () => {
    const user = await identity.atWorkos<{ id: string }>('POST', usersPath, {
      email: 'signup@people.example',
    });
    await identity.atWorkos('PUT', `${usersPath}/${user.id}`, { first_name: 'Signed', last_name: 'Up' });
    const organization = await identity.atWorkos<{ id: string }>('POST', '/organizations', {
      name: 'Made There',
    });
    await identity.atWorkos('POST', membershipsPath, {
      user_id: user.id,
      organization_id: organization.id,
      role_slug: 'admin',
    });
    await identity.synced();
    const shown = await identity.as(user).call(users.get, { id: user.id });
    expect(shown).toMatchObject({ email: 'signup@people.example', firstName: 'Signed', lastName: 'Up' });
    const seen = await identity.as(user).call(organizations.get, { id: organization.id });
    expect(seen.name).toBe('Made There');
    await identity.heard('identity.user.created', user.id);
    await identity.heard('identity.user.updated', user.id);
    await identity.heard('identity.organization.created', organization.id);
    const about = identity.events.filter(({ data }) => data['userId'] === user.id).map(({ type }) => type);
    expect(about.slice(0, 2)).toEqual(['identity.user.created', 'identity.membership.created']);
  });

  it('enrols who signs up into the home organization, on both sides, once', async () => {
    const user = await identity.atWorkos<{ id: string }>('POST', usersPath, {
      email: 'enrolled@people.example',
    });
    await identity.synced();
    const home = await homeId();
    const found = await identity.atWorkos<{ data: object[] }>('GET', `${membershipsPath}?user_id=${user.id}`);
    expect(found.data).toEqual([expect.objectContaining({ organization_id: home, status: 'active' })]);
    const member = await identity.administrator.call(members.get, { id: home, userId: user.id });
    expect(member.status).toBe('active');
    await identity.synced();
    expect(await identity.heard('identity.membership.created', user.id)).toHaveLength(1);
  });

  it('goes through a deletion: the user, his memberships, teams and keys', async () => {
    const admin = await identity.aUser();
    const organization = await identity.anOrganization(admin);
    const user = await identity.aMember(organization, admin);
    const team = await identity
      .as(admin)
      .call(teams.create, { organizationId: organization.id, name: 'A&R' });
    await identity.as(admin).call(teamMembers.add, { id: team.id, userId: user.id });
    await identity.atWorkos('DELETE', `${usersPath}/${user.id}`);
    await identity.synced();
    expect((await identity.administrator.failure(users.get, { id: user.id })).code).toBe('not_found');
    expect((await identity.as(admin).call(teamMembers.list, { id: team.id })).data).toEqual([]);
    expect(await identity.heard('identity.user.deleted', user.id)).toHaveLength(1);
    await identity.atWorkos('DELETE', `/organizations/${organization.id}`);
    await identity.synced();
    expect((await identity.administrator.failure(organizations.get, { id: organization.id })).code).toBe(
      'not_found',
    );
    expect((await identity.administrator.failure(teams.get, { id: team.id })).code).toBe('not_found');
  });
});

describe('read again', () => {
  it('from the start, all of it changes nothing and says nothing', async () => {
    const admin = await identity.aUser({ handle: 'replayed' });
    const organization = await identity.anOrganization(admin);
    const left = await identity.aMember(organization, admin);
    await identity.as(left).call(members.remove, { id: organization.id, userId: left.id });
    const doomed = await identity.anOrganization(admin);
    await identity.as(admin).call(organizations.delete, { id: doomed.id });
    const gone = await identity.aUser();
    await identity.administrator.call(users.delete, { id: gone.id });
    await identity.as(admin).call(users.update, { id: admin.id, firstName: 'Newest' });
    await identity.synced();
    await settle(async () => (await identity.sql('SELECT 1 FROM outbox')).length === 0);
    const state = () =>
      identity.sql(`
        SELECT 'u' AS kind, id, version, to_jsonb(u) - 'search' AS row FROM users u UNION ALL
        SELECT 'o', workos_org_id, version, to_jsonb(o) FROM organizations o UNION ALL
        SELECT 'm', id, version, to_jsonb(m) FROM organization_memberships m ORDER BY 1, 2`);
    const before = await state();
    const said = identity.events.length;
    await identity.sql('DELETE FROM workos_cursor');
    await identity.synced();
    expect(await state()).toEqual(before);
    await settle(async () => (await identity.sql('SELECT 1 FROM outbox')).length === 0);
    expect(identity.events.slice(said)).toEqual([]);
  });

  it('an older state never replaces a newer one', async () => {
    const user = await identity.aUser({ firstName: 'One' });
    await identity.as(user).call(users.update, { id: user.id, firstName: 'Two' });
    await identity.sql(
      "UPDATE users SET first_name = $2, workos_updated_at = now() + interval '1 hour' WHERE id = $1",
      [user.id, 'Newer'],
    );
    await identity.sql('DELETE FROM workos_cursor');
    await identity.synced();
    expect((await identity.as(user).call(users.get, { id: user.id })).firstName).toBe('Newer');
  });
});

describe('what is removed while the worker reads', () => {
  it('does not come back', async () => {
    const admin = await identity.aUser();
    const organization = await identity.anOrganization(admin);
    for (let round = 0; round < 10; round++) {
      const user = await identity.aMember(organization, admin);
      await identity.sql('DELETE FROM workos_cursor');
      await identity.wake();
      const member = { id: organization.id, userId: user.id };
      await identity.as(admin).call(members.remove, member);
      for (let looked = 0; looked < 5; looked++) {
        expect((await identity.as(admin).failure(members.get, member)).code).toBe('not_found');
      }
      expect(await identity.heard('identity.membership.deleted', user.id)).toHaveLength(1);
    }
  }, 20_000);
});

describe('the worker', () => {
  it('keeps event and cursor together: what failed is read again', async () => {
    await identity.synced();
    const [before] = await identity.sql('SELECT event_id FROM workos_cursor');
    let made: { id: string } | undefined;
    await identity.whileUnwritable('users', async () => {
      made = await identity.atWorkos<{ id: string }>('POST', usersPath, { email: 'late@people.example' });
      const tried = identity.workos.control.count({ path: '/events' });
      await identity.wake();
      await settle(() => identity.workos.control.count({ path: '/events' }) > tried + 1);
      expect(await identity.sql('SELECT event_id FROM workos_cursor')).toEqual([before]);
    });
    await identity.synced();
    expect(await identity.sql('SELECT 1 FROM users WHERE id = $1', [made?.id])).toHaveLength(1);
    expect(await identity.heard('identity.user.created', made?.id ?? '')).toHaveLength(1);
  });

  it('goes on after WorkOS was away', async () => {
    identity.workos.control.fail({ kind: 'drop', path: '/events', times: 2 });
    const user = await identity.atWorkos<{ id: string }>('POST', usersPath, {
      email: 'after@people.example',
    });
    await identity.wake();
    await settle(() => identity.workos.control.faults().length === 0);
    await identity.synced();
    expect((await identity.as(user).call(users.get, { id: user.id })).email).toBe('after@people.example');
  });
});

describe('of two replicas', () => {
  it('one reads, and the other goes on when it ends', async () => {
    await identity.synced();
    const other = await identity.replica();
    const read = () => identity.workos.control.count({ path: '/events' });
    const signUp = async (email: string) => {
      const { id } = await identity.atWorkos<{ id: string }>('POST', usersPath, { email });
      await identity.wake();
      await settle(async () => (await identity.sql('SELECT 1 FROM users WHERE id = $1', [id])).length);
    };
    identity.workos.control.forgetRequests();
    await signUp('first-replica@people.example');
    await settle(() => read() === 1);
    await identity.stop();
    await signUp('second-replica@people.example');
    await identity.boot();
    await other.close();
    await signUp('third-replica@people.example');
  }, 30_000);
});

describe('the mirror, rebuilt from the lists', () => {
  const script = fileURLToPath(new URL('../../../tools/dist/erato.js', import.meta.url));

  /** Runs `erato sync` as an operator does. */
  async function rebuilt(...more: string[]): Promise<SyncRun> {
    const { url, password } = identity.infra.nats('admin');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [script, 'sync', '--full', '--json', ...more],
      {
        env: {
          PATH: process.env['PATH'],
          ERATO_DATA_DIR: '/nonexistent',
          NATS_URL: url,
          NATS_PASSWORD_ADMIN: password,
          DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
        },
      },
    );
    return JSON.parse(stdout) as SyncRun;
  }
  const nothing = ['organizations', 'users', 'memberships'].map((kind) => ({
    kind,
    added: 0,
    changed: 0,
    removed: 0,
  }));

  it('was rebuilt at the first start', async () => {
    const [first] = await identity.sql('SELECT * FROM sync_runs ORDER BY id');
    expect(first).toMatchObject({ dry: false, trouble: null, finished_at: expect.any(Date) });
  });

  it('has what was lost, changed and left over put right, with Erato’s events; then there is nothing to do', async () => {
    const admin = await identity.aUser({ handle: 'rebuilder' });
    const organization = await identity.anOrganization(admin);
    const lost = await identity.aMember(organization, admin);
    const doomed = await identity.aMember(organization, admin);
    await identity.synced();
    await identity.sql('DELETE FROM organization_memberships WHERE user_id = $1', [lost.id]);
    await identity.sql('DELETE FROM users WHERE id = $1', [lost.id]);
    await identity.sql(`UPDATE users SET first_name = 'Damaged' WHERE id = $1`, [admin.id]);
    await identity.sql(`UPDATE organizations SET name = 'Damaged' WHERE workos_org_id = $1`, [
      organization.id,
    ]);
    // Deleted at WorkOS, and the event of it is never read.
    const [cursor] = await identity.sql('SELECT event_id FROM workos_cursor');
    await identity.sql(`UPDATE workos_cursor SET event_id = 'event_zzzzzzzzzzzzzzzzzzzzzzzzzz'`);
    await identity.atWorkos('DELETE', `${usersPath}/${doomed.id}`);
    const expected = [
      { kind: 'organizations', added: 0, changed: 1, removed: 0 },
      { kind: 'users', added: 1, changed: 1, removed: 1 },
      { kind: 'memberships', added: 2, changed: 0, removed: 2 },
    ];
    const counted = await rebuilt('--dry');
    expect(counted).toMatchObject({ dry: true, counts: expected });
    expect(await identity.sql('SELECT 1 FROM users WHERE id = $1', [lost.id])).toEqual([]);
    expect((await rebuilt()).counts).toEqual(expected);
    expect((await rebuilt()).counts).toEqual(nothing);
    const shown = await identity.as(admin).call(users.get, { id: admin.id });
    expect(shown).toMatchObject({ firstName: admin.firstName, handle: 'rebuilder' });
    expect((await identity.as(admin).call(organizations.get, { id: organization.id })).name).toBe(
      organization.name,
    );
    const member = { id: organization.id, userId: lost.id };
    expect((await identity.as(admin).call(members.get, member)).status).toBe('active');
    await identity.heard('identity.user.created', lost.id, 2);
    await identity.heard('identity.user.deleted', doomed.id);
    await identity.heard('identity.membership.deleted', doomed.id, 2);
    await identity.sql('UPDATE workos_cursor SET event_id = $1', [cursor?.['event_id']]);
    await identity.synced();
    expect((await rebuilt()).counts).toEqual(nothing);
    expect(await identity.sql('SELECT 1 FROM sync_seen')).toEqual([]);
  }, 30_000);

  it('waits for WorkOS, and takes one that is under way for the one asked for', async () => {
    identity.workos.control.fail({ kind: 'status', status: 503, method: 'GET', path: usersPath });
    const one = await identity.services.call(sync.rebuild, {});
    const late = () => identity.services.call(sync.run, { id: one.id });
    await settle(async () => (await late()).trouble?.includes('workos_unavailable'));
    expect((await identity.services.call(sync.rebuild, {})).id).toBe(one.id);
    identity.workos.control.clear();
    const over = await settle(async () => ((await late()).finishedAt ? late() : null));
    expect(over).toMatchObject({ trouble: null, counts: nothing });
  }, 30_000);

  it('takes the place of events that WorkOS does not keep any more', async () => {
    const user = await identity.atWorkos<{ id: string }>('POST', usersPath, {
      email: 'unheard@people.example',
    });
    await identity.sql(`UPDATE workos_cursor SET event_id = 'what_was_forgotten'`);
    await identity.wake();
    await settle(async () => (await identity.sql('SELECT 1 FROM users WHERE id = $1', [user.id])).length);
    await identity.synced();
    expect(await identity.heard('identity.user.created', user.id)).toHaveLength(1);
  });

  it('erases nobody when WorkOS is another environment', async () => {
    const [home] = await identity.sql('SELECT workos_org_id AS id FROM organizations WHERE home');
    await identity.sql(`UPDATE organizations SET home = false`);
    const other = 'org_01J8ZB5KQ4S7T2M9X3C6V8N1RD';
    await identity.sql(
      `INSERT INTO organizations (workos_org_id, name, workos_created_at, workos_updated_at, home)
       VALUES ($1, 'Elsewhere', now(), now(), true)`,
      [other],
    );
    await identity.stop();
    await identity.boot();
    const run = await identity.services.call(sync.rebuild, {});
    const over = await settle(async () => {
      const now = await identity.services.call(sync.run, { id: run.id });
      return now.finishedAt ? now : null;
    });
    expect(over.trouble).toContain('another environment');
    expect(await identity.sql('SELECT 1 FROM organizations WHERE workos_org_id = $1', [other])).toHaveLength(
      1,
    );
    await identity.stop();
    await identity.sql(`DELETE FROM organizations WHERE workos_org_id = $1`, [other]);
    await identity.sql(`UPDATE organizations SET home = true WHERE workos_org_id = $1`, [home?.['id']]);
    await identity.boot();
  }, 30_000);
});

describe('a webhook', () => {
  it('wakes the worker', async () => {
    await identity.synced();
    const user = await identity.atWorkos<{ id: string }>('POST', usersPath, {
      email: 'woken@people.example',
    });
    await deliver(JSON.stringify({ id: 'event_1', event: 'user.created', data: {} }));
    await settle(
      async () => (await identity.sql('SELECT 1 FROM users WHERE id = $1', [user.id])).length,
      5_000,
    );
  });

  it('is joined with others that come while the worker reads', async () => {
    await identity.synced();
    identity.workos.control.fail({ kind: 'delay', milliseconds: 500, path: '/events', times: 1 });
    identity.workos.control.forgetRequests();
    for (let delivered = 0; delivered < 20; delivered++) await deliver('{}');
    await settle(() => identity.workos.control.count({ path: '/events' }) === 2);
    await deliver('{}');
    await settle(() => identity.workos.control.count({ path: '/events' }) === 3);
  });

  it('is signed, over its very bytes, not long ago and not ahead of time', async () => {
    const body = '{"id":"event_1","event":"user.created","data":{"name":"Zoë"}}';
    await expect(deliver(body)).resolves.toBeUndefined();
    await expect(deliver(body, signed(body, Date.now() - 170_000))).resolves.toBeUndefined();
    const now = Date.now();
    for (const signature of [
      signed(body, now - 190_000),
      signed(body, now + 190_000),
      signed(body, now, 'whsec_other'),
      signed(`${body} `, now),
      `t=${now}, v1=`,
      `t=${now}`,
      't=soon, v1=00',
      'nonsense',
      signed(body, now).replace('t=', 't=1'),
    ]) {
      const refused = await failureOf(deliver(body, signature));
      expect([signature, refused.code]).toEqual([signature, 'signature_invalid']);
    }
  });
});
