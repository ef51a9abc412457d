import { lastAdmin } from '@erato/contracts/identity/user';
import type { Tx } from '@erato/platform/database/tx';
import { statement } from '@erato/platform/database/statement';
import type { OrganizationEntity } from '../organization/organization.entity.js';
import type { MembershipEntity } from './membership.entity.js';

const others = statement(`
  SELECT count(*)::integer AS admins FROM organization_memberships
  WHERE organization_id = $1 AND user_id <> $2 AND role_slug = 'admin' AND status = 'active'`);

/**
 * Refuses to let the last admin go: an organization keeps one. The caller holds the organization's lock until the change is
 * written, so that of two who go at once one stays. Nobody administers the home organization in this sense.
 */
export async function keepAnAdmin(
  tx: Tx,
  organization: OrganizationEntity,
  leaving: MembershipEntity,
): Promise<void> {
  if (organization.home || leaving.roleSlug !== 'admin' || leaving.status !== 'active') return;
  const left = await tx.row<{ admins: number }>(others, [organization.id, leaving.userId]);
  if (!left?.admins) throw lastAdmin();
}
