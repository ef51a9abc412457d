import type { ObjectRef } from '@erato/contracts/authz/object-description';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';

/** Types whose elements their own description names; those of others depend on what their parents are. */
const flat: ReadonlySet<string> = new Set(['organization', 'resource']);

/** Descriptions are followed upwards as far as a path can reach; the parents of a resource are only named (authz.md). */
const refresh = statement(`
  WITH RECURSIVE moved AS (SELECT * FROM unnest($1::text[], $2::text[]) AS m (type, id)),
  touched AS (
    SELECT type, id FROM moved
    UNION SELECT e.object_type, e.object_id FROM moved m
      JOIN object_elements e ON e.element_type = m.type AND e.element_id = m.id
      WHERE m.type <> 'organization' AND e.object_type <> 'resource'),
  up AS (
    SELECT type AS object_type, id AS object_id, type, id, 0 AS depth FROM touched
    UNION
    SELECT u.object_type, u.object_id, p.type, p.id, u.depth + 1
    FROM up u JOIN objects o ON o.type = u.type AND o.id = u.id AND o.deleted_at IS NULL
    CROSS JOIN LATERAL (
      SELECT x.type, x.id FROM jsonb_to_recordset(o.parents) AS x (type text, id text)
      UNION SELECT 'organization', o.owner_id WHERE o.owner_type = 'organization') p
    WHERE u.depth < 12 AND (u.depth = 0 OR u.object_type <> 'resource')),
  gone AS (
    DELETE FROM object_elements e USING touched t
    WHERE e.object_type = t.type AND e.object_id = t.id AND NOT EXISTS (
      SELECT FROM up u WHERE u.depth > 0 AND u.type = e.element_type AND u.id = e.element_id
        AND u.object_type = e.object_type AND u.object_id = e.object_id))
  INSERT INTO object_elements (element_type, element_id, object_type, object_id)
  SELECT DISTINCT type, id, object_type, object_id FROM up WHERE depth > 0
  ON CONFLICT ON CONSTRAINT object_elements_pkey DO NOTHING`);

/** Two who move parts of one tree at the same time would each not see what the other does. */
const oneAtATime = statement(`SELECT pg_advisory_xact_lock(hashtext('object_elements'))`);

/**
 * Brings what lies above these objects, and above what lies below them, to their descriptions as they are now. A list of
 * what somebody may finds its candidates by it (access/object-candidates.ts); decisions do not read it.
 */
export async function refreshElements(tx: Tx, refs: readonly ObjectRef[]): Promise<void> {
  if (refs.some(({ type }) => !flat.has(type))) await tx.run(oneAtATime, []);
  await tx.run(refresh, [refs.map(({ type }) => type), refs.map(({ id }) => id)]);
}
