import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { internal, invalidField, notFound } from '@erato/contracts/kit/failure';
import {
  alreadyMember,
  type AddMember,
  type ChangeMember,
  type Member,
  type RemoveMember,
} from '@erato/contracts/identity/member';
import { homeOrganization, organizationDeleting } from '@erato/contracts/identity/organization';
import type { Tx } from '@erato/platform/database/tx';
import { requireVersion } from '@erato/platform/patch/if-match';
import { ceilingAllows, isSelf, type Standing } from '../access.js';
import { isDeleting } from '../organization/deleting.js';
import { OrganizationAccess } from '../organization/organization-access.js';
import { OrganizationEntity } from '../organization/organization.entity.js';
import { UserReads } from '../user/user.reads.js';
import { Creations } from '../workos/creation.js';
import { unlessMissing, type Refusals } from '../workos/refusal.js';
import { WorkosWrites } from '../workos/workos-write.js';
import { keepAnAdmin } from './last-admin.js';
import { MemberReads } from './member.reads.js';
import { MembershipEntity } from './membership.entity.js';
import { mirrorMembership, removeMembership } from './mirror-membership.js';

const refusals: Refusals = {
  organization_membership_already_exists: () => alreadyMember(),
  cannot_reactivate_pending_organization_membership: () =>
    alreadyMember({ detail: 'The user was invited and has not accepted yet.' }),
  invalid_role: ({ message }) => invalidField('role', 'unknown', message),
  role_not_found: ({ message }) => invalidField('role', 'unknown', message),
};

/** Adds, changes and removes members. The organization is locked until both sides have it (security.md, Roles). */
@Injectable()
export class MemberWrites {
  constructor(
    private readonly writes: WorkosWrites,
    private readonly access: OrganizationAccess,
    private readonly reads: MemberReads,
    private readonly users: UserReads,
    private readonly creations: Creations,
  ) {}

  async add(input: AddMember, context: Context): Promise<Member> {
    const { standing } = await this.access.require(context, input.id, 'manage');
    if (!(await this.users.find(context, input.userId))) {
      throw invalidField('userId', 'unknown_subject', 'is nobody');
    }
    return this.writes.run(context, 'the membership in Erato', async (tx, atWorkos) => {
      const organization = await this.#lock(tx, input.id);
      if (isDeleting(organization)) throw organizationDeleting();
      const { id: organizationId, userId, role } = input;
      const known = await tx.lock(MembershipEntity, { organizationId, userId });
      if (known?.status === 'active') throw alreadyMember();
      const idempotencyKey = await this.creations.key(tx, context, 'membership', input);
      const options = { organizationId, userId, ...(role === undefined ? {} : { roleSlug: role }) };
      const answer = await atWorkos(
        'the membership',
        (sdk) => sdk.userManagement.createOrganizationMembership(options),
        { idempotencyKey, refusals },
      );
      await mirrorMembership(tx, answer);
      return this.#written(tx, organizationId, userId, standing);
    });
  }

  async update(input: ChangeMember, context: Context): Promise<Member> {
    const { standing } = await this.access.require(context, input.id, 'manage');
    return this.writes.run(context, 'the membership in Erato', async (tx, atWorkos) => {
      const { organization, membership } = await this.#lockBoth(tx, input);
      requireVersion(context, membership);
      if (membership.roleSlug !== input.role) {
        await keepAnAdmin(tx, organization, membership);
        const answer = await atWorkos(
          'the role',
          (sdk) => sdk.userManagement.updateOrganizationMembership(membership.id, { roleSlug: input.role }),
          { refusals },
        );
        await mirrorMembership(tx, answer);
      }
      return this.#written(tx, input.id, input.userId, standing);
    });
  }

  /** Admins remove others; everybody may leave. */
  async remove(input: RemoveMember, context: Context): Promise<void> {
    const { id, userId } = input;
    const { caller } = context;
    const leaves = isSelf(caller, userId) && ceilingAllows(caller, 'organization', id, 'admin');
    await this.access.require(context, id, leaves ? 'read' : 'manage');
    await this.writes.run(context, 'the removal in Erato', async (tx, atWorkos) => {
      const { organization, membership } = await this.#lockBoth(tx, input);
      if (organization.home)
        throw homeOrganization({ detail: 'Everybody belongs to the home organization.' });
      requireVersion(context, membership);
      await keepAnAdmin(tx, organization, membership);
      await atWorkos('the removal', (sdk) =>
        unlessMissing(sdk.userManagement.deleteOrganizationMembership(membership.id)),
      );
      await removeMembership(tx, membership.id, new Date());
    });
  }

  async #lock(tx: Tx, id: string): Promise<OrganizationEntity> {
    const organization = await tx.lock(OrganizationEntity, { id });
    if (!organization) throw notFound();
    return organization;
  }

  async #lockBoth(tx: Tx, { id, userId }: RemoveMember) {
    const organization = await this.#lock(tx, id);
    const membership = await tx.lock(MembershipEntity, { organizationId: id, userId });
    if (!membership) throw notFound();
    return { organization, membership };
  }

  async #written(tx: Tx, id: string, userId: string, standing: Standing): Promise<Member> {
    const member = await this.reads.find(tx, id, userId, standing);
    if (!member) throw internal({ detail: 'The membership is gone again.' });
    return member;
  }
}
