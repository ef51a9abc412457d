import type { PageAuthor, ResourcePage } from '@erato/contracts/content/page';
import type { PressRelease } from '@erato/contracts/content/press-release';
import { markup, Markup } from '@erato/platform/html/markup';
import { clip } from './clip.js';
import { addressOf, dayOf } from './entry.js';
import { buttonsOf } from './links.js';
import { partsOf } from './prose.js';
import type { Part, Room, Shown } from './resource-page.js';
import { typeName } from './resource-types.js';

/** The body of what has one in as many pages as it takes. */
export const readParts = ({ resource: { post, pressRelease } }: ResourcePage, bytes: number): Markup[] =>
  partsOf(post?.bodyHtml ?? (pressRelease ? releaseOf(pressRelease) : ''), bytes).map(
    (html) => new Markup(html),
  );

/** A press release with what stands below each one of its house. */
const releaseOf = ({ bodyHtml, boilerplate, contact }: PressRelease): string =>
  markup`${new Markup(bodyHtml)}
    ${boilerplate && markup`<h2>About</h2><p>${boilerplate}</p>`}
    ${contact && markup`<h2>Contact</h2><p>${contact}</p>`}`.text;

/** What is read: a post or press release with its text, a status as it was said. */
export function readBody({ page, part, room }: Shown): Markup {
  const { resource, authors } = page;
  const { title, publishedAt, links = [] } = resource;
  const said = title === null;
  return markup`<main id="main"><article>
    <div class="head">
      <p class="kind">${typeName(resource.type)}</p>
      <h1 dir="auto"${said ? markup` class="small"` : null}>${said ? noteOf(authors, room) : clip(title, room.title)}</h1>
      <p class="by meta">${said ? null : byLine(authors, room)}${publishedAt && dayOf(publishedAt)}</p>
    </div>
    ${said ? markup`<p class="say" dir="auto">${clip(resource.excerpt ?? '', room.excerpt)}</p>` : null}
    ${part.content && markup`<div class="prose" dir="auto">${part.content}</div>`}
    ${turning(resource.shortId, part)}
    ${part.number === 1 ? buttonsOf(resource.shortId, links, room) : null}
  </article></main>`;
}

const noteOf = (authors: readonly PageAuthor[], room: Room): Markup =>
  authors.length === 0 ? markup`A note` : markup`A note by ${names(authors, room)}`;

/** Who made it, each who has a page by a link to it. */
export const byLine = (authors: readonly PageAuthor[], room: Room): Markup | null =>
  authors.length === 0 ? null : markup`<span>by ${names(authors, room)}</span>`;

const names = (authors: readonly PageAuthor[], room: Room): Markup[] =>
  authors.map(
    (author, at) =>
      markup`${at === 0 ? '' : at === authors.length - 1 ? ' & ' : ', '}${nameOf(author, room)}`,
  );

const nameOf = ({ name, slug }: PageAuthor, room: Room): Markup =>
  slug === null
    ? markup`<span dir="auto">${clip(name, room.author)}</span>`
    : markup`<a href="/@${slug}" dir="auto">${clip(name, room.author)}</a>`;

/** To the parts before and behind, by plain links. */
export function turning(shortId: string, { number, of }: Part): Markup | null {
  if (of === 1) return null;
  const address = addressOf(shortId);
  const before = number === 2 ? address : `${address}?part=${number - 1}`;
  return markup`<nav class="pages" aria-label="Pages">
    ${number > 1 ? markup`<a rel="prev" href="${before}">← Back</a>` : null}
    ${number < of ? markup`<a class="next" rel="next" href="${address}?part=${number + 1}">Go on (${number + 1} of ${of}) →</a>` : null}
  </nav>`;
}
