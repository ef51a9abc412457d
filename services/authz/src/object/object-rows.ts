import type { ObjectDescription, ObjectRef } from '@erato/contracts/authz/object-description';
import { type Statement, statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { QueryResultRow } from 'pg';
import { refreshElements } from './object-elements.js';

/** Whatever reads rows: the database, or a transaction in which they can no longer change. */
export interface Reader {
  rows<R extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R[]>;
}

/** A known object, or the trace of one that was deleted. */
export interface ObjectRow {
  readonly ref: ObjectRef;
  readonly description: ObjectDescription | null;
  readonly deleted: boolean;
  readonly revision: number;
}

interface Row extends QueryResultRow {
  revision: string;
  type: string;
  id: string;
  parents: ObjectRef[] | null;
  owner_type: 'user' | 'organization' | null;
  owner_id: string | null;
  everyone: string[];
  read_as: 'read' | 'update';
  version: string;
  deleted: boolean;
}

const find = statement(`
  SELECT (SELECT value FROM revision) AS revision, w.type, w.id, o.parents, o.owner_type, o.owner_id, o.everyone,
    o.read_as, o.version, coalesce(o.deleted_at IS NOT NULL, false) AS deleted
  FROM unnest($1::text[], $2::text[]) AS w (type, id)
  LEFT JOIN objects o ON o.type = w.type AND o.id = w.id`);

/** An older description never replaces a newer one, and what was deleted stays deleted. */
const store = statement(`
  INSERT INTO objects (type, id, parents, owner_type, owner_id, everyone, read_as, version)
  SELECT d.type, d.id, d.parents, d."ownerType", d."ownerId", d.everyone, d."readAs", d.version
  FROM jsonb_to_recordset($1::jsonb)
    AS d (type text, id text, parents jsonb, "ownerType" text, "ownerId" text, everyone text[], "readAs" text, version bigint)
  ORDER BY d.type, d.id
  ON CONFLICT ON CONSTRAINT objects_pkey DO UPDATE
  SET parents = excluded.parents, owner_type = excluded.owner_type, owner_id = excluded.owner_id,
    everyone = excluded.everyone, read_as = excluded.read_as, version = excluded.version
  WHERE objects.version < excluded.version AND objects.deleted_at IS NULL
  RETURNING type, id`);

const bury = statement(`
  INSERT INTO objects (type, id, parents, everyone, read_as, version, deleted_at)
  VALUES ($1, $2, '[]', '{}', 'read', 0, now())
  ON CONFLICT ON CONSTRAINT objects_pkey DO UPDATE
  SET deleted_at = now(), parents = '[]', everyone = '{}', owner_type = NULL, owner_id = NULL
  WHERE objects.deleted_at IS NULL`);

/** What is known of these objects, one entry each. */
export async function readObjects(reader: Reader, refs: readonly ObjectRef[]): Promise<ObjectRow[]> {
  if (refs.length === 0) return [];
  const rows = await reader.rows<Row>(find, [refs.map(({ type }) => type), refs.map(({ id }) => id)]);
  return rows.map(({ revision, type, id, parents, deleted, ...row }) => ({
    ref: { type, id },
    deleted,
    revision: Number(revision),
    description:
      parents === null || deleted
        ? null
        : {
            type,
            id,
            parents,
            ownerType: row.owner_type,
            ownerId: row.owner_id,
            everyone: row.everyone,
            readAs: row.read_as,
            version: Number(row.version),
          },
  }));
}

/** Keeps descriptions, each of another object, that are newer than what is known; gives of which objects those were. */
export async function storeObjects(
  tx: Tx,
  descriptions: readonly ObjectDescription[],
): Promise<readonly ObjectRef[]> {
  const stored = await tx.rows<ObjectRef & QueryResultRow>(store, [JSON.stringify(descriptions)]);
  if (stored.length > 0) await refreshElements(tx, stored);
  return stored;
}

/** Marks an object as deleted; false where it was already. */
export async function buryObject(tx: Tx, { type, id }: ObjectRef): Promise<boolean> {
  if ((await tx.run(bury, [type, id])) === 0) return false;
  await refreshElements(tx, [{ type, id }]);
  return true;
}
