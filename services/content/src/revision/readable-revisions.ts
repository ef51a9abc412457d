import { Injectable } from '@nestjs/common';
import type { ListRevisions, Revision, Snapshot } from '@erato/contracts/content/revision';
import type { Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset, type Sort } from '@erato/platform/paging/keyset';
import { ReadableTracks } from '../track/readable-tracks.js';

/** How much of snapshots goes on one page, in bytes: an answer is one message. One revision is there in any case. */
const pageBytes = 1024 * 1024;

const newestFirst: Sort = { column: 'version', type: 'bigint', descending: true };

interface Row {
  readonly resourceId: string;
  readonly version: number;
  readonly editedBy: string;
  readonly editedAt: Date;
  /** Null where it does not go on the page any more. */
  readonly snapshot: Snapshot | null;
}

const text = (where: string, order: string): string => `
  SELECT resource_id AS "resourceId", version, edited_by AS "editedBy", edited_at AS "editedAt",
    CASE WHEN nth = 1 OR bytes <= ${pageBytes} THEN snapshot END AS snapshot
  FROM (
    SELECT *, row_number() OVER (ORDER BY ${order}) AS nth, sum(octet_length(snapshot::text)) OVER (ORDER BY ${order}) AS bytes
    FROM (SELECT * FROM resource_revisions WHERE resource_id = $1${where} ORDER BY ${order} LIMIT $2::integer) page
  ) sized ORDER BY ${order}`;

/** Revisions as they are shown to who may update the resource: songs that he may not read are no part of them. */
@Injectable()
export class ReadableRevisions {
  constructor(
    private readonly db: Db,
    private readonly tracks: ReadableTracks,
  ) {}

  async list(context: Context, { id, ...request }: ListRevisions): Promise<Page<Revision>> {
    const paging = (limit?: number) =>
      new Keyset(
        { ...request, ...(limit ? { limit } : {}) },
        ['revisions', id],
        newestFirst,
        3,
        'resource_id',
      );
    const asked = paging();
    const rows = await this.db.rows<Row>(statement(text(asked.where, asked.order)), [
      id,
      asked.fetch,
      ...asked.values,
    ]);
    const left = rows.findIndex(({ snapshot }) => snapshot === null);
    const keyset = left < 0 ? asked : paging(Math.min(left, asked.limit));
    const isReadable = await this.#readableSongs(context, rows);
    const page = keyset.page(
      rows,
      ({ version, resourceId }) => ({ value: version, id: resourceId }),
      (row) => toRevision(row, isReadable),
    );
    return {
      data: page.data.filter((each) => each !== null),
      meta: { ...page.meta, limit: asked.limit },
    };
  }

  async #readableSongs(context: Context, rows: readonly Row[]): Promise<(songId: string) => boolean> {
    const named = rows.flatMap(({ snapshot }) => snapshot?.tracks?.map(({ songId }) => songId) ?? []);
    if (named.length === 0) return () => false;
    const readable = await this.tracks.among(context, [...new Set(named)]);
    return (songId) => readable.has(songId);
  }
}

function toRevision(
  { version, editedBy, editedAt, snapshot }: Row,
  isReadable: (songId: string) => boolean,
): Revision | null {
  if (!snapshot) return null;
  const { tracks, ...rest } = snapshot;
  const shown = tracks ? { ...rest, tracks: tracks.filter(({ songId }) => isReadable(songId)) } : rest;
  return { version, editedBy, editedAt: editedAt.toISOString(), snapshot: shown };
}
