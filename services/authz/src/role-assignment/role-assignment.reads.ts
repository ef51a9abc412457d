import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import type { ListRoleAssignments, RoleAssignment } from '@erato/contracts/authz/role-assignment';
import type { Page } from '@erato/contracts/kit/call';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset } from '@erato/platform/paging/keyset';
import { assignmentColumns, type AssignmentRow, toAssignment } from './role-assignment-view.js';

export const byId = statement(`
  SELECT ${assignmentColumns} FROM role_assignments s JOIN roles r ON r.id = s.role_id WHERE s.id = $1`);

/** Which rows; each list has an index that begins with what it names. */
const filters = {
  object: `s.object_type = $1 AND s.object_id = $2 AND ($3::text IS NULL OR s.subject_type = $3)
    AND ($4::text IS NULL OR s.subject_id = $4)`,
  subject: `s.subject_type = $1 AND s.subject_id = $2 AND ($3::text IS NULL OR s.object_type = $3)
    AND ($4::text IS NULL OR s.object_id = $4)`,
};

@Injectable()
export class AssignmentReads {
  constructor(private readonly db: Db) {}

  find(id: string): Promise<AssignmentRow | null> {
    return this.db.row<AssignmentRow & QueryResultRow>(byId, [id]);
  }

  /** One page of the rows that the request names, by object where it names one. */
  async list(input: ListRoleAssignments): Promise<Page<RoleAssignment>> {
    const { count, sort = '-createdAt' } = input;
    const object = [input.objectType ?? null, input.objectId ?? null];
    const subject = [input.subjectType ?? null, input.subjectId ?? null];
    const by = input.objectType && input.objectId ? 'object' : 'subject';
    const filter = `${filters[by]} AND ($5::uuid IS NULL OR s.role_id = $5)`;
    const values = [
      ...(by === 'object' ? [...object, ...subject] : [...subject, ...object]),
      input.roleId ?? null,
    ];
    const order = { column: 's.created_at', descending: sort === '-createdAt', type: 'timestamptz' } as const;
    const keyset = new Keyset(input, ['role-assignments', sort, by, values], order, 6, 's.id');
    const rows = await this.db.rows<AssignmentRow & QueryResultRow>(
      statement(`SELECT ${assignmentColumns} FROM role_assignments s JOIN roles r ON r.id = s.role_id
        WHERE ${filter}${keyset.where} ORDER BY ${keyset.order} LIMIT ${keyset.fetch}`),
      [...values, ...keyset.values],
    );
    const page = keyset.page(
      rows,
      (row) => ({ value: row.createdAt.toISOString(), id: row.id }),
      toAssignment,
    );
    if (!count) return page;
    const counted = await this.db.row<{ total: number }>(
      statement(`SELECT count(*)::integer AS total FROM role_assignments s WHERE ${filter}`),
      values,
    );
    return { ...page, meta: { ...page.meta, total: counted?.total ?? 0 } };
  }
}
