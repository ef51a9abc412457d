import { Day, HttpsUrl, Id, Nullable, Optional, Text, Whole } from '../kit/fields.js';
import { partCalls } from './part-calls.js';

/** UPC-A (12 digits) or EAN-13. */
const upcForm = /^\d{12,13}$/;

/** The typed part of an album; its songs are its tracks. */
export class Album {
  @Day() @Nullable() releaseDate: string | null;
  @HttpsUrl() @Nullable() coverArtUrl: string | null;
  /** UPC-A or EAN-13. */
  @Text({ max: 13 }) @Nullable() upc: string | null;
}

export class NewAlbum {
  @Day() @Nullable() @Optional() releaseDate?: string | null;
  @HttpsUrl() @Nullable() @Optional() coverArtUrl?: string | null;
  /** UPC-A (12 digits) or EAN-13; its check digit must be right. */
  @Text({ max: 13, pattern: upcForm }) @Nullable() @Optional() upc?: string | null;
}

/** A merge patch of an album's part: what is left out stays. */
export class AlbumPatch extends NewAlbum {}

/** The typed part alone, with the version of its resource. */
export class AlbumPart extends Album {
  /** The resource's version; the ETag. */
  @Whole({ min: 1 }) version: number;
}

export class PutAlbum extends NewAlbum {
  @Id() id: string;
}

const given = {
  releaseDate: '2025-09-12',
  coverArtUrl: 'https://cdn.example.com/night-ferry.jpg',
  upc: '4006381333931',
};

export const albums = partCalls('content.album', {
  path: 'album',
  word: 'album',
  put: PutAlbum,
  shown: AlbumPart,
  example: { given, shown: given },
});
