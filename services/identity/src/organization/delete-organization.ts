import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { ownership } from '@erato/contracts/content/ownership';
import { homeOrganization, type DeleteOrganization } from '@erato/contracts/identity/organization';
import { stillOwns } from '@erato/contracts/identity/user';
import { Db } from '@erato/platform/database/db';
import { BusCaller } from '@erato/platform/transport/caller';
import { statement } from '@erato/platform/database/statement';
import { writeContext } from '@erato/platform/database/write-context';
import { requireVersion } from '@erato/platform/patch/if-match';
import { aside } from '../aside.js';
import { unlessMissing } from '../workos/refusal.js';
import { WorkosWrites } from '../workos/workos-write.js';
import { removeOrganization } from './mirror-organization.js';
import { OrganizationAccess } from './organization-access.js';
import { OrganizationEntity } from './organization.entity.js';

const unmark = statement('UPDATE organizations SET deleting_at = NULL WHERE workos_org_id = $1');

/**
 * Deletes an organization. It is first marked, so that nothing new comes under it while it is asked what it owns; refused
 * while it owns workspaces; then at WorkOS, then here. The mark goes when the deletion does not come about.
 */
@Injectable()
export class DeleteOrganizationWrite {
  constructor(
    private readonly db: Db,
    private readonly writes: WorkosWrites,
    private readonly access: OrganizationAccess,
    private readonly bus: BusCaller,
  ) {}

  async run({ id }: DeleteOrganization, context: Context): Promise<void> {
    const { organization } = await this.access.require(context, id, 'delete');
    if (organization.home) throw homeOrganization({ detail: 'The home organization cannot be deleted.' });
    await this.db.transaction(context, async (tx) => {
      const current = await tx.lock(OrganizationEntity, { id });
      if (!current) throw notFound();
      requireVersion(context, current);
      await tx.update(OrganizationEntity, { id }, { deletingAt: new Date() });
    });
    try {
      await this.#refuseOwner(id, context);
      await this.writes.run(context, 'the deletion in Erato', async (tx, atWorkos) => {
        await tx.lock(OrganizationEntity, { id });
        await atWorkos('the deletion', (sdk) => unlessMissing(sdk.organizations.deleteOrganization(id)));
        await removeOrganization(tx, id);
      });
    } catch (error) {
      const late = { ...writeContext(context), deadline: Date.now() + 1_000 };
      // NOTE: where this fails too the mark is over by itself (deleting.ts).
      await this.db.transaction(late, (tx) => tx.run(unmark, [id])).catch(() => undefined);
      throw error;
    }
  }

  async #refuseOwner(id: string, context: Context): Promise<void> {
    const owned = await this.bus.call(ownership.count, { type: 'organization', id }, aside(context));
    if (owned.workspaces === 0) return;
    throw stillOwns({
      detail: 'Hand over or delete the workspaces first.',
      extra: { workspaces: owned.workspaces },
    });
  }
}
