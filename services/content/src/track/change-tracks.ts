import { Injectable } from '@nestjs/common';
import type { AddTrack, MoveTrack, SetTracks, Track, TrackOf } from '@erato/contracts/content/track';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, notFound } from '@erato/contracts/kit/failure';
import type { Tx } from '@erato/platform/database/tx';
import { Policy } from '@erato/policy/client/policy';
import { resourceTarget } from '../access/targets.js';
import type { ResourceRow } from '../resource/resource-view.js';
import { ResourceWrites } from '../resource/resource-writes.js';
import { movedTo, placeOf, placesOf } from './places.js';
import { ReadableTracks } from './readable-tracks.js';
import { TrackEntity } from './track.entity.js';
import { readTracks, storeTracks, toTrack, writeTracks, type SongRow } from './track-view.js';

/**
 * Changes an album's tracks, as a whole or one at a time (content.md, Rules): for who may update the album, and read each song
 * that he names. The album is locked, so two changes at once come one after the other.
 */
@Injectable()
export class TrackChanges {
  constructor(
    private readonly writes: ResourceWrites,
    private readonly readable: ReadableTracks,
    private readonly policy: Policy,
  ) {}

  set(context: Context, { id, tracks }: SetTracks): Promise<readonly Track[]> {
    const places = placesOf(tracks).sort(
      (one, other) => one.discNumber - other.discNumber || one.trackNumber - other.trackNumber,
    );
    return this.#change(context, id, async (tx, album) => {
      const named = tracks.map(({ songId }, at) => [songId, `tracks.${at}.songId`] as const);
      const songs = await this.#readable(context, tx, new Map(named));
      await writeTracks(tx, album.id, places);
      return places.map((place) => toTrack(found(songs, place.songId), place));
    });
  }

  add(context: Context, { id, ...given }: AddTrack): Promise<Track> {
    return this.#change(context, id, async (tx, album) => {
      const songs = await this.#readable(context, tx, new Map([[given.songId, 'songId']]));
      const place = placeOf(await readTracks(tx, album.id), given);
      await storeTracks(tx, album.id, [place]);
      return toTrack(found(songs, place.songId), place);
    });
  }

  move(context: Context, { id, songId, trackNumber, discNumber = 1 }: MoveTrack): Promise<Track> {
    return this.#change(context, id, async (tx, album) => {
      const tracks = await readTracks(tx, album.id);
      const track = tracks.find((each) => each.songId === songId);
      const [isReadable] = track ? await this.policy.allows(context, 'read', [resourceTarget(track)]) : [];
      const place = isReadable ? movedTo(tracks, { songId, trackNumber, discNumber }) : null;
      if (!track || !place) throw noSuchTrack();
      await storeTracks(tx, album.id, [place]);
      return toTrack(track, place);
    });
  }

  remove(context: Context, { id, songId }: TrackOf): Promise<void> {
    return this.#change(context, id, async (tx, album) => {
      if ((await tx.delete(TrackEntity, { albumId: album.id, songId })) === 0) throw noSuchTrack();
    });
  }

  #change<T>(context: Context, id: string, work: (tx: Tx, album: ResourceRow) => Promise<T>): Promise<T> {
    return this.writes.changePart(context, id, (tx, row) => {
      requireAlbum(row);
      return work(tx, row);
    });
  }

  /** The songs by id, held until the end; what is no song and what may not be read are one refusal. `named` gives each its field. */
  async #readable(
    context: Context,
    tx: Tx,
    named: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, SongRow>> {
    const songs = await this.readable.hold(context, tx, [...named.keys()]);
    for (const [id, path] of named) {
      if (!songs.has(id)) throw invalidField(path, 'unknown_song', 'there is no such song that you may read');
    }
    return songs;
  }
}

/** What is no album has no tracks. */
export function requireAlbum({ type }: Pick<ResourceRow, 'type'>): void {
  if (type !== 'album') throw notFound({ detail: 'It is no album.' });
}

function found(songs: ReadonlyMap<string, SongRow>, id: string): SongRow {
  const song = songs.get(id);
  if (!song) throw new TypeError('every song that is named was found');
  return song;
}

const noSuchTrack = () => notFound({ detail: 'There is no such track.' });
