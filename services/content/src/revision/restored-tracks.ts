import { Injectable } from '@nestjs/common';
import type { NewTrack } from '@erato/contracts/content/track';
import type { Context } from '@erato/contracts/kit/context';
import type { FieldError } from '@erato/contracts/kit/failure';
import type { Tx } from '@erato/platform/database/tx';
import { placesOf, type Place } from '../track/places.js';
import { ReadableTracks } from '../track/readable-tracks.js';
import { readTracks } from '../track/track-view.js';

/** What becomes of the tracks of an album. */
export interface TrackPlan {
  readonly places: readonly Place[];
  readonly errors: readonly FieldError[];
}

/** The tracks of a revision: songs that stand on the album may stay, others must be there for the caller to read. */
@Injectable()
export class RestoredTracks {
  constructor(private readonly readable: ReadableTracks) {}

  async plan(context: Context, tx: Tx, albumId: string, tracks: readonly NewTrack[]): Promise<TrackPlan> {
    const standing = new Set((await readTracks(tx, albumId)).map(({ songId }) => songId));
    const missing = tracks.map(({ songId }) => songId).filter((songId) => !standing.has(songId));
    const readable = await this.readable.hold(context, tx, missing);
    const errors = tracks.flatMap(({ songId, trackNumber, discNumber = 1 }, at) => {
      if (standing.has(songId) || readable.has(songId)) return [];
      const message = `track ${trackNumber} of disc ${discNumber} is gone, or not yours to read`;
      return [{ path: `tracks.${at}.songId`, code: 'unknown_song', message }];
    });
    return { places: placesOf(tracks), errors };
  }
}
