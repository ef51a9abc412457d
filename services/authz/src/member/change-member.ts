import { Injectable } from '@nestjs/common';
import type {
  ChangeWorkspaceMember,
  WorkspaceMember,
  WorkspaceMemberRef,
} from '@erato/contracts/authz/workspace-member';
import type { Context } from '@erato/contracts/kit/context';
import { notFound, permissionDenied } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import type { Tx } from '@erato/platform/database/tx';
import { requireVersion } from '@erato/platform/patch/if-match';
import { Authority, managesMembers } from '../decision/authority.js';
import { isOneself } from '../decision/listed.js';
import type { Ledger } from '../ledger/ledger.js';
import { Writes } from '../ledger/writes.js';
import type { RoleEntity } from '../role/role.entity.js';
import { assignmentChange, type AssignmentRow } from '../role-assignment/role-assignment-view.js';
import { RoleAssignmentEntity } from '../role-assignment/role-assignment.entity.js';
import { roleFor } from '../role-assignment/role-for.js';
import { rolesOf, toMember } from './member.reads.js';

/** Changes and ends what somebody is on a workspace: all his roles there are one membership. */
@Injectable()
export class ChangeMembers {
  constructor(
    private readonly db: Db,
    private readonly authority: Authority,
    private readonly writes: Writes,
  ) {}

  /** Never to more than the caller himself has there. */
  async change(
    context: Context,
    { id, userId, role: slug }: ChangeWorkspaceMember,
  ): Promise<WorkspaceMember> {
    const { caller } = context;
    const object = { type: 'workspace', id };
    const judge = await this.authority.require(context, managesMembers, [object]);
    const role = await roleFor(this.db, { role: slug }, object, judge.pathOf(object));
    const { value } = await this.writes.write(context, async (tx, ledger) => {
      const at = { tx, ledger };
      const inside = await this.authority.requireInside(at, judge, caller, managesMembers, [object]);
      const now = await roleFor(tx, { roleId: role.id }, object, inside.pathOf(object));
      if (!inside.holdsGrants(caller, object, now.grants)) throw permissionDenied();
      const [kept, ...others] = await standing(tx, context, { id, userId });
      await end(tx, ledger, others);
      return give(tx, ledger, kept, now);
    });
    return toMember(value);
  }

  async remove(context: Context, { id, userId }: WorkspaceMemberRef): Promise<void> {
    const { caller } = context;
    const objects = [{ type: 'workspace', id }];
    const leaves = isOneself({ type: 'user', id: userId }, caller);
    const judge = leaves ? null : await this.authority.require(context, managesMembers, objects);
    await this.writes.write(context, async (tx, ledger) => {
      if (judge) await this.authority.requireInside({ tx, ledger }, judge, caller, managesMembers, objects);
      await end(tx, ledger, await standing(tx, context, { id, userId }));
    });
  }
}

type Roles = readonly [AssignmentRow, ...AssignmentRow[]];

/** His roles as the transaction sees them, held to If-Match; an owner's are not touched here. */
async function standing(tx: Tx, context: Context, { id, userId }: WorkspaceMemberRef): Promise<Roles> {
  const [shown, ...others] = await rolesOf(tx, id, userId);
  if (!shown) throw notFound({ detail: 'There is no such member.' });
  requireVersion(context, shown);
  if (shown.isOwner) throw permissionDenied({ detail: 'An owner stays until the workspace is transferred.' });
  return [shown, ...others];
}

async function end(tx: Tx, ledger: Ledger, rows: readonly AssignmentRow[]): Promise<void> {
  for (const row of rows) {
    await tx.delete(RoleAssignmentEntity, { id: row.id });
    ledger.touch(...assignmentChange(row, null));
  }
}

async function give(tx: Tx, ledger: Ledger, row: AssignmentRow, role: RoleEntity): Promise<AssignmentRow> {
  if (row.roleId === role.id) return row;
  const [roleId, version, updatedAt] = [role.id, row.version + 1, new Date()];
  await tx.update(RoleAssignmentEntity, { id: row.id }, { roleId, version, updatedAt });
  const after = { ...row, roleId, version, updatedAt, roleSlug: role.slug };
  ledger.touch(...assignmentChange(row, after));
  return after;
}
