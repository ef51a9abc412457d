import { event } from '../kit/event.js';
import { Flag, Nested, Nullable, OneOf, Text, Timestamp, Whole } from '../kit/fields.js';
import { ObjectDescription } from '../authz/object-description.js';

export class UserFact {
  @Text({ min: 1, max: 64 }) userId: string;
  @Whole() version: number;
}

export class OrganizationFact {
  @Text({ min: 1, max: 64 }) organizationId: string;
  /** Null when it is deleted. */
  @Nested(() => ObjectDescription) @Nullable() object: ObjectDescription | null;
}

export class MembershipFact {
  @Text({ min: 1, max: 64 }) membershipId: string;
  @Text({ min: 1, max: 64 }) userId: string;
  @Text({ min: 1, max: 64 }) organizationId: string;
  @Text({ min: 1, max: 64 }) roleSlug: string;
  @OneOf(['active', 'inactive', 'pending']) status: 'active' | 'inactive' | 'pending';
  /** The home organization: the membership grants nothing. */
  @Flag() home: boolean;
  /** WorkOS' time of the last change; an older fact never replaces a newer one. */
  @Timestamp() updatedAt: string;
}

export class TeamFact {
  @Text({ min: 1, max: 64 }) teamId: string;
  @Text({ min: 1, max: 64 }) organizationId: string;
}

export class TeamMemberFact extends TeamFact {
  @Text({ min: 1, max: 64 }) userId: string;
}

export class ApiKeyFact {
  @Text({ min: 1, max: 64 }) keyId: string;
}

export class InvitationFact {
  @Text({ min: 1, max: 64 }) invitationId: string;
  /** Null: an invitation into Erato as such. */
  @Text({ min: 1, max: 64 }) @Nullable() organizationId: string | null;
  /** Who accepted it. */
  @Text({ min: 1, max: 64 }) @Nullable() userId: string | null;
}

export class ErasureFact {
  @Text({ min: 1, max: 64 }) userId: string;
}

export class SessionFact {
  @Text({ min: 1, max: 64 }) sessionId: string;
  @Text({ min: 1, max: 64 }) userId: string;
}

export const userCreated = event('identity.user.created', UserFact, 'A user appeared.');
export const userUpdated = event('identity.user.updated', UserFact, 'A field of a user changed.');
export const userDeleted = event(
  'identity.user.deleted',
  UserFact,
  'A user is gone; what others hold of him must go.',
);
export const organizationCreated = event(
  'identity.organization.created',
  OrganizationFact,
  'An organization appeared.',
);
export const organizationUpdated = event(
  'identity.organization.updated',
  OrganizationFact,
  'A field of it changed.',
);
export const organizationDeleted = event(
  'identity.organization.deleted',
  OrganizationFact,
  'An organization is gone.',
);
export const membershipCreated = event(
  'identity.membership.created',
  MembershipFact,
  'Someone is a member now.',
);
export const membershipUpdated = event(
  'identity.membership.updated',
  MembershipFact,
  'Role or status changed.',
);
export const membershipDeleted = event(
  'identity.membership.deleted',
  MembershipFact,
  'Someone is no member any more.',
);
export const teamCreated = event('identity.team.created', TeamFact, 'A team was made.');
export const teamUpdated = event('identity.team.updated', TeamFact, 'A field of a team changed.');
export const teamDeleted = event(
  'identity.team.deleted',
  TeamFact,
  'A team is gone, and its members with it.',
);
export const teamMemberAdded = event(
  'identity.team-member.added',
  TeamMemberFact,
  'Someone is in a team now.',
);
export const teamMemberRemoved = event(
  'identity.team-member.removed',
  TeamMemberFact,
  'Someone left a team.',
);
export const apiKeyChanged = event(
  'identity.api-key.changed',
  ApiKeyFact,
  'A key was made, narrowed, rotated or revoked.',
);
export const sessionRevoked = event('identity.session.revoked', SessionFact, 'A session is over.');
export const invitationCreated = event(
  'identity.invitation.created',
  InvitationFact,
  'Somebody was invited.',
);
export const invitationAccepted = event(
  'identity.invitation.accepted',
  InvitationFact,
  'An invitation was accepted.',
);
export const invitationRevoked = event(
  'identity.invitation.revoked',
  InvitationFact,
  'An invitation was revoked.',
);
export const identityErasureCompleted = event(
  'identity.erasure.completed',
  ErasureFact,
  'Identity holds nothing of a deleted user any more but that there was one.',
);
