import {
  organizationCreated,
  organizationDeleted,
  organizationUpdated,
  teamDeleted,
} from '@erato/contracts/identity/events';
import type { Tx } from '@erato/platform/database/tx';
import { statement } from '@erato/platform/database/statement';
import { revokeKeysOf } from '../api-key/key-events.js';
import { removeMembership } from '../member/mirror-membership.js';
import type { Take, Taken } from '../sync/take.js';
import { rememberDeleted, wasDeleted } from '../tombstone.js';
import type { WorkosOrganization } from '../workos/objects.js';
import { mirroredOrganization, organizationObject } from './organization-view.js';

const upsert = statement(`
  INSERT INTO organizations AS o
    (workos_org_id, name, external_id, metadata, domains, workos_created_at, workos_updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (workos_org_id) DO UPDATE SET name = excluded.name, external_id = excluded.external_id,
    metadata = excluded.metadata, domains = excluded.domains, workos_updated_at = excluded.workos_updated_at,
    version = o.version + 1
  WHERE o.workos_updated_at < excluded.workos_updated_at
    OR $8 AND o.workos_updated_at = excluded.workos_updated_at AND (o.name, o.external_id, o.metadata, o.domains)
      IS DISTINCT FROM (excluded.name, excluded.external_id, excluded.metadata, excluded.domains)
  RETURNING version, (xmax = 0) AS inserted`);
const lock = statement('SELECT 1 FROM organizations WHERE workos_org_id = $1 FOR UPDATE');
const membershipsOf = statement(
  'SELECT id FROM organization_memberships WHERE organization_id = $1 ORDER BY id',
);
const deleteTeams = statement('DELETE FROM teams WHERE organization_id = $1 RETURNING id AS "teamId"');
const deleteOrganization = statement('DELETE FROM organizations WHERE workos_org_id = $1');

/** Takes over what WorkOS says of an organization, in whatever order it comes. */
export async function mirrorOrganization(
  tx: Tx,
  organization: WorkosOrganization,
  take: Take = 'newer',
): Promise<Taken> {
  const row = mirroredOrganization(organization);
  // NOTE: the lock comes first, so that a deletion that is under way is seen.
  await tx.run(lock, [row.id]);
  if (await wasDeleted(tx, row.id)) return null;
  const kept = await tx.row<{ version: number; inserted: boolean }>(upsert, [
    row.id,
    row.name,
    row.externalId,
    row.metadata,
    JSON.stringify(row.domains),
    row.workosCreatedAt,
    row.workosUpdatedAt,
    take === 'as it is',
  ]);
  if (!kept) return null;
  tx.emit(kept.inserted ? organizationCreated : organizationUpdated, row.id, {
    organizationId: row.id,
    object: organizationObject(row.id, kept.version),
  });
  return kept.inserted ? 'added' : 'changed';
}

/** An organization is gone at WorkOS: its members, teams and keys go with it. */
export async function removeOrganization(tx: Tx, id: string): Promise<void> {
  await tx.run(lock, [id]);
  await rememberDeleted(tx, id);
  const at = new Date();
  for (const membership of await tx.rows<{ id: string }>(membershipsOf, [id])) {
    await removeMembership(tx, membership.id, at);
  }
  for (const { teamId } of await tx.rows<{ teamId: string }>(deleteTeams, [id])) {
    tx.emit(teamDeleted, teamId, { teamId, organizationId: id });
  }
  await revokeKeysOf(tx, 'organization', id);
  if ((await tx.run(deleteOrganization, [id])) === 0) return;
  tx.emit(organizationDeleted, id, { organizationId: id, object: null });
}
