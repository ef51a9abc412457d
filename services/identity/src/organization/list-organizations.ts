import { Injectable } from '@nestjs/common';
import type { Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import type { ListOrganizations, Organization } from '@erato/contracts/identity/organization';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset } from '@erato/platform/paging/keyset';
import { ceilingAllows, isAdministrator } from '../access.js';
import { Conditions } from '../conditions.js';
import { ListCursor } from '../workos/list-cursor.js';
import { Workos } from '../workos/workos.js';
import { mirroredOrganization, organizationView } from './organization-view.js';
import { organizationColumns, type OrganizationEntity } from './organization.entity.js';

const byIds = statement(
  `SELECT ${organizationColumns} FROM organizations o WHERE o.workos_org_id = ANY($1::text[])`,
);
type Row = OrganizationEntity & Record<string, unknown>;

/** Lists organizations: for administrators as WorkOS lists them, for everybody else his own from the mirror. */
@Injectable()
export class OrganizationList {
  constructor(
    private readonly db: Db,
    private readonly workos: Workos,
  ) {}

  page(input: ListOrganizations, context: Context): Promise<Page<Organization>> {
    const { caller } = context;
    const all = isAdministrator(caller) && ceilingAllows(caller, 'organization', '', 'read');
    return all ? this.#fromWorkos(input, context) : this.#own(input, context);
  }

  async #fromWorkos(input: ListOrganizations, context: Context): Promise<Page<Organization>> {
    const { search, domains, sort = '-createdAt' } = input;
    const cursor = new ListCursor(input, ['organizations', search, domains, sort]);
    const filters = { ...(search === undefined ? {} : { search }), ...(domains ? { domains } : {}) };
    const [listed, total] = await Promise.all([
      this.workos.ask(context, (sdk) =>
        sdk.organizations.listOrganizations({
          ...filters,
          ...cursor.options,
          order: sort === 'createdAt' ? 'asc' : 'desc',
        }),
      ),
      input.count ? this.#count(this.#filters(input)) : undefined,
    ]);
    const rows = await this.db.rows<Row>(byIds, [listed.data.map(({ id }) => id)]);
    const known = new Map(rows.map((row) => [row.id, row]));
    const data = listed.data.map((organization) =>
      organizationView({ ...unknown, ...known.get(organization.id), ...mirroredOrganization(organization) }),
    );
    return cursor.page(data, listed.listMetadata, total);
  }

  async #own(input: ListOrganizations, { caller }: Context): Promise<Page<Organization>> {
    const { search, domains, sort = '-createdAt' } = input;
    const where = this.#filters(input);
    if (caller.subjectType === 'user') {
      where.and(
        `o.workos_org_id IN (SELECT m.organization_id FROM organization_memberships m
                             WHERE m.user_id = ? AND m.status = 'active')`,
        caller.subjectId,
      );
    } else where.and('o.workos_org_id = ?', caller.subjectType === 'organization' ? caller.subjectId : '');
    const keyset = new Keyset(
      input,
      ['organizations', caller.subjectId, search, domains, sort],
      {
        column: 'o.workos_created_at',
        descending: sort === '-createdAt',
        type: 'timestamptz',
        idType: 'text',
      },
      where.next,
      'o.workos_org_id',
    );
    const text = `SELECT ${organizationColumns} FROM organizations o WHERE ${where.text}${keyset.where}
      ORDER BY ${keyset.order} LIMIT ${where.limit(keyset)}`;
    const [rows, total] = await Promise.all([
      this.db.rows<Row>(statement(text), [...where.values, ...keyset.values, keyset.fetch]),
      input.count ? this.#count(where) : undefined,
    ]);
    const page = keyset.page(
      rows.filter(({ id }) => ceilingAllows(caller, 'organization', id, 'read')),
      (row) => ({ value: row.workosCreatedAt.toISOString(), id: row.id }),
      organizationView,
    );
    return { data: page.data, meta: { ...page.meta, ...(total === undefined ? {} : { total }) } };
  }

  #filters({ search, domains }: ListOrganizations): Conditions {
    const where = new Conditions();
    if (search !== undefined) where.and(`position(lower(?) in lower(o.name)) > 0`, search);
    if (domains) {
      where.and(
        `EXISTS (SELECT 1 FROM jsonb_array_elements(o.domains) d WHERE d->>'domain' = ANY(?::text[]))`,
        domains.map((domain) => domain.toLowerCase()),
      );
    }
    return where;
  }

  async #count(where: Conditions): Promise<number> {
    const text = `SELECT count(*)::integer AS total FROM organizations o WHERE ${where.text}`;
    return (await this.db.row<{ total: number }>(statement(text), where.values))?.total ?? 0;
  }
}

/** What Erato knows of an organization of which it has not heard yet. */
const unknown = {
  avatarUrl: null,
  bannerUrl: null,
  slug: null,
  settings: {},
  themeConfig: null,
  home: false,
  deletingAt: null,
  version: 1,
  updatedAt: null,
};
