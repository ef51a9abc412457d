import { Injectable } from '@nestjs/common';
import type { Track } from '@erato/contracts/content/track';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { Policy } from '@erato/policy/client/policy';
import { accessColumns, resourceTarget, type ResourceAccess } from '../access/targets.js';
import { holdSongs, readTracks, toTrack, type SongRow, type TrackRow } from './track-view.js';

const access = statement(`SELECT ${accessColumns} FROM resources r WHERE r.id = ANY ($1::uuid[])`);

/** Tracks as callers may read them: a song that the caller may not read is left out (content.md, Routes). */
@Injectable()
export class ReadableTracks {
  constructor(
    private readonly db: Db,
    private readonly policy: Policy,
  ) {}

  /** Of an album that the caller may read. At most 500, so one batch of decisions on one moment's facts. */
  async of(context: Context, albumId: string): Promise<Track[]> {
    return (await this.rows(context, albumId)).map((row) => toTrack(row, row));
  }

  async rows(context: Context, albumId: string): Promise<TrackRow[]> {
    const rows = await readTracks(this.db, albumId);
    const readable = await this.#readable(context, rows);
    return rows.filter(({ id }) => readable.has(id));
  }

  /** Which of these songs stand and may be read. */
  async among(context: Context, ids: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#readable(context, await this.db.rows<ResourceAccess>(access, [ids]));
  }

  /** Of these songs those that the caller may read, by id, held so that none is deleted before the end of the transaction. */
  async hold(context: Context, tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, SongRow>> {
    const held = ids.length > 0 ? await holdSongs(tx, ids) : [];
    const readable = await this.#readable(context, held);
    return new Map(held.filter(({ id }) => readable.has(id)).map((song) => [song.id, song]));
  }

  async #readable(context: Context, songs: readonly ResourceAccess[]): Promise<ReadonlySet<string>> {
    const allowed = await this.policy.allows(context, 'read', songs.map(resourceTarget));
    return new Set(songs.filter((_, at) => allowed[at]).map(({ id }) => id));
  }
}
