import { Injectable } from '@nestjs/common';
import { maxPageAlbums, type PageAlbum } from '@erato/contracts/content/page';
import type { Resource } from '@erato/contracts/content/resource';
import type { Context } from '@erato/contracts/kit/context';
import { jsonOf, timeOf } from '../access/json.js';
import type { Listing } from '../access/listing.js';
import { Lists } from '../access/lists.js';

type Song = Pick<Resource, 'id' | 'ownerType' | 'ownerId' | 'authors'>;

const json = jsonOf({
  id: 'r.id',
  shortId: 'r.short_id',
  title: 'r.title',
  publishedAt: timeOf('r.published_at'),
});

/**
 * The albums that a song's page names: what is LISTED and of the song's own people. Anybody may put a song that he can read on an album
 * of his, but what stands on its page is not for him to say.
 */
export function albumListing({ id, ownerType, ownerId, authors = [] }: Song): Listing {
  const workspaces = authors.filter(({ authorType }) => authorType === 'workspace');
  return {
    kind: 'resource',
    named: ['albums', id],
    request: { limit: maxPageAlbums },
    sort: { field: 'publishedAt', column: 'r.published_at', type: 'timestamptz', descending: true },
    filters: (into) =>
      ` AND s.song_resource_id = ${into.add(id, 'uuid')} AND r.status = 'LISTED' AND r.published_at IS NOT NULL` +
      ` AND ((r.owner_type = ${into.add(ownerType, 'text')} AND r.owner_id = ${into.add(ownerId, 'text')})` +
      ` OR r.author_workspaces && ${into.add(
        workspaces.map(({ authorId }) => authorId),
        'uuid[]',
      )})`,
    within: {
      from: 'album_songs s JOIN resources r ON r.id = s.album_resource_id',
      at: 'r.published_at',
      id: 'r.id',
    },
    shown: true,
    rest: false,
    asUpdate: 'false',
    json,
  };
}

/** Which albums a song stands on, as its page tells (docs/guides/pages.md). */
@Injectable()
export class SongAlbums {
  constructor(private readonly lists: Lists) {}

  async of(context: Context, song: Song): Promise<PageAlbum[]> {
    const { items } = await this.lists.items(context, albumListing(song));
    return (JSON.parse(`[${items}]`) as PageAlbum[]).map(({ shortId, title }) => ({ shortId, title }));
  }
}
