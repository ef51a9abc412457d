import type { Role } from '@erato/contracts/authz/role';
import type { Touched, TrailEntry } from '../ledger/ledger.js';
import type { RoleEntity } from './role.entity.js';

/** The columns of a row as the entity names them, for hand-written reads. */
export const roleColumns = `id, scope_type AS "scopeType", scope_id AS "scopeId", slug, name, description, grants,
  is_system AS "isSystem", version, created_at AS "createdAt", updated_at AS "updatedAt"`;

/** A row as the API shows it. */
export function toRole(row: RoleEntity): Role {
  const { id, scopeType, scopeId, slug, name, description, grants, isSystem, version } = row;
  return {
    id,
    scopeType,
    scopeId,
    slug,
    name,
    description,
    grants,
    isSystem,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    version,
  };
}

/** What a change of a role touches, and its entry of the trail, which names the scope as its object. */
export function roleChange(before: RoleEntity | null, after: RoleEntity | null): [Touched, TrailEntry] {
  const row = after ?? before;
  if (!row) throw new TypeError('a change is of a row');
  const { id, scopeType, scopeId } = row;
  const verb = before === null ? 'created' : after === null ? 'deleted' : 'updated';
  const object = { type: scopeType, id: scopeId };
  return [
    { role: { id, scopeType, scopeId } },
    { kind: 'role', verb, rowId: id, object, before: before && facts(before), after: after && facts(after) },
  ];
}

function facts({ slug, name, description, grants }: RoleEntity): Readonly<Record<string, unknown>> {
  return { slug, name, description, grants };
}
