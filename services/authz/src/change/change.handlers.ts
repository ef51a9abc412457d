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
import { meaningsOf, pseudonymOf, subjectIn, userIn, withSubject, withUser } from '../ledger/pseudonyms.js';

interface Row extends QueryResultRow {
  id: string;
  revision: string;
  actor: string;
  administrator: boolean;
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

  async list(given: ListPermissionChanges, context: Context): Promise<Page<PermissionChange>> {
    const input = sinceRevision(given);
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
    if (actor) {
      const named = await this.#inTrail(actor);
      conditions.push(
        `${named.includes(' ') ? 'actor' : `split_part(actor, ' ', 1)`} = $${values.push(named)}`,
      );
    }
    const filter = conditions.join(' AND ');
    const order = { column: 'revision', descending: false, type: 'bigint' } as const;
    const list = ['changes', objectType, objectId, actor, revision];
    const keyset = new Keyset(input, list, order, values.length + 1);
    const rows = await this.db.rows<Row>(
      statement(`SELECT id, revision, actor, administrator, kind, verb, row_id, object_type, object_id, before, after, at
        FROM changes WHERE ${filter}${keyset.where} ORDER BY ${keyset.order} LIMIT ${keyset.fetch}`),
      [...values, ...keyset.values],
    );
    const named = rows.flatMap((row) => [userIn(row.actor), subjectIn(row.before), subjectIn(row.after)]);
    const names = await meaningsOf(
      this.db,
      named.filter((name) => name !== undefined),
    );
    const page = keyset.page(
      rows,
      (row) => ({ value: row.revision, id: row.id }),
      (row) => toChange(row, names),
    );
    if (!count) return page;
    const counted = await this.db.row<{ total: number }>(
      statement(`SELECT count(*)::integer AS total FROM changes WHERE ${filter}`),
      values,
    );
    return { ...page, meta: { ...page.meta, total: counted?.total ?? 0 } };
  }

  /** The actor as the trail names him. */
  async #inTrail(actor: string): Promise<string> {
    const user = userIn(actor);
    const pseudonym = user === undefined ? undefined : await pseudonymOf(this.db, user);
    return user === undefined || pseudonym === undefined
      ? actor
      : withUser(actor, new Map([[user, pseudonym]]));
  }
}

/** `after` may be a revision: cursors are never numbers. */
function sinceRevision({ after, ...input }: ListPermissionChanges): ListPermissionChanges {
  if (after === undefined) return input;
  if (!/^\d{1,15}$/.test(after)) return { ...input, after };
  return { ...input, revision: Math.max(input.revision ?? 0, Number(after)) };
}

function toChange(row: Row, names: ReadonlyMap<string, string>): PermissionChange {
  const { id, actor, administrator, kind, verb } = row;
  return {
    id,
    revision: Number(row.revision),
    actor: withUser(actor, names),
    administrator,
    kind,
    verb,
    rowId: row.row_id,
    objectType: row.object_type,
    objectId: row.object_id,
    before: withSubject(row.before, names),
    after: withSubject(row.after, names),
    at: row.at.toISOString(),
  };
}
