import type {
  ListProfile,
  ListResources,
  ResourceSort,
  ResourceStatus,
} from '@erato/contracts/content/resource';
import { anyOf, beginsWith, listOf } from '../access/filters.js';
import type { Listing, ShownSort } from '../access/listing.js';
import type { Parameters } from '../access/parameters.js';
import { sortKey } from '../workspace/workspace.entity.js';

const sorts = {
  createdAt: { field: 'createdAt', column: 'r.created_at', type: 'timestamptz' },
  publishedAt: { field: 'publishedAt', column: 'r.published_at', type: 'timestamptz', nullable: true },
  title: { field: 'title', column: 'r.title_key', type: 'text', nullable: true },
} as const satisfies Readonly<Record<string, Omit<ShownSort, 'descending'>>>;

/** Drafts are decided as `update`, and so is UNLISTED in a list (content.md, Rules). */
const asUpdate = `(r.status = 'UNLISTED' OR r.published_at IS NULL)`;

/** The general list. */
export function resourceListing(input: ListResources): Listing {
  const { sort = '-createdAt', status = ['LISTED'] } = input;
  return {
    kind: 'resource',
    named: ['resources', listOf(input)],
    request: input,
    sort: sortOf(sort),
    filters: (into) => filterOf(input, status, into),
    shown: status.includes('LISTED'),
    rest: true,
    asUpdate,
    json: 'r.json',
  };
}

/** What a workspace has published and lists, newest first. */
export function profileListing(input: ListProfile): Listing {
  return {
    kind: 'resource',
    named: ['profile', listOf(input)],
    request: input,
    sort: { field: 'publishedAt', column: 'r.published_at', type: 'timestamptz', descending: true },
    filters: (into) =>
      ` AND a.author_id = ${into.add(input.id.toLowerCase(), 'text')} AND a.author_type = 'workspace'` +
      ` AND a.listed_at IS NOT NULL${anyOf('r.type', input.type, into)}`,
    within: {
      from: 'resource_authors a JOIN resources r ON r.id = a.resource_id',
      at: 'a.listed_at',
      id: 'a.resource_id',
    },
    shown: true,
    rest: false,
    asUpdate,
    json: 'r.json',
  };
}

function sortOf(sort: ResourceSort): ShownSort {
  const descending = sort.startsWith('-');
  const field = (descending ? sort.slice(1) : sort) as keyof typeof sorts;
  return { ...sorts[field], descending };
}

function filterOf(filters: ListResources, status: readonly ResourceStatus[], into: Parameters): string {
  const { type, ownerType, ownerId, authorType, authorId, genre, q } = filters;
  return [
    anyOf('r.type', type, into),
    status.length === 2 ? '' : anyOf('r.status', status, into),
    anyOf('r.owner_id', ownerId, into),
    anyOf('r.owner_type', ownerType, into),
    authorId || authorType
      ? ` AND r.id IN (SELECT resource_id FROM resource_authors WHERE accepted_at IS NOT NULL${anyOf('author_id', authorId, into)}${anyOf('author_type', authorType, into)})`
      : '',
    // The index holds songs with a genre alone; of several values Postgres does not see that none is null.
    genre ? `${anyOf('r.genre_key', genre.map(sortKey), into)} AND r.genre_key IS NOT NULL` : '',
    q === undefined ? '' : beginsWith('r.title_key', q, into),
  ].join('');
}
