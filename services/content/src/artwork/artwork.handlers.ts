import { artworks, type PutArtwork, type ArtworkPart } from '@erato/contracts/content/artwork';
import type { PartOf } from '@erato/contracts/content/part-calls';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Serves } from '@erato/platform/transport/serves';
import { PartRoutes } from '../resource/part-routes.js';

@Serves(artworks)
export class ArtworkHandlers implements Handlers<typeof artworks> {
  constructor(private readonly parts: PartRoutes) {}

  get({ id }: PartOf, context: Context): Promise<ArtworkPart> {
    return this.parts.get(context, id, 'artwork');
  }

  put(
    { id, imageUrl, medium = null, year = null, alt = null }: PutArtwork,
    context: Context,
  ): Promise<ArtworkPart> {
    return this.parts.put(context, 'artwork', { id, artwork: { imageUrl, medium, year, alt } });
  }
}
