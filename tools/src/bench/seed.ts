import { withClient } from '../postgres/connect.js';

/** A post about every minute and a half: a million of them make three years. */
const secondsApart = 90;
/** Users and workspaces grow with the number of resources. */
const resourcesPerWorkspace = 20;
const resourcesPerOwner = 10;

/** Version 7 ids whose time is `at`, told apart by a text: the same row gets the same id in every run at one time. */
const idAt = (at: string, name: string): string => `(
  lpad(to_hex((extract(epoch FROM ${at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(${name}), 1, 3) ||
  'a' || substr(md5(${name}), 4, 15))::uuid`;

const alphabet = '346789ABCDEFGHJKLMNPQRTUVWXYabcdefghijkmnpqrtwxyz';
/** Ten characters, different for different numbers: multiplication by a number without a common factor mixes them. */
const shortIdOf = (number: string): string => {
  const mixed = `((${number}::numeric * 611946171907 + 20220515) % 511116753300641)::bigint`;
  const digits = Array.from(
    { length: 9 },
    (_, at) => `substr('${alphabet}', ((${mixed} / ${String(49 ** at)}) % 49)::int + 1, 1)`,
  );
  return `('b' || ${digits.join(' || ')})`;
};

const words = `'Between two rehearsals we found a tape from the first winter and put it on again. '`;

/**
 * Fills the tables of content with workspaces and resources by numbers `from` to `to`; 1 is the newest. Nine of ten workspaces
 * are public; of the resources 80 % are posts, 20 % statuses; 85 % are listed; 4 % are drafts; 60 % have a workspace as
 * author, 10 % two, 30 % their owner. Bodies have 300 to 3,000 characters, most of them few.
 */
function statements(from: number, to: number, now: string): string[] {
  const range = `generate_series(${String(to)}, ${String(from)}, -1) AS g`;
  const workspaces = `generate_series(${String(workspaceOf(from))}, ${String(workspaceOf(to))}) AS w`;
  const made = `('${now}'::timestamptz(3) - g * interval '${String(secondsApart)} seconds')`;
  const workspaceMade = `('${now}'::timestamptz(3) - interval '4 years' + w * interval '1 second')`;
  const workspace = (shift: number): string =>
    `(g / ${String(resourcesPerWorkspace)} + ${String(shift)} * (g % 7)) % (g / ${String(resourcesPerWorkspace)} + 1)`;
  const workspaceId = (number: string): string =>
    idAt(
      `('${now}'::timestamptz(3) - interval '4 years' + (${number}) * interval '1 second')`,
      `'w' || (${number})`,
    );
  const owner = (number: string): string => `'user_bench_' || lpad((${number})::text, 8, '0')`;
  return [
    `INSERT INTO workspaces (id, name, name_key, slug, kind, owner_type, owner_id, visibility, created_at, updated_at)
     SELECT ${idAt(workspaceMade, `'w' || w`)}, 'Artist ' || w, 'artist ' || w, 'artist-' || w, 'artist', 'user',
       ${owner('w')}, CASE WHEN w % 10 = 3 THEN 'private' ELSE 'public' END, ${workspaceMade}, ${workspaceMade}
     FROM ${workspaces}`,
    `CREATE TEMP TABLE seeded AS
     SELECT g, ${idAt(made, `'r' || g`)} AS id, ${made} AS made, ${owner(`g / ${String(resourcesPerOwner)}`)} AS owner,
       CASE WHEN g % 5 = 1 THEN 'status' ELSE 'post' END AS type, g % 25 = 7 AS draft,
       CASE WHEN g % 10 < 3 THEN '{}'::int[]
         WHEN g % 10 < 9 OR ${workspace(0)} = ${workspace(1)} THEN ARRAY[${workspace(0)}]
         ELSE ARRAY[${workspace(0)}, ${workspace(1)}] END AS workspaces
     FROM ${range}`,
    `INSERT INTO resources (id, short_id, owner_type, owner_id, type, title, title_key, excerpt, status, published_at,
       author_workspaces, author_users, open, created_at, updated_at, version)
     SELECT id, ${shortIdOf('g')}, 'user', owner, type,
       CASE WHEN type = 'post' THEN 'Notes from the road, part ' || g END,
       CASE WHEN type = 'post' THEN 'notes from the road, part ' || g END,
       substr(repeat(${words}, 4), 1, 120 + (g % 160)::int),
       CASE WHEN g % 20 < 3 THEN 'UNLISTED' ELSE 'LISTED' END, CASE WHEN NOT draft THEN made END,
       ARRAY(SELECT ${workspaceId('w')} FROM unnest(workspaces) AS w),
       CASE WHEN workspaces = '{}' THEN ARRAY[owner] ELSE '{}' END,
       NOT EXISTS (SELECT FROM unnest(workspaces) AS w WHERE w % 10 = 3), made, made, 1
     FROM seeded ORDER BY g DESC`,
    `INSERT INTO posts (resource_id, body, body_html, featured_image)
     SELECT id, body, '<p>' || body || '</p>',
       CASE WHEN g % 3 = 0 THEN 'https://cdn.example.com/images/' || g || '.jpg' END
     FROM seeded, LATERAL (SELECT trim(substr(repeat(${words}, 40), 1,
       (300 + 2700 * power((g * 7919 % 1000) / 1000.0, 4))::int)) AS body) AS b
     WHERE type = 'post' ORDER BY g DESC`,
    `INSERT INTO resource_authors (resource_id, author_type, author_id, accepted_at, position, added_at, listed_at)
     SELECT id, 'workspace', (${workspaceId('w')})::text, made, at, made,
       CASE WHEN NOT draft AND g % 20 >= 3 THEN made END
     FROM seeded, unnest(workspaces) WITH ORDINALITY AS author (w, at) ORDER BY g DESC`,
    `INSERT INTO resource_authors (resource_id, author_type, author_id, accepted_at, position, added_at, listed_at)
     SELECT id, 'user', owner, made, 1, made, CASE WHEN NOT draft AND g % 20 >= 3 THEN made END
     FROM seeded WHERE workspaces = '{}' ORDER BY g DESC`,
    'DROP TABLE seeded',
  ];
}

const workspaceOf = (resource: number): number =>
  resource === 1 ? 0 : Math.floor((resource - 1) / resourcesPerWorkspace) + 1;

/** Grows the installation to resources number `from` to `to`, and leaves the tables as a settled installation has them. */
export async function seed(databaseUrl: string, from: number, to: number, now: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query(`SET work_mem = '64MB'; SET statement_timeout = 0`);
    for (const text of statements(from, to, now)) await client.query(text);
    await client.query('VACUUM (ANALYZE) workspaces, resources, posts, resource_authors, outbox');
    await client.query('CHECKPOINT').catch(() => undefined);
  });
}

/** Ids of posts that everybody may read, spread evenly over all of them. */
export async function readablePosts(databaseUrl: string, count: number): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS at, count(*) OVER () AS total
         FROM resources WHERE shown AND type = 'post') AS posts
       WHERE at % greatest(1, total / $1::int) = 0 LIMIT $1`,
      [count],
    );
    return mixed(rows.map(({ id }) => id));
  });
}

/** The same order in every run, without a pattern that a cache could like. */
function mixed<T>(values: readonly T[]): T[] {
  const order = [...values];
  let state = 1;
  for (let at = order.length - 1; at > 0; at--) {
    state = (state * 48_271) % 2_147_483_647;
    const other = state % (at + 1);
    const [a, b] = [order[at], order[other]];
    if (a === undefined || b === undefined) continue;
    order[at] = b;
    order[other] = a;
  }
  return order;
}
