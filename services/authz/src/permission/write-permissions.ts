import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import {
  type NewPermission,
  type Permission,
  permissionExists,
  tooManyPermissions,
  unknownAction,
  unknownSubject,
} from '@erato/contracts/authz/permission';
import type { Caller, Context } from '@erato/contracts/kit/context';
import { type FieldError, invalid, permissionDenied } from '@erato/contracts/kit/failure';
import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { Authority, administers } from '../decision/authority.js';
import type { Judge } from '../decision/judge.js';
import type { Ledger } from '../ledger/ledger.js';
import { Writes } from '../ledger/writes.js';
import { KnownSubjects } from '../principal/known-subjects.js';
import { mayReplace } from './may-replace.js';
import type { PermissionEntity } from './permission.entity.js';
import { objectOf, permissionChange, permissionColumns, toPermission } from './permission-view.js';

/** Rows in force on one object at most (authz.md). */
const objectBound = 1_000;

const asKeys = `unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
  AS k (subject_type, subject_id, object_type, object_id, action)`;
const existing = statement(`
  SELECT ${permissionColumns} FROM permissions p
  JOIN ${asKeys} USING (subject_type, subject_id, object_type, object_id, action)`);
const insert = statement(`
  INSERT INTO permissions (subject_type, subject_id, object_type, object_id, action, id, value, expires_at, created_by)
  SELECT *, $9 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::timestamptz[])
  RETURNING ${permissionColumns}`);
const change = statement(`
  UPDATE permissions p SET value = c.value, expires_at = c.expires_at, version = version + 1, updated_at = now()
  FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS c (id, value, expires_at)
  WHERE p.id = c.id
  RETURNING p.id, subject_type AS "subjectType", subject_id AS "subjectId", object_type AS "objectType",
    object_id AS "objectId", action, p.value, p.expires_at AS "expiresAt", created_by AS "createdBy", version,
    created_at AS "createdAt", updated_at AS "updatedAt"`);
const remove = statement('DELETE FROM permissions WHERE id = ANY($1::uuid[])');
const counts = statement(`
  SELECT count(*)::integer AS rows FROM permissions
  WHERE object_type = $1 AND object_id = $2 AND (expires_at IS NULL OR expires_at > now())`);

type Row = PermissionEntity & QueryResultRow;

/** Where a row stands in the request: `permissions.3.action`, or of a single one `action`. */
type Field = (at: number, field: string) => string;

/** What is done about rows that are there: `create` refuses them, `set` changes them. */
export type Mode = 'create' | 'set';

/** Sets permissions, all or none: checks, one transaction, its trail and events (authz.md, Routes). */
@Injectable()
export class WritePermissions {
  constructor(
    private readonly authority: Authority,
    private readonly subjects: KnownSubjects,
    private readonly writes: Writes,
  ) {}

  async write(
    context: Context,
    wanted: readonly NewPermission[],
    mode: Mode,
  ): Promise<{ permissions: Permission[]; revision: number }> {
    const field: Field = (at, name) => (mode === 'create' ? name : `permissions.${at}.${name}`);
    requireDistinct(wanted, field);
    const { caller } = context;
    const objects = distinctObjects(wanted);
    const judge = await this.authority.require(context, administers, objects);
    requireActions(judge, wanted, field);
    await this.#requireSubjects(context, wanted, field);
    const { value, revision } = await this.writes.write(context, async (tx, ledger) => {
      const inside = await this.authority.requireInside({ tx, ledger }, judge, caller, administers, objects);
      return setRows(tx, ledger, { judge: inside, caller, wanted, mode });
    });
    return { permissions: value.map(toPermission), revision };
  }

  async #requireSubjects(context: Context, wanted: readonly NewPermission[], field: Field): Promise<void> {
    const named = wanted.map(({ subjectType: type, subjectId: id }) => ({ type, id }));
    const unknown = await this.subjects.unknown(named, context);
    if (unknown.length > 0)
      throw unknownSubject({ errors: unknown.map((at) => error(field(at, 'subjectId'), 'unknown_subject')) });
  }
}

interface Setting {
  readonly judge: Judge;
  readonly caller: Caller;
  readonly wanted: readonly NewPermission[];
  readonly mode: Mode;
}

async function setRows(
  tx: Tx,
  ledger: Ledger,
  { judge, caller, wanted, mode }: Setting,
): Promise<PermissionEntity[]> {
  const there = new Map((await tx.rows<Row>(existing, columnsOf(wanted))).map((row) => [keyOf(row), row]));
  const now = Date.now();
  const steps = wanted.map((want) => {
    const before = there.get(keyOf(want)) ?? null;
    const over = before?.expiresAt ? before.expiresAt.getTime() <= now : false;
    if (mode === 'create' && before && !over) throw permissionExists({ extra: { permissionId: before.id } });
    if (!mayReplace(judge, caller, objectOf(want), over ? null : before, want)) throw permissionDenied();
    return { want, before, over };
  });

  const replaced = steps.flatMap(({ before, over }) => (before && over ? [before] : []));
  if (replaced.length > 0) await tx.run(remove, [replaced.map(({ id }) => id)]);
  for (const row of replaced) ledger.touch(...permissionChange(row, null));

  const fresh = steps.filter(({ before, over }) => !before || over).map(({ want }) => want);
  const inserted = fresh.length === 0 ? [] : await insertRows(tx, fresh);
  for (const row of inserted) ledger.touch(...permissionChange(null, row));

  const moved = steps.flatMap(({ want, before, over }) =>
    before && !over && differs(before, want) ? [{ want, before }] : [],
  );
  const updated = moved.length === 0 ? [] : await changeRows(tx, moved);
  for (const row of updated) ledger.touch(...permissionChange(there.get(keyOf(row)) ?? null, row));

  for (const { type, id } of distinctObjects(fresh)) {
    const counted = await tx.row<{ rows: number }>(counts, [type, id]);
    if ((counted?.rows ?? 0) > objectBound) throw tooManyPermissions();
  }
  const after = new Map([...there.values(), ...inserted, ...updated].map((row) => [keyOf(row), row]));
  return wanted.flatMap((want) => after.get(keyOf(want)) ?? []);
}

async function insertRows(tx: Tx, wanted: readonly NewPermission[]): Promise<PermissionEntity[]> {
  return tx.rows<Row>(insert, [
    ...columnsOf(wanted),
    wanted.map(() => uuidv7()),
    wanted.map(({ value }) => value),
    wanted.map(({ expiresAt }) => expiresAt ?? null),
    tx.actor,
  ]);
}

function changeRows(
  tx: Tx,
  moved: readonly { want: NewPermission; before: PermissionEntity }[],
): Promise<PermissionEntity[]> {
  return tx.rows<Row>(change, [
    moved.map(({ before }) => before.id),
    moved.map(({ want }) => want.value),
    moved.map(({ want }) => want.expiresAt ?? null),
  ]);
}

type Key = Pick<NewPermission, 'subjectType' | 'subjectId' | 'objectType' | 'objectId' | 'action'>;

function keyOf({ subjectType, subjectId, objectType, objectId, action }: Key): string {
  return [subjectType, subjectId, objectType, objectId, action].join(' ');
}

function columnsOf(wanted: readonly NewPermission[]): string[][] {
  return [
    wanted.map((want) => want.subjectType),
    wanted.map((want) => want.subjectId),
    wanted.map((want) => want.objectType),
    wanted.map((want) => want.objectId),
    wanted.map((want) => want.action),
  ];
}

function distinctObjects(wanted: readonly NewPermission[]) {
  const objects = wanted.map(objectOf);
  return [...new Map(objects.map((object) => [`${object.type}:${object.id}`, object])).values()];
}

function differs(before: PermissionEntity, { value, expiresAt }: NewPermission): boolean {
  const ends = expiresAt ? new Date(expiresAt).getTime() : null;
  return before.value !== value || (before.expiresAt?.getTime() ?? null) !== ends;
}

function requireDistinct(wanted: readonly NewPermission[], field: Field): void {
  const first = new Map(wanted.map((want, at) => [keyOf(want), at] as const).reverse());
  const again = wanted.flatMap((want, at) => (first.get(keyOf(want)) === at ? [] : [at]));
  if (again.length > 0) throw invalid({ errors: again.map((at) => error(field(at, 'action'), 'duplicate')) });
}

function requireActions(judge: Judge, wanted: readonly NewPermission[], field: Field): void {
  const unknown = wanted.flatMap(({ action }, at) =>
    judge.actions.number(action) === undefined ? [at] : [],
  );
  if (unknown.length > 0)
    throw unknownAction({ errors: unknown.map((at) => error(field(at, 'action'), 'unknown_action')) });
}

const messages = {
  duplicate: 'stands in the list twice',
  unknown_action: 'is not among the actions',
  unknown_subject: 'is not known',
} as const;

const error = (path: string, code: keyof typeof messages): FieldError => ({
  path,
  code,
  message: messages[code],
});
