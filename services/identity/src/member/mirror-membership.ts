import {
  membershipCreated,
  membershipDeleted,
  membershipUpdated,
  type MembershipFact,
} from '@erato/contracts/identity/events';
import type { Tx } from '@erato/platform/database/tx';
import { statement } from '@erato/platform/database/statement';
import { rightMayHaveEnded } from '../api-key/key-events.js';
import { leaveTeams } from '../team-member/leave-teams.js';
import type { Take, Taken } from '../sync/take.js';
import { rememberDeleted, wasDeleted } from '../tombstone.js';
import type { WorkosMembership } from '../workos/objects.js';

const upsert = statement(`
  INSERT INTO organization_memberships AS m
    (id, user_id, organization_id, role_slug, status, workos_created_at, workos_updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (id) DO UPDATE SET role_slug = excluded.role_slug, status = excluded.status,
    workos_updated_at = excluded.workos_updated_at, version = m.version + 1
  WHERE m.workos_updated_at < excluded.workos_updated_at
    OR $8 AND m.workos_updated_at = excluded.workos_updated_at
      AND (m.role_slug, m.status) IS DISTINCT FROM (excluded.role_slug, excluded.status)
  RETURNING (xmax = 0) AS inserted`);
const rival = statement(`
  SELECT id, user_id AS "userId", organization_id AS "organizationId", role_slug AS "roleSlug", status,
    workos_created_at AS "createdAt"
  FROM organization_memberships WHERE user_id = $1 AND organization_id = $2 AND id <> $3 FOR UPDATE`);
const remove = statement(`
  DELETE FROM organization_memberships WHERE id = $1
  RETURNING user_id AS "userId", organization_id AS "organizationId", role_slug AS "roleSlug", status`);
const organizationOf = statement(
  'SELECT organization_id AS "organizationId" FROM organization_memberships WHERE id = $1',
);
const hold = statement('SELECT home FROM organizations WHERE workos_org_id = $1 FOR NO KEY UPDATE');

interface Removed {
  readonly userId: string;
  readonly organizationId: string;
  readonly roleSlug: string;
  readonly status: MembershipFact['status'];
}

/**
 * Takes over what WorkOS says of a membership, in whatever order it comes. Whoever is no active member any more leaves
 * the organization's teams in the same transaction.
 */
export async function mirrorMembership(
  tx: Tx,
  membership: WorkosMembership,
  take: Take = 'newer',
): Promise<Taken> {
  const { id, userId, organizationId, status, role } = membership;
  const home = await holdOrganization(tx, organizationId);
  if (await wasDeleted(tx, id)) return null;
  const createdAt = new Date(membership.createdAt);
  // NOTE: removed and added again it is another membership of the same two; only the later one is in force.
  const other = await tx.row<{ id: string; createdAt: Date }>(rival, [userId, organizationId, id]);
  if (other && other.createdAt > createdAt) return null;
  // Ended before the later one began: whoever hears of both, in whatever order, finds it in force.
  if (other) await removeMembership(tx, other.id, new Date(createdAt.getTime() - 1));
  const updatedAt = new Date(membership.updatedAt);
  const kept = await tx.row<{ inserted: boolean }>(upsert, [
    id,
    userId,
    organizationId,
    role.slug,
    status,
    createdAt,
    updatedAt,
    take === 'as it is',
  ]);
  if (!kept) return null;
  tx.emit(kept.inserted ? membershipCreated : membershipUpdated, id, {
    membershipId: id,
    userId,
    organizationId,
    roleSlug: role.slug,
    status,
    home,
    updatedAt: updatedAt.toISOString(),
  });
  if (status !== 'active') await leaveTeams(tx, userId, organizationId);
  if (!kept.inserted) await rightMayHaveEnded(tx, userId, organizationId);
  return kept.inserted ? 'added' : 'changed';
}

/** A membership is gone at WorkOS, since `at`. */
export async function removeMembership(tx: Tx, id: string, at: Date): Promise<void> {
  const known = await tx.row<{ organizationId: string }>(organizationOf, [id]);
  const home = known ? await holdOrganization(tx, known.organizationId) : false;
  await rememberDeleted(tx, id);
  const removed = await tx.row<Removed & Record<string, unknown>>(remove, [id]);
  if (!removed) return;
  const { userId, organizationId, roleSlug, status } = removed;
  tx.emit(membershipDeleted, id, {
    membershipId: id,
    userId,
    organizationId,
    roleSlug,
    status,
    home,
    updatedAt: at.toISOString(),
  });
  await leaveTeams(tx, userId, organizationId);
  await rightMayHaveEnded(tx, userId, organizationId);
}

/**
 * Locks the organization, so that its memberships change one after the other: what one transaction removes, another that
 * was under way does not bring back. Tells whether it is the home organization.
 */
const holdOrganization = async (tx: Tx, organizationId: string): Promise<boolean> =>
  (await tx.row<{ home: boolean }>(hold, [organizationId]))?.home ?? false;
