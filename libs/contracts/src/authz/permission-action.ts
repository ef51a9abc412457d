import { calls, command, nothing, one, query, whole } from '../kit/call.js';
import { failure, notFound, preconditionFailed } from '../kit/failure.js';
import { Flag, Optional, Text, TextList, Timestamp, Whole } from '../kit/fields.js';
import { unknownAction } from './permission.js';

const slugPattern = /^[a-z][a-z0-9_-]*$/;

export const actionExists = failure('conflict', 'action_exists', 'There is an action of that slug.');
export const actionInUse = failure(
  'conflict',
  'action_in_use',
  'Permissions, roles or actions use this action.',
);
export const systemAction = failure(
  'forbidden',
  'system_action',
  'An action that stands from the start cannot be changed or deleted.',
);
export const tooManyActions = failure('invalid', 'too_many_actions', 'There are at most 200 actions.');

export class PermissionActionSlug {
  @Text({ min: 1, max: 40, pattern: slugPattern }) slug: string;
}

/** What a permission can allow or deny (authz.md). An action is added by a row, without code. */
export class PermissionAction extends PermissionActionSlug {
  @Text({ max: 100 }) name: string;
  @Text({ max: 500 }) description: string;
  /** Groups actions for people: `content`, `resource`, `workspace`, `admin`, … */
  @Text({ max: 40 }) category: string;
  /** The actions that an allow of this one allows besides. `admin` allows every action, also ones added later. */
  @TextList({ max: 50, length: 40 }) implies: string[];
  @Flag() isSystem: boolean;
  @Timestamp() createdAt: string;
  @Timestamp() updatedAt: string;
  @Whole() version: number;
}

export class NewPermissionAction extends PermissionActionSlug {
  @Text({ min: 1, max: 100 }) name: string;
  @Text({ max: 500 }) @Optional() description?: string;
  @Text({ min: 1, max: 40, pattern: slugPattern }) @Optional() category?: string;
  @TextList({ max: 50, length: 40, pattern: slugPattern }) @Optional() implies?: string[];
}

export class ChangePermissionAction extends PermissionActionSlug {
  @Text({ min: 1, max: 100 }) @Optional() name?: string;
  @Text({ max: 500 }) @Optional() description?: string;
  @Text({ min: 1, max: 40, pattern: slugPattern }) @Optional() category?: string;
  @TextList({ max: 50, length: 40, pattern: slugPattern }) @Optional() implies?: string[];
}

export class ListPermissionActions {
  @Text({ max: 40 }) @Optional() category?: string;
}

const example = {
  slug: 'moderate',
  name: 'Moderate',
  description: 'Hide comments of others.',
  category: 'content',
  implies: ['read'],
  isSystem: false,
  createdAt: '2026-03-01T10:00:00.000Z',
  updatedAt: '2026-03-01T10:00:00.000Z',
  version: 1,
};

/** The actions that permissions name. */
export const permissionActions = calls('authz.permission-action', {
  list: query({
    http: 'GET /permission-actions',
    scope: 'permissions:read',
    request: ListPermissionActions,
    reply: whole(PermissionAction),
    summary: 'Every action, by slug; a short list that comes whole.',
    example: { request: {}, reply: { data: [example] } },
  }),
  get: query({
    http: 'GET /permission-actions/{slug}',
    scope: 'permissions:read',
    request: PermissionActionSlug,
    reply: one(PermissionAction),
    fails: [notFound],
    summary: 'An action.',
    example: { request: { slug: 'moderate' }, reply: { data: example } },
  }),
  create: command({
    http: 'POST /permission-actions',
    scope: 'admin',
    request: NewPermissionAction,
    reply: one(PermissionAction),
    creates: '/permission-actions/{slug}',
    fails: [actionExists, unknownAction, tooManyActions],
    summary: 'Adds an action.',
    example: { request: { slug: 'moderate', name: 'Moderate', implies: ['read'] }, reply: { data: example } },
  }),
  update: command({
    http: 'PATCH /permission-actions/{slug}',
    scope: 'admin',
    request: ChangePermissionAction,
    reply: one(PermissionAction),
    fails: [notFound, systemAction, unknownAction, preconditionFailed],
    summary:
      'Changes name, description, category or what an action implies; not of one that stands from the start.',
    example: { request: { slug: 'moderate', name: 'Moderate comments' }, reply: { data: example } },
  }),
  delete: command({
    http: 'DELETE /permission-actions/{slug}',
    scope: 'admin',
    request: PermissionActionSlug,
    reply: nothing,
    fails: [notFound, systemAction, actionInUse, preconditionFailed],
    summary: 'Removes an action that nothing uses.',
    example: { request: { slug: 'moderate' } },
  }),
});
