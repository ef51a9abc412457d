import type { Track } from '@erato/contracts/content/track';
import type { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { accessColumns, type ResourceAccess } from '../access/targets.js';
import type { Place } from './places.js';

/** A song with what tracks show of it and what decides who may read it. */
export interface SongRow extends ResourceAccess {
  readonly shortId: string;
  readonly title: string;
  readonly duration: number;
}

export interface TrackRow extends SongRow, Place {}

const columns = `${accessColumns}, r.short_id AS "shortId", r.title, s.duration`;

const find = statement(`
  SELECT t.song_resource_id AS "songId", t.track_number AS "trackNumber", t.disc_number AS "discNumber", ${columns}
  FROM album_songs t JOIN songs s ON s.resource_id = t.song_resource_id JOIN resources r ON r.id = s.resource_id
  WHERE t.album_resource_id = $1 ORDER BY t.disc_number, t.track_number`);

/**
 * Holds the songs, so that none is deleted before the end of the transaction. One that is being deleted is passed over: to
 * wait for it while holding an album would be to wait in a circle (leave-albums.ts).
 */
const hold = statement(`
  SELECT ${columns} FROM songs s JOIN resources r ON r.id = s.resource_id
  WHERE s.resource_id = ANY ($1::uuid[]) FOR KEY SHARE OF s SKIP LOCKED`);

/** The tracks of an album in their order, whoever may read them. */
export const readTracks = (db: Pick<Db, 'rows'>, albumId: string): Promise<TrackRow[]> =>
  db.rows<TrackRow>(find, [albumId]);

export const holdSongs = (tx: Tx, ids: readonly string[]): Promise<SongRow[]> =>
  tx.rows<SongRow>(hold, [ids]);

export const toTrack = ({ title, duration }: SongRow, { songId, trackNumber, discNumber }: Place): Track => ({
  songId,
  trackNumber,
  discNumber,
  title,
  duration,
});

const drop = statement(
  'DELETE FROM album_songs WHERE album_resource_id = $1 AND NOT (song_resource_id = ANY ($2::uuid[]))',
);
/** Numbers are checked at the end of the statement, so that tracks may change places in it. */
const store = statement(`
  INSERT INTO album_songs (album_resource_id, song_resource_id, track_number, disc_number)
  SELECT $1, t.* FROM unnest($2::uuid[], $3::smallint[], $4::smallint[]) t
  ON CONFLICT (album_resource_id, song_resource_id)
    DO UPDATE SET track_number = excluded.track_number, disc_number = excluded.disc_number`);

/** Makes the album's tracks exactly these. */
export async function writeTracks(tx: Tx, albumId: string, places: readonly Place[]): Promise<void> {
  await tx.run(drop, [albumId, places.map(({ songId }) => songId)]);
  await storeTracks(tx, albumId, places);
}

/** Adds or moves these; the other tracks stay. */
export async function storeTracks(tx: Tx, albumId: string, places: readonly Place[]): Promise<void> {
  if (places.length === 0) return;
  await tx.run(store, [
    albumId,
    places.map(({ songId }) => songId),
    places.map(({ trackNumber }) => trackNumber),
    places.map(({ discNumber }) => discNumber),
  ]);
}
