import { calls, command, nothing, one, page, query } from '../kit/call.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { Flag, Id, Nested, Nullable, OneOf, Optional, Text, Timestamp, Whole } from '../kit/fields.js';
import { AuthzList, exampleId } from './list.js';
import { ObjectRef } from './object-description.js';
import { unknownSubject } from './permission.js';

export type MemberType = 'user' | 'team' | 'organization';
export const memberTypes = ['user', 'team', 'organization'] as const;

const objectType = { min: 1, max: 40, pattern: /^[a-z][a-z_]*$/ };
const anyId = { min: 1, max: 64, pattern: /^[A-Za-z0-9_-]+$/ };
const slug = { min: 1, max: 40, pattern: /^[a-z][a-z0-9_-]*$/ };

export const assignmentExists = failure(
  'conflict',
  'assignment_exists',
  'That subject has that role there already; `assignmentId` names it.',
);
export const unknownRole = failure('invalid', 'unknown_role', 'There is no such role for that object.');
export const tooManyAssignments = failure(
  'invalid',
  'too_many_assignments',
  'An object holds at most 1,000 role assignments.',
);

/** Somebody's role on an object: a member of it. */
export class RoleAssignment {
  @Id() id: string;
  @Id() roleId: string;
  @Text(slug) roleSlug: string;
  @OneOf(memberTypes) subjectType: MemberType;
  @Text(anyId) subjectId: string;
  @Text(objectType) objectType: string;
  @Text(anyId) objectId: string;
  /** Set by creating and transferring the object alone. An owner cannot be removed by an admin. */
  @Flag() isOwner: boolean;
  /** From then on the role is as if not assigned; null: it does not end. */
  @Timestamp() @Nullable() expiresAt: string | null;
  @Text({ max: 300 }) createdBy: string;
  @Timestamp() createdAt: string;
  @Timestamp() updatedAt: string;
  @Whole() version: number;
}

/** A role assignment with the revision from which on it counts; for `Erato-Consistency`. */
export class WrittenRoleAssignment extends RoleAssignment {
  @Whole() revision: number;
}

export class NewRoleAssignment {
  /** The role by its id, or by its slug in `role`: one of the two. */
  @Id() @Optional() roleId?: string;
  /** A role of the object itself, or one that stands from the start for its type. */
  @Text(slug) @Optional() role?: string;
  @OneOf(memberTypes) subjectType: MemberType;
  @Text(anyId) subjectId: string;
  @Text(objectType) objectType: string;
  @Text(anyId) objectId: string;
  @Timestamp() @Nullable() @Optional() expiresAt?: string | null;
  /** The role takes the place of the subject's other roles on that object, in one step; an ownership stays. */
  @Flag() @Optional() replace?: boolean;
}

export class ListRoleAssignments extends AuthzList {
  @OneOf(memberTypes) @Optional() subjectType?: MemberType;
  @Text(anyId) @Optional() subjectId?: string;
  @Text(objectType) @Optional() objectType?: string;
  @Text(anyId) @Optional() objectId?: string;
  @Id() @Optional() roleId?: string;
  /** `createdAt` (oldest first) or `-createdAt`, which is the default. */
  @OneOf(['createdAt', '-createdAt']) @Optional() sort?: 'createdAt' | '-createdAt';
}

export class RoleAssignmentId {
  @Id() id: string;
}

export class ListMembers extends AuthzList {
  @Nested(() => ObjectRef) object: ObjectRef;
  @OneOf(memberTypes) @Optional() subjectType?: MemberType;
  @Text(anyId) @Optional() subjectId?: string;
}

export class SetOwner {
  @Nested(() => ObjectRef) object: ObjectRef;
  @OneOf(memberTypes) subjectType: MemberType;
  @Text(anyId) subjectId: string;
  /** Who made or transferred it, as trails name him: `user:<id>`. */
  @Text({ min: 1, max: 300 }) actor: string;
}

const example = {
  id: exampleId('20'),
  roleId: exampleId('10'),
  roleSlug: 'editor',
  subjectType: 'user',
  subjectId: 'user_01JZX8K7M2',
  objectType: 'workspace',
  objectId: exampleId('2'),
  isOwner: false,
  expiresAt: null,
  createdBy: 'user:user_01JZX8K7A1',
  createdAt: '2026-03-01T10:00:00.000Z',
  updatedAt: '2026-03-01T10:00:00.000Z',
  version: 1,
};
const refused = [notFound, permissionDenied];

/** The members of objects with their roles. */
export const roleAssignments = calls('authz.role-assignment', {
  list: query({
    http: 'GET /role-assignments',
    scope: 'permissions:read',
    request: ListRoleAssignments,
    reply: page(RoleAssignment),
    fails: refused,
    summary: 'The members of an object, or the roles of a subject.',
    description:
      'An object’s members are shown to who may `admin` it or `read` its `member`s; a subject’s roles to that subject itself, and to scope `admin`.',
    example: {
      request: { objectType: 'workspace', objectId: exampleId('2') },
      reply: { data: [example], meta: { limit: 20, after: null, before: null } },
    },
  }),
  create: command({
    http: 'POST /role-assignments',
    scope: 'permissions:write',
    request: NewRoleAssignment,
    reply: one(WrittenRoleAssignment),
    creates: '/role-assignments/{id}',
    fails: [...refused, unknownRole, unknownSubject, assignmentExists, tooManyAssignments],
    summary: 'Gives somebody a role on an object.',
    description:
      'Needs `admin` on the object, or `manage` of its `member`; nobody gives a role that grants more than he holds there.',
    example: {
      request: {
        role: 'editor',
        subjectType: 'user',
        subjectId: 'user_01JZX8K7M2',
        objectType: 'workspace',
        objectId: exampleId('2'),
      },
      reply: { data: { ...example, revision: 4713 } },
    },
  }),
  get: query({
    http: 'GET /role-assignments/{id}',
    scope: 'permissions:read',
    request: RoleAssignmentId,
    reply: one(RoleAssignment),
    fails: [notFound],
    summary: 'A role assignment.',
    example: { request: { id: exampleId('20') }, reply: { data: example } },
  }),
  delete: command({
    http: 'DELETE /role-assignments/{id}',
    scope: 'permissions:write',
    request: RoleAssignmentId,
    reply: nothing,
    fails: [...refused, preconditionFailed],
    summary: 'Takes a role away; oneself may always leave, an owner cannot be removed.',
    example: { request: { id: exampleId('20') } },
  }),
});

/** What services that own objects ask about members; they have decided who may see them. */
export const members = calls('authz.member', {
  list: query({
    scope: null,
    callers: ['content'],
    request: ListMembers,
    reply: page(RoleAssignment),
    summary: 'The members of an object, newest first; services only.',
  }),
  setOwner: command({
    scope: null,
    callers: ['content'],
    request: SetOwner,
    reply: one(WrittenRoleAssignment),
    fails: [unknownRole, unknownSubject],
    summary:
      'Makes somebody the owner of an object that was created or transferred, in place of who was it; services only.',
  }),
});
