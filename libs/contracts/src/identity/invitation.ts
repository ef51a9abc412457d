import { calls, command, nothing, one, page, query } from '../kit/call.js';
import { Email, Nullable, OneOf, Optional, Text, Timestamp, Whole } from '../kit/fields.js';
import { failure, notFound, permissionDenied } from '../kit/failure.js';
import { alreadyMember } from './member.js';
import { homeOrganization, organizationDeleting } from './organization.js';
import { WorkosPageQuery } from './workos-page-query.js';
import { workosUnavailable, workosWrite } from './workos.js';

export const alreadyInvited = failure(
  'conflict',
  'already_invited',
  'This address has been invited already.',
);
export const invitationOver = failure(
  'conflict',
  'invitation_over',
  'The invitation was accepted, revoked or has expired.',
);

const states = ['pending', 'accepted', 'expired', 'revoked'] as const;

/** An invitation by e-mail; WorkOS keeps and sends it. */
export class Invitation {
  @Text({ max: 64 }) id: string;
  @Text({ max: 64 }) organizationId: string;
  @Text({ max: 254 }) email: string;
  /** The role that it gives; null: WorkOS' default. */
  @Text({ max: 64 }) @Nullable() role: string | null;
  @OneOf(states) state: (typeof states)[number];
  @Text({ max: 64 }) @Nullable() inviterUserId: string | null;
  @Text({ max: 64 }) @Nullable() acceptedUserId: string | null;
  @Timestamp() expiresAt: string;
  @Timestamp() createdAt: string;
  @Timestamp() updatedAt: string;
  /** Where the invited one accepts, while it is pending; given only when a single invitation is read. */
  @Text({ max: 2048 }) @Optional() acceptUrl?: string;
}

export class ListInvitations extends WorkosPageQuery {
  @Text({ min: 1, max: 200 }) id: string;
  @Email() @Optional() email?: string;
}

export class GetInvitation {
  @Text({ min: 1, max: 200 }) id: string;
  @Text({ min: 1, max: 200 }) invitationId: string;
}

export class CreateInvitation {
  @Text({ min: 1, max: 200 }) id: string;
  @Email() email: string;
  @Text({ min: 1, max: 64, pattern: /^[a-z][a-z0-9_-]*$/ }) @Optional() role?: string;
  /** 7 when left out. */
  @Whole({ min: 1, max: 30 }) @Optional() expiresInDays?: number;
}

export class RevokeInvitation {
  @Text({ min: 1, max: 200 }) id: string;
  @Text({ min: 1, max: 200 }) invitationId: string;
}

const ids = { id: 'org_01J8ZB5KQ4S7T2M9X3C6V8N1RD', invitationId: 'invitation_01J8ZBAYH2F4D6Q8W0R3T5N7MC' };
const shown = {
  id: ids.invitationId,
  organizationId: ids.id,
  email: 'rui@label.example',
  role: 'member',
  state: 'pending',
  inviterUserId: 'user_01J8ZB3Q6W2V5N8M4K7H0T9XQE',
  acceptedUserId: null,
  expiresAt: '2026-03-09T09:00:00.000Z',
  createdAt: '2026-03-02T09:00:00.000Z',
  updatedAt: '2026-03-02T09:00:00.000Z',
};

/** Invitations into organizations, for their admins (identity.md, Routes). WorkOS owns them: WorkOS away is 502. */
export const invitations = calls('identity.invitation', {
  list: query({
    http: 'GET /organizations/{id}/invitations',
    scope: 'organizations:read',
    request: ListInvitations,
    reply: page(Invitation),
    fails: [notFound, permissionDenied, workosUnavailable],
    summary: 'Lists invitations, newest first, to admins of the organization.',
    example: { request: { id: ids.id }, reply: shown },
  }),
  get: query({
    http: 'GET /organizations/{id}/invitations/{invitationId}',
    scope: 'organizations:read',
    request: GetInvitation,
    reply: one(Invitation),
    fails: [notFound, permissionDenied, workosUnavailable],
    summary: 'Gives an invitation to admins of the organization.',
    example: { request: ids, reply: shown },
  }),
  create: command({
    http: 'POST /organizations/{id}/invitations',
    scope: 'organizations:write',
    request: CreateInvitation,
    reply: one(Invitation),
    creates: '/organizations/{organizationId}/invitations/{id}',
    fails: [
      notFound,
      permissionDenied,
      alreadyInvited,
      alreadyMember,
      homeOrganization,
      organizationDeleting,
      ...workosWrite,
    ],
    summary: 'Invites somebody by e-mail.',
    example: { request: { id: ids.id, email: 'rui@label.example', role: 'member' }, reply: shown },
  }),
  revoke: command({
    http: 'DELETE /organizations/{id}/invitations/{invitationId}',
    scope: 'organizations:write',
    request: RevokeInvitation,
    reply: nothing,
    fails: [notFound, permissionDenied, invitationOver, ...workosWrite],
    summary: 'Revokes an invitation.',
    example: { request: ids },
  }),
});
