import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { settle } from '@erato/testing/settle';
import { startTestService } from '@erato/testing/service';
import { authz } from '../src/service.js';
import { World } from './world.js';

let world: World;
let database: pg.Pool;

beforeAll(async () => {
  world = await World.start();
  database = new pg.Pool({ connectionString: world.service.databaseUrl, max: 2 });
}, 60_000);
afterAll(async () => {
  await database.end();
  await world.close();
});

const column = async (sql: string): Promise<string[]> =>
  (await database.query<{ text: string }>(sql)).rows.map(({ text }) => text);

describe('what ended long ago', () => {
  it('is swept away, more than a batch of it, with an entry in the trail; what ended lately stays', async () => {
    await world.service.close();
    await database.query(`
      INSERT INTO permissions (id, subject_type, subject_id, object_type, object_id, action, value, created_by, expires_at)
      SELECT gen_random_uuid(), 'user', 'user_' || n, 'resource', 'ended', 'read', 'allow', 'service:test',
        now() - make_interval(days => CASE WHEN n <= 600 THEN 31 ELSE 29 END)
      FROM generate_series(1, 602) AS n`);
    await database.query(`
      INSERT INTO role_assignments (id, role_id, subject_type, subject_id, object_type, object_id, created_by, expires_at)
      SELECT gen_random_uuid(), (SELECT id FROM roles ORDER BY id LIMIT 1),
        'user', 'user_' || days, 'workspace', 'ended', 'service:test', now() - make_interval(days => days)
      FROM unnest('{29,31}'::int[]) AS days`);
    await database.query(`
      INSERT INTO gone_subjects (digest, gone_at)
      SELECT sha256(convert_to('user:' || n, 'UTF8')),
        now() - make_interval(days => CASE WHEN n <= 600 THEN 41 ELSE 39 END)
      FROM generate_series(1, 602) AS n`);

    world.service = await startTestService(world.infra, authz, world.service.databaseUrl);
    const left = (table: string) => column(`SELECT count(*)::text AS text FROM ${table}`);
    const ended = `permissions WHERE object_id = 'ended'`;
    await settle(async () => (await left(ended))[0] === '2');
    await settle(async () => (await left('gone_subjects'))[0] === '2');
    const assigned = `SELECT subject_id AS text FROM role_assignments WHERE object_id = 'ended'`;
    await settle(async () => (await column(assigned)).length === 1);

    expect(await column(assigned)).toEqual(['user_29']);
    const trail = `SELECT DISTINCT verb AS text FROM changes WHERE object_id = 'ended'`;
    expect(await column(trail)).toHaveLength(1);
    expect(await left(`changes WHERE object_id = 'ended'`)).toEqual(['601']);
  }, 60_000);
});
