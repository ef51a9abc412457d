import type { PageAlbum, PageAuthor, ResourcePage, WorkspacePage } from '@erato/contracts/content/page';
import type { WorkspaceKind } from '@erato/contracts/content/workspace';
import { clip, oneLine } from './clip.js';
import { isoDuration } from './duration.js';
import { addressOf, titleOf } from './entry.js';

type Json = Record<string, unknown>;

/** The longest text of schema.org's description of a page, in bytes. */
const longest = 500;

const typeOf = (kind: WorkspaceKind): string => (kind === 'artist' ? 'MusicGroup' : 'Organization');

/** The longest address of a picture that is told to others, in characters: a page has a size. */
const longestAddress = 600;

/** A picture that an artist named, for those who show links; the page itself does not load it. */
export const toldImage = (...addresses: readonly (string | null | undefined)[]): string | null =>
  addresses.find((each) => each && each.length <= longestAddress) ?? null;

/** Without what has no value. */
const filled = (data: Json): Json =>
  Object.fromEntries(
    Object.entries(data).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  );

const context = { '@context': 'https://schema.org' };

/** A workspace in schema.org's words. */
export function workspaceData({ workspace }: WorkspacePage, origin: string): Json {
  const address = `${origin}/@${workspace.slug}`;
  const same = (workspace.links ?? []).filter(
    ({ kind, url }) => (kind === 'stream' || kind === 'social') && url.length <= 300,
  );
  return filled({
    ...context,
    '@type': typeOf(workspace.kind),
    '@id': address,
    url: address,
    name: workspace.name,
    description: clip(oneLine(workspace.description ?? ''), longest),
    image: toldImage(workspace.avatarUrl),
    sameAs: same.length > 0 ? same.slice(0, 8).map(({ url }) => url) : null,
  });
}

const authorData = ({ kind, name, slug }: PageAuthor, origin: string): Json =>
  filled({
    '@type': kind === null ? 'Person' : typeOf(kind),
    name: clip(name, 200),
    url: slug && `${origin}/@${slug}`,
  });

/** A resource in schema.org's words. */
export function resourceData(page: ResourcePage, origin: string): Json {
  const { resource, authors } = page;
  const address = `${origin}${addressOf(resource.shortId)}`;
  const by = authors.slice(0, 4).map((author) => authorData(author, origin));
  const common = { ...context, '@id': address, url: address };
  const words = {
    headline: titleOf(resource, longest),
    datePublished: resource.publishedAt,
    dateModified: resource.updatedAt,
    author: by.length > 0 ? by : null,
    description: clip(oneLine(resource.excerpt ?? ''), longest),
  };
  switch (resource.type) {
    case 'status':
      return filled({ ...common, '@type': 'SocialMediaPosting', ...words, description: null });
    case 'post':
      return filled({
        ...common,
        '@type': 'BlogPosting',
        ...words,
        image: toldImage(resource.post?.featuredImage),
      });
    case 'press-release':
      return filled({ ...common, '@type': 'NewsArticle', ...words });
    case 'artwork':
      return filled({ ...common, ...artworkData(page), creator: by.length > 0 ? by : null });
    case 'song':
      return filled({ ...common, ...songData(page, origin), byArtist: by.length > 0 ? by : null });
    case 'album':
      return filled({ ...common, ...albumData(page, origin), byArtist: by.length > 0 ? by : null });
  }
}

const songData = (
  { resource: { title, song, publishedAt }, albums }: ResourcePage,
  origin: string,
): Json => ({
  '@type': 'MusicRecording',
  name: title && clip(title, longest),
  duration: song && song.duration > 0 ? isoDuration(song.duration) : null,
  datePublished: song?.releaseDate ?? publishedAt,
  genre: song?.genre,
  isrcCode: song?.isrc,
  inAlbum: albums.length > 0 ? albums.map((album) => albumNamed(album, origin)) : null,
});

const albumNamed = ({ title, shortId }: PageAlbum, origin: string): Json => ({
  '@type': 'MusicAlbum',
  name: clip(title, 80),
  url: `${origin}${addressOf(shortId)}`,
});

/** A few tracks are named, all are counted. */
function albumData({ resource: { title, album, publishedAt }, tracks }: ResourcePage, origin: string): Json {
  const named = tracks.slice(0, 10).map((track) => ({
    '@type': 'MusicRecording',
    name: clip(track.title, 80),
    url: `${origin}${addressOf(track.shortId)}`,
    duration: isoDuration(track.duration),
  }));
  return {
    '@type': 'MusicAlbum',
    name: title && clip(title, longest),
    datePublished: album?.releaseDate ?? publishedAt,
    image: toldImage(album?.coverArtUrl),
    gtin: album?.upc,
    numTracks: tracks.length,
    track: named.length > 0 ? named : null,
  };
}

const artworkData = ({ resource: { title, artwork, excerpt } }: ResourcePage): Json => ({
  '@type': 'VisualArtwork',
  name: title && clip(title, longest),
  description: clip(oneLine(artwork?.alt ?? excerpt ?? ''), longest),
  image: toldImage(artwork?.imageUrl),
  artMedium: artwork?.medium,
  dateCreated: artwork?.year === null || artwork?.year === undefined ? null : String(artwork.year),
});
