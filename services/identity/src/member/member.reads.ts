import { Injectable } from '@nestjs/common';
import type { Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { notFound, permissionDenied } from '@erato/contracts/kit/failure';
import type { GetMember, ListMembers, Member } from '@erato/contracts/identity/member';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset } from '@erato/platform/paging/keyset';
import { isSelf, manages, type Reader, type Standing } from '../access.js';
import { Conditions } from '../conditions.js';
import { OrganizationAccess, type Accessed } from '../organization/organization-access.js';
import type { MembershipStatus } from './membership.entity.js';

const columns = `m.id, m.organization_id AS "organizationId", m.user_id AS "userId", m.role_slug AS role, m.status,
  m.workos_created_at AS "createdAt", m.workos_updated_at AS "updatedAt", m.version, u.handle,
  u.display_name AS "displayName", u.avatar_url AS "avatarUrl", u.email, u.first_name AS "firstName",
  u.last_name AS "lastName"`;
const from = 'organization_memberships m LEFT JOIN users u ON u.id = m.user_id';
const byUser = statement(`SELECT ${columns} FROM ${from} WHERE m.organization_id = $1 AND m.user_id = $2`);

interface MemberRow {
  id: string;
  organizationId: string;
  userId: string;
  role: string;
  status: MembershipStatus;
  createdAt: Date;
  updatedAt: Date;
  version: number;
  handle: string | null;
  displayName: string | null;
  avatarUrl: string | null;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
}
type Row = MemberRow & Record<string, unknown>;

/** Members of organizations, from the mirror. */
@Injectable()
export class MemberReads {
  constructor(
    private readonly db: Db,
    private readonly access: OrganizationAccess,
  ) {}

  async page(input: ListMembers, context: Context): Promise<Page<Member>> {
    const { id, role, status = ['active'] } = input;
    const accessed = await this.#mayList(context, id);
    if (!manages(accessed.standing) && status.some((each) => each !== 'active')) {
      throw permissionDenied({ detail: 'Only admins see members that are not active.' });
    }
    const where = new Conditions();
    where.and('m.organization_id = ?', id);
    where.and('m.status = ANY(?::text[])', status);
    if (role !== undefined) where.and('m.role_slug = ?', role);
    const keyset = new Keyset(
      input,
      ['members', { id, role, status }],
      { column: 'm.workos_created_at', descending: true, type: 'timestamptz', idType: 'text' },
      where.next,
      'm.id',
    );
    const text = `SELECT ${columns} FROM ${from} WHERE ${where.text}${keyset.where}
      ORDER BY ${keyset.order} LIMIT ${where.limit(keyset)}`;
    const count = `SELECT count(*)::integer AS total FROM organization_memberships m WHERE ${where.text}`;
    const [rows, total] = await Promise.all([
      this.db.rows<Row>(statement(text), [...where.values, ...keyset.values, keyset.fetch]),
      input.count ? this.db.row<{ total: number }>(statement(count), where.values) : null,
    ]);
    const page = keyset.page(
      rows,
      (row) => ({ value: row.createdAt.toISOString(), id: row.id }),
      (row) => memberView(row, accessed.standing),
    );
    return { data: page.data, meta: { ...page.meta, ...(total ? { total: total.total } : {}) } };
  }

  async get({ id, userId }: GetMember, context: Context): Promise<Member> {
    const { standing } = await this.#mayList(context, id, userId);
    const member = await this.find(this.db, id, userId, standing);
    const hidden = member?.status !== 'active' && !manages(standing) && !isSelf(context.caller, userId);
    if (!member || hidden) throw notFound();
    return member;
  }

  async find(reader: Reader, id: string, userId: string, standing: Standing): Promise<Member | null> {
    const row = await reader.row<Row>(byUser, [id, userId]);
    return row && memberView(row, standing);
  }

  /** The home organization holds everybody: only administrators see who; each sees himself. */
  async #mayList(context: Context, id: string, userId?: string): Promise<Accessed> {
    const accessed = await this.access.require(context, id, 'read');
    const oneself = userId !== undefined && isSelf(context.caller, userId);
    if (accessed.organization.home && accessed.standing !== 'administrator' && !oneself)
      throw permissionDenied();
    return accessed;
  }
}

function memberView(row: MemberRow, standing: Standing): Member {
  const { organizationId, userId, role, status, handle, displayName, avatarUrl, version } = row;
  return {
    organizationId,
    userId,
    role,
    status,
    handle,
    displayName,
    avatarUrl,
    ...(manages(standing)
      ? { email: row.email ?? '', firstName: row.firstName, lastName: row.lastName }
      : {}),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    version,
  };
}
