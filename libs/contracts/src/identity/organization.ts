import { calls, command, nothing, one, page, query } from '../kit/call.js';
import {
  Example,
  Flag,
  HttpsUrl,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Text,
  TextList,
  TextMap,
  Timestamp,
  Whole,
} from '../kit/fields.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { PageQuery } from '../kit/page-query.js';
import { ThemeConfig, ThemeConfigPatch } from './theme-config.js';
import { externalIdTaken, stillOwns } from './user.js';
import { workosUnavailable, workosWrite } from './workos.js';

export const organizationSlugTaken = failure('conflict', 'slug_taken', 'Another organization has this slug.');
export const domainTaken = failure('conflict', 'domain_taken', 'Another organization has this domain.');
/** The home organization holds everybody, owns nothing and cannot be left or deleted. */
export const homeOrganization = failure(
  'conflict',
  'home_organization',
  'The home organization does not allow this.',
);
/** It is being deleted: nothing may be added to it any more. */
export const organizationDeleting = failure(
  'conflict',
  'organization_deleting',
  'The organization is being deleted.',
);

const slug = { min: 2, max: 50, pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/ };
const domain = /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;
const metadataName = /^[^\0]{1,40}$/;

/** An organization, flat: what WorkOS and what Erato keep of it stand side by side. */
export class Organization {
  @Text({ min: 1, max: 64 }) @Example('org_01J8ZB5KQ4S7T2M9X3C6V8N1RD') id: string;
  @Text({ max: 255 }) name: string;
  @Text({ max: 50 }) @Nullable() slug: string | null;
  @Text({ max: 2048 }) @Nullable() avatarUrl: string | null;
  @Text({ max: 2048 }) @Nullable() bannerUrl: string | null;
  @Nested(() => ThemeConfig) @Nullable() themeConfig: ThemeConfig | null;
  @Text({ max: 128 }) @Nullable() externalId: string | null;
  @TextMap({ max: 50, name: metadataName, length: 600 }) metadata: Record<string, string>;
  /** The e-mail domains whose users belong here. */
  @TextList({ max: 100, length: 253 }) domains: string[];
  /** Everybody belongs to the home organization; it grants nothing and owns nothing. */
  @Flag() home: boolean;
  @Timestamp() createdAt: string;
  /** The newer of WorkOS' and Erato's last change. */
  @Timestamp() updatedAt: string;
  @Whole() version: number;
}

const sorts = ['createdAt', '-createdAt'] as const;

export class ListOrganizations extends PageQuery {
  /** Stands in the name, without case. */
  @Text({ min: 1, max: 255 }) @Optional() search?: string;
  /** Has one of these domains; a comma separates them. */
  @TextList({ max: 20, length: 253 }) @Optional() domains?: string[];
  @OneOf(sorts) @Optional() sort?: (typeof sorts)[number];
}

export class GetOrganization {
  @Text({ min: 1, max: 200 }) id: string;
}

export class CreateOrganization {
  @Text({ min: 1, max: 255 }) name: string;
  @Text(slug) @Nullable() @Optional() slug?: string | null;
  @HttpsUrl() @Nullable() @Optional() avatarUrl?: string | null;
  @HttpsUrl() @Nullable() @Optional() bannerUrl?: string | null;
  @Nested(() => ThemeConfigPatch) @Nullable() @Optional() themeConfig?: ThemeConfigPatch | null;
  /** Administrators alone. */
  @Text({ min: 1, max: 128 }) @Nullable() @Optional() externalId?: string | null;
  /** Administrators alone. */
  @TextMap({ max: 50, name: metadataName, length: 600, nulls: true }) @Optional() metadata?: Record<
    string,
    string | null
  >;
  /** Administrators alone; taken as verified. */
  @TextList({ max: 100, length: 253, pattern: domain }) @Optional() domains?: string[];
}

/** A merge patch: what is absent stays, null clears. */
export class UpdateOrganization {
  @Text({ min: 1, max: 200 }) id: string;
  @Text({ min: 1, max: 255 }) @Optional() name?: string;
  @Text(slug) @Nullable() @Optional() slug?: string | null;
  @HttpsUrl() @Nullable() @Optional() avatarUrl?: string | null;
  @HttpsUrl() @Nullable() @Optional() bannerUrl?: string | null;
  @Nested(() => ThemeConfigPatch) @Nullable() @Optional() themeConfig?: ThemeConfigPatch | null;
  /** Administrators alone. */
  @Text({ min: 1, max: 128 }) @Nullable() @Optional() externalId?: string | null;
  /** Administrators alone; merged, null removes a key. */
  @TextMap({ max: 50, name: metadataName, length: 600, nulls: true }) @Optional() metadata?: Record<
    string,
    string | null
  >;
  /** Administrators alone; replaces the list. */
  @TextList({ max: 100, length: 253, pattern: domain }) @Optional() domains?: string[];
}

export class DeleteOrganization {
  @Text({ min: 1, max: 200 }) id: string;
}

const shown = {
  id: 'org_01J8ZB5KQ4S7T2M9X3C6V8N1RD',
  name: 'Northern Lights Records',
  slug: 'northern-lights',
  avatarUrl: null,
  bannerUrl: null,
  themeConfig: { colors: { primary: '#e4572e' } },
  externalId: null,
  metadata: {},
  domains: ['northern-lights.example'],
  home: false,
  createdAt: '2026-03-02T09:00:00.000Z',
  updatedAt: '2026-03-02T09:00:00.000Z',
  version: 1,
};

/** Organizations (identity.md, Routes). */
export const organizations = calls('identity.organization', {
  list: query({
    http: 'GET /organizations',
    scope: 'organizations:read',
    request: ListOrganizations,
    reply: page(Organization),
    fails: [workosUnavailable],
    summary: 'Lists organizations: one’s own, or all as an administrator.',
    description:
      'Administrators read the list from WorkOS; members theirs, which goes on when WorkOS is away.',
    example: { request: { search: 'northern' }, reply: shown },
  }),
  get: query({
    http: 'GET /organizations/{id}',
    scope: 'organizations:read',
    request: GetOrganization,
    reply: one(Organization),
    fails: [notFound, workosUnavailable],
    summary: 'Gives an organization to its members.',
    example: { request: { id: shown.id }, reply: shown },
  }),
  create: command({
    http: 'POST /organizations',
    scope: 'organizations:write',
    request: CreateOrganization,
    reply: one(Organization),
    creates: '/organizations/{id}',
    fails: [permissionDenied, organizationSlugTaken, domainTaken, externalIdTaken, ...workosWrite],
    summary: 'Creates an organization; the user who does becomes its admin.',
    description:
      'A user, or an administrator’s key, which makes one without members. `externalId`, `metadata` and `domains` need `admin`.',
    example: { request: { name: 'Northern Lights Records', slug: 'northern-lights' }, reply: shown },
  }),
  update: command({
    http: 'PATCH /organizations/{id}',
    scope: 'organizations:write',
    request: UpdateOrganization,
    reply: one(Organization),
    fails: [
      notFound,
      permissionDenied,
      preconditionFailed,
      organizationSlugTaken,
      domainTaken,
      externalIdTaken,
      organizationDeleting,
      ...workosWrite,
    ],
    summary: 'Changes an organization, as one of its admins.',
    description:
      'A merge patch. WorkOS owns `name`, `externalId`, `metadata` and `domains`, Erato the rest; only the side that owns a changed field is written, WorkOS first.',
    example: { request: { id: shown.id, avatarUrl: 'https://cdn.example/nl.png' }, reply: shown },
  }),
  delete: command({
    http: 'DELETE /organizations/{id}',
    scope: 'organizations:write',
    request: DeleteOrganization,
    reply: nothing,
    fails: [notFound, permissionDenied, preconditionFailed, stillOwns, homeOrganization, ...workosWrite],
    summary: 'Deletes an organization, as one of its admins.',
    description:
      'It is first marked as deleting, so that nothing new comes under it; refused while it owns workspaces.',
    example: { request: { id: shown.id } },
  }),
});
