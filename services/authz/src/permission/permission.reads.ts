import { Injectable } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import type { ListPermissions, Permission } from '@erato/contracts/authz/permission';
import type { Page } from '@erato/contracts/kit/call';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset } from '@erato/platform/paging/keyset';
import { PermissionEntity } from './permission.entity.js';
import { permissionColumns, toPermission } from './permission-view.js';

/** Which rows; each list has an index that begins with what it names. */
const filters = {
  object: `object_type = $1 AND object_id = $2 AND ($3::text IS NULL OR subject_type = $3)
    AND ($4::text IS NULL OR subject_id = $4)`,
  subject: `subject_type = $1 AND subject_id = $2 AND ($3::text IS NULL OR object_type = $3)
    AND ($4::text IS NULL OR object_id = $4)`,
};
const both = ' AND ($5::text[] IS NULL OR action = ANY($5)) AND ($6::text[] IS NULL OR value = ANY($6))';

@Injectable()
export class PermissionReads {
  constructor(private readonly db: Db) {}

  find(id: string): Promise<PermissionEntity | null> {
    return this.db.findOneBy(PermissionEntity, { id });
  }

  /** One page of the rows that the request names, by object where it names one. */
  async list(input: ListPermissions): Promise<Page<Permission>> {
    const { count, sort = '-createdAt' } = input;
    const object = [input.objectType ?? null, input.objectId ?? null];
    const subject = [input.subjectType ?? null, input.subjectId ?? null];
    const by = input.objectType && input.objectId ? 'object' : 'subject';
    const filter = filters[by] + both;
    const values = [
      ...(by === 'object' ? [...object, ...subject] : [...subject, ...object]),
      input.action ?? null,
      input.value ?? null,
    ];
    const order = { column: 'created_at', descending: sort === '-createdAt', type: 'timestamptz' } as const;
    const keyset = new Keyset(input, ['permissions', sort, by, values], order, 7);
    const rows = await this.db.rows<PermissionEntity & QueryResultRow>(
      statement(
        `SELECT ${permissionColumns} FROM permissions WHERE ${filter}${keyset.where}
         ORDER BY ${keyset.order} LIMIT ${keyset.fetch}`,
      ),
      [...values, ...keyset.values],
    );
    const page = keyset.page(
      rows,
      (row) => ({ value: row.createdAt.toISOString(), id: row.id }),
      toPermission,
    );
    if (!count) return page;
    const counted = await this.db.row<{ total: number }>(
      statement(`SELECT count(*)::integer AS total FROM permissions WHERE ${filter}`),
      values,
    );
    return { ...page, meta: { ...page.meta, total: counted?.total ?? 0 } };
  }
}
