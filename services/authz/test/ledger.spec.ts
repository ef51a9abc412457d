import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { permissionChanges } from '@erato/contracts/authz/change';
import { permissions } from '@erato/contracts/authz/permission';
import {
  teamMemberAdded,
  teamMemberRemoved,
  userCreated,
  userDeleted,
} from '@erato/contracts/identity/events';
import { notFound } from '@erato/contracts/kit/failure';
import { dataSource } from '@erato/platform/database/data-source';
import { openLog } from '@erato/platform/service/log';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { FactsCache } from '@erato/policy/client/facts-cache';
import { BusFacts } from '@erato/policy/client/facts-source';
import { invalidateByEvents } from '@erato/policy/client/invalidation';
import { Policy } from '@erato/policy/client/policy';
import { workspacePath } from '@erato/policy/path';
import { anAdministrator, aUser } from '@erato/testing/client';
import { startTestService } from '@erato/testing/service';
import { settle } from '@erato/testing/settle';
import { Pseudonyms1763731000000 } from '../src/migrations/1763731000000-pseudonyms.js';
import { authz } from '../src/service.js';
import { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await World.start();
}, 60_000);
afterAll(() => world.close());

const row = (objectId: string, subjectId: string, action: string) => ({
  subjectType: 'user' as const,
  subjectId,
  objectType: 'workspace',
  objectId,
  action,
  value: 'allow' as const,
});

/** The policy client of another service, on a connection of its own. */
async function anotherService() {
  const service = await world.asService('content');
  const { bus } = service;
  const caller = new BusCaller(bus);
  const cache = new FactsCache(new BusFacts(caller));
  const end = invalidateByEvents(cache, bus);
  return {
    policy: new Policy(cache),
    bus,
    close: async () => {
      end();
      caller.close();
      await service.close();
    },
  };
}
const target = (id: string) => ({
  path: workspacePath({ id, ownerType: 'user', ownerId: 'user_owner' }),
  everyone: [],
});

describe('the trail', () => {
  it('tells who changed what, before and after, to who administers the object', async () => {
    const owner = world.user('owner');
    const object = world.workspace('told', { user: owner.subjectId });
    const asOwner = world.gateway.as(owner);
    const friend = world.user('friend');
    const made = await asOwner.call(permissions.create, row(object.id, friend.subjectId, 'read'));
    const changed = await asOwner.call(permissions.update, { id: made.id, value: 'deny' });
    await asOwner.call(permissions.delete, { id: made.id });
    const named = { objectType: 'workspace', objectId: object.id };
    const { data, meta } = await asOwner.call(permissionChanges.list, { ...named, count: 'exact' });
    expect(meta.total).toBe(3);
    expect(data.map(({ verb, revision }) => [verb, revision])).toEqual([
      ['created', made.revision],
      ['updated', changed.revision],
      ['deleted', changed.revision + 1],
    ]);
    expect(data[1]).toMatchObject({
      actor: 'user:user_owner',
      kind: 'permission',
      rowId: made.id,
      before: { value: 'allow', action: 'read', subjectId: friend.subjectId },
      after: { value: 'deny' },
    });
    const since = await asOwner.call(permissionChanges.list, { ...named, revision: made.revision, limit: 1 });
    expect(since.data.map(({ verb }) => verb)).toEqual(['updated']);
    const next = await asOwner.call(permissionChanges.list, {
      ...named,
      revision: made.revision,
      limit: 1,
      after: since.meta.after ?? '',
    });
    expect(next.data.map(({ verb }) => verb)).toEqual(['deleted']);
    const asFriend = world.gateway.as(friend);
    expect((await asFriend.failure(permissionChanges.list, named)).code).toBe('not_found');
    expect((await asOwner.failure(permissionChanges.list, {})).code).toBe('permission_denied');
    const whole = await world.gateway
      .as(anAdministrator)
      .call(permissionChanges.list, { actor: 'user:user_owner' });
    expect(whole.data.length).toBeGreaterThanOrEqual(3);
  });

  it('says who acted as an administrator, and what a subject did with any of his keys', async () => {
    const owner = world.user('keyed');
    const object = world.workspace('keyed', { user: owner.subjectId });
    const friend = world.user('friend');
    const made = await world.gateway
      .as({ ...owner, keyId: 'key-1' })
      .call(permissions.create, row(object.id, friend.subjectId, 'read'));
    await world.gateway.as(owner).call(permissions.update, { id: made.id, value: 'unset' });
    const admin = world.gateway.as(anAdministrator);
    await admin.call(permissions.update, { id: made.id, value: 'deny' });
    const told = async (asked: object) => {
      const { data } = await admin.call(permissionChanges.list, {
        objectType: 'workspace',
        objectId: object.id,
        ...asked,
      });
      return data.map(({ actor, administrator }) => [actor, administrator]);
    };
    const [withKey, without] = [
      ['user:user_keyed key:key-1', false],
      ['user:user_keyed', false],
    ];
    expect(await told({})).toEqual([withKey, without, ['user:user_administrator', true]]);
    expect(await told({ actor: 'user:user_keyed' })).toEqual([withKey, without]);
    expect(await told({ actor: 'user:user_keyed key:key-1' })).toEqual([withKey]);
    expect(await told({ actor: 'user:user_key' })).toEqual([]);
    // A revision is as good as a cursor.
    expect(await told({ after: String(made.revision) })).toEqual([
      without,
      ['user:user_administrator', true],
    ]);
    expect((await admin.failure(permissionChanges.list, { after: 'MTIz' })).code).toBe('cursor_invalid');
  });

  it('stays as it is when a user is erased, and then tells of nobody', async () => {
    const gone = world.user('erased');
    const object = world.workspace('erased', { user: 'user_somebody' });
    await world.identity.emit(userCreated, gone.subjectId, { userId: gone.subjectId, version: 1 });
    await world.permit({ ...row(object.id, gone.subjectId, 'admin') });
    const friend = world.user('friend');
    const asGone = world.gateway.as({ ...gone, keyId: 'key-2' });
    const made = await asGone.call(permissions.create, row(object.id, friend.subjectId, 'update'));
    const named = { objectType: 'workspace', objectId: object.id };
    const admin = world.gateway.as(anAdministrator);
    const entries = async () => (await admin.call(permissionChanges.list, named)).data;
    expect((await entries()).map(({ actor, after }) => [actor, after?.['subjectId']])).toEqual([
      ['user:user_administrator', gone.subjectId],
      ['user:user_erased key:key-2', friend.subjectId],
    ]);
    const client = new pg.Client({ connectionString: world.service.databaseUrl });
    await client.connect();
    const stored = async () =>
      (
        await client.query<{ text: string }>(
          `SELECT c::text AS text FROM changes c WHERE object_id = 'erased' ORDER BY revision, id`,
        )
      ).rows;
    const before = await stored();
    world.subjects.delete(`user:${gone.subjectId}`);
    await world.identity.emit(userDeleted, gone.subjectId, { userId: gone.subjectId, version: 2 });
    await settle(
      async () =>
        (await entries()).length === 3 && (await client.query('SELECT FROM removals')).rowCount === 0,
    );
    expect((await stored()).slice(0, 2)).toEqual(before);
    const after = await entries();
    const pseudonym = String(after[0]?.after?.['subjectId']);
    expect(pseudonym).toMatch(/^deleted_[0-9a-f]{32}$/);
    expect(after.map(({ actor }) => actor)).toEqual([
      'user:user_administrator',
      `user:${pseudonym} key:key-2`,
      'service:authz',
    ]);
    expect(after[2]?.before?.['subjectId']).toBe(pseudonym);
    expect(await admin.call(permissions.get, { id: made.id })).toMatchObject({
      subjectId: friend.subjectId,
      createdBy: `user:${pseudonym} key:key-2`,
    });
    // What he did can still be told apart, and nothing leads to him.
    expect((await admin.call(permissionChanges.list, { actor: `user:${pseudonym}` })).data).toHaveLength(1);
    expect((await admin.call(permissionChanges.list, { actor: `user:${gone.subjectId}` })).data).toEqual([]);
    for (const table of [
      'changes',
      'permissions',
      'role_assignments',
      'principals',
      'subjects',
      'pseudonyms',
    ]) {
      const { rows } = await client.query(`SELECT FROM ${table} t WHERE t::text LIKE '%${gone.subjectId}%'`);
      expect([table, rows.length]).toEqual([table, 0]);
    }
    await client.end();
  });

  it('from before there were pseudonyms is brought into their form, and back', async () => {
    const source = dataSource(
      await world.infra.database('authz'),
      1,
      authz.database,
      openLog('authz', 'fatal'),
    );
    await source.initialize();
    await source.runMigrations();
    const runner = source.createQueryRunner();
    const migration = new Pseudonyms1763731000000();
    await migration.down(runner);
    const facts = { subjectType: 'user', subjectId: 'user_b', action: 'read' };
    await runner.query(
      `INSERT INTO changes (revision, id, actor, kind, verb, row_id, object_type, object_id, after)
       VALUES (1, gen_random_uuid(), 'user:user_a key:k', 'permission', 'created', 'r1', 'workspace', 'w', $1),
         (2, gen_random_uuid(), 'user:user_ab', 'permission', 'created', 'r2', 'workspace', 'w', $2),
         (3, gen_random_uuid(), 'service:authz', 'role', 'created', 'r3', 'workspace', 'w', '{"slug":"user_a"}')`,
      [facts, { ...facts, subjectType: 'team', subjectId: 'user_a' }],
    );
    const read = (): Promise<{ text: string }[]> =>
      runner.query('SELECT c::text AS text FROM changes c ORDER BY revision');
    const before = await read();
    await migration.up(runner);
    const [first, second, third] = (await read()).map(({ text }) => text);
    expect(first).toMatch(/user:deleted_[0-9a-f]{32} key:k.*deleted_[0-9a-f]{32}/s);
    expect(first).not.toContain('user_');
    expect(second).toMatch(/user:deleted_[0-9a-f]{32},.*"user_a"/s);
    expect(third).toContain('service:authz');
    await expect(runner.query('DELETE FROM changes')).rejects.toThrow('append-only');
    await migration.down(runner);
    expect(await read()).toEqual(before);
    await runner.release();
    await source.destroy();
  });

  it('cannot be changed or deleted, not even by the service’s own role', async () => {
    const client = new pg.Client({ connectionString: world.service.databaseUrl });
    await client.connect();
    try {
      const { rows } = await client.query<{ count: number }>(
        'SELECT count(*)::integer AS count FROM changes',
      );
      expect(rows[0]?.count).toBeGreaterThan(0);
      for (const attack of [
        "UPDATE changes SET actor = 'nobody'",
        'DELETE FROM changes',
        'TRUNCATE changes',
      ]) {
        await expect(client.query(attack)).rejects.toThrow('append-only');
      }
    } finally {
      await client.end();
    }
  });
});

describe('revisions', () => {
  it('of writers at once have no gap and no double, and the events come in their order', async () => {
    const owner = world.user('owner');
    const listener = await world.asService('content');
    const { connection } = listener.bus;
    const heard: number[] = [];
    connection.subscribe('event.authz.>', {
      callback: (_error, message) => {
        heard.push(message.json<{ data: { revision: number } }>().data.revision);
      },
    });
    await connection.flush();
    const second = await startTestService(world.infra, authz, world.service.databaseUrl);
    try {
      const friends = Array.from({ length: 8 }, (_, at) => world.user(`writer${at}`).subjectId);
      const object = world.workspace('busy', { user: owner.subjectId });
      const asOwner = world.gateway.as(owner);
      const written = await Promise.all(
        friends.flatMap((friend) =>
          ['read', 'update', 'delete', 'publish', 'create'].map((action) =>
            asOwner.call(permissions.create, row(object.id, friend, action)),
          ),
        ),
      );
      const revisions = written.map(({ revision }) => revision).sort((a, b) => a - b);
      const first = revisions[0] ?? 0;
      expect(revisions).toEqual(revisions.map((_, at) => first + at));
      await settle(() => heard.includes(revisions.at(-1) ?? 0));
      const ours = heard.filter((revision) => revision >= first);
      expect([...new Set(ours)]).toEqual(revisions);
    } finally {
      await second.close();
      await listener.close();
    }
  });

  it('let one of two who make the same row win, and the other hear of it', async () => {
    const owner = world.user('owner');
    const object = world.workspace('race', { user: owner.subjectId });
    const wanted = row(object.id, world.user('friend').subjectId, 'read');
    const asOwner = world.gateway.as(owner);
    const both = await Promise.allSettled([
      asOwner.call(permissions.create, wanted),
      asOwner.call(permissions.create, wanted),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((each) => each.status === 'rejected')?.reason).toMatchObject({
      code: 'permission_exists',
    });
  });

  it('of a refused write are not used', async () => {
    const owner = world.user('owner');
    const object = world.workspace('kept', { user: owner.subjectId });
    const asOwner = world.gateway.as(owner);
    const friend = world.user('friend').subjectId;
    const made = await asOwner.call(permissions.create, row(object.id, friend, 'read'));
    await asOwner.failure(permissions.create, row(object.id, friend, 'read'));
    const next = await asOwner.call(permissions.create, row(object.id, friend, 'update'));
    expect(next.revision).toBe(made.revision + 1);
  });
});

describe('the policy client of another service', () => {
  it('sees a change of permissions and of teams without asking twice', async () => {
    const { policy, close } = await anotherService();
    const owner = world.user('owner');
    const member = world.user('member');
    world.workspace('seen', { user: owner.subjectId });
    world.team('team_seen', 'org_seen');
    const context = () => ({ ...ownContext(), caller: member });
    try {
      await expect(policy.require(context(), 'read', target('seen'))).rejects.toThrow(notFound().message);
      const asOwner = world.gateway.as(owner);
      const began = performance.now();
      const { revision } = await asOwner.call(permissions.create, {
        ...row('seen', 'team_seen', 'write'),
        subjectType: 'team',
      });
      await policy.facts({ ...ownContext(), consistency: revision }, [{ type: 'workspace', id: 'seen' }]);
      const seen = performance.now();
      await world.identity.emit(userCreated, member.subjectId, { userId: member.subjectId, version: 1 });
      const inTeam = { userId: member.subjectId, teamId: 'team_seen', organizationId: 'org_seen' };
      world.partsOf(member.subjectId).teamIds = ['team_seen'];
      await world.identity.emit(teamMemberAdded, 'team_seen', inTeam);
      await settle(async () => (await policy.decide(context(), 'update', target('seen'))).allowed);
      const joined = performance.now();
      world.partsOf(member.subjectId).teamIds = [];
      await world.identity.emit(teamMemberRemoved, 'team_seen', inTeam);
      await settle(async () => !(await policy.decide(context(), 'update', target('seen'))).allowed);
      const left = performance.now();
      process.stdout.write(
        `seen elsewhere: a row ${(seen - began).toFixed(1)} ms after its write began, ` +
          `a team joined ${(joined - seen).toFixed(1)} ms, left ${(left - joined).toFixed(1)} ms after it was stated\n`,
      );
      expect((await policy.principals(context())).teams.ids).toEqual([]);
    } finally {
      await close();
    }
  });

  it('decides on data as new as the write that it is told of', async () => {
    const { policy, close } = await anotherService();
    const owner = world.user('owner');
    const friend = world.user('reader');
    world.workspace('wanted', { user: owner.subjectId });
    const asOwner = world.gateway.as(owner);
    try {
      const context = (consistency?: number) => ({
        ...ownContext(),
        caller: friend,
        ...(consistency !== undefined && { consistency }),
      });
      expect(await policy.allows(context(), 'read', [target('wanted')])).toEqual([false]);
      const made = await asOwner.call(permissions.create, row('wanted', friend.subjectId, 'read'));
      expect(await policy.allows(context(made.revision), 'read', [target('wanted')])).toEqual([true]);
      const denied = await asOwner.call(permissions.update, { id: made.id, value: 'deny' });
      expect(await policy.allows(context(denied.revision), 'read', [target('wanted')])).toEqual([false]);
    } finally {
      await close();
    }
  });

  it('goes on with what it has while authz is away, and is unavailable about the rest', async () => {
    const { policy, close } = await anotherService();
    const owner = world.user('owner');
    world.workspace('warm', { user: owner.subjectId });
    const context = () => ({ ...ownContext({ timeoutMs: 1_000 }), caller: aUser('user_owner') });
    try {
      expect((await policy.decide(context(), 'update', target('warm'))).allowed).toBe(true);
      await world.service.close();
      expect((await policy.decide(context(), 'update', target('warm'))).allowed).toBe(true);
      await expect(policy.decide(context(), 'update', target('cold'))).rejects.toMatchObject({
        code: 'unavailable',
      });
    } finally {
      world.service = await startTestService(world.infra, authz, world.service.databaseUrl);
      await settle(async () => (await policy.decide(context(), 'update', target('cold'))).allowed);
      await close();
    }
  });

  it('starts anew after NATS was away', async () => {
    const { policy, bus, close } = await anotherService();
    const owner = world.user('owner');
    const friend = world.user('away');
    world.workspace('torn', { user: owner.subjectId });
    const context = () => ({ ...ownContext(), caller: friend });
    try {
      expect(await policy.allows(context(), 'read', [target('torn')])).toEqual([false]);
      let reconnected = false;
      bus.onReconnect(() => (reconnected = true));
      await world.infra.restartNats();
      await settle(() => reconnected, 20_000);
      const made = await settle(() =>
        world.gateway
          .as(owner)
          .call(permissions.set, { permissions: [row('torn', friend.subjectId, 'read')] }),
      );
      expect(made.revision).toBeGreaterThan(0);
      await settle(async () => (await policy.allows(context(), 'read', [target('torn')]))[0]);
    } finally {
      await close();
    }
  }, 40_000);
});
