import {
  type ChangePermission,
  type ListPermissions,
  type NewPermission,
  type Permission,
  type PermissionId,
  permissions,
  type PermissionsSet,
  type SetPermissions,
  type WrittenPermission,
} from '@erato/contracts/authz/permission';
import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Serves } from '@erato/platform/transport/serves';
import { administers, Authority } from '../decision/authority.js';
import { isOneself, requireListed } from '../decision/listed.js';
import { ChangePermissions } from './change-permission.js';
import { PermissionReads } from './permission.reads.js';
import { objectOf } from './permission-view.js';
import { toPermission } from './permission-view.js';
import { WritePermissions } from './write-permissions.js';

@Serves(permissions)
export class PermissionHandlers implements Handlers<typeof permissions> {
  constructor(
    private readonly reads: PermissionReads,
    private readonly writePermissions: WritePermissions,
    private readonly changePermissions: ChangePermissions,
    private readonly authority: Authority,
  ) {}

  async list(input: ListPermissions, context: Context): Promise<Page<Permission>> {
    await requireListed(this.authority, administers, input, context);
    return this.reads.list(input);
  }

  async create(input: NewPermission, context: Context): Promise<WrittenPermission> {
    const { permissions: written, revision } = await this.writePermissions.write(context, [input], 'create');
    const [permission] = written;
    if (!permission) throw new Error('a permission that was created is there');
    return { ...permission, revision };
  }

  async get({ id }: PermissionId, context: Context): Promise<Permission> {
    const row = await this.reads.find(id);
    if (!row) throw notFound();
    const own = isOneself({ type: row.subjectType, id: row.subjectId }, context.caller);
    if (!own && !(await this.authority.meets(context, administers, objectOf(row)))) throw notFound();
    return toPermission(row);
  }

  async update(input: ChangePermission, context: Context): Promise<WrittenPermission> {
    const { permission, revision } = await this.changePermissions.update(context, input);
    return { ...permission, revision };
  }

  delete({ id }: PermissionId, context: Context): Promise<void> {
    return this.changePermissions.delete(context, id);
  }

  set(input: SetPermissions, context: Context): Promise<PermissionsSet> {
    return this.writePermissions.write(context, input.permissions, 'set');
  }
}
