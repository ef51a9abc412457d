import {
  type ChangePermissionAction,
  type ListPermissionActions,
  type NewPermissionAction,
  type PermissionAction,
  permissionActions,
  type PermissionActionSlug,
} from '@erato/contracts/authz/permission-action';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { Serves } from '@erato/platform/transport/serves';
import { PermissionActionEntity } from './permission-action.entity.js';
import { WriteActions } from './write-actions.js';

@Serves(permissionActions)
export class PermissionActionHandlers implements Handlers<typeof permissionActions> {
  constructor(
    private readonly db: Db,
    private readonly writes: WriteActions,
  ) {}

  async list({ category }: ListPermissionActions): Promise<PermissionAction[]> {
    const where = category === undefined ? {} : { category };
    const rows = await this.db.find(PermissionActionEntity, { where, order: { slug: 'ASC' } });
    return rows.map(toAction);
  }

  async get({ slug }: PermissionActionSlug): Promise<PermissionAction> {
    const row = await this.db.findOneBy(PermissionActionEntity, { slug });
    if (!row) throw notFound();
    return toAction(row);
  }

  async create(input: NewPermissionAction, context: Context): Promise<PermissionAction> {
    return toAction(await this.writes.create(context, input));
  }

  async update(input: ChangePermissionAction, context: Context): Promise<PermissionAction> {
    return toAction(await this.writes.update(context, input));
  }

  delete({ slug }: PermissionActionSlug, context: Context): Promise<void> {
    return this.writes.delete(context, slug);
  }
}

function toAction({ createdAt, updatedAt, ...row }: PermissionActionEntity): PermissionAction {
  const { slug, name, description, category, implies, isSystem, version } = row;
  return {
    slug,
    name,
    description,
    category,
    implies,
    isSystem,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    version,
  };
}
