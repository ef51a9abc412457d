import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '@erato/contracts/kit/context';
import { dataSource, migrate } from '@erato/platform/database/data-source';
import { Db } from '@erato/platform/database/db';
import type { TextRow } from '@erato/platform/database/row-text';
import { openLog } from '@erato/platform/service/log';
import { ActionTable } from '@erato/policy/actions';
import { compileSubject } from '@erato/policy/compile';
import type { SubjectFacts } from '@erato/policy/facts';
import { aUser, anAdministrator } from '@erato/testing/client';
import { startInfra, type Infra } from '@erato/testing/infra';
import type { QueryResultRow } from 'pg';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Statement } from '@erato/platform/database/statement';
import { ListStatement, type Listing } from '../src/access/listing.js';
import { viewerOf } from '../src/access/viewer.js';
import { albumListing } from '../src/page/song-albums.js';
import { profileListing, resourceListing } from '../src/resource/resource-list.js';
import { readFound } from '../src/search/found-page.js';
import { contentService } from '../src/service.js';
import { workspaceListing } from '../src/workspace/workspace-list.js';

const rows = 50_000;
let infra: Infra;
let source: DataSource;
let reads: pg.Pool;

/** Gives the plan of whatever is read, as the service's own read connections plan it: without knowing the values. */
class Explaining {
  plan = '';
  async texts<R extends TextRow>(of: Statement, values: readonly unknown[]): Promise<R[]> {
    await this.#explain(of, values);
    return [];
  }
  async rows<R extends QueryResultRow>(of: Statement, values: readonly unknown[]): Promise<R[]> {
    await this.#explain(of, values);
    return [];
  }
  async #explain({ text }: Statement, values: readonly unknown[]): Promise<void> {
    const client = await reads.connect();
    try {
      await client.query(`PREPARE explained AS ${text}`);
      const literals = values.map((value) => client.escapeLiteral(literal(value)));
      const { rows: lines } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (ANALYZE, COSTS off, TIMING off, BUFFERS off) EXECUTE explained(${literals.join(', ')})`,
      );
      this.plan = lines.map((line) => line['QUERY PLAN']).join('\n');
    } finally {
      await client.query('DEALLOCATE explained');
      client.release();
    }
  }
}
const literal = (value: unknown): string =>
  Array.isArray(value) ? `{${value.map((each) => JSON.stringify(each)).join(',')}}` : String(value);

beforeAll(async () => {
  infra = await startInfra();
  const url = await infra.database('content');
  const log = openLog('content', 'fatal');
  source = dataSource(url, 3, contentService.database, log);
  await source.initialize();
  await migrate(source);
  reads = Db.reads(url, 2, log);
  await source.query(seed);
  await source.query('VACUUM ANALYZE');
}, 120_000);
afterAll(async () => {
  await reads.end();
  await source.destroy();
  await infra.close();
});

const uuid = (n: string, kind: string): string =>
  `('00000000-0000-7000-${kind}-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

/** 5,000 workspaces of 1,000 users and 50 organizations, 50,000 resources, a row of permissions on every tenth. */
const seed = `
  SET statement_timeout = 0;
  INSERT INTO workspaces (id, name, name_key, slug, kind, owner_type, owner_id, visibility, created_at, updated_at)
  SELECT ${uuid('n', '8001')}, 'W' || n, 'w' || n, 'w' || n, 'artist', CASE WHEN n % 2 = 0 THEN 'user' ELSE 'organization' END,
    CASE WHEN n % 2 = 0 THEN 'user_' || n % 1000 ELSE 'org_' || n % 50 END,
    CASE WHEN n % 7 = 0 THEN 'private' ELSE 'public' END, now() - n * interval '1 minute', now()
  FROM generate_series(1, ${rows / 10}) n;
  INSERT INTO resources (id, short_id, owner_type, owner_id, type, title, title_key, status, published_at, author_workspaces,
    author_users, open, created_at, updated_at, genre_key)
  SELECT ${uuid('n', '8002')}, lpad(n::text, 10, '0'), CASE WHEN n % 2 = 0 THEN 'user' ELSE 'organization' END,
    CASE WHEN n % 2 = 0 THEN 'user_' || n % 1000 ELSE 'org_' || n % 50 END,
    CASE WHEN n % 3 = 0 THEN 'status' WHEN n % 4 = 0 THEN 'song' ELSE 'post' END, CASE WHEN n % 3 = 0 THEN NULL ELSE 'Title ' || n END,
    CASE WHEN n % 3 = 0 THEN NULL ELSE 'title ' || n END, CASE WHEN n % 5 = 0 THEN 'UNLISTED' ELSE 'LISTED' END,
    CASE WHEN n % 11 = 0 THEN NULL ELSE now() - n * interval '1 minute' END,
    ARRAY[${uuid(`n % ${rows / 10} + 1`, '8001')}], ARRAY['user_' || n % 1000], n % 7 <> 0,
    now() - n * interval '1 minute', now(), CASE WHEN n % 3 > 0 AND n % 4 = 0 THEN 'genre ' || n % 25 END
  FROM generate_series(1, ${rows}) n;
  INSERT INTO resource_authors (resource_id, author_type, author_id, accepted_at, position, added_at, listed_at, shown)
  SELECT r.id, a.type, a.id, now(), a.position, now(), CASE WHEN r.status = 'LISTED' THEN r.published_at END, r.shown
  FROM resources r, LATERAL (VALUES ('workspace', r.author_workspaces[1]::text, 1), ('user', r.author_users[1], 2))
    AS a (type, id, position);
  INSERT INTO posts SELECT id, 'b', '<p>b</p>', NULL FROM resources WHERE type = 'post';
  INSERT INTO songs (resource_id, duration, genre) SELECT id, 200, genre_key FROM resources WHERE type = 'song';
  INSERT INTO albums (resource_id) SELECT id FROM resources WHERE type = 'post';
  INSERT INTO album_songs (album_resource_id, song_resource_id, track_number, disc_number)
  SELECT a.resource_id, s.resource_id, 1, 1 FROM (SELECT resource_id, row_number() OVER () AS n FROM albums) a
  JOIN (SELECT resource_id, row_number() OVER () AS n FROM songs) s ON s.n = a.n % 5000 + 1;
  INSERT INTO access_rows SELECT 'resource', id, gen_random_uuid(), 'user:user_' || (random() * 1000)::int, 0, NULL, false, NULL,
    CASE WHEN random() < 0.5 THEN 2 ELSE 3 END, 2, 0, 0
  FROM resources WHERE random() < 0.1;
  INSERT INTO access_rows SELECT 'workspace', id, gen_random_uuid(), 'static:guest', 6, NULL, false, NULL, 2, 0, 2, 0
  FROM workspaces WHERE random() < 0.01;
  UPDATE workspaces SET static_rows = true WHERE id::text IN (SELECT object_id FROM access_rows WHERE rank >= 3);
  UPDATE resources SET static_rows = true WHERE author_workspaces[1]::text IN (SELECT object_id FROM access_rows WHERE rank >= 3);`;

const nothing: SubjectFacts = { revision: 1, teams: [], organizations: [], audiences: [] };
const callers: Readonly<Record<string, [Caller, SubjectFacts]>> = {
  'a guest': [{ subjectType: 'guest', subjectId: '', scopes: [] }, nothing],
  'a user': [aUser('user_7'), nothing],
  'a member of a label': [
    aUser('user_8'),
    {
      ...nothing,
      teams: ['team_1'],
      organizations: [
        {
          id: 'org_7',
          roleSlug: 'member',
          grants: { resource: ['write'], workspace: ['write'] },
          isAdmin: false,
        },
      ],
    },
  ],
  'a narrow key': [{ ...aUser('user_9'), ceiling: { resource: { actions: ['read'] } } }, nothing],
  'an administrator': [anAdministrator, nothing],
};

const workspaceId = '00000000-0000-7000-8001-000000000010';
const lists: Readonly<Record<string, () => Listing>> = {
  'resources, newest first': () => resourceListing({}),
  'resources of a type, published last': () => resourceListing({ type: ['post'], sort: '-publishedAt' }),
  'resources of types, published first': () =>
    resourceListing({ type: ['post', 'status'], sort: 'publishedAt' }),
  'resources by title': () => resourceListing({ sort: 'title' }),
  'resources by title, backwards': () => resourceListing({ sort: '-title' }),
  'resources by the beginning of their title': () => resourceListing({ q: 'Title 49' }),
  'resources of an owner': () => resourceListing({ ownerType: ['user'], ownerId: ['user_4'] }),
  'resources of an author': () => resourceListing({ authorId: [workspaceId], sort: '-publishedAt' }),
  'songs of a genre': () => resourceListing({ genre: ['genre 3'] }),
  'songs of a genre, published last': () => resourceListing({ genre: ['genre 3'], sort: '-publishedAt' }),
  'songs of genres by title': () => resourceListing({ genre: ['genre 3', 'genre 5'], sort: 'title' }),
  'UNLISTED resources': () => resourceListing({ status: ['UNLISTED'] }),
  'all resources': () => resourceListing({ status: ['LISTED', 'UNLISTED'], sort: '-publishedAt' }),
  'a profile': () => profileListing({ id: workspaceId }),
  'albums of a song': () =>
    albumListing({ id: '00000000-0000-7000-8002-000000000010', ownerType: 'user', ownerId: 'user_16' }),
  'workspaces, newest first': () => workspaceListing({}),
  'workspaces by name': () => workspaceListing({ sort: 'name' }),
  'workspaces by the beginning of their name': () => workspaceListing({ q: 'W49' }),
  'workspaces of an owner': () => workspaceListing({ ownerId: ['org_7'] }),
  'private workspaces': () => workspaceListing({ visibility: ['private'] }),
};

/** Rows that the statement's scans gave and threw away, over all nodes. */
const touched = (plan: string): number =>
  [...plan.matchAll(/(?:actual rows=|Rows Removed by Filter: )(\d+)/g)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );

describe.each(Object.entries(callers))('for %s', (who, [caller, principals]) => {
  const subject = compileSubject(caller.subjectType, caller.subjectId, principals);
  const viewer = viewerOf(caller, subject, new ActionTable());

  it.each(Object.entries(lists))('the list of %s comes from indexes', async (name, listing) => {
    const explaining = new Explaining();
    await new ListStatement(listing(), viewer).read(explaining);
    expect(explaining.plan).not.toMatch(/Seq Scan on (?!access_heard)/);
    if (who === 'an administrator' || who === 'a guest' || name.includes('owner') || name.includes('author'))
      return;
    expect(touched(explaining.plan)).toBeLessThan(rows / 4);
  });

  it.each([
    { q: 'Title 49' },
    { q: 'tilte' },
    { q: 'w49' },
    { q: 'a' },
    { q: 'title', type: ['post' as const] },
  ])('a search for %j comes from indexes, whatever fits', async (input) => {
    const explaining = new Explaining();
    await readFound(explaining, input, viewer);
    const done = explaining.plan.split('\n').filter((line) => !line.includes('never executed'));
    expect(done.join('\n')).not.toMatch(/Seq Scan on (?!access_heard)/);
    // What an index gives as a bitmap is as much as fits; rows are read up to the bounds alone.
    const read = done.filter((line) => !line.includes('Bitmap Index Scan'));
    expect(touched(read.join('\n'))).toBeLessThan(rows / 2);
  });
});
