import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { ObjectRef } from '@erato/contracts/authz/object-description';
import { unknownAction } from '@erato/contracts/authz/permission';
import {
  type ChangeRole,
  type NewRole,
  type RoleGrants,
  roleExists,
  roleInUse,
  systemRole,
  tooManyRoles,
} from '@erato/contracts/authz/role';
import type { Context } from '@erato/contracts/kit/context';
import { type FieldError, invalid, notFound, permissionDenied } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { translating } from '@erato/platform/database/sql-fault';
import { requireVersion } from '@erato/platform/patch/if-match';
import { administers, Authority } from '../decision/authority.js';
import type { Judge } from '../decision/judge.js';
import { Writes } from '../ledger/writes.js';
import { RoleEntity } from './role.entity.js';
import { roleChange } from './role-view.js';

/** Roles of its own that a scope holds at most (security.md, Exhaustion). */
const bound = 100;

const counted = statement(
  'SELECT count(*)::integer AS roles FROM roles WHERE scope_type = $1 AND scope_id = $2',
);
const ofSystem = statement(`SELECT 1 FROM roles WHERE scope_type = 'system' AND scope_id = $1 AND slug = $2`);

/** Adds, changes and removes the roles of a scope; those that stand from the start stay as they are. */
@Injectable()
export class WriteRoles {
  constructor(
    private readonly db: Db,
    private readonly authority: Authority,
    private readonly writes: Writes,
  ) {}

  async create(context: Context, { description, ...input }: NewRole): Promise<RoleEntity> {
    const scope = { type: input.scopeType, id: input.scopeId };
    const judge = await this.authority.require(context, administers, [scope]);
    requireGrants(judge, context, scope, input.grants);
    const now = new Date();
    const row: RoleEntity = {
      id: uuidv7(),
      ...input,
      description: description ?? '',
      isSystem: false,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    return translating({ roles_slug: () => roleExists() }, async () => {
      const { value } = await this.writes.write(context, async (tx, ledger) => {
        const at = { tx, ledger };
        const inside = await this.authority.requireInside(at, judge, context.caller, administers, [scope]);
        requireGrants(inside, context, scope, input.grants);
        if (await tx.row(ofSystem, [row.scopeType, row.slug])) throw roleExists();
        const there = await tx.row<{ roles: number }>(counted, [row.scopeType, row.scopeId]);
        if ((there?.roles ?? 0) >= bound) throw tooManyRoles();
        await tx.insert(RoleEntity, row);
        ledger.touch(...roleChange(null, row));
        return row;
      });
      return value;
    });
  }

  async update(context: Context, { id, ...changes }: ChangeRole): Promise<RoleEntity> {
    const { scope, judge } = await this.#own(context, id);
    if (changes.grants) requireGrants(judge, context, scope, changes.grants);
    const { value } = await this.writes.write(context, async (tx, ledger) => {
      const row = await tx.findOneBy(RoleEntity, { id });
      if (!row) throw notFound();
      requireVersion(context, row);
      const at = { tx, ledger };
      const inside = await this.authority.requireInside(at, judge, context.caller, administers, [scope]);
      if (changes.grants) requireGrants(inside, context, scope, changes.grants);
      const after = { ...row, ...changes };
      if (JSON.stringify(after) === JSON.stringify(row)) return row;
      const moved = { ...after, version: row.version + 1, updatedAt: new Date() };
      await tx.update(RoleEntity, { id }, moved);
      ledger.touch(...roleChange(row, moved));
      return moved;
    });
    return value;
  }

  async delete(context: Context, id: string): Promise<void> {
    const { scope, judge } = await this.#own(context, id);
    await translating({ role_assignments_role_fkey: () => roleInUse() }, () =>
      this.writes.write(context, async (tx, ledger) => {
        const row = await tx.findOneBy(RoleEntity, { id });
        if (!row) throw notFound();
        requireVersion(context, row);
        await this.authority.requireInside({ tx, ledger }, judge, context.caller, administers, [scope]);
        await tx.delete(RoleEntity, { id });
        ledger.touch(...roleChange(row, null));
      }),
    );
  }

  /** A role that may be changed at all, and a judge over its scope, which the caller may `admin`. */
  async #own(context: Context, id: string): Promise<{ scope: ObjectRef; judge: Judge }> {
    const row = await this.db.findOneBy(RoleEntity, { id });
    if (!row) throw notFound();
    if (row.isSystem) throw systemRole();
    const scope = { type: row.scopeType, id: row.scopeId };
    return { scope, judge: await this.authority.require(context, administers, [scope]) };
  }
}

const typePattern = /^[a-z][a-z_]{0,39}$/;

/** Grants name types and known actions, and never more than their maker has there (authz.md). */
function requireGrants(judge: Judge, { caller }: Context, scope: ObjectRef, grants: RoleGrants): void {
  const errors: FieldError[] = [];
  const unknown: FieldError[] = [];
  for (const [type, actions] of Object.entries(grants) as [string, unknown][]) {
    const path = `grants.${type}`.slice(0, 200);
    if (!typePattern.test(type)) errors.push({ path, code: 'malformed', message: 'is no object type' });
    if (!Array.isArray(actions) || !actions.every((each) => typeof each === 'string')) {
      errors.push({ path, code: 'wrong_type', message: 'must be a list of actions' });
    } else if (actions.some((each) => judge.actions.number(each) === undefined)) {
      unknown.push({ path, code: 'unknown_action', message: 'names an action that does not exist' });
    }
  }
  if (errors.length > 0) throw invalid({ errors });
  if (unknown.length > 0) throw unknownAction({ errors: unknown });
  if (!judge.holdsGrants(caller, scope, grants)) throw permissionDenied();
}
