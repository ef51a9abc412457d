import type { PageAuthor, ResourcePage } from '@erato/contracts/content/page';
import type { Markup } from '@erato/platform/html/markup';
import { clip } from './clip.js';
import { documentOf, type About, type Document } from './document.js';
import { addressOf, titleOf } from './entry.js';
import { largestPage, sizeOf } from './fitting.js';
import type { LinkRoom } from './links.js';
import { coverBody, coverParts } from './cover-body.js';
import { readBody, readParts } from './read-body.js';
import { isSeen, openGraphType } from './resource-types.js';
import { resourceData, toldImage } from './structured-data.js';
import { themeOf, type Theme } from './theme.js';

/** Where of a long resource a page stands: its text or its tracks go on over several. */
export interface Part {
  readonly content: Markup | null;
  readonly number: number;
  readonly of: number;
}

/** How much of each a page has room for, in bytes. */
export interface Room extends LinkRoom {
  readonly title: number;
  readonly excerpt: number;
  readonly author: number;
  readonly album: number;
}

/** What the body of a resource's page is made of. */
export interface Shown {
  readonly page: ResourcePage;
  readonly theme: Theme;
  readonly part: Part;
  readonly room: Room;
}

const wide: Room = { title: 2_000, excerpt: 2_000, author: 300, album: 300, link: 300, marks: true };
/** Where the rest leaves too little for text and tracks, it makes room for them. */
const close: Room = { title: 600, excerpt: 500, author: 48, album: 80, link: 48, marks: false };
/** How much text and tracks are to have at the least, in bytes, */
const wanted = 10_000;
/** and what they have in any case. */
const least = 1_500;

/** `GET /r/{shortId}`; null where the resource has no such part (`?part=2`). */
export function resourcePage(page: ResourcePage, origin: string, number: number): Document | null {
  const house = houseOf(page);
  const theme = themeOf(house?.themeConfig ?? null, house?.id ?? page.resource.id);
  const seen = isSeen(page.resource.type);
  const make = (room: Room, part: Part): Document =>
    documentOf(
      aboutOf(page, origin, theme, part),
      (seen ? coverBody : readBody)({ page, theme, part, room }),
    );
  const left = (room: Room): number => largestPage - sizeOf(make(room, { content: null, number: 1, of: 99 }));
  const inWide = left(wide);
  const [room, space] = inWide > wanted ? [wide, inWide] : [close, left(close)];
  const bytes = Math.min(12_000, Math.max(least, space));
  const parts = seen ? coverParts(page, bytes) : readParts(page, bytes);
  const content = parts[number - 1] ?? null;
  if (content === null && number > 1) return null;
  return make(room, { content, number, of: Math.max(1, parts.length) });
}

/** The workspace among its authors that comes first: the page is drawn in its colours. */
const houseOf = ({ authors }: ResourcePage): (PageAuthor & { slug: string }) | undefined =>
  authors.find((author): author is PageAuthor & { slug: string } => author.slug !== null);

function aboutOf(page: ResourcePage, origin: string, theme: Theme, { number }: Part): About {
  const { resource, authors } = page;
  const { shortId, type, excerpt, status, album, artwork, post } = resource;
  const [first] = authors;
  return {
    title: [titleOf(resource), ...(first ? [first.name] : [])].join(' · '),
    description: excerpt ?? '',
    address: `${origin}${addressOf(shortId)}${number > 1 ? `?part=${number}` : ''}`,
    theme,
    layout: isSeen(type) ? 'link' : 'read',
    listed: status === 'LISTED',
    properties: openGraph(page, origin),
    image: toldImage(album?.coverArtUrl, artwork?.imageUrl, post?.featuredImage, houseOf(page)?.avatarUrl),
    data: resourceData(page, origin),
    feed: null,
  };
}

/** What Open Graph wants to know of each kind (ogp.me). */
function openGraph(page: ResourcePage, origin: string): [string, string][] {
  const { type, song, album, publishedAt, updatedAt } = page.resource;
  const [on] = page.albums;
  const house = houseOf(page);
  const common = { 'og:type': openGraphType(type), 'og:site_name': house && clip(house.name, 200) };
  const facts: Record<string, string | null | undefined> =
    openGraphType(type) !== 'article'
      ? {
          ...common,
          'music:musician': house && `${origin}/@${house.slug}`,
          'music:album': on && `${origin}${addressOf(on.shortId)}`,
          'music:duration': song && song.duration > 0 ? String(song.duration) : null,
          'music:release_date': song?.releaseDate ?? album?.releaseDate,
        }
      : { ...common, 'article:published_time': publishedAt, 'article:modified_time': updatedAt };
  return Object.entries(facts).flatMap(([name, value]) => (value ? [[name, value]] : []));
}
