import { HttpsUrl, Id, Nullable, Optional, Text, Whole } from '../kit/fields.js';
import { partCalls } from './part-calls.js';

/** The typed part of an artwork. */
export class Artwork {
  @HttpsUrl() imageUrl: string;
  /** The file of it among Erato's uploads; null until there are any, and not to be given. */
  @Id() @Nullable() mediaId: string | null;
  /** What it is made of: `oil on canvas`, `photograph`, … */
  @Text({ min: 1, max: 100 }) @Nullable() medium: string | null;
  @Whole({ min: 1, max: 9999 }) @Nullable() year: number | null;
  /** What is to be seen on it, for those who cannot see it. */
  @Text({ min: 1, max: 1000 }) @Nullable() alt: string | null;
}

export class NewArtwork {
  @HttpsUrl() imageUrl: string;
  @Text({ min: 1, max: 100 }) @Nullable() @Optional() medium?: string | null;
  @Whole({ min: 1, max: 9999 }) @Nullable() @Optional() year?: number | null;
  @Text({ min: 1, max: 1000 }) @Nullable() @Optional() alt?: string | null;
}

/** A merge patch of an artwork's part: what is left out stays. */
export class ArtworkPatch {
  @HttpsUrl() @Optional() imageUrl?: string;
  @Text({ min: 1, max: 100 }) @Nullable() @Optional() medium?: string | null;
  @Whole({ min: 1, max: 9999 }) @Nullable() @Optional() year?: number | null;
  @Text({ min: 1, max: 1000 }) @Nullable() @Optional() alt?: string | null;
}

/** The typed part alone, with the version of its resource. */
export class ArtworkPart extends Artwork {
  /** The resource's version; the ETag. */
  @Whole({ min: 1 }) version: number;
}

export class PutArtwork extends NewArtwork {
  @Id() id: string;
}

const given = {
  imageUrl: 'https://cdn.example.com/night-ferry.jpg',
  medium: 'linocut',
  year: 2025,
  alt: 'A ferry under the northern lights.',
};

export const artworks = partCalls('content.artwork', {
  path: 'artwork',
  word: 'artwork',
  put: PutArtwork,
  shown: ArtworkPart,
  example: { given, shown: { ...given, mediaId: null } },
});
