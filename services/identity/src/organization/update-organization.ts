import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { notFound, permissionDenied } from '@erato/contracts/kit/failure';
import { organizationUpdated } from '@erato/contracts/identity/events';
import {
  domainTaken,
  organizationDeleting,
  organizationSlugTaken,
  type UpdateOrganization,
} from '@erato/contracts/identity/organization';
import { externalIdTaken } from '@erato/contracts/identity/user';
import type { Tx } from '@erato/platform/database/tx';
import { translating } from '@erato/platform/database/sql-fault';
import { statement } from '@erato/platform/database/statement';
import { mergePart, mergePatch } from '@erato/platform/patch/merge-patch';
import { requireVersion } from '@erato/platform/patch/if-match';
import { isAdministrator } from '../access.js';
import { changedFields } from '../patch.js';
import type { Refusals } from '../workos/refusal.js';
import { WorkosWrites } from '../workos/workos-write.js';
import { isDeleting } from './deleting.js';
import { mirrorOrganization } from './mirror-organization.js';
import { OrganizationAccess } from './organization-access.js';
import { organizationObject } from './organization-view.js';
import { OrganizationEntity } from './organization.entity.js';
import { sameKeys, verified } from '../workos/fields.js';

/** What WorkOS' codes mean when an organization is written. */
export const organizationRefusals: Refusals = {
  external_id_already_used: () => externalIdTaken(),
  organization_domain_already_used: () => domainTaken(),
  domain_already_in_use: () => domainTaken(),
  status_409: () => domainTaken(),
};

const holder = statement('SELECT 1 FROM organizations WHERE slug = $1 AND workos_org_id <> $2');
const bump = statement(
  'UPDATE organizations SET version = version + 1, updated_at = now() WHERE workos_org_id = $1 RETURNING version',
);

/** Changes an organization: WorkOS' side and Erato's, each only where a field that it owns changes (identity.md). */
@Injectable()
export class UpdateOrganizationWrite {
  constructor(
    private readonly writes: WorkosWrites,
    private readonly access: OrganizationAccess,
  ) {}

  async run(input: UpdateOrganization, context: Context): Promise<OrganizationEntity> {
    await this.access.require(context, input.id, 'update');
    refuseAdminFields(input, context);
    return this.writes.run(context, 'the profile in Erato', async (tx, atWorkos) => {
      const current = await tx.lock(OrganizationEntity, { id: input.id });
      if (!current) throw notFound();
      if (isDeleting(current)) throw organizationDeleting();
      requireVersion(context, current);
      const own = changedFields(current, ownOrganizationFields(current, input));
      if (own.slug) await refuseTakenSlug(tx, own.slug, current.id);
      const theirs = workosChanges(current, input);
      if (theirs) {
        const answer = await atWorkos(
          'the fields that it owns',
          (sdk) => sdk.organizations.updateOrganization({ organization: current.id, ...theirs }),
          { refusals: organizationRefusals },
        );
        await mirrorOrganization(tx, answer);
      }
      if (Object.keys(own).length > 0) await writeOwnOrganization(tx, current.id, own);
      const written = await tx.findOneBy(OrganizationEntity, { id: current.id });
      if (!written) throw notFound();
      return written;
    });
  }
}

type AdminFields = Pick<UpdateOrganization, 'externalId' | 'metadata' | 'domains'>;

export function refuseAdminFields(input: AdminFields, { caller }: Context): void {
  const refused = (['externalId', 'metadata', 'domains'] as const).filter(
    (field) => input[field] !== undefined,
  );
  if (refused.length > 0 && !isAdministrator(caller)) {
    throw permissionDenied({ detail: `Only administrators set ${refused.join(', ')}.` });
  }
}

export async function refuseTakenSlug(tx: Tx, slug: string, ownId: string): Promise<void> {
  if (await tx.row(holder, [slug, ownId])) throw organizationSlugTaken();
}

/** Writes fields that Erato owns, and says so. Meant for the end of a transaction that holds the organization. */
export async function writeOwnOrganization(
  tx: Tx,
  id: string,
  own: Partial<OrganizationEntity>,
): Promise<void> {
  await translating({ organizations_slug_key: () => organizationSlugTaken() }, () =>
    tx.update(OrganizationEntity, { id }, own),
  );
  const row = await tx.row<{ version: number }>(bump, [id]);
  tx.emit(organizationUpdated, id, {
    organizationId: id,
    object: organizationObject(id, row?.version ?? 0),
  });
}

export type OwnFields = Partial<Pick<OrganizationEntity, 'slug' | 'avatarUrl' | 'bannerUrl' | 'themeConfig'>>;
type OwnInput = Pick<UpdateOrganization, 'slug' | 'avatarUrl' | 'bannerUrl' | 'themeConfig'>;

/** The fields that Erato owns, as they would be after the request; absent ones stay absent. */
export function ownOrganizationFields(current: OwnFields, input: OwnInput): OwnFields {
  const { slug, avatarUrl, bannerUrl, themeConfig } = input;
  return {
    ...(slug === undefined ? {} : { slug }),
    ...(avatarUrl === undefined ? {} : { avatarUrl }),
    ...(bannerUrl === undefined ? {} : { bannerUrl }),
    ...(themeConfig === undefined
      ? {}
      : { themeConfig: mergePart('themeConfig', current.themeConfig ?? null, themeConfig) }),
  };
}

/** What WorkOS is to be told, or null where nothing that it owns changes. */
function workosChanges(current: OrganizationEntity, input: UpdateOrganization) {
  const { name, externalId, metadata, domains } = input;
  const before = current.domains.map(({ domain }) => domain).sort();
  const wanted = domains?.map((domain) => domain.toLowerCase()).sort();
  const changes = {
    ...(name === undefined || name === current.name ? {} : { name }),
    ...(externalId === undefined || externalId === current.externalId ? {} : { externalId }),
    ...(metadata === undefined || sameKeys(current.metadata, mergePatch(current.metadata, metadata))
      ? {}
      : // NOTE: null deletes a key at WorkOS; the SDK's types do not say so.
        { metadata: metadata as Record<string, string> }),
    ...(wanted === undefined || wanted.join() === before.join() ? {} : { domainData: verified(wanted) }),
  };
  return Object.keys(changes).length > 0 ? changes : null;
}
