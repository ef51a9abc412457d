import { alreadyMember } from '../identity/member.js';
import { calls, command, nothing, one, page, query } from '../kit/call.js';
import { notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { Flag, Id, Nullable, Optional, Text, Timestamp, Whole } from '../kit/fields.js';
import { AuthzList, exampleId } from './list.js';
import { unknownSubject } from './permission.js';
import { tooManyAssignments, unknownRole } from './role-assignment.js';

const anyUser = { min: 1, max: 64, pattern: /^[A-Za-z0-9_-]+$/ };
const roleSlug = { min: 1, max: 40, pattern: /^[a-z][a-z0-9_-]*$/ };

/** A user who has a role on a workspace; who owns it needs none and is not among them. */
export class WorkspaceMember {
  @Id() workspaceId: string;
  @Text(anyUser) userId: string;
  /** `admin`, `editor`, `viewer`, or the slug of a role of the workspace or its organization. */
  @Text(roleSlug) role: string;
  @Flag() isOwner: boolean;
  /** From then on he is no member; null: it does not end. */
  @Timestamp() @Nullable() expiresAt: string | null;
  /** Who made him a member, as trails name him: `user:<id>`. */
  @Text({ max: 300 }) addedBy: string;
  @Timestamp() createdAt: string;
  @Timestamp() updatedAt: string;
  @Whole() version: number;
}

export class ListWorkspaceMembers extends AuthzList {
  @Id() id: string;
  @Text(roleSlug) @Optional() role?: string;
}

export class AddWorkspaceMember {
  @Id() id: string;
  @Text(anyUser) userId: string;
  @Text(roleSlug) role: string;
}

export class WorkspaceMemberRef {
  @Id() id: string;
  @Text(anyUser) userId: string;
}

export class ChangeWorkspaceMember extends WorkspaceMemberRef {
  @Text(roleSlug) role: string;
}

const ref = { id: exampleId('2'), userId: 'user_01JZX8K7M2' };
const shown = {
  workspaceId: ref.id,
  userId: ref.userId,
  role: 'editor',
  isOwner: false,
  expiresAt: null,
  addedBy: 'user:user_01JZX8K7A1',
  createdAt: '2026-03-01T10:00:00.000Z',
  updatedAt: '2026-03-01T10:00:00.000Z',
  version: 1,
};
const refused = [notFound, permissionDenied];

/** The members of workspaces: role assignments on them, one a user (content.md, Routes). */
export const workspaceMembers = calls('authz.workspace-member', {
  list: query({
    http: 'GET /workspaces/{id}/members',
    scope: 'workspaces:read',
    request: ListWorkspaceMembers,
    reply: page(WorkspaceMember),
    fails: refused,
    summary: 'The members of a workspace, newest first.',
    description: 'For who may `admin` it or `read` its `member`s.',
    example: {
      request: { id: ref.id },
      reply: { data: [shown], meta: { limit: 20, after: null, before: null } },
    },
  }),
  get: query({
    http: 'GET /workspaces/{id}/members/{userId}',
    scope: 'workspaces:read',
    request: WorkspaceMemberRef,
    reply: one(WorkspaceMember),
    fails: refused,
    summary: 'A member of a workspace.',
    description: 'For who sees its members, and for himself.',
    example: { request: ref, reply: shown },
  }),
  add: command({
    http: 'POST /workspaces/{id}/members',
    creates: '/workspaces/{workspaceId}/members/{userId}',
    scope: 'workspaces:write',
    request: AddWorkspaceMember,
    reply: one(WorkspaceMember),
    fails: [...refused, unknownRole, unknownSubject, alreadyMember, tooManyAssignments],
    summary: 'Makes a user a member of a workspace.',
    description:
      'Needs `admin` on the workspace, or `manage` of its `member`; nobody gives a role that grants more than he holds there.',
    example: { request: { ...ref, role: 'editor' }, reply: shown },
  }),
  update: command({
    http: 'PATCH /workspaces/{id}/members/{userId}',
    scope: 'workspaces:write',
    request: ChangeWorkspaceMember,
    reply: one(WorkspaceMember),
    fails: [...refused, unknownRole, preconditionFailed],
    summary: 'Gives a member another role.',
    description: 'As for adding one. The role takes the place of all that he has on the workspace.',
    example: { request: { ...ref, role: 'viewer' }, reply: { ...shown, role: 'viewer', version: 2 } },
  }),
  remove: command({
    http: 'DELETE /workspaces/{id}/members/{userId}',
    scope: 'workspaces:write',
    request: WorkspaceMemberRef,
    reply: nothing,
    fails: [...refused, preconditionFailed],
    summary: 'Removes a member from a workspace; oneself may always leave.',
    example: { request: ref },
  }),
});
