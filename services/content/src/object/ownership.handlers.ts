import {
  ownership,
  type OwnedCount,
  type OwnerRef,
  type OwnersOf,
  type WorkspaceName,
} from '@erato/contracts/content/ownership';
import type { Handlers } from '@erato/contracts/kit/call';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Serves } from '@erato/platform/transport/serves';

const named = statement(`
  SELECT id, slug, name FROM workspaces
  WHERE (owner_id, owner_type) IN (SELECT * FROM unnest($1::text[], $2::text[]))
  ORDER BY name_key, id LIMIT 100`);
const counted = statement(`
  SELECT (SELECT count(*)::integer FROM workspaces WHERE owner_id = $1 AND owner_type = $2) AS workspaces,
    (SELECT count(*)::integer FROM resources WHERE owner_id = $1 AND owner_type = $2) AS resources`);

/** Answers identity who owns what here. */
@Serves(ownership)
export class OwnershipHandlers implements Handlers<typeof ownership> {
  constructor(private readonly db: Db) {}

  workspaces({ owners }: OwnersOf): Promise<readonly WorkspaceName[]> {
    return this.db.rows<WorkspaceName>(named, [owners.map(({ id }) => id), owners.map(({ type }) => type)]);
  }

  async count({ type, id }: OwnerRef): Promise<OwnedCount> {
    return (await this.db.row<OwnedCount>(counted, [id, type])) ?? { workspaces: 0, resources: 0 };
  }
}
