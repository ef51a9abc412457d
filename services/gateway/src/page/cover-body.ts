import type { Artwork } from '@erato/contracts/content/artwork';
import type { ResourcePage } from '@erato/contracts/content/page';
import { markup, Markup } from '@erato/platform/html/markup';
import { coverOf } from './artwork.js';
import { clip } from './clip.js';
import { clockOf, isoDuration } from './duration.js';
import { addressOf, dayOf, titleOf } from './entry.js';
import { buttonsOf } from './links.js';
import { byLine, turning } from './read-body.js';
import type { Room, Shown } from './resource-page.js';
import { typeName } from './resource-types.js';
import { trackLists } from './track-list.js';

/** An album's tracks in as many pages as it takes; nothing of what has none. */
export const coverParts = ({ tracks }: ResourcePage, bytes: number): Markup[] => trackLists(tracks, bytes);

/** What is heard or seen: its cover, who made it, where to find it, and of an album its tracks. */
export function coverBody({ page, theme, part, room }: Shown): Markup {
  const { resource, authors } = page;
  const { excerpt, links = [], shortId } = resource;
  return markup`<main id="main"><article class="duo">
    <div class="cover">${coverOf(resource.id, theme)}</div>
    <div>
      <div class="head">
        <p class="kind">${typeName(resource.type)}</p>
        <h1 dir="auto">${titleOf(resource, room.title)}</h1>
        ${authors.length === 0 ? null : markup`<p class="by">${byLine(authors, room)}</p>`}
        <p class="meta">${factsOf(page)}</p>
        ${albumsOf(page, room)}
        ${excerpt === null ? null : markup`<p class="lead" dir="auto">${clip(excerpt, room.excerpt)}</p>`}
      </div>
      ${resource.artwork && pictureOf(resource.artwork, room)}
      ${part.number === 1 ? buttonsOf(shortId, links, room) : null}
      ${part.content}
      ${turning(shortId, part)}
    </div>
  </article></main>`;
}

/** Of a song: where else it is heard. */
const albumsOf = ({ albums }: ResourcePage, room: Room): Markup | null =>
  albums.length === 0
    ? null
    : markup`<p class="meta">From ${albums.map(
        ({ shortId, title }, at) =>
          markup`${at === 0 ? '' : ', '}<a href="${addressOf(shortId)}" dir="auto">${clip(title, room.album)}</a>`,
      )}</p>`;

/** A picture stands elsewhere, so the page says what it shows, and leads there. */
const pictureOf = ({ imageUrl, alt }: Artwork, room: Room): Markup => markup`
  ${alt && markup`<p class="about" dir="auto">${clip(alt, room.excerpt)}</p>`}
  <p class="list">${imageUrl.length > 1_000 ? null : markup`<a href="${imageUrl}" rel="nofollow noopener">See the picture</a>`}</p>`;

/** When it came out, how much of it there is, and of what kind. */
function factsOf({ resource, tracks }: ResourcePage): Markup {
  const { song, album, artwork, publishedAt } = resource;
  const released = song?.releaseDate ?? album?.releaseDate ?? publishedAt;
  const seconds = song?.duration ?? tracks.reduce((sum, { duration }) => sum + duration, 0);
  const facts = [
    released && dayOf(released),
    tracks.length === 0 ? null : markup`${tracks.length} ${tracks.length === 1 ? 'track' : 'tracks'}`,
    seconds > 0 ? markup`<time datetime="${isoDuration(seconds)}">${clockOf(seconds)}</time>` : null,
    named(song?.genre ?? artwork?.medium),
    artwork?.year ? markup`${artwork.year}` : null,
  ].filter((fact) => fact !== null && fact !== '');
  return markup`${facts.map((fact, at) => markup`${at === 0 ? '' : ' · '}${fact}`)}`;
}

const named = (word: string | null | undefined): Markup | null =>
  word ? markup`<span dir="auto">${word}</span>` : null;
