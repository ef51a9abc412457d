import type { Handlers } from '@erato/contracts/kit/call';
import { profiles, type FindPublicNames, type PublicName } from '@erato/contracts/identity/profile';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Serves } from '@erato/platform/transport/serves';

const findAll = statement(`
  SELECT u.id AS "userId", u.handle, u.display_name AS "displayName", u.avatar_url AS "avatarUrl"
  FROM users u WHERE u.id = ANY($1::text[]) AND u.handle IS NOT NULL AND u.deleted_at IS NULL
  ORDER BY u.id`);

/** Names users for other services, as lists show them to everybody: those who have a handle (identity.md, Routes). */
@Serves(profiles)
export class ProfileHandlers implements Handlers<typeof profiles> {
  constructor(private readonly db: Db) {}

  find({ userIds }: FindPublicNames): Promise<PublicName[]> {
    return this.db.rows<PublicName & Record<string, unknown>>(findAll, [userIds]);
  }
}
