import { Injectable } from '@nestjs/common';
import type { Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import type { ListTeams, Team } from '@erato/contracts/identity/team';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset, type Sort } from '@erato/platform/paging/keyset';
import { ceilingAllows, isAdministrator } from '../access.js';
import { Conditions } from '../conditions.js';
import { OrganizationAccess } from '../organization/organization-access.js';
import { teamColumns, type TeamEntity } from './team.entity.js';
import { teamView } from './team-view.js';

type Row = TeamEntity & Record<string, unknown>;

/** Lists teams of the organizations in which the caller is; administrators list all. */
@Injectable()
export class TeamList {
  constructor(
    private readonly db: Db,
    private readonly access: OrganizationAccess,
  ) {}

  async page(input: ListTeams, context: Context): Promise<Page<Team>> {
    const { organizationId, sort = '-createdAt' } = input;
    const { caller } = context;
    const where = new Conditions();
    if (organizationId !== undefined) {
      await this.access.require(context, organizationId, 'read');
      where.and('t.organization_id = ?', organizationId);
    } else if (caller.subjectType === 'organization') {
      where.and('t.organization_id = ?', caller.subjectId);
    } else if (!isAdministrator(caller)) {
      where.and(
        `t.organization_id IN (SELECT m.organization_id FROM organization_memberships m
                               WHERE m.user_id = ? AND m.status = 'active')`,
        caller.subjectType === 'user' ? caller.subjectId : '',
      );
    }
    const byName = sort.endsWith('name');
    const by: Sort = {
      column: byName ? 't.name' : 't.created_at',
      type: byName ? 'text' : 'timestamptz',
      descending: sort.startsWith('-'),
    };
    const keyset = new Keyset(
      input,
      ['teams', caller.subjectId, organizationId, sort],
      by,
      where.next,
      't.id',
    );
    const text = `SELECT ${teamColumns} FROM teams t WHERE ${where.text}${keyset.where}
      ORDER BY ${keyset.order} LIMIT ${where.limit(keyset)}`;
    const count = `SELECT count(*)::integer AS total FROM teams t WHERE ${where.text}`;
    const [rows, total] = await Promise.all([
      this.db.rows<Row>(statement(text), [...where.values, ...keyset.values, keyset.fetch]),
      input.count ? this.db.row<{ total: number }>(statement(count), where.values) : null,
    ]);
    const page = keyset.page(
      rows.filter((row) => ceilingAllows(caller, 'organization', row.organizationId, 'read')),
      (row) => ({ value: byName ? row.name : row.createdAt.toISOString(), id: row.id }),
      teamView,
    );
    return { data: page.data, meta: { ...page.meta, ...(total ? { total: total.total } : {}) } };
  }
}
