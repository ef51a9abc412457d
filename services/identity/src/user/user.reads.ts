import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Context } from '@erato/contracts/kit/context';
import type { User } from '@erato/contracts/identity/user';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { writeContext } from '@erato/platform/database/write-context';
import { ceilingAllows, isAdministrator, isSelf } from '../access.js';
import { HomeOrganization } from '../home/home-organization.js';
import { isWorkosId, type WorkosUser } from '../workos/objects.js';
import { unlessMissing } from '../workos/refusal.js';
import { Workos } from '../workos/workos.js';
import { normalHandle } from './handle.js';
import { mirrorUser } from './mirror-user.js';
import { userColumns, type UserEntity } from './user.entity.js';
import { fullUser, publicProfile } from './user-view.js';

const byId = statement(`SELECT ${userColumns} FROM users u WHERE u.id = $1`);
const byHandle = statement(`SELECT ${userColumns} FROM users u WHERE u.handle = $1 AND u.deleted_at IS NULL`);

/** Single users, from the mirror; one that it lacks is asked for at WorkOS once (identity.md, Reads). */
@Injectable()
export class UserReads {
  /** Ids that WorkOS does not know. */
  readonly #missing = new LRUCache<string, true>({ max: 10_000, ttl: 60_000 });
  readonly #asking = new Map<string, Promise<void>>();

  constructor(
    private readonly db: Db,
    private readonly workos: Workos,
    private readonly home: HomeOrganization,
  ) {}

  /** The user, or null where there is none. Guests are answered from the mirror alone. */
  async find(context: Context, id: string): Promise<UserEntity | null> {
    const known = await this.db.row<UserEntity & Row>(byId, [id]);
    if (known) return known.deletedAt ? null : known;
    if (context.caller.subjectType === 'guest' || !isWorkosId('user', id) || this.#missing.has(id))
      return null;
    await this.#takeOver(context, id);
    const found = await this.db.row<UserEntity & Row>(byId, [id]);
    return found?.deletedAt ? null : found;
  }

  findByHandle(handle: string): Promise<UserEntity | null> {
    return this.db.row<UserEntity & Row>(byHandle, [normalHandle(handle)]);
  }

  /** Whether the caller sees all of a user: himself, or as an administrator. */
  seesAll({ caller }: Context, userId: string): boolean {
    return (
      (isSelf(caller, userId) || isAdministrator(caller)) && ceilingAllows(caller, 'user', userId, 'read')
    );
  }

  async view(context: Context, user: UserEntity): Promise<User> {
    if (!this.seesAll(context, user.id)) return publicProfile(user);
    const { caller } = context;
    const session = isSelf(caller, user.id) ? caller.organizationId : undefined;
    return fullUser(user, session ?? (await this.home.id()));
  }

  /** Those who ask for the same user meanwhile wait for the same answer. */
  #takeOver(context: Context, id: string): Promise<void> {
    const known = this.#asking.get(id);
    if (known) return known;
    const asking = this.#askFor(context, id).finally(() => this.#asking.delete(id));
    this.#asking.set(id, asking);
    return asking;
  }

  async #askFor(context: Context, id: string): Promise<void> {
    const user: WorkosUser | null = await this.workos.ask(context, (sdk) =>
      unlessMissing(sdk.userManagement.getUser(id)),
    );
    if (!user) {
      this.#missing.set(id, true);
      return;
    }
    const own = { ...writeContext(context), actor: 'service:identity' };
    await this.db.transaction(own, (tx) => mirrorUser(tx, user));
    // NOTE: the answer does not wait on it to succeed: the worker sees to it at its next start.
    await this.home.enrol(own, id).catch(() => undefined);
  }
}

/** Rows are plain objects to the driver. */
type Row = Record<string, unknown>;
