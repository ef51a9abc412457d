import type { Writing } from '@erato/platform/database/writing';
import type { ResourceType } from '@erato/contracts/content/resource-parts';
import type { AuthorRow } from '../author/author-view.js';
import { audience, opening } from '../access/flags.js';
import { linkArrays } from '../link/link-view.js';
import type { KeptLink } from '../link/links.js';
import { sortKey } from '../workspace/workspace.entity.js';
import { partTypes } from './resource-types.js';
import type { PreparedPart } from './part-type.js';
import type { ResourceRow } from './resource-view.js';

/** A resource with all that is written with it. */
export interface NewResourceRows {
  readonly row: Omit<ResourceRow, 'open' | 'part'>;
  readonly part: PreparedPart | null;
  readonly authors: readonly AuthorRow[];
  readonly links: readonly KeptLink[];
}

/** How many parameters come before those of the part. */
const fixed = 22;
/** Of a link's columns, in their order. */
const linkColumns = ['uuid', 'smallint', 'text', 'text', 'text', 'text', 'timestamptz', 'timestamptz'];

/**
 * One statement for all of it. Author workspaces are locked for its time, so that none changes its visibility or goes away
 * unseen; where one is not there any more, or they are not open as was said, nothing is written.
 */
function insertion(type: ResourceType, has: { workspaces: boolean; links: boolean }): Writing {
  const own = partTypes[type];
  const columns = own ? Object.entries(own.columns) : [];
  const inRow = Object.entries(own?.inRow ?? {});
  const kept = fixed + columns.length;
  const links = kept + inRow.length;
  const rowOnOrganization = (which: string): string => `($4 = 'organization' AND EXISTS (
    SELECT FROM access_rows x WHERE x.object_type = 'organization' AND x.object_id = $5::text AND ${which}))`;
  const flags = { static_rows: rowOnOrganization(audience), opened: rowOnOrganization(opening) };
  const open = has.workspaces ? `NOT EXISTS (SELECT FROM locked WHERE visibility <> 'public')` : 'true';
  const parts = `
    ${has.workspaces ? `locked AS (SELECT visibility, static_rows, opened FROM workspaces WHERE id = ANY ($13::uuid[]) FOR SHARE),` : ''}
    made AS (
      INSERT INTO resources (id, short_id, type, owner_type, owner_id, title, title_key, excerpt, excerpt_given, status,
        publish_at, published_at, author_workspaces, author_users, created_at, updated_at, ${inRow.map(([name]) => `${name}, `).join('')}open,
        static_rows, opened)
      SELECT $1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::boolean, $10::text,
        $11::timestamptz, $12::timestamptz, $13::uuid[], $14::text[], $15::timestamptz, $15::timestamptz,
        ${inRow.map(([, sql], at) => `$${kept + 1 + at}::${sql}, `).join('')}${
          has.workspaces
            ? `${open},
               EXISTS (SELECT FROM locked WHERE static_rows) OR ${flags.static_rows},
               EXISTS (SELECT FROM locked WHERE opened) OR ${flags.opened}
               WHERE (SELECT count(*) FROM locked) = cardinality($13::uuid[]) AND`
            : `${open}, ${flags.static_rows}, ${flags.opened} WHERE`
        } ${open} = coalesce($22::boolean, ${open})
      RETURNING id, open, shown
    ), credited AS (
      INSERT INTO resource_authors (resource_id, author_type, author_id, role, accepted_at, listed_at, position, added_at, shown)
      SELECT made.id, a.type, a.id, a.role, a.accepted_at, a.listed_at, a.position, $15::timestamptz, made.shown
      FROM made, unnest($16::text[], $17::text[], $18::text[], $19::timestamptz[], $20::timestamptz[], $21::smallint[])
        AS a (type, id, role, accepted_at, listed_at, position)
    )${
      own
        ? `, part AS (INSERT INTO ${own.table} (resource_id, ${columns.map(([name]) => name).join(', ')})
             SELECT made.id, ${columns.map(([, sql], at) => `$${fixed + 1 + at}::${sql}`).join(', ')} FROM made)`
        : ''
    }${
      has.links
        ? `, linked AS (INSERT INTO external_links (subject_type, subject_id, id, position, name, url, icon, kind,
             created_at, updated_at)
           SELECT 'resource', made.id, l.* FROM made, unnest(${linkColumns
             .map((sql, at) => `$${links + 1 + at}::${sql}[]`)
             .join(', ')}) l)`
        : ''
    }`;
  return {
    parts,
    result: 'SELECT open FROM made',
    parameters: links + (has.links ? linkColumns.length : 0),
  };
}

/**
 * What writes it, and gives whether all author workspaces are public. Where they are `said` to be public or not and it is not so,
 * or one of them is gone, nothing is written.
 */
export function insertResource(
  { row, part, authors, links }: NewResourceRows,
  said: boolean | null,
): { writing: Writing; values: unknown[] } {
  const has = { workspaces: row.authorWorkspaces.length > 0, links: links.length > 0 };
  const listedAt = row.status === 'LISTED' ? row.publishedAt : null;
  const values = [
    row.id,
    row.shortId,
    row.type,
    row.ownerType,
    row.ownerId,
    row.title,
    row.title === null ? null : sortKey(row.title),
    row.excerpt,
    row.excerptGiven,
    row.status,
    row.publishAt,
    row.publishedAt,
    row.authorWorkspaces,
    row.authorUsers,
    row.createdAt,
    authors.map(({ authorType }) => authorType),
    authors.map(({ authorId }) => authorId),
    authors.map(({ role }) => role),
    authors.map(({ acceptedAt }) => acceptedAt),
    authors.map(({ acceptedAt }) => acceptedAt && listedAt),
    authors.map(({ position }) => position),
    said,
    ...(part?.values ?? []),
    ...(part?.inRow ?? []),
    ...(has.links ? linkArrays(links) : []),
  ];
  return { writing: insertion(row.type, has), values };
}
