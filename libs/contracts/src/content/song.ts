import { Day, HttpsUrl, Id, Nullable, Optional, Text, Whole } from '../kit/fields.js';
import { partCalls } from './part-calls.js';

/** ISO 3901 (2019): country, registrant, year, designation. */
const isrcForm = /^[A-Za-z]{2}-?[A-Za-z0-9]{3}-?\d{2}-?\d{5}$/;
/** ISO 15707, with or without the points and hyphens of its printed form. */
const iswcForm = /^[Tt]-?\d{3}\.?\d{3}\.?\d{3}[-.]?\d$/;

/** The longest song in seconds: a day. */
const longest = 86_400;

/** The typed part of a song. */
export class Song {
  /** Seconds. */
  @Whole({ max: longest }) duration: number;
  /** As it was given; lists are filtered by it without regard to case. */
  @Text({ min: 1, max: 50 }) @Nullable() genre: string | null;
  @Day() @Nullable() releaseDate: string | null;
  /** The recording: ISRC without hyphens. */
  @Text({ max: 12 }) @Nullable() isrc: string | null;
  /** The work: ISWC without points and hyphens. */
  @Text({ max: 11 }) @Nullable() iswc: string | null;
  /** Where it can be heard; shown to who may read the song, and nowhere else. */
  @HttpsUrl() @Nullable() audioUrl: string | null;
  /** The file of it among Erato's uploads; null until there are any, and not to be given. */
  @Id() @Nullable() mediaId: string | null;
  /** The studio's track of which it was made; null until there is a studio, and not to be given. */
  @Id() @Nullable() studioTrackId: string | null;
}

export class NewSong {
  /** Seconds: 0 to a day. */
  @Whole({ max: longest }) duration: number;
  @Text({ min: 1, max: 50 }) @Nullable() @Optional() genre?: string | null;
  @Day() @Nullable() @Optional() releaseDate?: string | null;
  /** ISRC, with or without its hyphens: `DE-A01-25-00042`. */
  @Text({ max: 15, pattern: isrcForm }) @Nullable() @Optional() isrc?: string | null;
  /** ISWC, with or without its points and hyphens: `T-034.524.680-1`. Its check digit must be right. */
  @Text({ max: 15, pattern: iswcForm }) @Nullable() @Optional() iswc?: string | null;
  @HttpsUrl() @Nullable() @Optional() audioUrl?: string | null;
}

/** A merge patch of a song's part: what is left out stays. */
export class SongPatch {
  @Whole({ max: longest }) @Optional() duration?: number;
  @Text({ min: 1, max: 50 }) @Nullable() @Optional() genre?: string | null;
  @Day() @Nullable() @Optional() releaseDate?: string | null;
  @Text({ max: 15, pattern: isrcForm }) @Nullable() @Optional() isrc?: string | null;
  @Text({ max: 15, pattern: iswcForm }) @Nullable() @Optional() iswc?: string | null;
  @HttpsUrl() @Nullable() @Optional() audioUrl?: string | null;
}

/** The typed part alone, with the version of its resource. */
export class SongPart extends Song {
  /** The resource's version; the ETag. */
  @Whole({ min: 1 }) version: number;
}

export class PutSong extends NewSong {
  @Id() id: string;
}

const fields = {
  duration: 214,
  genre: 'Indie pop',
  releaseDate: '2025-09-12',
  audioUrl: 'https://cdn.example.com/northbound.flac',
};

export const songs = partCalls('content.song', {
  path: 'song',
  word: 'song',
  put: PutSong,
  shown: SongPart,
  example: {
    given: { ...fields, isrc: 'DE-A01-25-00042', iswc: 'T-034.524.680-1' },
    shown: { ...fields, isrc: 'DEA012500042', iswc: 'T0345246801', mediaId: null, studioTrackId: null },
  },
});
