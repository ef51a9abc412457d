import { calls, command, nothing, one, page, query } from '../kit/call.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { Flag, Id, JsonObject, OneOf, Optional, Text, Timestamp, Whole } from '../kit/fields.js';
import { AuthzList, exampleId } from './list.js';
import { unknownAction } from './permission.js';

export type RoleScope = 'system' | 'organization' | 'workspace' | 'artist_space' | 'harbor';
export const roleScopes = ['system', 'organization', 'workspace', 'artist_space', 'harbor'] as const;

/** Actions by object type: `{ "workspace": ["read"], "resource": ["write"] }`. */
export type RoleGrants = Readonly<Record<string, readonly string[]>>;

const slugPattern = /^[a-z][a-z0-9_-]*$/;
const anyId = { min: 1, max: 64, pattern: /^[A-Za-z0-9_-]+$/ };

export const systemRole = failure(
  'forbidden',
  'system_role',
  'A role that stands from the start cannot be changed or deleted.',
);
export const roleInUse = failure('conflict', 'role_in_use', 'The role is assigned to somebody.');
export const roleExists = failure('conflict', 'role_exists', 'There is a role of that slug in that scope.');
export const tooManyRoles = failure(
  'invalid',
  'too_many_roles',
  'A scope holds at most 100 roles of its own.',
);

/** A bundle of grants (authz.md). */
export class Role {
  @Id() id: string;
  /** `system`: it stands from the start; else the kind of object to which it belongs. */
  @OneOf(roleScopes) scopeType: RoleScope;
  /** The object to which it belongs; of a system role the kind of object for which it is offered. */
  @Text(anyId) scopeId: string;
  @Text({ min: 1, max: 40, pattern: slugPattern }) slug: string;
  @Text({ max: 100 }) name: string;
  @Text({ max: 500 }) description: string;
  /** Actions by object type. */
  @JsonObject({ maxBytes: 8192 }) grants: RoleGrants;
  @Flag() isSystem: boolean;
  @Timestamp() createdAt: string;
  @Timestamp() updatedAt: string;
  @Whole() version: number;
}

export class ListRoles extends AuthzList {
  /** `system` lists the roles that stand from the start. */
  @OneOf(roleScopes) @Optional() scopeType?: RoleScope;
  /** With a scope type that is an object's: the roles of that object, beside the system roles offered there. */
  @Text(anyId) @Optional() scopeId?: string;
  @Text({ min: 1, max: 40, pattern: slugPattern }) @Optional() slug?: string;
}

export class RoleId {
  @Id() id: string;
}

export class NewRole {
  @OneOf(['organization', 'workspace', 'artist_space', 'harbor']) scopeType: Exclude<RoleScope, 'system'>;
  @Text(anyId) scopeId: string;
  @Text({ min: 1, max: 40, pattern: slugPattern }) slug: string;
  @Text({ min: 1, max: 100 }) name: string;
  @Text({ max: 500 }) @Optional() description?: string;
  /** Actions by object type; never more than its maker holds there. */
  @JsonObject({ maxBytes: 8192 }) grants: RoleGrants;
}

export class ChangeRole extends RoleId {
  @Text({ min: 1, max: 100 }) @Optional() name?: string;
  @Text({ max: 500 }) @Optional() description?: string;
  /** Replaces the grants as a whole. */
  @JsonObject({ maxBytes: 8192 }) @Optional() grants?: RoleGrants;
}

const example = {
  id: exampleId('10'),
  scopeType: 'workspace',
  scopeId: exampleId('2'),
  slug: 'writer',
  name: 'Writer',
  description: 'Writes posts, publishes nothing.',
  grants: { workspace: ['read'], resource: ['create', 'read', 'update'] },
  isSystem: false,
  createdAt: '2026-03-01T10:00:00.000Z',
  updatedAt: '2026-03-01T10:00:00.000Z',
  version: 1,
};
const refused = [notFound, permissionDenied];

/** Roles: bundles of grants, those that stand from the start and each scope's own. */
export const roles = calls('authz.role', {
  list: query({
    http: 'GET /roles',
    scope: 'permissions:read',
    request: ListRoles,
    reply: page(Role),
    fails: refused,
    summary: 'Roles of a scope, by slug; without a scope the ones that stand from the start.',
    example: {
      request: { scopeType: 'workspace', scopeId: exampleId('2') },
      reply: { data: [example], meta: { limit: 20, after: null, before: null } },
    },
  }),
  get: query({
    http: 'GET /roles/{id}',
    scope: 'permissions:read',
    request: RoleId,
    reply: one(Role),
    fails: [notFound],
    summary: 'A role, for who may read the object to which it belongs.',
    example: { request: { id: exampleId('10') }, reply: { data: example } },
  }),
  create: command({
    http: 'POST /roles',
    scope: 'permissions:write',
    request: NewRole,
    reply: one(Role),
    creates: '/roles/{id}',
    fails: [...refused, roleExists, unknownAction, tooManyRoles],
    summary: 'Adds a role to a scope; needs `admin` there, and never grants more than its maker holds.',
    example: {
      request: {
        scopeType: 'workspace',
        scopeId: exampleId('2'),
        slug: 'writer',
        name: 'Writer',
        grants: example.grants,
      },
      reply: { data: example },
    },
  }),
  update: command({
    http: 'PATCH /roles/{id}',
    scope: 'permissions:write',
    request: ChangeRole,
    reply: one(Role),
    fails: [...refused, systemRole, unknownAction, preconditionFailed],
    summary: 'Changes a role; whoever holds it holds the new grants at once.',
    example: {
      request: { id: exampleId('10'), name: 'Author' },
      reply: { data: { ...example, name: 'Author' } },
    },
  }),
  delete: command({
    http: 'DELETE /roles/{id}',
    scope: 'permissions:write',
    request: RoleId,
    reply: nothing,
    fails: [...refused, systemRole, roleInUse, preconditionFailed],
    summary: 'Removes a role that nobody holds.',
    example: { request: { id: exampleId('10') } },
  }),
});
