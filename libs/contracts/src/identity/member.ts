import { calls, command, nothing, one, page, query } from '../kit/call.js';
import { Nullable, OneOf, Optional, Text, Timestamp, WordList, Whole } from '../kit/fields.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { PageQuery } from '../kit/page-query.js';
import { homeOrganization, organizationDeleting } from './organization.js';
import { lastAdmin } from './user.js';
import { workosUnavailable, workosWrite } from './workos.js';

export const alreadyMember = failure('conflict', 'already_member', 'The user is a member already.');

const roleSlug = { min: 1, max: 64, pattern: /^[a-z][a-z0-9_-]*$/ };
const statuses = ['active', 'inactive', 'pending'] as const;

/** Someone's membership in an organization, with what may be shown of him. */
export class Member {
  @Text({ max: 64 }) organizationId: string;
  @Text({ max: 64 }) userId: string;
  /** `admin`, `member`, `viewer`, or the slug of a role that the organization made. */
  @Text({ max: 64 }) role: string;
  /** Only active memberships count anywhere. */
  @OneOf(statuses) status: (typeof statuses)[number];
  @Text({ max: 30 }) @Nullable() handle: string | null;
  @Text({ max: 80 }) @Nullable() displayName: string | null;
  @Text({ max: 2048 }) @Nullable() avatarUrl: string | null;
  /** Shown to admins of the organization. */
  @Text({ max: 254 }) @Optional() email?: string;
  /** Shown to admins of the organization. */
  @Text({ max: 255 }) @Nullable() @Optional() firstName?: string | null;
  /** Shown to admins of the organization. */
  @Text({ max: 255 }) @Nullable() @Optional() lastName?: string | null;
  @Timestamp() createdAt: string;
  @Timestamp() updatedAt: string;
  @Whole() version: number;
}

export class ListMembers extends PageQuery {
  @Text({ min: 1, max: 200 }) id: string;
  @Text(roleSlug) @Optional() role?: string;
  /** `active` when left out; others are shown to admins. */
  @WordList(statuses) @Optional() status?: (typeof statuses)[number][];
}

export class AddMember {
  @Text({ min: 1, max: 200 }) id: string;
  @Text({ min: 1, max: 64 }) userId: string;
  /** `member` when left out. */
  @Text(roleSlug) @Optional() role?: string;
}

export class GetMember {
  @Text({ min: 1, max: 200 }) id: string;
  @Text({ min: 1, max: 200 }) userId: string;
}

export class ChangeMember {
  @Text({ min: 1, max: 200 }) id: string;
  @Text({ min: 1, max: 200 }) userId: string;
  @Text(roleSlug) role: string;
}

export class RemoveMember {
  @Text({ min: 1, max: 200 }) id: string;
  @Text({ min: 1, max: 200 }) userId: string;
}

const ids = { id: 'org_01J8ZB5KQ4S7T2M9X3C6V8N1RD', userId: 'user_01J8ZB3Q6W2V5N8M4K7H0T9XQE' };
const shown = {
  organizationId: ids.id,
  userId: ids.userId,
  role: 'member',
  status: 'active',
  handle: 'ana_lima',
  displayName: 'Ana Lima',
  avatarUrl: null,
  createdAt: '2026-03-02T09:00:00.000Z',
  updatedAt: '2026-03-02T09:00:00.000Z',
  version: 1,
};

/** Members of organizations (identity.md, Routes). */
export const members = calls('identity.member', {
  list: query({
    http: 'GET /organizations/{id}/members',
    scope: 'organizations:read',
    request: ListMembers,
    reply: page(Member),
    fails: [notFound, permissionDenied, workosUnavailable],
    summary: 'Lists the members of an organization, newest first.',
    description: 'For its members; those of the home organization for administrators alone.',
    example: { request: { id: ids.id }, reply: shown },
  }),
  get: query({
    http: 'GET /organizations/{id}/members/{userId}',
    scope: 'organizations:read',
    request: GetMember,
    reply: one(Member),
    fails: [notFound, permissionDenied, workosUnavailable],
    summary: 'Gives a member.',
    example: { request: ids, reply: shown },
  }),
  add: command({
    http: 'POST /organizations/{id}/members',
    scope: 'organizations:write',
    request: AddMember,
    reply: one(Member),
    creates: '/organizations/{organizationId}/members/{userId}',
    fails: [notFound, permissionDenied, alreadyMember, organizationDeleting, ...workosWrite],
    summary: 'Makes a user a member, as an admin of the organization.',
    example: { request: { ...ids, role: 'member' }, reply: shown },
  }),
  update: command({
    http: 'PATCH /organizations/{id}/members/{userId}',
    scope: 'organizations:write',
    request: ChangeMember,
    reply: one(Member),
    fails: [notFound, permissionDenied, preconditionFailed, lastAdmin, ...workosWrite],
    summary: 'Changes a member’s role, as an admin of the organization.',
    description: 'The last admin cannot be demoted.',
    example: { request: { ...ids, role: 'admin' }, reply: { ...shown, role: 'admin', version: 2 } },
  }),
  remove: command({
    http: 'DELETE /organizations/{id}/members/{userId}',
    scope: 'organizations:write',
    request: RemoveMember,
    reply: nothing,
    fails: [notFound, permissionDenied, preconditionFailed, lastAdmin, homeOrganization, ...workosWrite],
    summary: 'Removes a member, as an admin, or leaves.',
    description: 'The user leaves the organization’s teams with it. The last admin cannot leave.',
    example: { request: ids },
  }),
});
