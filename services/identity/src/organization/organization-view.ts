import type { ObjectDescription } from '@erato/contracts/authz/object-description';
import type { Organization } from '@erato/contracts/identity/organization';
import { newer } from '../user/user-view.js';
import type { WorkosOrganization } from '../workos/objects.js';
import type { OrganizationEntity } from './organization.entity.js';

export function organizationView(organization: OrganizationEntity): Organization {
  const { id, name, slug, avatarUrl, bannerUrl, themeConfig, externalId, metadata, home, version } =
    organization;
  return {
    id,
    name,
    slug,
    avatarUrl,
    bannerUrl,
    themeConfig,
    externalId,
    metadata,
    domains: organization.domains.map(({ domain }) => domain),
    home,
    createdAt: organization.workosCreatedAt.toISOString(),
    updatedAt: newer(organization.workosUpdatedAt, organization.updatedAt).toISOString(),
    version,
  };
}

/** The fields of an organization that WorkOS owns, as they are mirrored. */
export function mirroredOrganization(organization: WorkosOrganization) {
  return {
    id: organization.id,
    name: organization.name,
    externalId: organization.externalId,
    metadata: organization.metadata,
    domains: organization.domains.map(({ domain, state }) => ({ domain, state })),
    workosCreatedAt: new Date(organization.createdAt),
    workosUpdatedAt: new Date(organization.updatedAt),
  };
}

/** An organization as authorization knows it: nobody owns it, nothing is above it, nobody has rights by default. */
export function organizationObject(id: string, version: number): ObjectDescription {
  return {
    type: 'organization',
    id,
    parents: [],
    ownerType: null,
    ownerId: null,
    everyone: [],
    readAs: 'read',
    version,
  };
}
