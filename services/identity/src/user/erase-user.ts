import { identityErasureCompleted, userDeleted } from '@erato/contracts/identity/events';
import type { Tx } from '@erato/platform/database/tx';
import { statement } from '@erato/platform/database/statement';
import { forgetKeyNames, revokeKeysOf } from '../api-key/key-events.js';
import { beginErasure, completeErasure } from '../erasure/erasure-rows.js';
import { removeMembership } from '../member/mirror-membership.js';

const lock = statement('SELECT 1 FROM users WHERE id = $1 FOR UPDATE');
const membershipsOf = statement(
  'SELECT id FROM organization_memberships WHERE user_id = $1 ORDER BY organization_id',
);
const erase = statement(`
  INSERT INTO users AS u (id, workos_created_at, workos_updated_at, deleted_at) VALUES ($1, now(), now(), now())
  ON CONFLICT (id) DO UPDATE SET email = NULL, email_verified = false, first_name = NULL, last_name = NULL,
    profile_picture_url = NULL, external_id = NULL, metadata = '{}', last_sign_in_at = NULL, handle = NULL,
    display_name = NULL, avatar_url = NULL, banner_url = NULL, bio = NULL, theme_config = NULL, preferences = NULL,
    version = u.version + 1, updated_at = NULL, deleted_at = now()
  WHERE u.deleted_at IS NULL
  RETURNING version, (xmax = 0) AS inserted`);

/**
 * A user is gone at WorkOS: memberships, teams and keys go with him, and of himself there remains that he was, so that
 * his id is never someone's again. Once; what comes later changes nothing.
 */
export async function eraseUser(tx: Tx, userId: string): Promise<void> {
  await tx.run(lock, [userId]);
  const at = new Date();
  for (const membership of await tx.rows<{ id: string }>(membershipsOf, [userId])) {
    await removeMembership(tx, membership.id, at);
  }
  await revokeKeysOf(tx, 'user', userId);
  await forgetKeyNames(tx, userId);
  const erased = await tx.row<{ version: number; inserted: boolean }>(erase, [userId]);
  if (!erased || erased.inserted) return;
  await beginErasure(tx, userId, at);
  await completeErasure(tx, userId, 'identity', at);
  tx.emit(userDeleted, userId, { userId, version: erased.version });
  tx.emit(identityErasureCompleted, userId, { userId });
}
