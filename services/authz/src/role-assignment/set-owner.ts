import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { unknownSubject } from '@erato/contracts/authz/permission';
import type { SetOwner, WrittenRoleAssignment } from '@erato/contracts/authz/role-assignment';
import type { Context } from '@erato/contracts/kit/context';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { Ledger } from '../ledger/ledger.js';
import { Writes } from '../ledger/writes.js';
import { KnownSubjects } from '../principal/known-subjects.js';
import { ofSubject } from './assign-role.js';
import { RoleAssignmentEntity } from './role-assignment.entity.js';
import {
  assignmentChange,
  assignmentColumns,
  type AssignmentRow,
  toAssignment,
} from './role-assignment-view.js';
import { roleFor } from './role-for.js';

const owners = statement(`
  SELECT ${assignmentColumns} FROM role_assignments s JOIN roles r ON r.id = s.role_id
  WHERE s.object_type = $1 AND s.object_id = $2 AND s.is_owner`);

/**
 * Makes somebody the owner of an object, in place of who was it. Asked for by the service that owns the object, when it
 * is created or transferred; nothing else sets or removes an owner (authz.md).
 */
@Injectable()
export class SetOwners {
  constructor(
    private readonly subjects: KnownSubjects,
    private readonly writes: Writes,
  ) {}

  async set(context: Context, input: SetOwner): Promise<WrittenRoleAssignment> {
    const { object, subjectType: type, subjectId: id, actor } = input;
    if ((await this.subjects.unknown([{ type, id }], context)).length > 0) throw unknownSubject();
    const { requestId, deadline } = context;
    const { value, revision } = await this.writes.write(
      { actor, requestId, deadline },
      async (tx, ledger) => {
        const role = await roleFor(tx, { role: 'admin' }, object, []);
        const before = await tx.rows<AssignmentRow & QueryResultRow>(owners, [object.type, object.id]);
        const still = before.find((row) => row.subjectType === type && row.subjectId === id);
        for (const row of before) {
          if (row === still) continue;
          await tx.delete(RoleAssignmentEntity, { id: row.id });
          ledger.touch(...assignmentChange(row, null));
        }
        return still ?? makeOwner(tx, ledger, input, role.id);
      },
    );
    return { ...toAssignment(value), revision };
  }
}

async function makeOwner(tx: Tx, ledger: Ledger, input: SetOwner, roleId: string): Promise<AssignmentRow> {
  const { object, subjectType, subjectId } = input;
  const now = new Date();
  const key = [subjectType, subjectId, object.type, object.id];
  const held = await tx.rows<AssignmentRow & QueryResultRow>(ofSubject, key);
  const same = held.find((row) => row.roleId === roleId);
  if (same) {
    const after = { ...same, isOwner: true, expiresAt: null, version: same.version + 1, updatedAt: now };
    const { isOwner, expiresAt, version, updatedAt } = after;
    await tx.update(RoleAssignmentEntity, { id: same.id }, { isOwner, expiresAt, version, updatedAt });
    ledger.touch(...assignmentChange(same, after));
    return after;
  }
  const row: RoleAssignmentEntity = {
    id: uuidv7(),
    roleId,
    subjectType,
    subjectId,
    objectType: object.type,
    objectId: object.id,
    isOwner: true,
    expiresAt: null,
    createdBy: tx.actor,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  await tx.insert(RoleAssignmentEntity, row);
  const written = { ...row, roleSlug: 'admin' };
  ledger.touch(...assignmentChange(null, written));
  return written;
}
