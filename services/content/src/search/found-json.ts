import type { ResourceType } from '@erato/contracts/content/resource-parts';
import type { FoundType } from '@erato/contracts/content/search';
import { jsonOf, timeOf } from '../access/json.js';
import { partTypes } from '../resource/resource-types.js';

/** The column of a type's table that holds its picture; null where it has none. */
const pictures: Readonly<Record<ResourceType, string | null>> = {
  post: 'featured_image',
  status: null,
  song: null,
  album: 'cover_art_url',
  artwork: 'image_url',
  'press-release': null,
};

const picture = Object.entries(pictures)
  .flatMap(([type, column]) => {
    const own = partTypes[type as ResourceType];
    if (!own || column === null) return [];
    return [`WHEN '${type}' THEN (SELECT p.${column} FROM ${own.table} p WHERE p.resource_id = r.id)`];
  })
  .join(' ');

/** `Found` written by Postgres, of the row `r` with the number `score` beside it. */
export const foundJson: Readonly<Record<FoundType, string>> = {
  workspace: jsonOf({
    type: `'workspace'`,
    id: 'r.id',
    title: 'r.name',
    excerpt: 'left(r.description, 320)',
    resourceType: 'NULL',
    kind: 'r.kind',
    slug: 'r.slug',
    shortId: 'NULL',
    imageUrl: 'r.avatar_url',
    publishedAt: 'NULL',
    score: 'f.score',
  }),
  resource: jsonOf({
    type: `'resource'`,
    id: 'r.id',
    title: 'r.title',
    excerpt: 'r.excerpt',
    resourceType: 'r.type',
    kind: 'NULL',
    slug: 'NULL',
    shortId: 'r.short_id',
    imageUrl: `CASE r.type ${picture} END`,
    publishedAt: timeOf('r.published_at'),
    score: 'f.score',
  }),
};
