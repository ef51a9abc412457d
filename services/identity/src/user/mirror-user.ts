import { userCreated, userUpdated } from '@erato/contracts/identity/events';
import type { Tx } from '@erato/platform/database/tx';
import { statement } from '@erato/platform/database/statement';
import type { WorkosUser } from '../workos/objects.js';
import type { Take, Taken } from '../sync/take.js';
import { mirroredUser } from './workos-user.js';

const upsert = statement(`
  INSERT INTO users AS u (id, email, email_verified, first_name, last_name, profile_picture_url, external_id, metadata,
    workos_created_at, workos_updated_at, last_sign_in_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  ON CONFLICT (id) DO UPDATE SET
    email = excluded.email, email_verified = excluded.email_verified, first_name = excluded.first_name,
    last_name = excluded.last_name, profile_picture_url = excluded.profile_picture_url,
    external_id = excluded.external_id, metadata = excluded.metadata,
    workos_updated_at = excluded.workos_updated_at,
    last_sign_in_at = greatest(u.last_sign_in_at, excluded.last_sign_in_at), version = u.version + 1
  WHERE u.deleted_at IS NULL AND (u.workos_updated_at < excluded.workos_updated_at
    OR $12 AND u.workos_updated_at = excluded.workos_updated_at AND
      (u.email, u.email_verified, u.first_name, u.last_name, u.profile_picture_url, u.external_id, u.metadata,
        u.last_sign_in_at)
      IS DISTINCT FROM (excluded.email, excluded.email_verified, excluded.first_name, excluded.last_name,
        excluded.profile_picture_url, excluded.external_id, excluded.metadata,
        greatest(u.last_sign_in_at, excluded.last_sign_in_at)))
  RETURNING version, (xmax = 0) AS inserted`);

/**
 * Takes over what WorkOS says of a user, from an event or an answer, in whatever order they come: what is not newer than
 * what is known changes nothing, and a deleted user stays deleted.
 */
export async function mirrorUser(tx: Tx, user: WorkosUser, take: Take = 'newer'): Promise<Taken> {
  const row = mirroredUser(user);
  const kept = await tx.row<{ version: number; inserted: boolean }>(upsert, [
    row.id,
    row.email,
    row.emailVerified,
    row.firstName,
    row.lastName,
    row.profilePictureUrl,
    row.externalId,
    row.metadata,
    row.workosCreatedAt,
    row.workosUpdatedAt,
    row.lastSignInAt,
    take === 'as it is',
  ]);
  if (!kept) return null;
  tx.emit(kept.inserted ? userCreated : userUpdated, row.id, { userId: row.id, version: kept.version });
  return kept.inserted ? 'added' : 'changed';
}
