import { failure, notFound } from './api-error.js';
import { after, now } from './clock.js';
import { page, paging } from './page.js';
import { route, type Route } from './router.js';
import { revokeSessions } from './session.js';
import { csv, list, oneOf, optional, text } from './shape.js';
import type { Standin } from './standin.js';
import { showUser, userById } from './user.js';

export interface Membership {
  readonly id: string;
  readonly user_id: string;
  readonly organization_id: string;
  readonly role_slug: string;
  readonly status: 'active' | 'inactive' | 'pending';
  readonly created_at: string;
  readonly updated_at: string;
}

/** What events carry; answers add the user and the organization's name. */
function eventData({ role_slug: slug, ...membership }: Membership) {
  const role = { slug };
  return {
    object: 'organization_membership',
    ...membership,
    role,
    roles: [role],
    custom_attributes: {},
    directory_managed: false,
  };
}

function show(standin: Standin, membership: Membership) {
  const { store } = standin;
  return {
    ...eventData(membership),
    organization_name: store.organizations.get(membership.organization_id)?.name ?? '',
    user: showUser(userById(standin, membership.user_id)),
  };
}

const roles = { role_slug: optional(text(255)), role_slugs: optional(list(text(255))) };

export function membershipRoutes(standin: Standin): Route[] {
  const { store } = standin;
  const path = '/user_management/organization_memberships';
  const byId = (id: string): Membership => {
    const found = store.memberships.get(id);
    if (found === undefined) throw notFound('Organization Membership', id);
    return found;
  };
  return [
    route({
      method: 'GET',
      path,
      query: {
        ...paging,
        user_id: optional(text()),
        organization_id: optional(text()),
        statuses: optional(csv(oneOf('active', 'inactive', 'pending'))),
      },
      handle: ({ query }) => {
        const { user_id: user, organization_id: organization, statuses = ['active'] } = query;
        if (user === undefined && organization === undefined) {
          throw failure(
            400,
            'missing_user_id_or_organization_id',
            'Either user_id or organization_id must be provided.',
          );
        }
        if (user !== undefined) userById(standin, user);
        if (organization !== undefined && store.organizations.get(organization) === undefined) {
          throw notFound('Organization', organization);
        }
        const rows = store.memberships.filter(
          (row) =>
            (user === undefined || row.user_id === user) &&
            (organization === undefined || row.organization_id === organization) &&
            statuses.includes(row.status),
        );
        return { status: 200, json: page(rows, query, 'om', (row) => show(standin, row)) };
      },
    }),
    route({
      method: 'POST',
      path,
      creates: true,
      body: { user_id: text(), organization_id: text(), ...roles },
      handle: ({ body }) => {
        userById(standin, body.user_id);
        if (store.organizations.get(body.organization_id) === undefined)
          throw notFound('Organization', body.organization_id);
        const role = askedRole(body);
        const known = membershipOf(standin, body.user_id, body.organization_id);
        if (known?.status === 'active') {
          throw failure(
            400,
            'organization_membership_already_exists',
            'The user already belongs to this organization.',
          );
        }
        if (known?.status === 'pending') throw cannotReactivate();
        const kept =
          known === undefined
            ? addMembership(standin, body.user_id, body.organization_id, role ?? 'member', 'active')
            : changeMembership(standin, known, { status: 'active', role_slug: role ?? known.role_slug });
        return { status: 201, json: show(standin, kept) };
      },
    }),
    route({
      method: 'GET',
      path: `${path}/:id`,
      handle: ({ param }) => ({ status: 200, json: show(standin, byId(param('id'))) }),
    }),
    route({
      method: 'PUT',
      path: `${path}/:id`,
      body: roles,
      handle: ({ body, param }) => {
        const before = byId(param('id'));
        const kept = changeMembership(standin, before, { role_slug: askedRole(body) ?? before.role_slug });
        return { status: 200, json: show(standin, kept) };
      },
    }),
    route({
      method: 'DELETE',
      path: `${path}/:id`,
      handle: ({ param }) => {
        removeMembership(standin, byId(param('id')));
        return { status: 200 };
      },
    }),
    route({
      method: 'PUT',
      path: `${path}/:id/deactivate`,
      handle: ({ param }) => {
        const before = byId(param('id'));
        if (before.status === 'pending') {
          throw failure(
            400,
            'cannot_deactivate_pending_organization_membership',
            'A pending organization membership cannot be deactivated. This membership should be deleted instead.',
          );
        }
        const kept = changeMembership(standin, before, { status: 'inactive' });
        if (before.status === 'active') endSessions(standin, before);
        return { status: 200, json: show(standin, kept) };
      },
    }),
    route({
      method: 'PUT',
      path: `${path}/:id/reactivate`,
      handle: ({ param }) => {
        const before = byId(param('id'));
        if (before.status === 'pending') throw cannotReactivate();
        return { status: 200, json: show(standin, changeMembership(standin, before, { status: 'active' })) };
      },
    }),
  ];
}

function cannotReactivate() {
  return failure(
    400,
    'cannot_reactivate_pending_organization_membership',
    'A pending organization membership cannot be reactivated. The user needs to accept the invitation instead.',
  );
}

function askedRole(body: {
  role_slug?: string | undefined;
  role_slugs?: string[] | undefined;
}): string | undefined {
  if (body.role_slugs !== undefined && (body.role_slugs.length !== 1 || body.role_slug !== undefined)) {
    throw failure(422, 'multiple_roles_not_enabled', 'Multiple roles are not enabled for this environment.');
  }
  const slug = body.role_slug ?? body.role_slugs?.[0];
  return slug === undefined ? undefined : validRole(slug, 422);
}

/** `admin`, `member`, `viewer` and any other slug are roles; what is no slug is not. */
export function validRole(slug: string, status: number): string {
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(slug))
    throw failure(status, 'invalid_role', `Role '${slug}' is not a valid role.`);
  return slug;
}

export function membershipOf(
  { store }: Standin,
  userId: string,
  organizationId: string,
): Membership | undefined {
  return store.memberships.find((row) => row.user_id === userId && row.organization_id === organizationId);
}

export function activeMemberships({ store }: Standin, userId: string): Membership[] {
  return store.memberships.filter((row) => row.user_id === userId && row.status === 'active');
}

export function addMembership(
  { store, events }: Standin,
  userId: string,
  organizationId: string,
  role: string,
  status: 'active' | 'pending',
): Membership {
  const at = now();
  const made = store.memberships.put({
    id: store.ids.next('om'),
    user_id: userId,
    organization_id: organizationId,
    role_slug: role,
    status,
    created_at: at,
    updated_at: at,
  });
  events.append('organization_membership.created', eventData(made), organizationId);
  return made;
}

/** Keeps a change and tells of it; what changes nothing is not told. */
export function changeMembership(
  { store, events }: Standin,
  before: Membership,
  change: Partial<Membership>,
): Membership {
  const changed = { ...before, ...change };
  if (changed.status === before.status && changed.role_slug === before.role_slug) return before;
  const kept = store.memberships.put({ ...changed, updated_at: after(before.updated_at) });
  events.append('organization_membership.updated', eventData(kept), kept.organization_id);
  return kept;
}

export function removeMembership(standin: Standin, membership: Membership): void {
  endSessions(standin, membership);
  standin.store.memberships.delete(membership.id);
  standin.events.append('organization_membership.deleted', eventData(membership), membership.organization_id);
}

/** Ends the user's sessions in that organization alone. */
function endSessions(standin: Standin, { user_id: user, organization_id: organization }: Membership): void {
  revokeSessions(standin, (session) => session.user_id === user && session.organization_id === organization);
}
