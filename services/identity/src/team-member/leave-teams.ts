import { teamMemberRemoved, teamUpdated } from '@erato/contracts/identity/events';
import type { Tx } from '@erato/platform/database/tx';
import { statement } from '@erato/platform/database/statement';

const leave = statement(`
  DELETE FROM team_users m USING teams t
  WHERE t.id = m.team_id AND m.user_id = $1 AND t.organization_id = $2
  RETURNING m.team_id AS "teamId"`);
const handOver = statement(`
  UPDATE teams SET owner_type = 'organization', owner_id = organization_id, version = version + 1, updated_at = now()
  WHERE owner_type = 'user' AND owner_id = $1 AND organization_id = $2
  RETURNING id AS "teamId"`);

/**
 * Takes a user out of an organization's teams, when he is no active member any more; teams that he owned there are the
 * organization's from now on. In the transaction of what made him leave (identity.md, Tables).
 */
export async function leaveTeams(tx: Tx, userId: string, organizationId: string): Promise<void> {
  for (const { teamId } of await tx.rows<{ teamId: string }>(leave, [userId, organizationId])) {
    tx.emit(teamMemberRemoved, teamId, { teamId, organizationId, userId });
  }
  for (const { teamId } of await tx.rows<{ teamId: string }>(handOver, [userId, organizationId])) {
    tx.emit(teamUpdated, teamId, { teamId, organizationId });
  }
}
