import type { NewSong, Song, SongPatch } from '@erato/contracts/content/song';
import { jsonOf } from '../access/json.js';
import { requireHttpsUrls } from '../link/https-url.js';
import type { PartType, PreparedPart } from '../resource/part-type.js';
import { sortKey } from '../workspace/workspace.entity.js';
import { isrcOf } from './isrc.js';
import { iswcOf } from './iswc.js';

/** What cannot be given, and what it is until something else gives it. */
const ungiven = { mediaId: null, studioTrackId: null };

function prepare(
  given: NewSong,
  path: string,
  kept: Pick<Song, 'mediaId' | 'studioTrackId'>,
): Promise<PreparedPart> {
  const { duration, genre = null, releaseDate = null, audioUrl = null } = given;
  requireHttpsUrls({ [`${path}.audioUrl`]: audioUrl });
  const isrc = given.isrc ? isrcOf(given.isrc) : null;
  const iswc = given.iswc ? iswcOf(`${path}.iswc`, given.iswc) : null;
  const shown: Song = { duration, genre, releaseDate, isrc, iswc, audioUrl, ...kept };
  return Promise.resolve({
    values: [duration, genre, releaseDate, isrc, iswc, audioUrl],
    inRow: [genre === null ? null : sortKey(genre)],
    shown,
    text: null,
  });
}

/** Songs: a recording and what identifies it. */
export const songType: PartType = {
  part: 'song',
  table: 'songs',
  columns: {
    duration: 'integer',
    genre: 'text',
    release_date: 'date',
    isrc: 'text',
    iswc: 'text',
    audio_url: 'text',
  },
  inRow: { genre_key: 'text' },
  json: jsonOf({
    duration: 'p.duration',
    genre: 'p.genre',
    releaseDate: 'p.release_date',
    isrc: 'p.isrc',
    iswc: 'p.iswc',
    audioUrl: 'p.audio_url',
    mediaId: 'p.media_id',
    studioTrackId: 'p.studio_track_id',
  }),
  make: (given: NewSong, path) => prepare(given, path, ungiven),
  patch: (standing: Song, patch: SongPatch, path) => {
    const { mediaId, studioTrackId } = standing;
    return prepare({ ...standing, ...patch }, path, { mediaId, studioTrackId });
  },
  given: ({ duration, genre, releaseDate, isrc, iswc, audioUrl }: Song): NewSong => ({
    duration,
    genre,
    releaseDate,
    isrc,
    iswc,
    audioUrl,
  }),
  textOf: () => null,
};
