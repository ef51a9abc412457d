import { jsonOf, timeOf } from '../access/json.js';

/** A body that is longer stays out of feeds, whose entries lead to the page: a feed is one message. In bytes. */
const longestBody = 24 * 1024;

const entry = {
  id: 'r.id',
  shortId: 'r.short_id',
  type: 'r.type',
  title: 'r.title',
  excerpt: 'r.excerpt',
  duration: `CASE r.type WHEN 'song' THEN (SELECT p.duration FROM songs p WHERE p.resource_id = r.id) END`,
  publishedAt: timeOf('r.published_at'),
  updatedAt: timeOf('r.updated_at'),
};

const bodyOf = (table: string): string =>
  `(SELECT p.body_html FROM ${table} p WHERE p.resource_id = r.id AND octet_length(p.body_html) <= ${longestBody})`;

/** {@link PageEntry} */
export const pageEntryJson = jsonOf(entry);

/** {@link FeedEntry} */
export const feedEntryJson = jsonOf({
  ...entry,
  bodyHtml: `CASE r.type WHEN 'post' THEN ${bodyOf('posts')} WHEN 'press-release' THEN ${bodyOf('press_releases')} END`,
});
