import type { QueryResultRow } from 'pg';
import {
  type ChangeRole,
  type ListRoles,
  type NewRole,
  type Role,
  type RoleId,
  roles,
} from '@erato/contracts/authz/role';
import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, notFound } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset } from '@erato/platform/paging/keyset';
import { Serves } from '@erato/platform/transport/serves';
import { Authority, type Requirement } from '../decision/authority.js';
import { RoleEntity } from './role.entity.js';
import { roleColumns, toRole } from './role-view.js';
import { WriteRoles } from './write-roles.js';

/** Roles that stand from the start are offered by kind of object, beside the scope's own. */
const filter = `((scope_type = 'system' AND ($1::text IS NULL OR scope_id = $1))
  OR (scope_type = $1 AND scope_id = $2)) AND ($3::text IS NULL OR slug = $3)`;

const reads: Requirement = (judge, caller, object) => judge.may(caller, 'read', object);

@Serves(roles)
export class RoleHandlers implements Handlers<typeof roles> {
  constructor(
    private readonly db: Db,
    private readonly authority: Authority,
    private readonly writeRoles: WriteRoles,
  ) {}

  async list(input: ListRoles, context: Context): Promise<Page<Role>> {
    const { scopeType, scopeId, slug, count } = input;
    const kind = scopeType === undefined || scopeType === 'system' ? null : scopeType;
    if (kind && !scopeId) throw invalidField('scopeId', 'required', 'name the object');
    if (!kind && scopeId && scopeType !== 'system') {
      throw invalidField('scopeType', 'required', 'name the type of the object');
    }
    if (kind && scopeId && !context.caller.scopes.includes('admin')) {
      await this.authority.require(context, reads, [{ type: kind, id: scopeId }]);
    }
    const values = kind ? [kind, scopeId, slug ?? null] : [scopeId ?? null, null, slug ?? null];
    const order = { column: 'slug', descending: false, type: 'text' } as const;
    const keyset = new Keyset(input, ['roles', scopeType, scopeId, slug], order, 4);
    const rows = await this.db.rows<RoleEntity & QueryResultRow>(
      statement(`SELECT ${roleColumns} FROM roles WHERE ${filter}${keyset.where}
        ORDER BY ${keyset.order} LIMIT ${keyset.fetch}`),
      [...values, ...keyset.values],
    );
    const page = keyset.page(rows, (row) => ({ value: row.slug, id: row.id }), toRole);
    if (!count) return page;
    const counted = await this.db.row<{ total: number }>(
      statement(`SELECT count(*)::integer AS total FROM roles WHERE ${filter}`),
      values,
    );
    return { ...page, meta: { ...page.meta, total: counted?.total ?? 0 } };
  }

  async get({ id }: RoleId, context: Context): Promise<Role> {
    const row = await this.db.findOneBy(RoleEntity, { id });
    if (!row) throw notFound();
    const scope = { type: row.scopeType, id: row.scopeId };
    if (!row.isSystem && !(await this.authority.meets(context, reads, scope))) throw notFound();
    return toRole(row);
  }

  async create(input: NewRole, context: Context): Promise<Role> {
    return toRole(await this.writeRoles.create(context, input));
  }

  async update(input: ChangeRole, context: Context): Promise<Role> {
    return toRole(await this.writeRoles.update(context, input));
  }

  delete({ id }: RoleId, context: Context): Promise<void> {
    return this.writeRoles.delete(context, id);
  }
}
