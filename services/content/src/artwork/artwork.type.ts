import type { Artwork, ArtworkPatch, NewArtwork } from '@erato/contracts/content/artwork';
import { jsonOf } from '../access/json.js';
import { requireHttpsUrls } from '../link/https-url.js';
import type { PartType, PreparedPart } from '../resource/part-type.js';

function prepare(given: NewArtwork, path: string, mediaId: string | null): Promise<PreparedPart> {
  const { imageUrl, medium = null, year = null, alt = null } = given;
  requireHttpsUrls({ [`${path}.imageUrl`]: imageUrl });
  const shown: Artwork = { imageUrl, mediaId, medium, year, alt };
  return Promise.resolve({ values: [imageUrl, medium, year, alt], shown, text: null });
}

/** Artworks: an image and what is to be known of it. */
export const artworkType: PartType = {
  part: 'artwork',
  table: 'artworks',
  columns: { image_url: 'text', medium: 'text', year: 'smallint', alt: 'text' },
  json: jsonOf({
    imageUrl: 'p.image_url',
    mediaId: 'p.media_id',
    medium: 'p.medium',
    year: 'p.year',
    alt: 'p.alt',
  }),
  make: (given: NewArtwork, path) => prepare(given, path, null),
  patch: (standing: Artwork, patch: ArtworkPatch, path) =>
    prepare({ ...standing, ...patch }, path, standing.mediaId),
  given: ({ imageUrl, medium, year, alt }: Artwork): NewArtwork => ({ imageUrl, medium, year, alt }),
  textOf: () => null,
};
