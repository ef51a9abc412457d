import { Injectable } from '@nestjs/common';
import { linkClicked } from '@erato/contracts/content/events';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { ownWrite } from '../background/own-write.js';
import { emptySketch, estimate, mergeInto } from './sketch.js';
import { dayOf } from './visitor-salt.js';

/** What was counted of one link in one hour. */
export interface CountedClicks {
  readonly resourceId: string;
  readonly linkId: string;
  readonly hour: Date;
  readonly clicks: number;
  /** The sketch of those who came; null where nobody could be told apart. */
  readonly visitors: Uint8Array | null;
}

/** A link that still stands, with what came to it. */
interface Kept extends CountedClicks {
  readonly position: number;
}

// Resources before links, as every write of links does; who deletes them waits for this, or this finds nothing of them.
const holdResources = statement(
  'SELECT id FROM resources WHERE id = ANY ($1::uuid[]) ORDER BY id FOR KEY SHARE',
);
const holdLinks = statement(`
  SELECT id, position FROM external_links WHERE id = ANY ($1::uuid[]) AND subject_type = 'resource'
  ORDER BY id FOR KEY SHARE`);
const seen = statement(`
  SELECT link_id AS "linkId", day::text AS day, sketch FROM link_visitors
  WHERE (link_id, day) IN (SELECT * FROM unnest($1::uuid[], $2::date[]))`);
const see = statement(`
  INSERT INTO link_visitors (link_id, day, sketch) SELECT * FROM unnest($1::uuid[], $2::date[], $3::bytea[])
  ON CONFLICT (link_id, day) DO UPDATE SET sketch = excluded.sketch`);
const add = statement(`
  INSERT INTO link_clicks (link_id, hour, clicks, visitors)
  SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::integer[], $4::integer[])
  ON CONFLICT (link_id, hour) DO UPDATE SET clicks = link_clicks.clicks + excluded.clicks,
    visitors = link_clicks.visitors + excluded.visitors`);
const total = statement(`
  INSERT INTO resource_clicks (resource_id, clicks)
  SELECT id, sum(clicks) FROM unnest($1::uuid[], $2::bigint[]) c (id, clicks) GROUP BY id
  ON CONFLICT (resource_id) DO UPDATE SET clicks = resource_clicks.clicks + excluded.clicks`);

/**
 * Writes what was counted, and tells of it: an event a link and hour. `visitors` of an hour are those who had not come before on
 * that day, so that the hours of a day add up; the sketch by which they are told apart stays for that day alone.
 */
@Injectable()
export class StoreClicks {
  constructor(private readonly db: Db) {}

  async run(counted: readonly CountedClicks[]): Promise<void> {
    await this.db.transaction(ownWrite(5_000), async (tx) => {
      // One replica at a time: sketches are read, merged and written back.
      await tx.exclusive('link clicks');
      const kept = await hold(tx, counted);
      if (kept.length === 0) return;
      const visitors = await meet(tx, kept);
      const ids = kept.map(({ linkId }) => linkId);
      const clicks = kept.map((each) => each.clicks);
      await tx.run(add, [ids, kept.map(({ hour }) => hour), clicks, visitors]);
      await tx.run(total, [kept.map(({ resourceId }) => resourceId), clicks]);
      for (const [at, { resourceId, linkId, position, hour, clicks }] of kept.entries()) {
        const fact = { resourceId, linkId, position, hour: hour.toISOString(), clicks };
        tx.emit(linkClicked, resourceId, { ...fact, visitors: visitors[at] ?? 0 });
      }
    });
  }
}

/** Those whose link still stands, which then stays until the end of the transaction. */
async function hold(tx: Tx, counted: readonly CountedClicks[]): Promise<Kept[]> {
  await tx.rows(holdResources, [counted.map(({ resourceId }) => resourceId)]);
  const rows = await tx.rows<{ id: string; position: number }>(holdLinks, [
    counted.map(({ linkId }) => linkId),
  ]);
  const positions = new Map(rows.map(({ id, position }) => [id, position]));
  return counted.flatMap((each) => {
    const position = positions.get(each.linkId);
    return position === undefined ? [] : [{ ...each, position }];
  });
}

/** How many of each had not come before on that day; remembers them. */
async function meet(tx: Tx, kept: readonly Kept[]): Promise<number[]> {
  const ids = kept.map(({ linkId }) => linkId);
  const days = kept.map(({ hour }) => dayOf(hour));
  const rows = await tx.rows<{ linkId: string; day: string; sketch: Uint8Array }>(seen, [ids, days]);
  const sketches = new Map<string, Uint8Array>(
    rows.map(({ linkId, day, sketch }) => [`${linkId} ${day}`, Uint8Array.from(sketch)]),
  );
  const visitors = kept.map((each) => {
    const key = `${each.linkId} ${dayOf(each.hour)}`;
    const sketch = sketches.get(key) ?? emptySketch();
    const before = estimate(sketch);
    if (each.visitors) mergeInto(sketch, each.visitors);
    sketches.set(key, sketch);
    return Math.max(0, estimate(sketch) - before);
  });
  const keys = [...sketches.keys()].map((key) => key.split(' '));
  await tx.run(see, [
    keys.map(([id]) => id),
    keys.map(([, day]) => day),
    [...sketches.values()].map((sketch) => Buffer.from(sketch)),
  ]);
  return visitors;
}
