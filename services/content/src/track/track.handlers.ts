import {
  tracks,
  type AddTrack,
  type MoveTrack,
  type SetTracks,
  type Track,
  type TrackOf,
  type TracksOf,
} from '@erato/contracts/content/track';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Serves } from '@erato/platform/transport/serves';
import { ReadableResources } from '../resource/readable-resources.js';
import { requireAlbum, TrackChanges } from './change-tracks.js';
import { ReadableTracks } from './readable-tracks.js';

@Serves(tracks)
export class TrackHandlers implements Handlers<typeof tracks> {
  constructor(
    private readonly resources: ReadableResources,
    private readonly readable: ReadableTracks,
    private readonly changes: TrackChanges,
  ) {}

  async list({ id }: TracksOf, context: Context): Promise<readonly Track[]> {
    const row = await this.resources.get(context, id);
    requireAlbum(row);
    return this.readable.of(context, row.id);
  }

  set(input: SetTracks, context: Context): Promise<readonly Track[]> {
    return this.changes.set(context, input);
  }

  add(input: AddTrack, context: Context): Promise<Track> {
    return this.changes.add(context, input);
  }

  move(input: MoveTrack, context: Context): Promise<Track> {
    return this.changes.move(context, input);
  }

  remove(input: TrackOf, context: Context): Promise<void> {
    return this.changes.remove(context, input);
  }
}
