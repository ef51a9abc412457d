import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import type { Context } from '@erato/contracts/kit/context';
import { internal, invalidField, notFound } from '@erato/contracts/kit/failure';
import { teamCreated, teamDeleted, teamUpdated } from '@erato/contracts/identity/events';
import { homeOrganization, organizationDeleting } from '@erato/contracts/identity/organization';
import {
  notInOrganization,
  teamNameTaken,
  type CreateTeam,
  type DeleteTeam,
  type UpdateTeam,
} from '@erato/contracts/identity/team';
import { Db } from '@erato/platform/database/db';
import { translating } from '@erato/platform/database/sql-fault';
import { statement } from '@erato/platform/database/statement';
import { requireVersion } from '@erato/platform/patch/if-match';
import { isDeleting } from '../organization/deleting.js';
import { OrganizationAccess } from '../organization/organization-access.js';
import { changedFields } from '../patch.js';
import { TeamAccess } from './team-access.js';
import { TeamEntity } from './team.entity.js';

const holdMember = statement(
  `SELECT 1 FROM organization_memberships WHERE user_id = $1 AND organization_id = $2 AND status = 'active' FOR SHARE`,
);
const taken = { teams_name_key: () => teamNameTaken() };

/** Makes, changes and deletes teams: in Erato alone, since WorkOS knows none. */
@Injectable()
export class TeamWrites {
  constructor(
    private readonly db: Db,
    private readonly organizations: OrganizationAccess,
    private readonly access: TeamAccess,
  ) {}

  async create(input: CreateTeam, context: Context): Promise<TeamEntity> {
    const { organizationId, name, description = null } = input;
    const { organization } = await this.organizations.require(context, organizationId, 'manage');
    if (organization.home) throw homeOrganization({ detail: 'The home organization owns nothing.' });
    if (isDeleting(organization)) throw organizationDeleting();
    const owner = ownerOf(input, context);
    return this.db.transaction(context, async (tx) => {
      if (owner.ownerType === 'user' && !(await tx.row(holdMember, [owner.ownerId, organizationId]))) {
        throw notInOrganization({ detail: 'The owner is no active member of the organization.' });
      }
      const id = v7();
      const now = new Date();
      const team = { id, organizationId, name: name.trim(), description, ...owner, version: 1 };
      await translating({ ...taken, teams_organization_fkey: () => notFound() }, () =>
        tx.insert(TeamEntity, { ...team, createdAt: now, updatedAt: now }),
      );
      tx.emit(teamCreated, id, { teamId: id, organizationId });
      return { ...team, createdAt: now, updatedAt: now };
    });
  }

  async update(input: UpdateTeam, context: Context): Promise<TeamEntity> {
    await this.access.require(context, input.id, 'manage');
    return this.db.transaction(context, async (tx) => {
      const current = await tx.lock(TeamEntity, { id: input.id });
      if (!current) throw notFound();
      requireVersion(context, current);
      const { name, description } = input;
      const changed = changedFields<TeamEntity>(current, {
        ...(name === undefined ? {} : { name: name.trim() }),
        ...(description === undefined ? {} : { description }),
      });
      if (Object.keys(changed).length === 0) return current;
      const set = { ...changed, version: current.version + 1, updatedAt: new Date() };
      await translating(taken, () => tx.update(TeamEntity, { id: current.id }, set));
      tx.emit(teamUpdated, current.id, { teamId: current.id, organizationId: current.organizationId });
      return Object.assign(current, set);
    });
  }

  async delete({ id }: DeleteTeam, context: Context): Promise<void> {
    await this.access.require(context, id, 'manage');
    await this.db.transaction(context, async (tx) => {
      const current = await tx.lock(TeamEntity, { id });
      if (!current) throw notFound();
      requireVersion(context, current);
      if ((await tx.delete(TeamEntity, { id })) !== 1) throw internal();
      tx.emit(teamDeleted, id, { teamId: id, organizationId: current.organizationId });
    });
  }
}

/** The organization, or with `ownerType: user` whom the request names, the caller when it names nobody. */
function ownerOf(input: CreateTeam, { caller }: Context): Pick<TeamEntity, 'ownerType' | 'ownerId'> {
  const { organizationId, ownerType = 'organization', ownerId } = input;
  if (ownerType === 'organization') {
    if (ownerId !== undefined && ownerId !== organizationId) {
      throw invalidField('ownerId', 'not_allowed', 'must be the organization of the team');
    }
    return { ownerType, ownerId: organizationId };
  }
  const user = ownerId ?? (caller.subjectType === 'user' ? caller.subjectId : undefined);
  if (user === undefined) throw invalidField('ownerId', 'required', 'is needed: the caller is no user');
  return { ownerType, ownerId: user };
}
