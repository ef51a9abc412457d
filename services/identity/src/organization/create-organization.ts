import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { internal, permissionDenied } from '@erato/contracts/kit/failure';
import type { CreateOrganization } from '@erato/contracts/identity/organization';
import { ceilingAllows, isAdministrator } from '../access.js';
import { mirrorMembership } from '../member/mirror-membership.js';
import { Creations } from '../workos/creation.js';
import { verified, withoutNulls } from '../workos/fields.js';
import { WorkosWrites } from '../workos/workos-write.js';
import { mirrorOrganization } from './mirror-organization.js';
import { OrganizationEntity } from './organization.entity.js';
import {
  organizationRefusals,
  ownOrganizationFields,
  refuseAdminFields,
  refuseTakenSlug,
  writeOwnOrganization,
} from './update-organization.js';

/** Creates an organization in WorkOS, makes the user who does its admin there, and keeps what Erato owns of it. */
@Injectable()
export class CreateOrganizationWrite {
  constructor(
    private readonly writes: WorkosWrites,
    private readonly creations: Creations,
  ) {}

  async run(input: CreateOrganization, context: Context): Promise<OrganizationEntity> {
    const { caller } = context;
    const userId = caller.subjectType === 'user' ? caller.subjectId : null;
    if (!userId && !isAdministrator(caller)) throw permissionDenied({ detail: 'Users make organizations.' });
    if (!ceilingAllows(caller, 'organization', '', 'create')) throw permissionDenied();
    refuseAdminFields(input, context);
    const own = ownOrganizationFields({}, input);
    return this.writes.run(context, 'the organization in Erato', async (tx, atWorkos) => {
      const key = await this.creations.key(tx, context, 'organization', input);
      if (own.slug) await refuseTakenSlug(tx, own.slug, '');
      const { name, externalId, metadata, domains } = input;
      const organization = await atWorkos(
        'the organization',
        (sdk) =>
          sdk.organizations.createOrganization({
            name,
            ...(externalId ? { externalId } : {}),
            ...(metadata ? { metadata: withoutNulls(metadata) } : {}),
            ...(domains ? { domainData: verified(domains) } : {}),
          }),
        { idempotencyKey: key, refusals: organizationRefusals },
      );
      await mirrorOrganization(tx, organization);
      if (userId) {
        const membership = await atWorkos(
          'its first admin',
          (sdk) =>
            sdk.userManagement.createOrganizationMembership({
              userId,
              organizationId: organization.id,
              roleSlug: 'admin',
            }),
          { idempotencyKey: `${key}-admin` },
        );
        await mirrorMembership(tx, membership);
      }
      const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null));
      if (Object.keys(given).length > 0) await writeOwnOrganization(tx, organization.id, given);
      const made = await tx.findOneBy(OrganizationEntity, { id: organization.id });
      if (!made) throw internal({ detail: 'The organization is gone again.' });
      return made;
    });
  }
}
