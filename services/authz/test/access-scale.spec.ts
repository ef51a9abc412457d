import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { access } from '@erato/contracts/authz/access';
import { anAdministrator, aUser } from '@erato/testing/client';
import { World } from './world.js';

const many = 100_000;
let world: World;
let admin: pg.Client;
const ada = aUser('user_ada');

beforeAll(async () => {
  world = await World.start();
  admin = new pg.Client(world.service.databaseUrl);
  await admin.connect();
  const org = `'[{"type":"organization","id":"org_big"}]'`;
  const byBig = `'[{"type":"workspace","id":"w_big"},{"type":"organization","id":"org_big"}]'`;
  const id = (prefix: string): string => `'${prefix}' || lpad(n::text, 6, '0')`;
  const each = `FROM generate_series(1, ${many}) n`;
  await admin.query(`
    INSERT INTO subjects (type, id) SELECT 'user', ${id('user_m')} ${each};
    INSERT INTO subjects (type, id, organization_id)
      VALUES ('user', 'user_ada', NULL), ('organization', 'org_big', NULL), ('team', 'team_big', 'org_big');
    INSERT INTO principals (subject_type, subject_id, kind, principal_id, role_slug, active)
      SELECT 'user', ${id('user_m')}, 'organization', 'org_big', 'member', true ${each};
    INSERT INTO principals (subject_type, subject_id, kind, principal_id, active)
      SELECT 'user', ${id('user_m')}, 'follower', 'w_big', true ${each};
    INSERT INTO principals (subject_type, subject_id, kind, principal_id, active)
      VALUES ('user', 'user_ada', 'team', 'team_big', true);
    INSERT INTO objects (type, id, parents, owner_type, owner_id, everyone, read_as, version)
      SELECT 'resource', ${id('r')}, ${byBig}::jsonb, 'organization', 'org_big', '{}', 'read', 1 ${each};
    INSERT INTO objects (type, id, parents, owner_type, owner_id, everyone, read_as, version)
      SELECT 'workspace', ${id('w')}, '[]', 'user', 'user_m000001', '{read}', 'read', 1 ${each};
    INSERT INTO objects (type, id, parents, owner_type, owner_id, everyone, read_as, version)
      VALUES ('workspace', 'w_big', ${org}, 'organization', 'org_big', '{}', 'read', 1),
        ('organization', 'org_big', '[]', NULL, NULL, '{}', 'read', 1);
    INSERT INTO object_elements (element_type, element_id, object_type, object_id)
      SELECT x.type, x.id, o.type, o.id FROM objects o, jsonb_to_recordset(o.parents) AS x (type text, id text);
    INSERT INTO permissions (id, subject_type, subject_id, object_type, object_id, action, value, created_by)
      SELECT gen_random_uuid(), 'user', 'user_ada', 'resource', ${id('r')}, 'delete', 'allow', 'test' ${each};
    INSERT INTO permissions (id, subject_type, subject_id, object_type, object_id, action, value, created_by)
      SELECT gen_random_uuid(), 'user', 'user_ada', 'resource', ${id('r')}, 'publish', 'deny', 'test' ${each} WHERE n > 10;
    INSERT INTO permissions (id, subject_type, subject_id, object_type, object_id, action, value, created_by)
      VALUES (gen_random_uuid(), 'team', 'team_big', 'workspace', 'w_big', 'write', 'allow', 'test'),
        (gen_random_uuid(), 'team', 'team_big', 'workspace', 'w_big', 'publish', 'allow', 'test'),
        (gen_random_uuid(), 'static', 'follower', 'workspace', 'w_big', 'publish', 'allow', 'test')`);
  await admin.query(`
    INSERT INTO subjects (type, id) VALUES ('user', 'user_wide');
    INSERT INTO permissions (id, subject_type, subject_id, object_type, object_id, action, value, created_by)
      SELECT gen_random_uuid(), 'user', 'user_wide', 'workspace', w, 'update', 'allow', 'test'
      FROM (SELECT ${id('w')} FROM generate_series(1, 1500) n UNION ALL VALUES ('w_big')) x (w)`);
  await admin.query('VACUUM ANALYZE');
  await admin.query('SET plan_cache_mode = force_generic_plan');
}, 120_000);
afterAll(async () => {
  await admin.end();
  await world.close();
});

interface Asked {
  text: string;
  values: unknown[];
}

/** Notes what is asked of Postgres from here on; gives it when asked for, and ends. */
function watch(): () => Asked[] {
  const spy = jest.spyOn(pg.Client.prototype, 'query');
  return () => {
    const calls: readonly unknown[][] = spy.mock.calls;
    const asked = calls.flatMap(([query]) =>
      typeof query === 'object' && query !== null && 'text' in query && 'values' in query
        ? [{ text: String(query.text), values: [...(query.values as unknown[])] }]
        : [],
    );
    spy.mockRestore();
    return asked;
  };
}

interface Page {
  data: readonly { id: string }[];
  meta: { after: string | null };
}
type Read = (page: { limit: number; after?: string }) => Promise<Page>;

const objects =
  (action: string, objectType: string, who = ada): Read =>
  (page) =>
    world.gateway.as(who).call(access.objects, { action, objectType, ...page });
const subjects =
  (action: string, objectId: string): Read =>
  (page) =>
    world.gateway
      .as(anAdministrator)
      .call(access.subjects, { objectType: 'resource', objectId, action, subjectType: 'user', ...page });

/** Reads a list to its end; gives how many entries it has, in how many pages, and the greatest number of statements a page. */
async function through(read: Read): Promise<{ entries: number; pages: number; statements: number }> {
  const seen = new Set<string>();
  let [entries, pages, statements] = [0, 0, 0];
  let after: string | null = null;
  do {
    const asked = watch();
    const page: Page = await read({ limit: 100, ...(after !== null && { after }) });
    statements = Math.max(statements, asked().length);
    entries += page.data.length;
    for (const { id } of page.data) seen.add(id);
    pages++;
    after = page.meta.after;
  } while (after !== null);
  expect(seen.size).toBe(entries);
  return { entries, pages, statements };
}

const literal = (value: unknown): string =>
  Array.isArray(value) ? `{${value.map((each) => JSON.stringify(each)).join(',')}}` : String(value);

/** Holds the statements of one page in the middle to indexes: nothing reads a table from its beginning. */
async function plansOf(read: Read): Promise<void> {
  const first = await read({ limit: 100 });
  const noted = watch();
  await read({ limit: 100, after: first.meta.after ?? '' });
  const asked = noted().filter(({ text }) => text.includes('SELECT'));
  expect(asked.length).toBeGreaterThan(0);
  for (const { text, values } of asked) {
    await admin.query(`PREPARE explained AS ${text}`);
    const literals = values.map((value) => (value === null ? 'NULL' : admin.escapeLiteral(literal(value))));
    const given = literals.length > 0 ? `(${literals.join(', ')})` : '';
    const { rows } = await admin.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN (ANALYZE, TIMING OFF) EXECUTE explained${given}`,
    );
    await admin.query('DEALLOCATE explained');
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).not.toMatch(/Seq Scan on (objects|object_elements|permissions|principals|subjects)\b/);
    const most = [...plan.matchAll(/actual rows=(\d+)(?:\.\d+)? loops=(\d+)/g)].map(
      (each) => Number(each[1]) * Number(each[2]),
    );
    expect(Math.max(...most)).toBeLessThan(5_000);
  }
}

/** The first pages of a list: full, and nothing twice. */
async function begins(read: Read): Promise<void> {
  const seen = new Set<string>();
  let after: string | null = null;
  for (let pages = 0; pages < 10; pages++) {
    const page: Page = await read({ limit: 100, ...(after !== null && { after }) });
    for (const { id } of page.data) seen.add(id);
    after = page.meta.after;
  }
  expect(seen.size).toBe(1_000);
  expect(after).not.toBeNull();
}

describe('100,000 objects', () => {
  it('of a row on each are listed whole, by indexes', async () => {
    await plansOf(objects('delete', 'resource'));
    const { entries, pages, statements } = await through(objects('delete', 'resource'));
    expect({ entries, pages }).toEqual({ entries: many, pages: many / 100 });
    expect(statements).toBeLessThan(12);
  }, 300_000);

  it('of which almost all are denied one by one are gone through in bounded pages, and none of the others is lost', async () => {
    await plansOf(objects('publish', 'resource'));
    const { entries, pages, statements } = await through(objects('publish', 'resource'));
    expect(entries).toBe(10);
    expect(pages).toBeLessThan(60);
    expect(statements).toBeLessThan(80);
  }, 300_000);

  it('that a team’s row on their workspace opens, and public ones, are found by indexes', async () => {
    // Who has something on very many workspaces is answered by going through the resources.
    const wide = objects('update', 'resource', aUser('user_wide'));
    for (const read of [objects('update', 'resource'), objects('read', 'workspace'), wide]) {
      await plansOf(read);
      await begins(read);
    }
  }, 60_000);
});

describe('100,000 users', () => {
  it('are listed whole as members of the organization, by indexes', async () => {
    await plansOf(subjects('read', 'r000001'));
    const { entries, pages, statements } = await through(subjects('read', 'r000001'));
    expect({ entries, pages }).toEqual({ entries: many + 2, pages: many / 100 + 1 });
    expect(statements).toBeLessThan(12);
  }, 300_000);

  it('are found as followers, by indexes', async () => {
    await plansOf(subjects('publish', 'r000001'));
    await begins(subjects('publish', 'r000001'));
  }, 60_000);
});
