import { Injectable } from '@nestjs/common';
import type { ChangePermission, Permission } from '@erato/contracts/authz/permission';
import type { Context } from '@erato/contracts/kit/context';
import { notFound, permissionDenied } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { requireVersion } from '@erato/platform/patch/if-match';
import { Authority, administers } from '../decision/authority.js';
import { Writes } from '../ledger/writes.js';
import { mayReplace } from './may-replace.js';
import { PermissionEntity } from './permission.entity.js';
import { objectOf, permissionChange, toPermission } from './permission-view.js';

/** Changes or removes one permission. */
@Injectable()
export class ChangePermissions {
  constructor(
    private readonly db: Db,
    private readonly authority: Authority,
    private readonly writes: Writes,
  ) {}

  /** A change that leaves all as it is moves neither version nor revision. */
  async update(
    context: Context,
    { id, ...changes }: ChangePermission,
  ): Promise<{ permission: Permission; revision: number }> {
    const { value, revision } = await this.#with(context, id, (row) => {
      const after = {
        ...row,
        value: changes.value ?? row.value,
        expiresAt: changes.expiresAt === undefined ? row.expiresAt : dateOf(changes.expiresAt),
      };
      const moved = after.value !== row.value || after.expiresAt?.getTime() !== row.expiresAt?.getTime();
      return moved ? { ...after, version: row.version + 1, updatedAt: new Date() } : row;
    });
    if (!value) throw notFound();
    return { permission: toPermission(value), revision };
  }

  async delete(context: Context, id: string): Promise<void> {
    await this.#with(context, id, () => null);
  }

  async #with(context: Context, id: string, change: (row: PermissionEntity) => PermissionEntity | null) {
    const found = await this.db.findOneBy(PermissionEntity, { id });
    if (!found) throw notFound();
    const { caller } = context;
    const objects = [objectOf(found)];
    const judge = await this.authority.require(context, administers, objects);
    return this.writes.write(context, async (tx, ledger) => {
      const row = await tx.findOneBy(PermissionEntity, { id });
      if (!row) throw notFound();
      requireVersion(context, row);
      const inside = await this.authority.requireInside({ tx, ledger }, judge, caller, administers, objects);
      const after = change(row);
      if (after === row) return row;
      if (!mayReplace(inside, caller, objectOf(row), row, after)) throw permissionDenied();
      if (after) await tx.update(PermissionEntity, { id }, after);
      else await tx.delete(PermissionEntity, { id });
      ledger.touch(...permissionChange(row, after));
      return after;
    });
  }
}

const dateOf = (timestamp: string | null): Date | null => (timestamp === null ? null : new Date(timestamp));
