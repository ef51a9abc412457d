import {
  type AddWorkspaceMember,
  type ChangeWorkspaceMember,
  type ListWorkspaceMembers,
  type WorkspaceMember,
  type WorkspaceMemberRef,
  workspaceMembers,
} from '@erato/contracts/authz/workspace-member';
import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Serves } from '@erato/platform/transport/serves';
import { Authority, seesMembers } from '../decision/authority.js';
import { isOneself } from '../decision/listed.js';
import { AssignRole } from '../role-assignment/assign-role.js';
import { ChangeMembers } from './change-member.js';
import { toMember, WorkspaceMemberReads } from './member.reads.js';

/** Members of workspaces: who may what with them is decided here, where roles are kept. */
@Serves(workspaceMembers)
export class WorkspaceMemberHandlers implements Handlers<typeof workspaceMembers> {
  constructor(
    private readonly reads: WorkspaceMemberReads,
    private readonly authority: Authority,
    private readonly assignRole: AssignRole,
    private readonly changes: ChangeMembers,
  ) {}

  async list(input: ListWorkspaceMembers, context: Context): Promise<Page<WorkspaceMember>> {
    await this.authority.require(context, seesMembers, [{ type: 'workspace', id: input.id }]);
    return this.reads.list(input);
  }

  async get({ id, userId }: WorkspaceMemberRef, context: Context): Promise<WorkspaceMember> {
    if (!isOneself({ type: 'user', id: userId }, context.caller)) {
      await this.authority.require(context, seesMembers, [{ type: 'workspace', id }]);
    }
    const row = await this.reads.find(id, userId);
    if (!row) throw notFound();
    return toMember(row);
  }

  async add({ id, userId, role }: AddWorkspaceMember, context: Context): Promise<WorkspaceMember> {
    const on = { objectType: 'workspace', objectId: id };
    const assignment = { ...on, subjectType: 'user' as const, subjectId: userId, role };
    const { roleSlug, createdBy, ...added } = await this.assignRole.assign(context, assignment, 'first');
    const { isOwner, expiresAt, createdAt, updatedAt, version } = added;
    const times = { expiresAt, createdAt, updatedAt };
    return { workspaceId: id, userId, role: roleSlug, isOwner, addedBy: createdBy, ...times, version };
  }

  update(input: ChangeWorkspaceMember, context: Context): Promise<WorkspaceMember> {
    return this.changes.change(context, input);
  }

  remove(input: WorkspaceMemberRef, context: Context): Promise<void> {
    return this.changes.remove(context, input);
  }
}
