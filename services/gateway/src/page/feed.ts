import { markup, Markup, writable } from '@erato/platform/html/markup';
import type { FeedEntry, FeedPage } from '@erato/contracts/content/page';
import { addressOf, titleOf } from './entry.js';

/** A workspace's Atom feed (RFC 4287). Ids are those of the objects, so they stay whatever the address of the site is. */
export function atomOf({ workspace, entries }: FeedPage, origin: string): string {
  const page = `${origin}/@${workspace.slug}`;
  const updated = entries.data.reduce(
    (latest, each) => (each.updatedAt > latest ? each.updatedAt : latest),
    workspace.updatedAt,
  );
  const feed = markup`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="${origin}/">
    <id>urn:uuid:${workspace.id}</id>
    <title>${workspace.name}</title>
    ${workspace.description === null ? null : markup`<subtitle>${workspace.description}</subtitle>`}
    <updated>${updated}</updated>
    <link rel="self" type="application/atom+xml" href="${page}/feed.xml"/>
    <link rel="alternate" type="text/html" href="${page}"/>
    <author><name>${workspace.name}</name><uri>${page}</uri></author>
    <generator>Erato</generator>
    ${entries.data.map((each) => entryOf(each, origin))}
  </feed>`;
  return `<?xml version="1.0" encoding="utf-8"?>\n${feed.text}\n`;
}

const entryOf = (entry: FeedEntry, origin: string): Markup => markup`
  <entry>
    <id>urn:uuid:${entry.id}</id>
    <title>${titleOf(entry)}</title>
    <published>${entry.publishedAt}</published>
    <updated>${entry.updatedAt}</updated>
    <link rel="alternate" type="text/html" href="${origin}${addressOf(entry.shortId)}"/>
    ${entry.excerpt === null || entry.bodyHtml === null ? null : markup`<summary>${entry.excerpt}</summary>`}
    <content type="html">${contentOf(entry).text}</content>
  </entry>`;

/** The body; or what stands in for it. It is HTML written as text, so it is escaped once more. */
function contentOf({ bodyHtml, excerpt, title, shortId }: FeedEntry): Markup {
  if (bodyHtml !== null) return new Markup(writable(bodyHtml));
  const more = title === null ? null : markup`<p><a href="${addressOf(shortId)}">${title}</a></p>`;
  return markup`${excerpt === null ? null : markup`<p>${excerpt}</p>`}${more}`;
}
