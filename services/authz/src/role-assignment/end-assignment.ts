import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import type { Context } from '@erato/contracts/kit/context';
import { notFound, permissionDenied } from '@erato/contracts/kit/failure';
import { requireVersion } from '@erato/platform/patch/if-match';
import { Authority, managesMembers } from '../decision/authority.js';
import { isOneself } from '../decision/listed.js';
import { Writes } from '../ledger/writes.js';
import { objectOf } from '../permission/permission-view.js';
import { AssignmentReads, byId } from './role-assignment.reads.js';
import { RoleAssignmentEntity } from './role-assignment.entity.js';
import { assignmentChange, type AssignmentRow } from './role-assignment-view.js';

/** Takes a role away. Whoever holds it may always leave; an owner stays until the object is transferred. */
@Injectable()
export class EndAssignment {
  constructor(
    private readonly reads: AssignmentReads,
    private readonly authority: Authority,
    private readonly writes: Writes,
  ) {}

  async end(context: Context, id: string): Promise<void> {
    const found = await this.reads.find(id);
    if (!found) throw notFound();
    const { caller } = context;
    const objects = [objectOf(found)];
    const leaves = isOneself({ type: found.subjectType, id: found.subjectId }, caller);
    const judge = leaves ? null : await this.authority.require(context, managesMembers, objects);
    await this.writes.write(context, async (tx, ledger) => {
      const [row] = await tx.rows<AssignmentRow & QueryResultRow>(byId, [id]);
      if (!row) throw notFound();
      requireVersion(context, row);
      if (judge) await this.authority.requireInside({ tx, ledger }, judge, caller, managesMembers, objects);
      if (row.isOwner) throw permissionDenied({ detail: 'An owner cannot be removed.' });
      await tx.delete(RoleAssignmentEntity, { id });
      ledger.touch(...assignmentChange(row, null));
    });
  }
}
