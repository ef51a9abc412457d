import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import type { ListWorkspaceMembers, WorkspaceMember } from '@erato/contracts/authz/workspace-member';
import type { Page } from '@erato/contracts/kit/call';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset } from '@erato/platform/paging/keyset';
import type { Reader } from '../object/object-rows.js';
import { assignmentColumns, type AssignmentRow } from '../role-assignment/role-assignment-view.js';

/** What of a user's assignments in force is shown: his ownership, else the newest. An object has at most 1,000. */
const first = 'ORDER BY s.subject_id, s.is_owner DESC, s.created_at DESC, s.id DESC';
const inForce = `s.subject_type = 'user' AND s.object_type = 'workspace' AND s.object_id = $1
  AND (s.expires_at IS NULL OR s.expires_at > now())`;
const from = `(SELECT DISTINCT ON (s.subject_id) ${assignmentColumns}
  FROM role_assignments s JOIN roles r ON r.id = s.role_id WHERE ${inForce} ${first}) m
  WHERE ($2::text IS NULL OR m."roleSlug" = $2)`;
const ofMember = statement(`
  SELECT ${assignmentColumns} FROM role_assignments s JOIN roles r ON r.id = s.role_id
  WHERE ${inForce} AND s.subject_id = $2 ${first}`);
const counted = statement(`SELECT count(*)::integer AS total FROM ${from}`);

const newestFirst = { column: 'm."createdAt"', descending: true, type: 'timestamptz' } as const;

/** All roles in force of a user on a workspace, that which is shown first. */
export const rolesOf = (reader: Reader, workspaceId: string, userId: string): Promise<AssignmentRow[]> =>
  reader.rows<AssignmentRow & QueryResultRow>(ofMember, [workspaceId, userId]);

@Injectable()
export class WorkspaceMemberReads {
  constructor(private readonly db: Db) {}

  async find(workspaceId: string, userId: string): Promise<AssignmentRow | null> {
    return (await rolesOf(this.db, workspaceId, userId))[0] ?? null;
  }

  async list({ id, role, count, ...request }: ListWorkspaceMembers): Promise<Page<WorkspaceMember>> {
    const values = [id.toLowerCase(), role ?? null];
    const keyset = new Keyset(request, ['workspace-members', values], newestFirst, 3, 'm.id');
    const list = `SELECT * FROM ${from}${keyset.where} ORDER BY ${keyset.order} LIMIT ${keyset.fetch}`;
    const [rows, all] = await Promise.all([
      this.db.rows<AssignmentRow & QueryResultRow>(statement(list), [...values, ...keyset.values]),
      count ? this.db.row<{ total: number }>(counted, values) : null,
    ]);
    const { data, meta } = keyset.page(
      rows,
      (row) => ({ value: row.createdAt.toISOString(), id: row.id }),
      toMember,
    );
    return { data, meta: { ...meta, ...(all ? { total: all.total } : {}) } };
  }
}

export const toMember = (row: AssignmentRow): WorkspaceMember => ({
  workspaceId: row.objectId,
  userId: row.subjectId,
  role: row.roleSlug,
  isOwner: row.isOwner,
  expiresAt: row.expiresAt?.toISOString() ?? null,
  addedBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  version: row.version,
});
