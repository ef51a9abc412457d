import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FactObject } from '@erato/contracts/authz/facts';
import type { Caller } from '@erato/contracts/kit/context';
import { dataSource, migrate } from '@erato/platform/database/data-source';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { openLog } from '@erato/platform/service/log';
import { ActionTable } from '@erato/policy/actions';
import { compileObject, compileSubject } from '@erato/policy/compile';
import { decide } from '@erato/policy/decide';
import { defaultOf } from '@erato/policy/default';
import { objectKey, type SubjectFacts } from '@erato/policy/facts';
import type { Target } from '@erato/policy/client/policy';
import { startInfra, type Infra } from '@erato/testing/infra';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { accessRowsOf } from '../src/access/access-row.js';
import { writeAccessRows } from '../src/access/access-rows.js';
import { mayRead } from '../src/access/may-read.js';
import { Parameters } from '../src/access/parameters.js';
import { ListStatement, type Listing } from '../src/access/listing.js';
import {
  resourceTarget,
  workspaceTarget,
  type ResourceAccess,
  type WorkspaceAccess,
} from '../src/access/targets.js';
import { viewerOf } from '../src/access/viewer.js';
import { sortKey } from '../src/workspace/workspace.entity.js';
import { contentService } from '../src/service.js';

let infra: Infra;
let source: DataSource;
let reads: pg.Pool;
let db: Db;
beforeAll(async () => {
  infra = await startInfra();
  const url = await infra.database('content');
  const log = openLog('content', 'fatal');
  source = dataSource(url, 3, contentService.database, log);
  await source.initialize();
  await migrate(source);
  reads = Db.reads(url, 3, log);
  db = new Db(reads, source, () => undefined);
}, 60_000);
afterAll(async () => {
  await reads.end();
  await source.destroy();
  await infra.close();
});

const idOf = (n: number): string => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const workspaceIds = [1, 2, 3].map(idOf);
const resourceIds = Array.from({ length: 20 }, (_, n) => idOf(0x10 + n));
const custom = [
  { slug: 'moderate', implies: ['update'] },
  { slug: 'curate', implies: ['read'] },
];
const actions = new ActionTable(custom);
const hour = 3_600_000;

const rowAction = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('read', 'update') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('write', 'manage', 'admin', 'delete', 'moderate', 'curate', 'create', 'gone'),
  },
);
const expiresAt = fc.constantFrom<(number | null)[]>(null, null, null, Date.now() + hour, Date.now() - hour);
const holder = fc.constantFrom(
  ...(['u1', 'u1', 'u2'] as const).map((id) => ({ subjectType: 'user' as const, subjectId: id })),
  ...(['t1', 't2'] as const).map((id) => ({ subjectType: 'team' as const, subjectId: id })),
  ...(['o1', 'o2'] as const).map((id) => ({ subjectType: 'organization' as const, subjectId: id })),
);
const audience = fc.constantFrom('guest', 'authenticated', 'follower', 'subscriber');
const addressee = fc.oneof(
  { weight: 3, arbitrary: holder },
  { weight: 2, arbitrary: audience.map((subjectId) => ({ subjectType: 'static' as const, subjectId })) },
);
const grants = fc.dictionary(
  fc.constantFrom('resource', 'workspace', 'organization'),
  fc.uniqueArray(rowAction, { maxLength: 2 }),
  { maxKeys: 2, noNullPrototype: true },
);
const permission = fc
  .tuple(
    addressee,
    rowAction,
    fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const, 'deny' as const, 'unset' as const),
    expiresAt,
  )
  .map(([to, action, value, end]) => ({ ...to, action, value, expiresAt: end }));
const assignment = fc
  .tuple(holder, grants, fc.integer({ min: 0, max: 7 }), expiresAt)
  .map(([to, given, owns, end]) => ({
    ...to,
    grants: given,
    isOwner: owns === 0,
    roleSlug: 'role',
    expiresAt: end,
  }));

let rowNumber = 1_000;
/** Rows on one object; most have none. */
const rowsOn = (type: string, id: string): fc.Arbitrary<FactObject> =>
  fc
    .tuple(
      fc.array(permission, { maxLength: 6, size: 'max' }),
      fc.array(assignment, { maxLength: 2, size: 'max' }),
      fc.integer({ min: 0, max: 2 }),
    )
    .map(([permissions, assignments, any]) => ({
      type,
      id,
      permissions: any === 0 ? [] : permissions.map((row) => ({ id: idOf(rowNumber++), ...row })),
      assignments:
        any === 0 ? [] : assignments.map((row) => ({ id: idOf(rowNumber++), roleId: idOf(9), ...row })),
    }));

const owner = fc.constantFrom(
  { ownerType: 'user' as const, ownerId: 'u1' },
  { ownerType: 'user' as const, ownerId: 'u2' },
  { ownerType: 'user' as const, ownerId: 'u3' },
  { ownerType: 'organization' as const, ownerId: 'o1' },
  { ownerType: 'organization' as const, ownerId: 'o2' },
);
const workspace = (id: string) =>
  fc
    .tuple(owner, fc.constantFrom('public' as const, 'public' as const, 'private' as const))
    .map(([owns, visibility]): WorkspaceAccess => ({ id, ...owns, visibility }));
const resource = (id: string) =>
  fc.record({
    id: fc.constant(id),
    owner,
    authorWorkspaces: fc.subarray(workspaceIds, { maxLength: 2 }),
    authorUsers: fc.subarray(['u1', 'u2']),
    status: fc.constantFrom('LISTED' as const, 'LISTED' as const, 'UNLISTED' as const),
    publishedAt: fc.constantFrom<(number | null)[]>(null, 1, 2, 3, 4),
    title: fc.constantFrom<(string | null)[]>(null, 'a', 'A\n"', ' b', 'Ｃ'),
  });

const caller: fc.Arbitrary<Caller> = fc
  .tuple(
    fc.constantFrom(
      ...Array.from({ length: 6 }, () => ({ subjectType: 'user' as const, subjectId: 'u1' })),
      { subjectType: 'guest' as const, subjectId: '' },
      { subjectType: 'guest' as const, subjectId: '' },
      { subjectType: 'organization' as const, subjectId: 'o1' },
      ...workspaceIds.slice(0, 2).map((subjectId) => ({ subjectType: 'workspace' as const, subjectId })),
      { subjectType: 'harbor' as const, subjectId: idOf(99) },
    ),
    fc.integer({ min: 0, max: 12 }),
    fc.dictionary(
      fc.constantFrom('resource', 'workspace', 'organization'),
      fc.record(
        {
          actions: fc.uniqueArray(rowAction, { minLength: 1, maxLength: 2 }),
          ids: fc.subarray([...resourceIds, ...workspaceIds, 'o1']),
        },
        { requiredKeys: ['actions'], noNullPrototype: true },
      ),
      { maxKeys: 3, noNullPrototype: true },
    ),
  )
  .map(([who, kind, ceiling]) => ({
    ...who,
    scopes: kind === 0 && who.subjectType !== 'guest' ? ['admin'] : ['resources:read'],
    ...(kind < 4 && who.subjectType !== 'guest' ? { ceiling } : {}),
  }));

const principals: fc.Arbitrary<SubjectFacts> = fc.record({
  revision: fc.constant(1),
  owner: owner.map(({ ownerType, ownerId }) => ({ type: ownerType, id: ownerId })),
  teams: fc.subarray(['t1', 't2'], { minLength: 1 }),
  organizations: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('o1', 'o2'),
      roleSlug: fc.constant('member'),
      grants: fc.oneof(grants, fc.constant(null)),
      isAdmin: fc.constantFrom(false, false, false, true),
    }),
    { maxLength: 2, selector: ({ id }) => id },
  ),
  audiences: fc.uniqueArray(
    fc.record({
      audience: fc.constantFrom('follower' as const, 'subscriber' as const),
      workspaceId: fc.constantFrom(...workspaceIds),
    }),
    { maxLength: 3, selector: (each) => `${each.audience}${each.workspaceId}` },
  ),
});

const world = fc.record({
  caller,
  principals,
  workspaces: fc.tuple(...workspaceIds.map(workspace)),
  resources: fc.tuple(...resourceIds.map(resource)),
  rows: fc.tuple(
    ...[
      ...resourceIds.map((id) => ['resource', id] as const),
      ...workspaceIds.map((id) => ['workspace', id] as const),
    ].map(([type, id]) => rowsOn(type, id)),
    rowsOn('organization', 'o1'),
    rowsOn('organization', 'o2'),
  ),
  status: fc.constantFrom<string[][]>(['LISTED'], ['LISTED'], ['UNLISTED'], ['LISTED', 'UNLISTED']),
  sort: fc.constantFrom('created_at', 'published_at', 'title_key'),
  descending: fc.boolean(),
});
type World = typeof world extends fc.Arbitrary<infer W> ? W : never;
type Made = World['resources'][number];

const timeOf = (n: number): string => new Date(Date.UTC(2025, 0, n)).toISOString();

/** Puts a world into the tables, rows and flags by the projection's own writes. */
async function write({ workspaces, resources, rows }: World): Promise<void> {
  await source.query('TRUNCATE workspaces, resources, resource_authors, access_rows CASCADE');
  for (const each of workspaces) {
    await source.query(
      `INSERT INTO workspaces (id, name, name_key, slug, kind, owner_type, owner_id, visibility, created_at, updated_at)
       VALUES ($1, $2, $7, $3, 'artist', $4, $5, $6, now(), now())`,
      [
        each.id,
        each.id.slice(-4),
        each.id.slice(-6),
        each.ownerType,
        each.ownerId,
        each.visibility,
        sortKey(each.id.slice(-4)),
      ],
    );
  }
  for (const [at, each] of resources.entries()) {
    await source.query(
      `INSERT INTO resources (id, short_id, owner_type, owner_id, type, title, title_key, status, published_at,
         author_workspaces, author_users, open, created_at, updated_at)
       VALUES ($1, $2, $3, $4, 'post', $5, $12, $6, $7, $8, $9, $10, $11, now())`,
      [
        ...[each.id, each.id.slice(-10), each.owner.ownerType, each.owner.ownerId, each.title, each.status],
        ...[
          each.publishedAt === null ? null : timeOf(each.publishedAt),
          each.authorWorkspaces,
          each.authorUsers,
        ],
        ...[isOpen(each, workspaces), timeOf((at % 4) + 1), each.title && sortKey(each.title)],
      ],
    );
    for (const [type, ids] of [
      ['workspace', each.authorWorkspaces],
      ['user', each.authorUsers],
    ] as const) {
      await source.query(
        `INSERT INTO resource_authors SELECT r.id, $2, a, now(), NULL, 1, now(), NULL, r.shown FROM unnest($3::text[]) a, resources r WHERE r.id = $1`,
        [each.id, type, ids],
      );
    }
  }
  await db.transaction({ actor: 'test', requestId: 'test', deadline: Date.now() + 10_000 }, (tx) =>
    writeAccessRows(
      tx,
      rows,
      rows.flatMap((object) => accessRowsOf(object, actions)),
    ),
  );
}

const isOpen = ({ authorWorkspaces }: Made, workspaces: readonly WorkspaceAccess[]): boolean =>
  workspaces.every(({ id, visibility }) => visibility === 'public' || !authorWorkspaces.includes(id));

const accessOf = (made: Made, workspaces: readonly WorkspaceAccess[]): ResourceAccess => ({
  id: made.id,
  ...made.owner,
  authorWorkspaces: made.authorWorkspaces,
  authorUsers: made.authorUsers,
  open: isOpen(made, workspaces),
  publishedAt: made.publishedAt === null ? null : new Date(timeOf(made.publishedAt)),
});

/** What libs/policy decides. */
function may(given: World, action: 'read' | 'update', target: Target): boolean {
  const compiled = new Map(
    given.rows.map((object) => [objectKey(object), compileObject({ revision: 1, ...object })]),
  );
  const { caller: who } = given;
  return decide({
    caller: who,
    subject: compileSubject(who.subjectType, who.subjectId, given.principals),
    action: action === 'read' ? (target.readAs ?? action) : action,
    path: target.path,
    objects: (element) => compiled.get(objectKey(element)),
    actions,
    default: defaultOf(target, who),
    now: Date.now(),
  }).allowed;
}

async function pages(given: World, listing: Omit<Listing, 'request'>, limit: number): Promise<string[]> {
  const subject = compileSubject(given.caller.subjectType, given.caller.subjectId, given.principals);
  const viewer = viewerOf(given.caller, subject, actions);
  const read = async (request: Listing['request']) => {
    const { page } = await new ListStatement({ ...listing, request }, viewer).read(db);
    return { meta: page.meta, ids: page.data.map((item) => (JSON.parse(String(item)) as { id: string }).id) };
  };
  let page = await read({ limit });
  const seen = [...page.ids];
  while (page.meta.after !== null) {
    page = await read({ limit, after: page.meta.after });
    seen.push(...page.ids);
  }
  const back = [...page.ids];
  while (page.meta.before !== null) {
    page = await read({ limit, before: page.meta.before });
    back.unshift(...page.ids);
  }
  expect(back).toEqual(seen);
  if (viewer.authenticated) {
    expect(await ListStatement.count(db, { ...listing, request: {} }, viewer)).toBe(seen.length);
  }
  return seen;
}

/** The field of each column by which the lists here are sorted. */
const fields = { created_at: 'createdAt', published_at: 'publishedAt', title_key: 'title' } as const;

const numRuns = Number(process.env['ERATO_TEST_RUNS'] ?? 120);

describe('a list filters as decisions are made', () => {
  it('of resources, in the order of its sort, on every page', async () => {
    const found = { seen: 0, hidden: 0 };
    await fc.assert(
      fc.asyncProperty(world, fc.integer({ min: 4, max: 21 }), async (given, limit) => {
        await write(given);
        const nullable = given.sort !== 'created_at';
        const listing: Omit<Listing, 'request'> = {
          kind: 'resource',
          named: [given.status, given.sort, given.descending],
          sort: {
            field: fields[given.sort],
            column: `r.${given.sort}`,
            type: given.sort === 'title_key' ? 'text' : 'timestamptz',
            descending: given.descending,
            nullable,
          },
          filters: (into) => ` AND r.status = ANY (${into.add(given.status, 'text[]')})`,
          shown: given.status.includes('LISTED'),
          rest: true,
          asUpdate: `(r.status = 'UNLISTED' OR r.published_at IS NULL)`,
          json: 'r.json',
        };
        const visible = given.resources.filter(
          (each) =>
            given.status.includes(each.status) &&
            may(
              given,
              each.status === 'UNLISTED' ? 'update' : 'read',
              resourceTarget(accessOf(each, given.workspaces)),
            ),
        );
        found.seen += visible.length;
        found.hidden += given.resources.length - visible.length;
        const seen = await pages(given, listing, limit);
        expect([...seen].sort()).toEqual(visible.map(({ id }) => id).sort());
        const { rows } = await reads.query<{ id: string }>(
          `SELECT id FROM resources WHERE id = ANY ($1) ORDER BY ${given.sort} ${given.descending ? 'DESC' : 'ASC'} NULLS LAST,
           id ${given.descending ? 'DESC' : 'ASC'}`,
          [seen],
        );
        expect(seen).toEqual(rows.map(({ id }) => id));
      }),
      { numRuns },
    );
    expect(Math.min(found.seen, found.hidden)).toBeGreaterThan(numRuns / 2);
  }, 600_000);

  it('of workspaces', async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        await write(given);
        const listing: Omit<Listing, 'request'> = {
          kind: 'workspace',
          named: ['workspaces'],
          sort: { field: 'name', column: 'r.name_key', type: 'text', descending: given.descending },
          filters: () => '',
          shown: true,
          rest: true,
          asUpdate: 'false',
          json: 'r.json',
        };
        const visible = given.workspaces.filter((each) => may(given, 'read', workspaceTarget(each)));
        const ordered = visible.map(({ id }) => id);
        if (given.descending) ordered.reverse();
        expect(await pages(given, listing, 2)).toEqual(ordered);
      }),
      { numRuns: numRuns / 2 },
    );
  }, 600_000);

  it('of rows that something else names: results of a search, numbers of a profile', async () => {
    const found = { seen: 0, hidden: 0 };
    const readable = async (given: World, kind: 'resource' | 'workspace', from: string) => {
      const subject = compileSubject(given.caller.subjectType, given.caller.subjectId, given.principals);
      const into = new Parameters();
      const may = mayRead(kind, viewerOf(given.caller, subject, actions), into);
      const text = `SELECT r.id FROM ${from} AND ${may} ORDER BY r.id`;
      return (await db.rows<{ id: string }>(statement(text), into.values)).map(({ id }) => id);
    };
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        await write(given);
        const listed = given.resources.filter(
          ({ status, publishedAt }) => status === 'LISTED' && publishedAt !== null,
        );
        const visible = listed.filter((each) =>
          may(given, 'read', resourceTarget(accessOf(each, given.workspaces))),
        );
        found.seen += visible.length;
        found.hidden += listed.length - visible.length;
        const from = `resources r WHERE r.status = 'LISTED' AND r.published_at IS NOT NULL`;
        expect(await readable(given, 'resource', from)).toEqual(visible.map(({ id }) => id).sort());
        const open = given.workspaces.filter((each) => may(given, 'read', workspaceTarget(each)));
        const ids = await readable(given, 'workspace', 'workspaces r WHERE true');
        expect(ids).toEqual(open.map(({ id }) => id).sort());
      }),
      { numRuns: numRuns / 2 },
    );
    expect(Math.min(found.seen, found.hidden)).toBeGreaterThan(numRuns / 8);
  }, 600_000);
});
