import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { unknownSubject } from '@erato/contracts/authz/permission';
import {
  assignmentExists,
  type NewRoleAssignment,
  tooManyAssignments,
  type WrittenRoleAssignment,
} from '@erato/contracts/authz/role-assignment';
import { alreadyMember } from '@erato/contracts/identity/member';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, permissionDenied } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { Authority, managesMembers } from '../decision/authority.js';
import type { Ledger } from '../ledger/ledger.js';
import { Writes } from '../ledger/writes.js';
import { objectOf } from '../permission/permission-view.js';
import { KnownSubjects } from '../principal/known-subjects.js';
import type { RoleEntity } from '../role/role.entity.js';
import { RoleAssignmentEntity } from './role-assignment.entity.js';
import {
  assignmentChange,
  assignmentColumns,
  type AssignmentRow,
  toAssignment,
} from './role-assignment-view.js';
import { roleFor } from './role-for.js';

/** Assignments in force on one object at most, as of permissions. */
const objectBound = 1_000;

/** The assignments of a subject on an object. */
export const ofSubject = statement(`
  SELECT ${assignmentColumns} FROM role_assignments s JOIN roles r ON r.id = s.role_id
  WHERE s.subject_type = $1 AND s.subject_id = $2 AND s.object_type = $3 AND s.object_id = $4`);
const counted = statement(`
  SELECT count(*)::integer AS rows FROM role_assignments
  WHERE object_type = $1 AND object_id = $2 AND (expires_at IS NULL OR expires_at > now())`);

/** Gives somebody a role on an object (authz.md: by who manages its members, and never more than he has). */
@Injectable()
export class AssignRole {
  constructor(
    private readonly db: Db,
    private readonly authority: Authority,
    private readonly subjects: KnownSubjects,
    private readonly writes: Writes,
  ) {}

  /** `first`: only to who has no role in force on the object yet; others are members already. */
  async assign(
    context: Context,
    input: NewRoleAssignment,
    which: 'any' | 'first' = 'any',
  ): Promise<WrittenRoleAssignment> {
    if ((input.roleId === undefined) === (input.role === undefined)) {
      throw invalidField('roleId', 'required', 'name the role by roleId or by role');
    }
    const { caller } = context;
    const object = objectOf(input);
    const judge = await this.authority.require(context, managesMembers, [object]);
    const role = await roleFor(this.db, input, object, judge.pathOf(object));
    await this.#requireSubject(context, input);
    const { value, revision } = await this.writes.write(context, async (tx, ledger) => {
      const at = { tx, ledger };
      const inside = await this.authority.requireInside(at, judge, caller, managesMembers, [object]);
      const now = await roleFor(tx, { roleId: role.id }, object, inside.pathOf(object));
      if (!inside.holdsGrants(caller, object, now.grants)) throw permissionDenied();
      if (which === 'first') await requireNone(tx, input);
      return assignRow(tx, ledger, input, now);
    });
    return { ...toAssignment(value), revision };
  }

  async #requireSubject(
    context: Context,
    { subjectType: type, subjectId: id }: NewRoleAssignment,
  ): Promise<void> {
    const unknown = await this.subjects.unknown([{ type, id }], context);
    if (unknown.length === 0) return;
    throw unknownSubject({
      errors: [{ path: 'subjectId', code: 'unknown_subject', message: 'is not known' }],
    });
  }
}

const keyOf = ({ subjectType, subjectId, objectType, objectId }: NewRoleAssignment): string[] => [
  subjectType,
  subjectId,
  objectType,
  objectId,
];

const isOver = ({ expiresAt }: AssignmentRow): boolean =>
  expiresAt !== null && expiresAt.getTime() <= Date.now();

async function requireNone(tx: Tx, input: NewRoleAssignment): Promise<void> {
  const held = await tx.rows<AssignmentRow & QueryResultRow>(ofSubject, keyOf(input));
  if (!held.every(isOver)) throw alreadyMember();
}

async function assignRow(
  tx: Tx,
  ledger: Ledger,
  input: NewRoleAssignment,
  role: RoleEntity,
): Promise<AssignmentRow> {
  const { subjectType, subjectId, objectType, objectId } = input;
  const there = await tx.rows<AssignmentRow & QueryResultRow>(ofSubject, keyOf(input));
  const same = there.find(({ roleId }) => roleId === role.id);
  if (same && !isOver(same) && !input.replace) throw assignmentExists({ extra: { assignmentId: same.id } });
  const replaced = there.filter((row) => !row.isOwner && (row === same || input.replace === true));
  for (const row of replaced) {
    await tx.delete(RoleAssignmentEntity, { id: row.id });
    ledger.touch(...assignmentChange(row, null));
  }
  if (same?.isOwner) return same;
  const now = new Date();
  const row: RoleAssignmentEntity = {
    id: uuidv7(),
    roleId: role.id,
    subjectType,
    subjectId,
    objectType,
    objectId,
    isOwner: false,
    expiresAt: input.expiresAt ? new Date(input.expiresAt) : null,
    createdBy: tx.actor,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  await tx.insert(RoleAssignmentEntity, row);
  const rows = await tx.row<{ rows: number }>(counted, [objectType, objectId]);
  if ((rows?.rows ?? 0) > objectBound) throw tooManyAssignments();
  const written = { ...row, roleSlug: role.slug };
  ledger.touch(...assignmentChange(null, written));
  return written;
}
