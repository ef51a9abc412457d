import { asIs, Shape, text, time, word } from '../access/shape.js';

/** A body that is longer stays out of feeds, whose entries lead to the page: a feed is one message. In bytes. */
const longestBody = 24 * 1024;

const entry = {
  id: word('r.id'),
  shortId: word('r.short_id'),
  type: word('r.type'),
  title: text('r.title'),
  excerpt: text('r.excerpt'),
  duration: asIs(
    `CASE r.type WHEN 'song' THEN (SELECT p.duration FROM songs p WHERE p.resource_id = r.id) END`,
  ),
  publishedAt: time('r.published_at'),
  updatedAt: time('r.updated_at'),
};

const bodyOf = (table: string): string =>
  `(SELECT p.body_html FROM ${table} p WHERE p.resource_id = r.id AND octet_length(p.body_html) <= ${longestBody})`;

/** {@link PageEntry} */
export const pageEntryShape = new Shape(entry);

/** {@link FeedEntry} */
export const feedEntryShape = new Shape({
  ...entry,
  bodyHtml: text(
    `CASE r.type WHEN 'post' THEN ${bodyOf('posts')} WHEN 'press-release' THEN ${bodyOf('press_releases')} END`,
  ),
});
