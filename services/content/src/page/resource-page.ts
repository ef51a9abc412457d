import { Injectable } from '@nestjs/common';
import type { ResourcePage } from '@erato/contracts/content/page';
import type { Context } from '@erato/contracts/kit/context';
import { SingleResources } from '../resource/single-resource.js';
import { ReadableTracks } from '../track/readable-tracks.js';
import { toTrack } from '../track/track-view.js';
import { PublicAuthors } from './public-authors.js';
import { SongAlbums } from './song-albums.js';

/** What a resource's public page shows. */
@Injectable()
export class ResourcePages {
  constructor(
    private readonly single: SingleResources,
    private readonly tracks: ReadableTracks,
    private readonly albums: SongAlbums,
    private readonly authors: PublicAuthors,
  ) {}

  async page(context: Context, shortId: string): Promise<ResourcePage> {
    const resource = await this.single.getByShortId(context, shortId, ['authors', 'links']);
    const [authors, tracks, albums] = await Promise.all([
      this.authors.among(context, resource.authors ?? []),
      resource.type === 'album' ? this.tracks.rows(context, resource.id) : [],
      resource.type === 'song' ? this.albums.of(context, resource) : [],
    ]);
    return {
      resource,
      authors,
      tracks: tracks.map((row) => ({ ...toTrack(row, row), shortId: row.shortId })),
      albums,
    };
  }
}
