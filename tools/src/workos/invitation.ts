import { randomBytes } from 'node:crypto';
import { failure, notFound, oauthFailure } from './api-error.js';
import { after, isPast, later, now } from './clock.js';
import { addMembership, changeMembership, membershipOf, removeMembership, validRole } from './membership.js';
import { page, paging } from './page.js';
import { route, type Route } from './router.js';
import { email, integer, optional, text } from './shape.js';
import type { Standin } from './standin.js';
import { userByEmail, userById, type User } from './user.js';

const DAY = 86_400_000;

export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly state: 'pending' | 'accepted' | 'revoked';
  readonly accepted_at: string | null;
  readonly revoked_at: string | null;
  readonly expires_at: string;
  readonly organization_id: string | null;
  readonly inviter_user_id: string | null;
  readonly accepted_user_id: string | null;
  readonly role_slug: string | null;
  readonly token: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The state now: nothing is written when time runs out. */
function stateOf({ state, expires_at: end }: Invitation): 'pending' | 'accepted' | 'revoked' | 'expired' {
  return state === 'pending' && isPast(end) ? 'expired' : state;
}

/** Events tell all but how to accept it. */
function eventData({ token: _, ...invitation }: Invitation) {
  return { object: 'invitation', ...invitation, state: stateOf({ ...invitation, token: '' }) };
}

export function invitationRoutes(standin: Standin): Route[] {
  const { store } = standin;
  const path = '/user_management/invitations';
  const show = (row: Invitation) => ({
    ...eventData(row),
    token: row.token,
    accept_invitation_url: `${standin.url}/invite?invitation_token=${row.token}`,
  });
  const byId = (id: string): Invitation => {
    const found = store.invitations.get(id);
    if (found === undefined) throw notFound('Invitation', id);
    return found;
  };
  return [
    route({
      method: 'GET',
      path,
      query: { ...paging, email: optional(email), organization_id: optional(text()) },
      handle: ({ query }) => {
        const rows = store.invitations.filter(
          (row) =>
            (query.email === undefined || row.email === query.email) &&
            (query.organization_id === undefined || row.organization_id === query.organization_id),
        );
        return { status: 200, json: page(rows, query, 'invitation', show) };
      },
    }),
    route({
      method: 'POST',
      path,
      creates: true,
      body: {
        email,
        organization_id: optional(text()),
        role_slug: optional(text(255)),
        expires_in_days: optional(integer(-1_000_000, 1_000_000)),
        inviter_user_id: optional(text()),
        locale: optional(text(35)),
      },
      handle: ({ body }) => ({ status: 201, json: show(send(standin, body)) }),
    }),
    route({
      method: 'GET',
      path: `${path}/by_token/:token`,
      handle: ({ param }) => {
        const found = store.invitations.find((row) => row.token === param('token'));
        if (found === undefined) throw notFound('Invitation', param('token'));
        return { status: 200, json: show(found) };
      },
    }),
    route({
      method: 'GET',
      path: `${path}/:id`,
      handle: ({ param }) => ({ status: 200, json: show(byId(param('id'))) }),
    }),
    route({
      method: 'POST',
      path: `${path}/:id/accept`,
      handle: ({ param }) => {
        const before = byId(param('id'));
        if (stateOf(before) !== 'pending') throw failure(400, 'invite_not_pending', 'Invite is not pending.');
        const user = userByEmail(standin, before.email);
        if (user === undefined) throw failure(400, 'invalid_invite', 'The invited user does not exist yet.');
        return { status: 200, json: show(acceptInvitation(standin, before, user)) };
      },
    }),
    route({
      method: 'POST',
      path: `${path}/:id/revoke`,
      handle: ({ param }) => {
        const before = byId(param('id'));
        if (stateOf(before) !== 'pending') throw failure(400, 'invite_not_pending', 'Invite is not pending.');
        return { status: 200, json: show(revoke(standin, before)) };
      },
    }),
  ];
}

interface NewInvitation {
  readonly email: string;
  readonly organization_id?: string | undefined;
  readonly role_slug?: string | undefined;
  readonly expires_in_days?: number | undefined;
  readonly inviter_user_id?: string | undefined;
}

/** Keeps an invitation; nothing is mailed. Whom it finds here already becomes a pending member. */
function send(standin: Standin, asked: NewInvitation): Invitation {
  const { store, events } = standin;
  const organization = asked.organization_id ?? null;
  const days = asked.expires_in_days ?? 7;
  if (organization !== null && store.organizations.get(organization) === undefined)
    throw notFound('Organization', organization);
  if (asked.inviter_user_id !== undefined) userById(standin, asked.inviter_user_id);
  if (days < 1)
    throw failure(400, 'expires_in_days_too_short', 'An invitation must be valid for at least 1 day.');
  if (days > 30)
    throw failure(400, 'expires_in_days_too_long', 'An invitation must not be valid for more than 30 days.');
  const role = asked.role_slug === undefined ? null : validRole(asked.role_slug, 400);
  const user = userByEmail(standin, asked.email);
  const member =
    user === undefined || organization === null ? undefined : membershipOf(standin, user.id, organization);
  if (organization === null && user !== undefined) {
    throw failure(400, 'user_already_exists', `A user with the email '${asked.email}' already exists.`);
  }
  if (member?.status === 'active') {
    throw failure(
      400,
      'user_already_organization_member',
      `The user '${asked.email}' is already a member of the organization.`,
    );
  }
  const open = store.invitations.find(
    (row) => row.email === asked.email && row.organization_id === organization && stateOf(row) === 'pending',
  );
  if (open !== undefined) {
    throw organization === null
      ? failure(400, 'email_already_invited', `The email '${asked.email}' has already been invited.`)
      : failure(
          400,
          'email_already_invited_to_organization',
          `The email '${asked.email}' has already been invited to the organization.`,
        );
  }
  const at = now();
  const made = store.invitations.put({
    id: store.ids.next('invitation'),
    email: asked.email,
    state: 'pending',
    accepted_at: null,
    revoked_at: null,
    expires_at: later(days * DAY),
    organization_id: organization,
    inviter_user_id: asked.inviter_user_id ?? null,
    accepted_user_id: null,
    role_slug: role,
    token: randomBytes(18).toString('base64url'),
    created_at: at,
    updated_at: at,
  });
  events.append('invitation.created', eventData(made), organization);
  if (user !== undefined && organization !== null && member === undefined) {
    addMembership(standin, user.id, organization, role ?? 'member', 'pending');
  }
  return made;
}

/** Accepts for a user and makes the membership active. */
export function acceptInvitation(standin: Standin, before: Invitation, user: User): Invitation {
  const at = after(before.updated_at);
  const kept = standin.store.invitations.put({
    ...before,
    state: 'accepted',
    accepted_at: at,
    accepted_user_id: user.id,
    updated_at: at,
  });
  standin.events.append('invitation.accepted', eventData(kept), kept.organization_id);
  if (before.organization_id === null) return kept;
  const member = membershipOf(standin, user.id, before.organization_id);
  if (member === undefined)
    addMembership(standin, user.id, before.organization_id, before.role_slug ?? 'member', 'active');
  else
    changeMembership(standin, member, { status: 'active', role_slug: before.role_slug ?? member.role_slug });
  return kept;
}

/** The invitation that a sign-in redeems; refused unless it is pending and meant for that address. */
export function redeemable({ store }: Standin, token: string, address: string): Invitation {
  const found = store.invitations.find((row) => row.token === token);
  if (found === undefined || stateOf(found) !== 'pending')
    throw oauthFailure('invitation_invalid', 'The invitation is invalid or has expired.');
  if (found.email !== address) {
    throw oauthFailure(
      'invitation_cannot_be_used_for_email',
      'The invitation cannot be used for this email.',
    );
  }
  return found;
}

/** Revokes what is still open when an organization goes. */
export function removeInvitationsOf(standin: Standin, organizationId: string): void {
  for (const row of standin.store.invitations.filter((each) => each.organization_id === organizationId)) {
    if (stateOf(row) === 'pending') revoke(standin, row);
  }
}

function revoke(standin: Standin, before: Invitation): Invitation {
  const at = after(before.updated_at);
  const kept = standin.store.invitations.put({ ...before, state: 'revoked', revoked_at: at, updated_at: at });
  standin.events.append('invitation.revoked', eventData(kept), kept.organization_id);
  const user = userByEmail(standin, kept.email);
  const member =
    user === undefined || kept.organization_id === null
      ? undefined
      : membershipOf(standin, user.id, kept.organization_id);
  if (member?.status === 'pending') removeMembership(standin, member);
  return kept;
}
