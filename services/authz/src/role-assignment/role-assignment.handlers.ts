import {
  type ListMembers,
  type ListRoleAssignments,
  members,
  type NewRoleAssignment,
  type RoleAssignment,
  type RoleAssignmentId,
  roleAssignments,
  type SetOwner,
  type WrittenRoleAssignment,
} from '@erato/contracts/authz/role-assignment';
import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Serves } from '@erato/platform/transport/serves';
import { Authority, seesMembers } from '../decision/authority.js';
import { isOneself, requireListed } from '../decision/listed.js';
import { objectOf } from '../permission/permission-view.js';
import { AssignRole } from './assign-role.js';
import { EndAssignment } from './end-assignment.js';
import { AssignmentReads } from './role-assignment.reads.js';
import { toAssignment } from './role-assignment-view.js';
import { SetOwners } from './set-owner.js';

@Serves(roleAssignments)
export class RoleAssignmentHandlers implements Handlers<typeof roleAssignments> {
  constructor(
    private readonly reads: AssignmentReads,
    private readonly assignRole: AssignRole,
    private readonly endAssignment: EndAssignment,
    private readonly authority: Authority,
  ) {}

  async list(input: ListRoleAssignments, context: Context): Promise<Page<RoleAssignment>> {
    await requireListed(this.authority, seesMembers, input, context);
    return this.reads.list(input);
  }

  create(input: NewRoleAssignment, context: Context): Promise<WrittenRoleAssignment> {
    return this.assignRole.assign(context, input);
  }

  async get({ id }: RoleAssignmentId, context: Context): Promise<RoleAssignment> {
    const row = await this.reads.find(id);
    if (!row) throw notFound();
    const own = isOneself({ type: row.subjectType, id: row.subjectId }, context.caller);
    if (!own && !(await this.authority.meets(context, seesMembers, objectOf(row)))) throw notFound();
    return toAssignment(row);
  }

  delete({ id }: RoleAssignmentId, context: Context): Promise<void> {
    return this.endAssignment.end(context, id);
  }
}

/** What services ask about the members of their own objects. */
@Serves(members)
export class MemberHandlers implements Handlers<typeof members> {
  constructor(
    private readonly reads: AssignmentReads,
    private readonly owners: SetOwners,
  ) {}

  list({ object, ...input }: ListMembers): Promise<Page<RoleAssignment>> {
    return this.reads.list({ ...input, objectType: object.type, objectId: object.id });
  }

  setOwner(input: SetOwner, context: Context): Promise<WrittenRoleAssignment> {
    return this.owners.set(context, input);
  }
}
