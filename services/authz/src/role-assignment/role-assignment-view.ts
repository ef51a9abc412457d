import type { RoleAssignment } from '@erato/contracts/authz/role-assignment';
import type { Touched, TrailEntry } from '../ledger/ledger.js';
import { objectOf } from '../permission/permission-view.js';
import type { RoleAssignmentEntity } from './role-assignment.entity.js';

/** An assignment with the slug of its role. */
export type AssignmentRow = RoleAssignmentEntity & { roleSlug: string };

/** The columns of a row of `role_assignments s` and its role `r`, for hand-written reads. */
export const assignmentColumns = `s.id, s.role_id AS "roleId", r.slug AS "roleSlug", s.subject_type AS "subjectType",
  s.subject_id AS "subjectId", s.object_type AS "objectType", s.object_id AS "objectId", s.is_owner AS "isOwner",
  s.expires_at AS "expiresAt", s.created_by AS "createdBy", s.version, s.created_at AS "createdAt",
  s.updated_at AS "updatedAt"`;

/** A row as the API shows it. */
export function toAssignment(row: AssignmentRow): RoleAssignment {
  const { id, roleId, roleSlug, subjectType, subjectId, objectType, objectId, isOwner, createdBy, version } =
    row;
  return {
    id,
    roleId,
    roleSlug,
    subjectType,
    subjectId,
    objectType,
    objectId,
    isOwner,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    version,
  };
}

/** What a change of a row touches, and its entry of the trail. */
export function assignmentChange(
  before: AssignmentRow | null,
  after: AssignmentRow | null,
): [Touched, TrailEntry] {
  const row = after ?? before;
  if (!row) throw new TypeError('a change is of a row');
  const object = objectOf(row);
  const verb = before === null ? 'created' : after === null ? 'deleted' : 'updated';
  return [
    { object },
    {
      kind: 'role-assignment',
      verb,
      rowId: row.id,
      object,
      before: before && facts(before),
      after: after && facts(after),
    },
  ];
}

function facts({
  roleId,
  roleSlug,
  subjectType,
  subjectId,
  isOwner,
  expiresAt,
}: AssignmentRow): Readonly<Record<string, unknown>> {
  return { roleId, roleSlug, subjectType, subjectId, isOwner, expiresAt: expiresAt?.toISOString() ?? null };
}
