import { Injectable } from '@nestjs/common';
import type { Track } from '@erato/contracts/content/track';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { Policy } from '@erato/policy/client/policy';
import { resourceTarget } from '../access/targets.js';
import { readTracks, toTrack } from './track-view.js';

/** Tracks as callers may read them: a song that the caller may not read is left out (content.md, Routes). */
@Injectable()
export class ReadableTracks {
  constructor(
    private readonly db: Db,
    private readonly policy: Policy,
  ) {}

  /** Of an album that the caller may read. At most 500, so one batch of decisions on one moment's facts. */
  async of(context: Context, albumId: string): Promise<Track[]> {
    const rows = await readTracks(this.db, albumId);
    const targets = rows.map(resourceTarget);
    const allowed = await this.policy.allows(context, 'read', targets);
    return rows.filter((_, at) => allowed[at]).map((row) => toTrack(row, row));
  }
}
