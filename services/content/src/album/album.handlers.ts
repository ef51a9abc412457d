import { albums, type PutAlbum, type AlbumPart } from '@erato/contracts/content/album';
import type { PartOf } from '@erato/contracts/content/part-calls';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Serves } from '@erato/platform/transport/serves';
import { PartRoutes } from '../resource/part-routes.js';

@Serves(albums)
export class AlbumHandlers implements Handlers<typeof albums> {
  constructor(private readonly parts: PartRoutes) {}

  get({ id }: PartOf, context: Context): Promise<AlbumPart> {
    return this.parts.get(context, id, 'album');
  }

  put(input: PutAlbum, context: Context): Promise<AlbumPart> {
    const { id, releaseDate = null, coverArtUrl = null, upc = null } = input;
    return this.parts.put(context, 'album', { id, album: { releaseDate, coverArtUrl, upc } });
  }
}
