import type { QueryResultRow } from 'pg';
import type { ObjectRef } from '@erato/contracts/authz/object-description';
import { unknownRole } from '@erato/contracts/authz/role-assignment';
import { statement } from '@erato/platform/database/statement';
import type { Reader } from '../object/object-rows.js';
import type { RoleEntity } from '../role/role.entity.js';
import { roleColumns } from '../role/role-view.js';

/**
 * The kind of object whose roles, of those that stand from the start, are given on objects of a type. Those of an
 * organization come with membership and are not assigned.
 */
const kindOf: Readonly<Record<string, string>> = {
  workspace: 'workspace',
  resource: 'workspace',
  collection: 'workspace',
  artist_space: 'artist_space',
  project: 'artist_space',
  track: 'artist_space',
  harbor: 'harbor',
};

const find = statement(`
  SELECT ${roleColumns} FROM roles
  WHERE ($1::uuid IS NULL OR id = $1) AND ($2::text IS NULL OR slug = $2) AND (
    (scope_type = 'system' AND scope_id = $3)
    OR (scope_type, scope_id) IN (SELECT * FROM unnest($4::text[], $5::text[])))
  ORDER BY is_system DESC, id LIMIT 1`);

/** How a role is named: by its id, or by its slug. */
export interface RoleName {
  readonly roleId?: string;
  readonly role?: string;
}

/**
 * The role of that name that can be given on the object: one that stands from the start for its type, or one of an
 * element of its path.
 *
 * @throws Failure `unknown_role`
 */
export async function roleFor(
  reader: Reader,
  { roleId, role }: RoleName,
  object: ObjectRef,
  path: readonly ObjectRef[],
): Promise<RoleEntity> {
  const [found] = await reader.rows<RoleEntity & QueryResultRow>(find, [
    roleId ?? null,
    role ?? null,
    kindOf[object.type] ?? '',
    path.map(({ type }) => type),
    path.map(({ id }) => id),
  ]);
  if (found) return found;
  const field = roleId === undefined ? 'role' : 'roleId';
  throw unknownRole({
    errors: [{ path: field, code: 'unknown_role', message: 'is no role for that object' }],
  });
}
