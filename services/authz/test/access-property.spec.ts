import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { access } from '@erato/contracts/authz/access';
import { scopes } from '@erato/contracts/kit/context';
import { dataSource } from '@erato/platform/database/data-source';
import { Db } from '@erato/platform/database/db';
import { openLog } from '@erato/platform/service/log';
import { decide } from '@erato/policy/decide';
import type { Caller } from '@erato/policy/facts';
import { anAdministrator, type TestCaller } from '@erato/testing/client';
import type { DataSource } from 'typeorm';
import { reference } from '../../../libs/policy/test/reference.js';
import { inputOf } from '../../../libs/policy/test/world.js';
import { storeObjects } from '../src/object/object-rows.js';
import { authz } from '../src/service.js';
import {
  type AccessWorld,
  anAccessWorld,
  anAction,
  listedTypes,
  organizationIds,
  organizationOf,
  teamIds,
  userIds,
} from './access-world.js';
import { questionOf } from './access-question.js';
import { World } from './world.js';

let world: World;
let source: DataSource;
let reads: pg.Pool;
let db: Db;
beforeAll(async () => {
  world = await World.start();
  const log = openLog('authz', 'fatal');
  source = dataSource(world.service.databaseUrl, 2, authz.database, log);
  await source.initialize();
  reads = Db.reads(world.service.databaseUrl, 2, log);
  db = new Db(reads, source, () => undefined);
}, 60_000);
afterAll(async () => {
  await reads.end();
  await source.destroy();
  await world.close();
});

const at = (ms: number | null): Date | null => (ms === null ? null : new Date(Date.now() + ms));
let rowNumber = 1;
const nextId = (): string => `00000000-0000-7000-9000-${(rowNumber++).toString(16).padStart(12, '0')}`;

/** Puts a world into the tables, objects by the projection's own writes. */
async function write(given: AccessWorld): Promise<void> {
  await source.query(
    'TRUNCATE objects, object_elements, permissions, role_assignments, principals, subjects CASCADE',
  );
  await source.query('DELETE FROM roles WHERE NOT is_system');
  const context = { actor: 'test', requestId: 'test', deadline: Date.now() + 10_000 };
  await db.transaction(context, (tx) => storeObjects(tx, given.objects));
  await source.query(
    `INSERT INTO subjects (type, id, organization_id) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`,
    [
      [
        ...userIds.map(() => 'user'),
        ...teamIds.map(() => 'team'),
        ...organizationIds.map(() => 'organization'),
      ],
      [...userIds, ...teamIds, ...organizationIds],
      [...userIds.map(() => null), ...teamIds.map(organizationOf), ...organizationIds.map(() => null)],
    ],
  );
  for (const { id, slug, grants } of given.roles) {
    await source.query(
      `INSERT INTO roles (id, scope_type, scope_id, slug, name, grants) VALUES ($1, 'organization', 'o1', $2, $2, $3)`,
      [id, slug, grants],
    );
  }
  for (const row of given.permissions) {
    await source.query(
      `INSERT INTO permissions (id, subject_type, subject_id, object_type, object_id, action, value, expires_at, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'test')`,
      [
        ...[nextId(), row.subjectType, row.subjectId, row.objectType, row.objectId],
        ...[row.action, row.value, at(row.expiresAt)],
      ],
    );
  }
  for (const held of given.assignments) {
    await source.query(
      `INSERT INTO role_assignments (id, role_id, subject_type, subject_id, object_type, object_id, is_owner, expires_at, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'test')`,
      [
        ...[nextId(), given.roles[held.role]?.id, held.subjectType, held.subjectId],
        ...[held.objectType, held.objectId, held.isOwner, at(held.expiresAt)],
      ],
    );
  }
  const parts = given.users.flatMap(({ id, teams, organizations, audiences }) => [
    ...teams.map((team) => [id, 'team', team, null]),
    ...organizations.map((each) => [id, 'organization', each.id, each.roleSlug]),
    ...audiences.map(({ audience, workspaceId }) => [id, audience, workspaceId, null]),
  ]);
  await source.query(
    `INSERT INTO principals (subject_type, subject_id, kind, principal_id, role_slug, active)
     SELECT 'user', s, k, p, r, true FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS x (s, k, p, r)`,
    [0, 1, 2, 3].map((column) => parts.map((part) => part[column])),
  );
}

interface Paged {
  limit: number;
  after?: string;
  before?: string;
}

/** Every entry of a list, page by page, and back again. */
async function all<T>(
  read: (
    page: Paged,
  ) => Promise<{ data: readonly T[]; meta: { after: string | null; before: string | null } }>,
  limit: number,
): Promise<T[]> {
  let page = await read({ limit });
  const seen = [...page.data];
  while (page.meta.after !== null) {
    page = await read({ limit, after: page.meta.after });
    expect(page.data.length).toBeLessThanOrEqual(limit);
    seen.push(...page.data);
  }
  const back = [...page.data];
  while (page.meta.before !== null) {
    page = await read({ limit, before: page.meta.before });
    back.unshift(...page.data);
  }
  if (seen.length > limit) expect(back).toEqual(seen);
  return seen;
}

const held = scopes.filter((scope) => scope !== 'admin');
const aCaller: fc.Arbitrary<Caller> = fc
  .tuple(
    fc.constantFrom(
      ...['u1', 'u1', 'u2', 'u3'].map((id) => ({ subjectType: 'user' as const, subjectId: id })),
      { subjectType: 'organization' as const, subjectId: 'o1' },
      { subjectType: 'workspace' as const, subjectId: 'w1' },
      { subjectType: 'harbor' as const, subjectId: 'h1' },
    ),
    fc.option(
      fc.dictionary(
        fc.constantFrom(...listedTypes),
        fc.record({ actions: fc.uniqueArray(anAction, { maxLength: 2 }) }),
        {
          maxKeys: 3,
          noNullPrototype: true,
        },
      ),
      { freq: 3 },
    ),
  )
  .map(([who, ceiling]) => ({ ...who, scopes: held, ...(ceiling && { ceiling }) }));

const subjectFor = (type: 'user' | 'team' | 'organization', id: string): Caller => ({
  subjectType: type,
  subjectId: id,
  scopes: [],
});
const numRuns = Number(process.env['ERATO_TEST_RUNS'] ?? 40);
const listObjects = (as: TestCaller, action: string, objectType: string, subject?: string) => (page: Paged) =>
  as.call(access.objects, { action, objectType, ...(subject !== undefined && { subject }), ...page });

describe('a list of what somebody may', () => {
  it('is exactly what the reference decides, on every page, whoever asks', async () => {
    const found = { seen: 0, hidden: 0 };
    await fc.assert(
      fc.asyncProperty(
        anAccessWorld,
        aCaller,
        anAction,
        fc.integer({ min: 1, max: 5 }),
        async (given, who, action, limit) => {
          await write(given);
          const asked = world.gateway.as(who as Parameters<typeof world.gateway.as>[0]);
          for (const type of listedTypes) {
            const those = given.objects.filter((object) => object.type === type);
            const may = (caller: Caller, what: string) => (object: (typeof those)[number]) =>
              reference(questionOf(given, caller, what, object)).allowed;
            const expected = those.filter(may(who, action));
            const listed = await all(listObjects(asked, action, type), limit);
            expect([type, listed.map(({ id }) => id)]).toEqual([type, expected.map(({ id }) => id).sort()]);
            found.seen += expected.length;
            found.hidden += those.length - expected.length;
          }
          for (const [kind, id] of [
            ['user', 'u2'],
            ['team', 't1'],
            ['organization', 'o2'],
          ] as const) {
            const those = given.objects.filter((object) => object.type === 'resource');
            const may = (caller: Caller, what: string) => (object: (typeof those)[number]) =>
              reference(questionOf(given, caller, what, object)).allowed;
            const expected = those.filter(may(subjectFor(kind, id), action));
            const whole = await all(
              listObjects(world.gateway.as(anAdministrator), action, 'resource', `${kind}:${id}`),
              limit,
            );
            expect(whole.map((each) => each.id)).toEqual(expected.map((each) => each.id).sort());
            if (who.subjectType === kind && who.subjectId === id) continue;
            // Others are told of what they administer.
            const shared = await all(listObjects(asked, action, 'resource', `${kind}:${id}`), limit);
            expect(shared.map((each) => each.id)).toEqual(
              expected
                .filter(may(who, 'admin'))
                .map((each) => each.id)
                .sort(),
            );
          }
        },
      ),
      { numRuns },
    );
    expect(Math.min(found.seen, found.hidden)).toBeGreaterThan(numRuns);
  }, 300_000);
});

describe('a list of who may', () => {
  /** What a decision of each rule is called among routes. */
  const ways: Readonly<Record<string, string[]>> = {
    owner: ['owner'],
    user: ['row', 'role'],
    team: ['team'],
    organization: ['organization'],
    default: ['author', 'audience'],
  };

  it('holds everybody whom something addresses and the reference allows, and nobody else', async () => {
    const found = { listed: 0, left: 0 };
    await fc.assert(
      fc.asyncProperty(
        anAccessWorld,
        anAction,
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        async (given, action, pickAt, limit) => {
          await write(given);
          const object = given.objects[pickAt % given.objects.length];
          if (!object) return;
          const asked = { objectType: object.type, objectId: object.id, action };
          const read = (page: Paged) =>
            world.gateway.as(anAdministrator).call(access.subjects, { ...asked, ...page });
          const listed = await all(read, limit);
          const routes = new Map(listed.map((entry) => [`${entry.type}:${entry.id}`, entry.routes]));
          expect(routes.size).toBe(listed.length);
          const subjects = [
            ...userIds.map((id) => subjectFor('user', id)),
            ...teamIds.map((id) => subjectFor('team', id)),
            ...organizationIds.map((id) => subjectFor('organization', id)),
          ];
          for (const subject of subjects) {
            const { allowed, rule } = reference(questionOf(given, subject, action, object));
            const key = `${subject.subjectType}:${subject.subjectId}`;
            const by = routes.get(key);
            if (by) {
              expect([key, allowed]).toEqual([key, true]);
              if (action !== 'write') expect(ways[rule] ?? ['audience']).toContain(by[0]?.by);
              found.listed++;
            } else {
              // Everybody's rights are told with the audiences.
              const isAuthor = object.parents.some(
                ({ type, id }) => type === 'user' && id === subject.subjectId,
              );
              if (allowed && !isAuthor) {
                const { audience = rule } = decide(inputOf(questionOf(given, subject, action, object)));
                expect(['guest', 'authenticated', 'default']).toContain(audience);
              } else expect(allowed).toBe(false);
              found.left++;
            }
          }
          const workspaces = given.objects.filter(({ type }) => type === 'workspace').map(({ id }) => id);
          for (const audience of ['guest', 'authenticated', 'follower', 'subscriber']) {
            const nobody: Caller = {
              subjectType: audience === 'guest' ? 'guest' : 'user',
              subjectId: 'nobody',
              scopes: [],
            };
            const audiences =
              audience === 'follower' || audience === 'subscriber'
                ? workspaces.map((workspaceId) => ({ audience: audience as 'follower', workspaceId }))
                : [];
            const principals = { revision: 1, teams: [], organizations: [], audiences };
            const { allowed } = reference(questionOf(given, nobody, action, object, principals));
            expect([audience, routes.has(`static:${audience}`)]).toEqual([audience, allowed]);
          }
          const users = await all(
            (page) =>
              world.gateway
                .as(anAdministrator)
                .call(access.subjects, { ...asked, subjectType: 'user', ...page }),
            limit,
          );
          expect(users).toEqual(listed.filter(({ type }) => type === 'user'));
        },
      ),
      { numRuns: numRuns * 2 },
    );
    expect(Math.min(found.listed, found.left)).toBeGreaterThan(numRuns);
  }, 300_000);
});
