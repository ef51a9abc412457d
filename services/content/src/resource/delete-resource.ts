import { Injectable } from '@nestjs/common';
import { resourceDeleted } from '@erato/contracts/content/events';
import type { ResourceId } from '@erato/contracts/content/resource';
import type { Context } from '@erato/contracts/kit/context';
import type { Tx } from '@erato/platform/database/tx';
import { statement } from '@erato/platform/database/statement';
import { leaveAlbums } from '../track/leave-albums.js';
import { resourceFact } from './resource-facts.js';
import { ResourceWrites } from './resource-writes.js';
import type { ResourceRow } from './resource-view.js';

const dropLinks = statement(
  `DELETE FROM external_links WHERE subject_type = 'resource' AND subject_id = ANY ($1::uuid[])`,
);
const dropResources = statement('DELETE FROM resources WHERE id = ANY ($1::uuid[])');

@Injectable()
export class DeleteResources {
  constructor(private readonly writes: ResourceWrites) {}

  run(context: Context, { id }: ResourceId): Promise<void> {
    return this.writes.change(context, id, 'delete', (tx, row) => removeResources(tx, [row]));
  }
}

/** Deletes resources that the transaction holds locked, with their parts, authors and links, and tells of each. */
export async function removeResources(tx: Tx, rows: readonly ResourceRow[]): Promise<void> {
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return;
  if (rows.some(({ type }) => type === 'song')) await leaveAlbums(tx, ids);
  await tx.run(dropLinks, [ids]);
  await tx.run(dropResources, [ids]);
  for (const row of rows) {
    const gone = { ...row, version: row.version + 1, accessVersion: row.accessVersion + 1 };
    tx.emit(resourceDeleted, row.id, resourceFact(gone, true));
  }
}
