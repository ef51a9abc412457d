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
import { rememberDeleted, wasDeleted } from '../tombstone.js';
import type { WorkosMembership } from '../workos/objects.js';

const upsert = statement(`
  INSERT INTO organization_memberships AS m
    (id, user_id, organization_id, role_slug, status, workos_created_at, workos_updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (id) DO UPDATE SET role_slug = excluded.role_slug, status = excluded.status,
    workos_updated_at = excluded.workos_updated_at, version = m.version + 1
  WHERE m.workos_updated_at < excluded.workos_updated_at
  RETURNING (xmax = 0) AS inserted`);
const rival = statement(`
  SELECT id, user_id AS "userId", organization_id AS "organizationId", role_slug AS "roleSlug", status,
    workos_created_at AS "createdAt"
  FROM organization_memberships WHERE user_id = $1 AND organization_id = $2 AND id <> $3 FOR UPDATE`);
const remove = statement(`
  DELETE FROM organization_memberships WHERE id = $1
  RETURNING user_id AS "userId", organization_id AS "organizationId", role_slug AS "roleSlug", status`);
const homeOf = statement('SELECT home FROM organizations WHERE workos_org_id = $1');

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
export async function mirrorMembership(tx: Tx, membership: WorkosMembership): Promise<void> {
  const { id, userId, organizationId, status, role } = membership;
  if (await wasDeleted(tx, id)) return;
  const createdAt = new Date(membership.createdAt);
  // NOTE: removed and added again it is another membership of the same two; only the later one is in force.
  const other = await tx.row<{ id: string; createdAt: Date }>(rival, [userId, organizationId, id]);
  if (other && other.createdAt > createdAt) return;
  if (other) await removeMembership(tx, other.id, createdAt);
  const updatedAt = new Date(membership.updatedAt);
  const kept = await tx.row<{ inserted: boolean }>(upsert, [
    id,
    userId,
    organizationId,
    role.slug,
    status,
    createdAt,
    updatedAt,
  ]);
  if (!kept) return;
  tx.emit(kept.inserted ? membershipCreated : membershipUpdated, id, {
    membershipId: id,
    userId,
    organizationId,
    roleSlug: role.slug,
    status,
    home: await isHome(tx, organizationId),
    updatedAt: updatedAt.toISOString(),
  });
  if (status !== 'active') await leaveTeams(tx, userId, organizationId);
  if (!kept.inserted) await rightMayHaveEnded(tx, userId, organizationId);
}

/** A membership is gone at WorkOS, since `at`. */
export async function removeMembership(tx: Tx, id: string, at: Date): Promise<void> {
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
    home: await isHome(tx, organizationId),
    updatedAt: at.toISOString(),
  });
  await leaveTeams(tx, userId, organizationId);
  await rightMayHaveEnded(tx, userId, organizationId);
}

const isHome = async (tx: Tx, organizationId: string): Promise<boolean> =>
  (await tx.row<{ home: boolean }>(homeOf, [organizationId]))?.home ?? false;
