import { Injectable } from '@nestjs/common';
import { erasures } from '@erato/contracts/erasures';
import { notFound } from '@erato/contracts/kit/failure';
import type { Erasure } from '@erato/contracts/identity/user';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';

const find = statement(`
  SELECT e.requested_at AS "requestedAt",
    coalesce((SELECT json_object_agg(c.service, c.completed_at) FROM erasure_completions c WHERE c.user_id = e.user_id), '{}')
      AS completions
  FROM erasures e WHERE e.user_id = $1`);

interface Row extends Record<string, unknown> {
  requestedAt: Date;
  completions: Readonly<Record<string, string>>;
}

/** How far the erasure of a deleted user is, over all services that there are. */
@Injectable()
export class ErasureReads {
  constructor(private readonly db: Db) {}

  async get(userId: string): Promise<Erasure> {
    const row = await this.db.row<Row>(find, [userId]);
    if (!row) throw notFound();
    const services = Object.keys(erasures).map((service) => {
      const at = row.completions[service];
      return { service, completedAt: at === undefined ? null : new Date(at).toISOString() };
    });
    const ends = services.flatMap(({ completedAt }) => completedAt ?? []).sort();
    return {
      userId,
      requestedAt: row.requestedAt.toISOString(),
      completedAt: ends.length === services.length ? (ends.at(-1) ?? null) : null,
      services,
    };
  }
}
