import { maxRevisions, type Snapshot } from '@erato/contracts/content/revision';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { partTypes } from '../resource/resource-types.js';
import type { ResourceRow } from '../resource/resource-view.js';

/** What stands in the resource's own row and its part; the rest is read where it is kept. */
type Own = Omit<Snapshot, 'authors' | 'links' | 'tracks'>;

const list = (item: Readonly<Record<string, string>>, from: string, order: string): string => {
  const fields = Object.entries(item).map(([name, sql]) => `'${name}', ${sql}`);
  return `(SELECT COALESCE(jsonb_agg(jsonb_build_object(${fields.join(', ')}) ORDER BY ${order}), '[]') FROM ${from})`;
};
const authors = list(
  { authorType: 'author_type', authorId: 'author_id', role: 'role' },
  'resource_authors WHERE resource_id = $1',
  'position, author_id',
);
const links = list(
  { url: 'url', name: 'name', icon: 'icon', kind: 'kind' },
  `external_links WHERE subject_type = 'resource' AND subject_id = $1`,
  'position',
);
const tracks = list(
  { songId: 'song_resource_id', trackNumber: 'track_number', discNumber: 'disc_number' },
  'album_songs WHERE album_resource_id = $1',
  'disc_number, track_number',
);

/** One statement: adds what is replaced, and lets the oldest go. */
const keeping = (lists: string) =>
  statement(`
    WITH kept AS (
      INSERT INTO resource_revisions (resource_id, version, snapshot, edited_by, edited_at)
      SELECT $1::uuid, $2::integer, $3::jsonb || jsonb_build_object(${lists}), $4::text, $5::timestamptz)
    DELETE FROM resource_revisions WHERE resource_id = $1 AND version <= (
      SELECT version FROM resource_revisions WHERE resource_id = $1 ORDER BY version DESC OFFSET ${maxRevisions - 1} LIMIT 1)`);
const keep = keeping(`'authors', ${authors}, 'links', ${links}`);
const keepAlbum = keeping(`'authors', ${authors}, 'links', ${links}, 'tracks', ${tracks}`);

/**
 * Keeps what the resource is, all of it, as the revision that the transaction is about to replace; to be called with the row
 * locked and before the first write (docs/decisions/0014-revisions.md).
 */
export async function keepRevision(tx: Tx, row: ResourceRow): Promise<void> {
  const own = partTypes[row.type];
  const snapshot: Own = {
    title: row.title,
    excerpt: row.excerptGiven ? row.excerpt : null,
    status: row.status,
    publishAt: row.publishAt?.toISOString() ?? null,
    ...(own && row.part ? { [own.part]: own.given(row.part) } : {}),
  };
  const values = [row.id, row.version, JSON.stringify(snapshot), tx.actor, new Date()];
  await tx.run(row.type === 'album' ? keepAlbum : keep, values);
}
