import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import {
  organizations,
  type CreateOrganization,
  type DeleteOrganization,
  type GetOrganization,
  type ListOrganizations,
  type Organization,
  type UpdateOrganization,
} from '@erato/contracts/identity/organization';
import { Serves } from '@erato/platform/transport/serves';
import { CreateOrganizationWrite } from './create-organization.js';
import { DeleteOrganizationWrite } from './delete-organization.js';
import { OrganizationList } from './list-organizations.js';
import { OrganizationAccess } from './organization-access.js';
import { organizationView } from './organization-view.js';
import { UpdateOrganizationWrite } from './update-organization.js';

@Serves(organizations)
export class OrganizationHandlers implements Handlers<typeof organizations> {
  constructor(
    private readonly access: OrganizationAccess,
    private readonly lists: OrganizationList,
    private readonly creating: CreateOrganizationWrite,
    private readonly updating: UpdateOrganizationWrite,
    private readonly deleting: DeleteOrganizationWrite,
  ) {}

  list(input: ListOrganizations, context: Context): Promise<Page<Organization>> {
    return this.lists.page(input, context);
  }

  async get({ id }: GetOrganization, context: Context): Promise<Organization> {
    return organizationView((await this.access.require(context, id, 'read')).organization);
  }

  async create(input: CreateOrganization, context: Context): Promise<Organization> {
    return organizationView(await this.creating.run(input, context));
  }

  async update(input: UpdateOrganization, context: Context): Promise<Organization> {
    return organizationView(await this.updating.run(input, context));
  }

  async delete(input: DeleteOrganization, context: Context): Promise<void> {
    await this.deleting.run(input, context);
  }
}
