import type { Invitation, Organization, OrganizationMembership, Session, User } from '@workos-inc/node';

/** WorkOS' objects as the SDK gives them, by the names that they have here. */
export type WorkosUser = User;
export type WorkosOrganization = Organization;
export type WorkosMembership = Pick<
  OrganizationMembership,
  'id' | 'userId' | 'organizationId' | 'status' | 'role' | 'createdAt' | 'updatedAt'
>;
export type WorkosInvitation = Invitation;
export type WorkosSession = Session;

const ulid = /^[0-9A-Za-z]{10,40}$/;

/** Whether a text can be one of WorkOS' ids at all; what cannot is refused without a look-up. */
export function isWorkosId(kind: 'user' | 'org' | 'invitation' | 'session', id: string): boolean {
  return id.startsWith(`${kind}_`) && ulid.test(id.slice(kind.length + 1));
}
