import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, notFound, permissionDenied } from '@erato/contracts/kit/failure';
import { ownership } from '@erato/contracts/content/ownership';
import { lastAdmin, stillOwns, type DeleteUser } from '@erato/contracts/identity/user';
import { BusCaller } from '@erato/platform/transport/caller';
import { statement } from '@erato/platform/database/statement';
import { requireVersion } from '@erato/platform/patch/if-match';
import { ceilingAllows, isAdministrator, isSelf } from '../access.js';
import { aside } from '../aside.js';
import { unlessMissing } from '../workos/refusal.js';
import { WorkosWrites } from '../workos/workos-write.js';
import { eraseUser } from './erase-user.js';
import { UserEntity } from './user.entity.js';
import { UserReads } from './user.reads.js';

const lockOrganizations = statement(`
  SELECT o.workos_org_id FROM organizations o
  JOIN organization_memberships m ON m.organization_id = o.workos_org_id
  WHERE m.user_id = $1 AND m.role_slug = 'admin' AND m.status = 'active' AND NOT o.home
  ORDER BY o.workos_org_id FOR UPDATE OF o`);
const alone = statement(`
  SELECT m.organization_id AS "organizationId" FROM organization_memberships m
  JOIN organizations o ON o.workos_org_id = m.organization_id
  WHERE m.user_id = $1 AND m.role_slug = 'admin' AND m.status = 'active' AND NOT o.home AND NOT EXISTS (
    SELECT 1 FROM organization_memberships other WHERE other.organization_id = m.organization_id
    AND other.user_id <> $1 AND other.role_slug = 'admin' AND other.status = 'active')
  ORDER BY 1`);

/**
 * Deletes a user: refused while he is the last admin of an organization or owns workspaces; then here and last of all at
 * WorkOS (identity.md, Sync), in one transaction, after which the other services hear of it. Where WorkOS does not do it
 * nothing is done; where nothing is known of its answer, its event tells later.
 */
@Injectable()
export class DeleteUserWrite {
  constructor(
    private readonly writes: WorkosWrites,
    private readonly reads: UserReads,
    private readonly bus: BusCaller,
  ) {}

  async run({ id, confirm }: DeleteUser, context: Context): Promise<void> {
    const { caller } = context;
    if (!(await this.reads.find(context, id))) throw notFound();
    const administrator = isAdministrator(caller);
    if (!(administrator || isSelf(caller, id)) || !ceilingAllows(caller, 'user', id, 'delete')) {
      throw permissionDenied();
    }
    if (!administrator && confirm !== id) {
      throw invalidField('confirm', 'required', 'must be your own id, to show that you mean it');
    }
    const owned = await this.bus.call(ownership.count, { type: 'user', id }, aside(context));
    if (owned.workspaces > 0) {
      throw stillOwns({
        detail: 'Hand over or delete the workspaces first.',
        extra: { workspaces: owned.workspaces },
      });
    }
    await this.writes.run(context, 'the erasure in Erato', async (tx, atWorkos) => {
      const current = await tx.lock(UserEntity, { id });
      if (!current || current.deletedAt) throw notFound();
      requireVersion(context, current);
      await tx.rows(lockOrganizations, [id]);
      const left = await tx.rows<{ organizationId: string }>(alone, [id]);
      if (left.length > 0) {
        throw lastAdmin({ extra: { organizationIds: left.map(({ organizationId }) => organizationId) } });
      }
      await eraseUser(tx, id);
      await atWorkos('the deletion', (sdk) => unlessMissing(sdk.userManagement.deleteUser(id)));
    });
  }
}
