import type { Permission } from '@erato/contracts/authz/permission';
import type { ObjectRef } from '@erato/contracts/authz/object-description';
import type { Touched, TrailEntry } from '../ledger/ledger.js';
import type { PermissionEntity } from './permission.entity.js';

/** The columns of a row as the entity names them, for hand-written reads. */
export const permissionColumns = `id, subject_type AS "subjectType", subject_id AS "subjectId",
  object_type AS "objectType", object_id AS "objectId", action, value, expires_at AS "expiresAt",
  created_by AS "createdBy", version, created_at AS "createdAt", updated_at AS "updatedAt"`;

/** A row as the API shows it. */
export function toPermission(row: PermissionEntity): Permission {
  const { id, subjectType, subjectId, objectType, objectId, action, value, createdBy, version } = row;
  return {
    id,
    subjectType,
    subjectId,
    objectType,
    objectId,
    action,
    value,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    version,
  };
}

/** The object on which a row stands. */
export const objectOf = ({ objectType, objectId }: { objectType: string; objectId: string }): ObjectRef => ({
  type: objectType,
  id: objectId,
});

/** What a change of a row touches, and its entry of the trail. */
export function permissionChange(
  before: PermissionEntity | null,
  after: PermissionEntity | null,
): [Touched, TrailEntry] {
  const row = after ?? before;
  if (!row) throw new TypeError('a change is of a row');
  const object = objectOf(row);
  const verb = before === null ? 'created' : after === null ? 'deleted' : 'updated';
  return [
    { object },
    {
      kind: 'permission',
      verb,
      rowId: row.id,
      object,
      before: before && facts(before),
      after: after && facts(after),
    },
  ];
}

function facts({
  subjectType,
  subjectId,
  action,
  value,
  expiresAt,
}: PermissionEntity): Readonly<Record<string, unknown>> {
  return { subjectType, subjectId, action, value, expiresAt: expiresAt?.toISOString() ?? null };
}
