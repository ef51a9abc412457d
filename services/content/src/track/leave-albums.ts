import { resourceUpdated } from '@erato/contracts/content/events';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { resourceFact } from '../resource/resource-facts.js';
import { touchResources } from '../resource/resource-writes.js';

const holdSongs = statement('SELECT FROM songs WHERE resource_id = ANY ($1::uuid[]) FOR UPDATE');
const lockAlbums = statement(`
  SELECT id FROM resources WHERE id IN (SELECT album_resource_id FROM album_songs WHERE song_resource_id = ANY ($1::uuid[]))
    AND NOT (id = ANY ($1::uuid[])) ORDER BY id FOR UPDATE`);

/**
 * Resources that are about to be deleted leave the albums on which they stand: the albums' versions move, and it is told. Songs
 * are held first: from then on none is put on an album, so that no album is missed.
 */
export async function leaveAlbums(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(holdSongs, [ids]);
  const albums = (await tx.rows<{ id: string }>(lockAlbums, [ids])).map(({ id }) => id);
  if (albums.length === 0) return;
  for (const album of await touchResources(tx, albums)) {
    tx.emit(resourceUpdated, album.id, resourceFact(album));
  }
}
