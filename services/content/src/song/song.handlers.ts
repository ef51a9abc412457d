import { songs, type PutSong, type SongPart } from '@erato/contracts/content/song';
import type { PartOf } from '@erato/contracts/content/part-calls';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Serves } from '@erato/platform/transport/serves';
import { PartRoutes } from '../resource/part-routes.js';

@Serves(songs)
export class SongHandlers implements Handlers<typeof songs> {
  constructor(private readonly parts: PartRoutes) {}

  get({ id }: PartOf, context: Context): Promise<SongPart> {
    return this.parts.get(context, id, 'song');
  }

  put(input: PutSong, context: Context): Promise<SongPart> {
    const {
      id,
      duration,
      genre = null,
      releaseDate = null,
      isrc = null,
      iswc = null,
      audioUrl = null,
    } = input;
    return this.parts.put(context, 'song', {
      id,
      song: { duration, genre, releaseDate, isrc, iswc, audioUrl },
    });
  }
}
