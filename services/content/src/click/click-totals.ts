import type { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';

const ofResource = statement(`
  SELECT coalesce((SELECT clicks FROM resource_clicks WHERE resource_id = $1), 0)::float8 AS clicks`);
const ofWorkspace = statement(`
  SELECT coalesce(sum(c.clicks), 0)::float8 AS clicks
  FROM resource_authors a JOIN resource_clicks c ON c.resource_id = a.resource_id
  WHERE a.author_id = $1::text AND a.author_type = 'workspace' AND a.accepted_at IS NOT NULL`);

/** Clicks on the links of a resource, or of everything that a workspace has made, as far as they are written. */
export async function totalClicks(db: Db, kind: 'resource' | 'workspace', id: string): Promise<number> {
  const row = await db.row<{ clicks: number }>(kind === 'resource' ? ofResource : ofWorkspace, [id]);
  return row?.clicks ?? 0;
}
