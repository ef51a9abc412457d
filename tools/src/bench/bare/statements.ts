/** Every statement of the limit; each is prepared once a connection under its name. */
const summary = `r.id, r.short_id AS "shortId", r.type, r.owner_type AS "ownerType", r.owner_id AS "ownerId", r.title,
  r.excerpt, r.status`;
const times = ['publish_at', 'published_at', 'created_at', 'updated_at'] as const;
const names = {
  publish_at: 'publishAt',
  published_at: 'publishedAt',
  created_at: 'createdAt',
  updated_at: 'updatedAt',
};

const asDates = times.map((time) => `r.${time} AS "${names[time]}"`).join(', ');
const asTexts = times
  .map((time) => `to_char(r.${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "${names[time]}"`)
  .join(', ');

const one = 'FROM resources r LEFT JOIN posts p ON p.resource_id = r.id WHERE r.id = $1';
const listed = `FROM resources r WHERE r.shown AND r.type = $1
  ORDER BY r.published_at DESC, r.id DESC LIMIT $2`;

/** One resource; columns for JavaScript to write as JSON. */
export const getColumns = {
  name: 'get-columns',
  text: `SELECT ${summary}, ${asDates}, r.version, p.body, p.body_html AS "bodyHtml", p.featured_image AS "featuredImage" ${one}`,
};

/** One resource; Postgres writes the JSON. */
export const getJson = {
  name: 'get-json',
  text: `SELECT row_to_json(x)::text AS json FROM (SELECT ${summary}, ${asTexts}, r.version,
    (SELECT row_to_json(y) FROM (SELECT p.body, p.body_html AS "bodyHtml", p.featured_image AS "featuredImage") AS y) AS post
    ${one}) AS x`,
};

/** One resource; the JSON that its row keeps, and that of its post. */
export const getKept = {
  name: 'get-kept',
  text: `SELECT r.json,
    (SELECT row_to_json(y) FROM (SELECT p.body, p.body_html AS "bodyHtml", p.featured_image AS "featuredImage") AS y)::text AS post
    ${one}`,
};

/** The newest resources of a type; columns. */
export const listColumns = {
  name: 'list-columns',
  text: `SELECT ${summary}, ${asDates}, r.version ${listed}`,
};

/** The same; each row as JSON, with what a cursor needs. */
export const listJson = {
  name: 'list-json',
  text: `SELECT row_to_json(x)::text AS json, x.id, x."publishedAt" FROM
    (SELECT ${summary}, ${asTexts}, r.version ${listed}) AS x`,
};

/** The same; the JSON that the rows keep, in lines. */
export const listKept = {
  name: 'list-kept',
  text: `SELECT string_agg(x.json, E'\\n') AS lines FROM (SELECT r.json ${listed}) AS x`,
};

/** A post with its authors and its event, in one statement. */
export const insert = {
  name: 'insert',
  text: `WITH resource AS (
      INSERT INTO resources (id, short_id, owner_type, owner_id, type, title, title_key, excerpt, status, published_at,
        author_workspaces, author_users, open, created_at, updated_at)
      VALUES ($1, $2, 'user', $3, $4, $5, lower($5), $6, $7, $8, $9, '{}', true, $8, $8)
    ), post AS (
      INSERT INTO posts (resource_id, body, body_html, featured_image) VALUES ($1, $10, $11, $12)
    ), authors AS (
      INSERT INTO resource_authors (resource_id, author_type, author_id, accepted_at, position, added_at, listed_at)
      SELECT $1, 'workspace', author.id, $8, author.at, $8, CASE WHEN $7 = 'LISTED' THEN $8::timestamptz END
      FROM unnest($9::uuid[]) WITH ORDINALITY AS author (id, at)
    )
    INSERT INTO bench_outbox (id, subject, body) VALUES ($13, $14, $15)`,
};
