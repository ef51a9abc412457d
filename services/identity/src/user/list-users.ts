import { Injectable } from '@nestjs/common';
import type { Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField, permissionDenied, unauthenticated } from '@erato/contracts/kit/failure';
import type { ListUsers, User } from '@erato/contracts/identity/user';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Keyset } from '@erato/platform/paging/keyset';
import { ceilingAllows, isAdministrator, standingIn } from '../access.js';
import { HomeOrganization } from '../home/home-organization.js';
import { Conditions } from '../conditions.js';
import { ListCursor } from '../workos/list-cursor.js';
import { Workos } from '../workos/workos.js';
import { normalHandle } from './handle.js';
import { prefixQuery } from './prefix-query.js';
import { userColumns, type UserEntity } from './user.entity.js';
import { UserReads } from './user.reads.js';
import { mirroredUser } from './workos-user.js';

const byIds = statement(`SELECT ${userColumns} FROM users u WHERE u.id = ANY($1::text[])`);
type Row = UserEntity & Record<string, unknown>;

/**
 * Lists users (identity.md, Reads): for administrators as WorkOS lists them, with Erato's fields joined by id in one
 * query; what WorkOS cannot filter, and what everybody else asks for, from the mirror.
 */
@Injectable()
export class UserList {
  constructor(
    private readonly db: Db,
    private readonly workos: Workos,
    private readonly home: HomeOrganization,
    private readonly reads: UserReads,
  ) {}

  async page(input: ListUsers, context: Context): Promise<Page<User>> {
    await this.#mayFilter(input, context);
    const { caller } = context;
    const all = isAdministrator(caller) && ceilingAllows(caller, 'user', '', 'read');
    if (all && input.handle === undefined && input.q === undefined) return this.#fromWorkos(input, context);
    return this.#fromMirror(input, context, all);
  }

  async #mayFilter({ email, organizationId, count }: ListUsers, { caller }: Context): Promise<void> {
    const isGuest = caller.subjectType === 'guest';
    if (isGuest && count)
      throw invalidField('count', 'not_allowed', 'is not for callers without a credential');
    if (isGuest && (email ?? organizationId) !== undefined) throw unauthenticated();
    if (email !== undefined && !isAdministrator(caller)) {
      throw permissionDenied({ detail: 'Only administrators find users by their address.' });
    }
    if (organizationId === undefined || isAdministrator(caller)) return;
    const standing = await standingIn(this.db, caller, organizationId);
    if (!standing || organizationId === (await this.home.id())) {
      throw permissionDenied({ detail: 'Only its members may list the members of an organization.' });
    }
  }

  async #fromWorkos(input: ListUsers, context: Context): Promise<Page<User>> {
    const { email, organizationId, sort = '-createdAt' } = input;
    const cursor = new ListCursor(input, ['users', email, organizationId, sort]);
    const filters = {
      ...(email === undefined ? {} : { email }),
      ...(organizationId === undefined ? {} : { organizationId }),
    };
    const [listed, total] = await Promise.all([
      this.workos.ask(context, (sdk) =>
        sdk.userManagement.listUsers({
          ...filters,
          ...cursor.options,
          order: sort === 'createdAt' ? 'asc' : 'desc',
        }),
      ),
      input.count ? this.#count(this.#conditions(input, true)) : undefined,
    ]);
    const rows = await this.db.rows<Row>(byIds, [listed.data.map(({ id }) => id)]);
    const known = new Map(rows.map((row) => [row.id, row]));
    const users = listed.data
      .map((user): UserEntity => ({ ...unknown, ...known.get(user.id), ...mirroredUser(user) }))
      .filter((user) => !user.deletedAt);
    const data = await Promise.all(users.map((user) => this.reads.view(context, user)));
    return cursor.page(data, listed.listMetadata, total);
  }

  async #fromMirror(input: ListUsers, context: Context, all: boolean): Promise<Page<User>> {
    const { handle, q, email, organizationId, sort = '-createdAt' } = input;
    const where = this.#conditions(input, all);
    const keyset = new Keyset(
      input,
      ['users', handle, q, email, organizationId, sort, all],
      {
        column: 'u.workos_created_at',
        descending: sort === '-createdAt',
        type: 'timestamptz',
        idType: 'text',
      },
      where.next,
      'u.id',
    );
    const [rows, total] = await Promise.all([
      this.db.rows<Row>(
        statement(
          `SELECT ${userColumns} FROM users u WHERE ${where.text}${keyset.where} ORDER BY ${keyset.order} LIMIT ${where.limit(keyset)}`,
        ),
        [...where.values, ...keyset.values, keyset.fetch],
      ),
      input.count ? this.#count(where) : undefined,
    ]);
    const at = (row: Row) => ({ value: row.workosCreatedAt.toISOString(), id: row.id });
    const page = keyset.page(rows, at, (row) => row);
    const data = await Promise.all(page.data.map((row) => this.reads.view(context, row)));
    return { data, meta: { ...page.meta, ...(total === undefined ? {} : { total }) } };
  }

  #conditions({ handle, q, email, organizationId }: ListUsers, all: boolean): Conditions {
    const where = new Conditions('u.deleted_at IS NULL');
    if (!all) where.and('u.handle IS NOT NULL');
    if (handle !== undefined) where.and('u.handle = ?', normalHandle(handle));
    if (q !== undefined) where.and(`u.search @@ to_tsquery('simple', ?)`, prefixQuery(q));
    if (email !== undefined) where.and('lower(u.email) = ?', email.toLowerCase());
    if (organizationId !== undefined) {
      where.and(
        `EXISTS (SELECT 1 FROM organization_memberships m
                 WHERE m.user_id = u.id AND m.organization_id = ? AND m.status = 'active')`,
        organizationId,
      );
    }
    return where;
  }

  async #count(where: Conditions): Promise<number> {
    const text = `SELECT count(*)::integer AS total FROM users u WHERE ${where.text}`;
    return (await this.db.row<{ total: number }>(statement(text), where.values))?.total ?? 0;
  }
}

/** What Erato knows of a user of whom it has not heard yet. */
const unknown = {
  handle: null,
  displayName: null,
  avatarUrl: null,
  bannerUrl: null,
  bio: null,
  themeConfig: null,
  preferences: null,
  version: 1,
  updatedAt: null,
  deletedAt: null,
};
