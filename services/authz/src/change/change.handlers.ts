import type { QueryResultRow } from 'pg';
import {
  type ChangeKind,
  type ChangeVerb,
  type ListPermissionChanges,
  type PermissionChange,
  permissionChanges,
} from '@erato/contracts/authz/change';
import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, permissionDenied } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset } from '@erato/platform/paging/keyset';
import { Serves } from '@erato/platform/transport/serves';
import { administers, Authority } from '../decision/authority.js';

interface Row extends QueryResultRow {
  id: string;
  revision: string;
  actor: string;
  kind: ChangeKind;
  verb: ChangeVerb;
  row_id: string;
  object_type: string | null;
  object_id: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  at: Date;
}

/** The trail by object, by actor, or whole; each has its index. */
@Serves(permissionChanges)
export class ChangeHandlers implements Handlers<typeof permissionChanges> {
  constructor(
    private readonly db: Db,
    private readonly authority: Authority,
  ) {}

  async list(input: ListPermissionChanges, context: Context): Promise<Page<PermissionChange>> {
    const { objectType, objectId, actor, revision, count } = input;
    if ((objectType === undefined) !== (objectId === undefined)) {
      throw invalidField(
        objectType === undefined ? 'objectType' : 'objectId',
        'required',
        'name type and id',
      );
    }
    if (!context.caller.scopes.includes('admin')) {
      if (!objectType || !objectId) throw permissionDenied();
      await this.authority.require(context, administers, [{ type: objectType, id: objectId }]);
    }
    const conditions = ['revision > $1'];
    const values: unknown[] = [revision ?? 0];
    if (objectType) conditions.push(`object_type = $${values.push(objectType)}`);
    if (objectId) conditions.push(`object_id = $${values.push(objectId)}`);
    if (actor) conditions.push(`actor = $${values.push(actor)}`);
    const filter = conditions.join(' AND ');
    const order = { column: 'revision', descending: false, type: 'bigint' } as const;
    const list = ['changes', objectType, objectId, actor, revision];
    const keyset = new Keyset(input, list, order, values.length + 1);
    const rows = await this.db.rows<Row>(
      statement(`SELECT id, revision, actor, kind, verb, row_id, object_type, object_id, before, after, at
        FROM changes WHERE ${filter}${keyset.where} ORDER BY ${keyset.order} LIMIT ${keyset.fetch}`),
      [...values, ...keyset.values],
    );
    const page = keyset.page(rows, (row) => ({ value: row.revision, id: row.id }), toChange);
    if (!count) return page;
    const counted = await this.db.row<{ total: number }>(
      statement(`SELECT count(*)::integer AS total FROM changes WHERE ${filter}`),
      values,
    );
    return { ...page, meta: { ...page.meta, total: counted?.total ?? 0 } };
  }
}

function toChange(row: Row): PermissionChange {
  const { id, actor, kind, verb, before, after } = row;
  return {
    id,
    revision: Number(row.revision),
    actor,
    kind,
    verb,
    rowId: row.row_id,
    objectType: row.object_type,
    objectId: row.object_id,
    before,
    after,
    at: row.at.toISOString(),
  };
}
