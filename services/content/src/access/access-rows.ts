import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { flagPaths } from './flags.js';
import type { AccessRow } from './access-row.js';

const drop = statement(`
  DELETE FROM access_rows r USING unnest($1::text[], $2::text[]) AS o (type, id)
  WHERE r.object_type = o.type AND r.object_id = o.id`);
const add = statement(`
  INSERT INTO access_rows (object_type, object_id, row_id, subject_key, rank, role_id, is_owner, expires_at,
    resource_read, resource_update, workspace_read, workspace_update)
  SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::smallint[], $6::uuid[], $7::boolean[],
    $8::timestamptz[], $9::smallint[], $10::smallint[], $11::smallint[], $12::smallint[])`);

/** What permissions can be about here; ids of other shapes are no objects of content's. */
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Makes the rows on these objects exactly those, and the flags on their paths with them. */
export async function writeAccessRows(
  tx: Tx,
  objects: readonly { type: string; id: string }[],
  rows: readonly AccessRow[],
): Promise<void> {
  const ids = (of: string): string[] => objects.filter(({ type }) => type === of).map(({ id }) => id);
  const [resources, workspaces] = [ids('resource').filter(isUuid), ids('workspace').filter(isUuid)];
  const organizations = ids('organization');
  await tx.run(drop, [objects.map(({ type }) => type), objects.map(({ id }) => id)]);
  const kept = rows.filter((row) => row.objectType === 'organization' || isUuid(row.objectId));
  if (kept.length > 0) {
    await tx.run(add, [
      kept.map((row) => row.objectType),
      kept.map((row) => row.objectId),
      kept.map((row) => row.rowId),
      kept.map((row) => row.subjectKey),
      kept.map((row) => row.rank),
      kept.map((row) => row.roleId),
      kept.map((row) => row.isOwner),
      kept.map((row) => row.expiresAt),
      kept.map((row) => row.resource_read),
      kept.map((row) => row.resource_update),
      kept.map((row) => row.workspace_read),
      kept.map((row) => row.workspace_update),
    ]);
  }
  await flagPaths(tx, { resources, workspaces, organizations });
}

const isUuid = (id: string): boolean => uuid.test(id);
