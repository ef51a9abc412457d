import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import { authzErasureCompleted } from '@erato/contracts/authz/events';
import { Db } from '@erato/platform/database/db';
import { type Statement, statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import type { LeaderWork } from '@erato/platform/events/leader';
import { Ledger } from '../ledger/ledger.js';
import { forgetPseudonym, pseudonymsOf } from '../ledger/pseudonyms.js';
import { Writes } from '../ledger/writes.js';
import type { PermissionEntity } from '../permission/permission.entity.js';
import { permissionChange, permissionColumns } from '../permission/permission-view.js';
import type { RoleEntity } from '../role/role.entity.js';
import { roleChange, roleColumns } from '../role/role-view.js';
import {
  assignmentChange,
  assignmentColumns,
  type AssignmentRow,
} from '../role-assignment/role-assignment-view.js';

/** Rows that one transaction removes, so that other writes get between. */
const batch = 500;
const pauseMs = 300;
/** How often rows that ended long ago are looked for. */
const sweepEveryMs = 3_600_000;

interface Removal extends QueryResultRow {
  kind: 'object' | 'subject';
  type: string;
  id: string;
}

const next = statement('SELECT kind, type, id FROM removals ORDER BY asked_at LIMIT 1');
const done = statement('DELETE FROM removals WHERE kind = $1 AND type = $2 AND id = $3');

/** Deletes a batch of permissions that a condition names. */
const permissionsWhere = (condition: string): Statement =>
  statement(
    `DELETE FROM permissions WHERE id IN (SELECT id FROM permissions WHERE ${condition} LIMIT ${batch})
     RETURNING ${permissionColumns}`,
  );
const assignmentsWhere = (condition: string): Statement =>
  statement(
    `DELETE FROM role_assignments s USING roles r WHERE r.id = s.role_id
       AND s.id IN (SELECT id FROM role_assignments WHERE ${condition} LIMIT ${batch})
     RETURNING ${assignmentColumns}`,
  );

const permissions = {
  object: permissionsWhere('object_type = $1 AND object_id = $2'),
  subject: permissionsWhere('subject_type = $1 AND subject_id = $2'),
};
const assignments = {
  object: assignmentsWhere('object_type = $1 AND object_id = $2'),
  subject: assignmentsWhere('subject_type = $1 AND subject_id = $2'),
};
const made = `split_part(created_by, ' ', 1) = $1`;
const madeBy = statement(`
  SELECT EXISTS (SELECT FROM permissions WHERE ${made}) OR EXISTS (SELECT FROM role_assignments WHERE ${made}) AS rows`);
const renames = ['permissions', 'role_assignments'].map((table) =>
  statement(`
    UPDATE ${table} SET created_by = $2 || substr(created_by, length($1) + 1)
    WHERE id IN (SELECT id FROM ${table} WHERE ${made} LIMIT ${batch})`),
);
const assignmentsOfRoles = assignmentsWhere(
  'role_id IN (SELECT id FROM roles WHERE scope_type = $1 AND scope_id = $2)',
);
const rolesOf = statement(
  `DELETE FROM roles WHERE scope_type = $1 AND scope_id = $2 AND NOT is_system RETURNING ${roleColumns}`,
);
/** Of subjects that are gone: longer than an event can be replayed. */
const traces = statement(`
  DELETE FROM gone_subjects WHERE digest IN (
    SELECT digest FROM gone_subjects WHERE gone_at < now() - interval '40 days' LIMIT ${batch})`);
/** Kept for a month after their end, for who wants to know why something is no longer allowed. */
const longOver = `expires_at < now() - interval '30 days'`;
const expiredPermissions = permissionsWhere(longOver);
const expiredAssignments = assignmentsWhere(longOver);

/**
 * Removes the rows on objects that are gone and about subjects that are gone, with trail and events, a batch at a time;
 * and rows that ended a month ago. Until then they mean nothing: nobody can ask about what does not exist.
 */
@Injectable()
export class Removals implements LeaderWork {
  readonly name = 'removals';
  #sweepAt = 0;

  constructor(
    private readonly db: Db,
    private readonly writes: Writes,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const removal = await this.db.row<Removal>(next, []);
      if (removal) await this.#work((tx, ledger) => remove(tx, ledger, removal));
      else if (Date.now() > this.#sweepAt) await this.#sweep(signal);
      else await pause(signal);
    }
  }

  async #sweep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#work(sweep))) continue;
    this.#sweepAt = Date.now() + sweepEveryMs;
  }

  async #work(work: (tx: Tx, ledger: Ledger) => Promise<boolean>): Promise<boolean> {
    const context = {
      actor: 'service:authz',
      requestId: crypto.randomUUID(),
      deadline: Date.now() + 30_000,
    };
    return (await this.writes.write(context, work)).value;
  }
}

/** One batch; true while there may be more. */
async function remove(tx: Tx, ledger: Ledger, { kind, type, id }: Removal): Promise<boolean> {
  const target = [type, id];
  if (await deletedPermissions(tx, ledger, permissions[kind], target)) return true;
  if (await deletedAssignments(tx, ledger, assignments[kind], target)) return true;
  if (kind === 'object') {
    if (await deletedAssignments(tx, ledger, assignmentsOfRoles, target)) return true;
    for (const row of await tx.rows<RoleEntity & QueryResultRow>(rolesOf, target)) {
      ledger.touch(...roleChange(row, null));
    }
  }
  const isUser = kind === 'subject' && type === 'user';
  if (isUser && (await disowned(tx, id))) return true;
  await tx.run(done, [kind, ...target]);
  if (!isUser) return false;
  await forgetPseudonym(tx, id);
  tx.emit(authzErasureCompleted, id, { userId: id });
  return false;
}

/** What he gave to others stays theirs; who gave it is named as in the trail. */
async function disowned(tx: Tx, userId: string): Promise<boolean> {
  const by = [`user:${userId}`];
  const rows = await tx.row<{ rows: boolean }>(madeBy, by);
  if (!rows?.rows) return false;
  const pseudonym = (await pseudonymsOf(tx, [userId])).get(userId) ?? '';
  for (const rename of renames) await tx.run(rename, [...by, `user:${pseudonym}`]);
  return true;
}

async function sweep(tx: Tx, ledger: Ledger): Promise<boolean> {
  if ((await tx.run(traces, [])) > 0) return true;
  if (await deletedPermissions(tx, ledger, expiredPermissions, [])) return true;
  return deletedAssignments(tx, ledger, expiredAssignments, []);
}

async function deletedPermissions(tx: Tx, ledger: Ledger, by: Statement, values: string[]): Promise<boolean> {
  const rows = await tx.rows<PermissionEntity & QueryResultRow>(by, values);
  for (const row of rows) ledger.touch(...permissionChange(row, null));
  return rows.length > 0;
}

async function deletedAssignments(tx: Tx, ledger: Ledger, by: Statement, values: string[]): Promise<boolean> {
  const rows = await tx.rows<AssignmentRow & QueryResultRow>(by, values);
  for (const row of rows) ledger.touch(...assignmentChange(row, null));
  return rows.length > 0;
}

const pause = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, pauseMs);
    signal.addEventListener('abort', end, { once: true });
  });
