import { randomBytes } from 'node:crypto';
import { ApiError, failure, notFound } from './api-error.js';
import { after, now } from './clock.js';
import { removeInvitationsOf } from './invitation.js';
import { removeMembership } from './membership.js';
import { mergeMetadata, type Metadata } from './metadata.js';
import { page, paging } from './page.js';
import { route, type Route } from './router.js';
import { revokeSessions } from './session.js';
import { boolean, csv, list, nullable, object, oneOf, optional, record, text } from './shape.js';
import type { Standin } from './standin.js';

interface Domain {
  readonly object: 'organization_domain';
  readonly id: string;
  readonly organization_id: string;
  readonly domain: string;
  readonly state: 'pending' | 'verified';
  readonly verification_strategy: 'dns' | 'manual';
  readonly verification_token?: string;
  readonly verification_prefix?: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface Organization {
  readonly object: 'organization';
  readonly id: string;
  readonly name: string;
  readonly allow_profiles_outside_organization: boolean;
  readonly domains: readonly Domain[];
  readonly stripe_customer_id?: string;
  readonly external_id: string | null;
  readonly metadata: Metadata;
  readonly created_at: string;
  readonly updated_at: string;
}

const changes = {
  allow_profiles_outside_organization: optional(boolean),
  domains: optional(list(text(253))),
  domain_data: optional(list(object({ domain: text(253), state: oneOf('pending', 'verified') }))),
  external_id: optional(nullable(text(128))),
  metadata: optional(nullable(record)),
};

export function organizationRoutes(standin: Standin): Route[] {
  const { store, events } = standin;
  const byId = (id: string): Organization => {
    const found = store.organizations.get(id);
    if (found === undefined) throw notFound('Organization', id);
    return found;
  };
  return [
    route({
      method: 'GET',
      path: '/organizations',
      query: { ...paging, domains: optional(csv(text(253))), search: optional(text(255)) },
      handle: ({ query }) => {
        const search = query.search?.toLowerCase();
        const domains = query.domains?.map((domain) => domain.toLowerCase());
        const rows = store.organizations.filter(
          (row) =>
            (search === undefined || row.name.toLowerCase().includes(search)) &&
            (domains === undefined || row.domains.some(({ domain }) => domains.includes(domain))),
        );
        return { status: 200, json: page(rows, query, 'org', (row) => row) };
      },
    }),
    route({
      method: 'POST',
      path: '/organizations',
      creates: true,
      body: { name: text(), ...changes },
      handle: ({ body }) => {
        const id = store.ids.next('org');
        const at = now();
        checkExternalId(standin, body.external_id, id);
        const made = store.organizations.put({
          object: 'organization',
          id,
          name: body.name,
          allow_profiles_outside_organization: body.allow_profiles_outside_organization ?? false,
          domains: domainsOf(standin, id, body, []),
          external_id: body.external_id ?? null,
          metadata: mergeMetadata({}, body.metadata),
          created_at: at,
          updated_at: at,
        });
        events.append('organization.created', made, id);
        return { status: 201, json: made };
      },
    }),
    route({
      method: 'GET',
      path: '/organizations/external_id/:externalId',
      handle: ({ param }) => {
        const found = store.organizations.find((row) => row.external_id === param('externalId'));
        if (found === undefined) throw notFound('Organization', param('externalId'));
        return { status: 200, json: found };
      },
    }),
    route({
      method: 'GET',
      path: '/organizations/:id',
      handle: ({ param }) => ({ status: 200, json: byId(param('id')) }),
    }),
    route({
      method: 'PUT',
      path: '/organizations/:id',
      body: { name: optional(text()), stripe_customer_id: optional(text(255)), ...changes },
      handle: ({ body, param }) => {
        const before = byId(param('id'));
        checkExternalId(standin, body.external_id, before.id);
        checkStripeCustomer(standin, body.stripe_customer_id, before.id);
        const stripe = body.stripe_customer_id ?? before.stripe_customer_id;
        const changed: Organization = {
          ...before,
          name: body.name ?? before.name,
          allow_profiles_outside_organization:
            body.allow_profiles_outside_organization ?? before.allow_profiles_outside_organization,
          domains: domainsOf(standin, before.id, body, before.domains),
          ...(stripe === undefined ? {} : { stripe_customer_id: stripe }),
          external_id: body.external_id === undefined ? before.external_id : body.external_id,
          metadata: mergeMetadata(before.metadata, body.metadata),
        };
        if (JSON.stringify(changed) === JSON.stringify(before)) return { status: 200, json: before };
        const kept = store.organizations.put({ ...changed, updated_at: after(before.updated_at) });
        events.append('organization.updated', kept, kept.id);
        return { status: 200, json: kept };
      },
    }),
    route({
      method: 'DELETE',
      path: '/organizations/:id',
      handle: ({ param }) => {
        const gone = byId(param('id'));
        revokeSessions(standin, (session) => session.organization_id === gone.id);
        for (const membership of store.memberships.filter((row) => row.organization_id === gone.id)) {
          removeMembership(standin, membership);
        }
        removeInvitationsOf(standin, gone.id);
        store.organizations.delete(gone.id);
        events.append('organization.deleted', gone, gone.id);
        return { status: 202, text: 'Accepted' };
      },
    }),
  ];
}

function checkExternalId({ store }: Standin, externalId: string | null | undefined, own: string): void {
  if (typeof externalId !== 'string') return;
  if (store.organizations.find((row) => row.external_id === externalId && row.id !== own) === undefined)
    return;
  throw failure(
    400,
    'external_id_already_used',
    `The external_id '${externalId}' is already used by another organization.`,
  );
}

function checkStripeCustomer({ store }: Standin, customer: string | undefined, own: string): void {
  if (customer === undefined) return;
  if (store.organizations.find((row) => row.stripe_customer_id === customer && row.id !== own) === undefined)
    return;
  throw failure(
    400,
    'stripe_customer_id_already_used',
    'The stripe_customer_id is already used by another organization.',
  );
}

interface AskedDomains {
  readonly domains?: readonly string[] | undefined;
  readonly domain_data?:
    readonly { readonly domain: string; readonly state: 'pending' | 'verified' }[] | undefined;
}

/** Domains given replace the ones there were; one that stays keeps its id. 409 when another organization has it. */
function domainsOf(
  { store }: Standin,
  id: string,
  asked: AskedDomains,
  current: readonly Domain[],
): readonly Domain[] {
  const wanted =
    asked.domain_data ?? asked.domains?.map((domain) => ({ domain, state: 'verified' as const }));
  if (wanted === undefined) return current;
  const unique = new Map(wanted.map(({ domain, state }) => [domain.toLowerCase(), state]));
  return [...unique].map(([domain, state]) => {
    const taken = store.organizations.find(
      (row) => row.id !== id && row.domains.some((other) => other.domain === domain),
    );
    if (taken !== undefined)
      throw new ApiError(409, { message: `The domain '${domain}' is already used by another organization.` });
    const kept = current.find((known) => known.domain === domain);
    if (kept?.state === state) return kept;
    const at = now();
    const proof =
      state === 'verified'
        ? { verification_strategy: 'manual' as const }
        : {
            verification_strategy: 'dns' as const,
            verification_token: randomBytes(18).toString('base64url'),
            verification_prefix: `erato-domain-verification-${randomBytes(3).toString('hex')}`,
          };
    return {
      object: 'organization_domain',
      id: kept?.id ?? store.ids.next('org_domain'),
      organization_id: id,
      domain,
      state,
      ...proof,
      created_at: kept?.created_at ?? at,
      updated_at: at,
    };
  });
}
