import { linkStats, mostDays, type LinkStats, type LinkStatsOf } from '@erato/contracts/content/link-stats';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, notFound } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Serves } from '@erato/platform/transport/serves';
import { Policy } from '@erato/policy/client/policy';
import { resourceTarget } from '../access/targets.js';
import { ResourceReads } from '../resource/resource.reads.js';
import { dayOf } from './visitor-salt.js';

const byDay = statement(`
  SELECT l.id AS "linkId", l.position, l.name, l.url, coalesce(sum(d.clicks), 0)::integer AS clicks,
    coalesce(json_agg(json_build_object('day', d.day, 'clicks', d.clicks, 'visitors', d.visitors) ORDER BY d.day)
      FILTER (WHERE d.day IS NOT NULL), '[]') AS days
  FROM external_links l
  LEFT JOIN LATERAL (
    SELECT (hour AT TIME ZONE 'UTC')::date AS day, sum(clicks) AS clicks, sum(visitors) AS visitors FROM link_clicks
    WHERE link_id = l.id AND hour >= $2::timestamptz AND hour < $3::timestamptz GROUP BY 1
  ) d ON true
  WHERE l.subject_type = 'resource' AND l.subject_id = $1
  GROUP BY l.id ORDER BY l.position`);

const dayMs = 86_400_000;

/** How often the links of a resource were followed, for who may update it. */
@Serves(linkStats)
export class LinkStatsHandlers implements Handlers<typeof linkStats> {
  constructor(
    private readonly reads: ResourceReads,
    private readonly policy: Policy,
    private readonly db: Db,
  ) {}

  async list({ id, from, to }: LinkStatsOf, context: Context): Promise<readonly LinkStats[]> {
    const row = await this.reads.find(id);
    if (!row) throw notFound();
    await this.policy.require(context, 'update', resourceTarget(row));
    const last = timeOf(to ?? dayOf(new Date()));
    const first = from === undefined ? last - 29 * dayMs : timeOf(from);
    if (first > last) throw invalidField('from', 'out_of_order', 'must not be after `to`');
    if (last - first >= mostDays * dayMs) {
      throw invalidField('from', 'too_long', `at most ${mostDays} days are told of at once`);
    }
    return this.db.rows<LinkStats>(byDay, [row.id, new Date(first), new Date(last + dayMs)]);
  }
}

const timeOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);
