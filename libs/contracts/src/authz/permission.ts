import { calls, command, nothing, one, page, query } from '../kit/call.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import {
  Id,
  ListOf,
  Nullable,
  OneOf,
  Optional,
  Text,
  TextList,
  Timestamp,
  Whole,
  WordList,
} from '../kit/fields.js';
import { AuthzList, exampleId } from './list.js';

/** Whom a row addresses; of `static` the id is an audience: `guest`, `authenticated`, `follower`, `subscriber`. */
export type PermissionSubject = 'user' | 'team' | 'organization' | 'static';
export const permissionSubjects = ['user', 'team', 'organization', 'static'] as const;

/** `unset` is as if the row were not there. */
export type PermissionValue = 'allow' | 'deny' | 'unset';
export const permissionValues = ['allow', 'deny', 'unset'] as const;

const objectType = { min: 1, max: 40, pattern: /^[a-z][a-z_]*$/ };
const anyId = { min: 1, max: 64, pattern: /^[A-Za-z0-9_-]+$/ };
const action = { min: 1, max: 40, pattern: /^[a-z][a-z0-9_-]*$/ };

export const unknownAction = failure('invalid', 'unknown_action', 'There is no such action.');
export const unknownSubject = failure('invalid', 'unknown_subject', 'There is no such subject.');
export const permissionExists = failure(
  'conflict',
  'permission_exists',
  'There is a row for that subject, object and action already; `permissionId` names it.',
);
export const tooManyPermissions = failure(
  'invalid',
  'too_many_permissions',
  'An object holds at most 1,000 permission rows.',
);

/** The five that make a row unique: whom it addresses, on what, and which action. */
export class PermissionKey {
  @OneOf(permissionSubjects) subjectType: PermissionSubject;
  @Text(anyId) subjectId: string;
  @Text(objectType) objectType: string;
  @Text(anyId) objectId: string;
  @Text(action) action: string;
}

/** A permission to be set. */
export class NewPermission extends PermissionKey {
  @OneOf(permissionValues) value: PermissionValue;
  /** From then on the row is as if not there; null or left out: it does not end. */
  @Timestamp() @Nullable() @Optional() expiresAt?: string | null;
}

/** One explicit permission: a subject may or may not do something with an object (authz.md). */
export class Permission extends PermissionKey {
  @Id() id: string;
  @OneOf(permissionValues) value: PermissionValue;
  @Timestamp() @Nullable() expiresAt: string | null;
  /** Who set it: `user:<id>`, `service:<name>`, … */
  @Text({ max: 300 }) createdBy: string;
  @Timestamp() createdAt: string;
  @Timestamp() updatedAt: string;
  @Whole() version: number;
}

/** A permission with the revision from which on it counts; for `Erato-Consistency`. */
export class WrittenPermission extends Permission {
  @Whole() revision: number;
}

export class ListPermissions extends AuthzList {
  @OneOf(permissionSubjects) @Optional() subjectType?: PermissionSubject;
  @Text(anyId) @Optional() subjectId?: string;
  @Text(objectType) @Optional() objectType?: string;
  @Text(anyId) @Optional() objectId?: string;
  /** Any of these. */
  @TextList({ max: 20, length: 40 }) @Optional() action?: string[];
  /** Any of these. */
  @WordList(permissionValues) @Optional() value?: PermissionValue[];
  /** `createdAt` (oldest first) or `-createdAt`, which is the default. */
  @OneOf(['createdAt', '-createdAt']) @Optional() sort?: 'createdAt' | '-createdAt';
}

export class PermissionId {
  @Id() id: string;
}

export class ChangePermission extends PermissionId {
  @OneOf(permissionValues) @Optional() value?: PermissionValue;
  @Timestamp() @Nullable() @Optional() expiresAt?: string | null;
}

export class SetPermissions {
  /** Each key at most once. */
  @ListOf(() => NewPermission, { min: 1, max: 100 }) permissions: NewPermission[];
}

/** The rows as they are now, in the order of the request, and the revision from which on they count. */
export class PermissionsSet {
  @ListOf(() => Permission, { max: 100 }) permissions: Permission[];
  @Whole() revision: number;
}

const exampleRow = {
  subjectType: 'team',
  subjectId: exampleId('71'),
  objectType: 'workspace',
  objectId: exampleId('2'),
  action: 'write',
  value: 'allow',
  expiresAt: null,
};
const examplePermission = {
  id: exampleId('1'),
  ...exampleRow,
  createdBy: 'user:user_01JZX8K7M2',
  createdAt: '2026-03-01T10:00:00.000Z',
  updatedAt: '2026-03-01T10:00:00.000Z',
  version: 1,
};

const refused = [notFound, permissionDenied];
const writes = [...refused, unknownAction, unknownSubject, tooManyPermissions];

/** Explicit permissions: subject, object, action, value (authz.md, Routes). */
export const permissions = calls('authz.permission', {
  list: query({
    http: 'GET /permissions',
    scope: 'permissions:read',
    request: ListPermissions,
    reply: page(Permission),
    fails: refused,
    summary: 'The permissions on an object, or of a subject.',
    description:
      'Names an object (`objectType` and `objectId`), a subject (`subjectType` and `subjectId`), or both. An object’s rows are shown to who may `admin` it; a subject’s rows to that subject itself, and to scope `admin`.',
    example: {
      request: { objectType: 'workspace', objectId: exampleId('2') },
      reply: { data: [examplePermission], meta: { limit: 20, after: null, before: null } },
    },
  }),
  create: command({
    http: 'POST /permissions',
    scope: 'permissions:write',
    request: NewPermission,
    reply: one(WrittenPermission),
    creates: '/permissions/{id}',
    fails: [...writes, permissionExists],
    summary: 'Sets a permission that is not there yet.',
    description:
      'Needs `admin` on the object, and nobody gives more than he holds there. The same five again are 409 `permission_exists`; `PUT /permissions` sets whatever is there. An expired row is as if not there: it is replaced.',
    example: { request: exampleRow, reply: { data: { ...examplePermission, revision: 4711 } } },
  }),
  get: query({
    http: 'GET /permissions/{id}',
    scope: 'permissions:read',
    request: PermissionId,
    reply: one(Permission),
    fails: [notFound],
    summary: 'A permission, for who may `admin` its object or is its subject.',
    example: { request: { id: exampleId('1') }, reply: { data: examplePermission } },
  }),
  update: command({
    http: 'PATCH /permissions/{id}',
    scope: 'permissions:write',
    request: ChangePermission,
    reply: one(WrittenPermission),
    fails: [...refused, preconditionFailed],
    summary: 'Changes value or expiry of a permission.',
    description: 'Needs `admin` on the object. Lifting a deny needs what it denied, as giving it would.',
    example: {
      request: { id: exampleId('1'), value: 'deny' },
      reply: { data: { ...examplePermission, value: 'deny', version: 2, revision: 4712 } },
    },
  }),
  delete: command({
    http: 'DELETE /permissions/{id}',
    scope: 'permissions:write',
    request: PermissionId,
    reply: nothing,
    fails: [...refused, preconditionFailed],
    summary: 'Removes a permission.',
    example: { request: { id: exampleId('1') } },
  }),
  set: command({
    http: 'PUT /permissions',
    scope: 'permissions:write',
    request: SetPermissions,
    reply: one(PermissionsSet),
    fails: writes,
    summary: 'Sets up to 100 permissions, all or none; rows that are there are changed.',
    example: {
      request: { permissions: [exampleRow] },
      reply: { data: { permissions: [examplePermission], revision: 4711 } },
    },
  }),
});
