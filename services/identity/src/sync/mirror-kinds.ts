import { Injectable } from '@nestjs/common';
import type { MirrorKind } from '@erato/contracts/identity/sync';
import { Db } from '@erato/platform/database/db';
import { statement, type Statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';
import { mirrorMembership, removeMembership } from '../member/mirror-membership.js';
import { mirrorOrganization, removeOrganization } from '../organization/mirror-organization.js';
import { eraseUser } from '../user/erase-user.js';
import { mirrorUser } from '../user/mirror-user.js';
import { unlessMissing } from '../workos/refusal.js';
import { Workos } from '../workos/workos.js';
import type { Taken } from './take.js';

const batch = 100;
type Sdk = Workos['sdk'];

/** A page of one of WorkOS' lists. */
interface Listed<T> {
  readonly data: readonly T[];
  readonly listMetadata: { readonly after?: string | null };
}

/** A piece of one of WorkOS' lists: whom it names, and how they are taken over. */
export interface Piece {
  readonly ids: readonly string[];
  take(tx: Tx): Promise<Taken[]>;
}

/** One table of the mirror, and what stands for it at WorkOS. */
export interface MirrorTable {
  readonly kind: MirrorKind;
  pieces(): AsyncGenerator<Piece>;
  /** The ids after `$1` that the mirror has and the lists had not, up to `$2`. */
  readonly unseen: Statement;
  /** Asks for a single one: what a list did not show may have come after it was read. */
  isGone(id: string): Promise<boolean>;
  remove(tx: Tx, id: string): Promise<void>;
  /** How many memberships end with it. */
  readonly members: Statement | null;
}

const unseenOf = (kind: MirrorKind, table: string, id: string, condition = 'true'): Statement =>
  statement(`
    SELECT t.${id} AS id FROM ${table} t
    WHERE t.${id} > $1 AND ${condition}
      AND NOT EXISTS (SELECT FROM sync_seen s WHERE s.kind = '${kind}' AND s.id = t.${id})
    ORDER BY 1 LIMIT $2`);
const seenOrganizations = statement(
  `SELECT id FROM sync_seen WHERE kind = 'organizations' AND id > $1 ORDER BY id LIMIT $2`,
);
const membersOf = (column: string): Statement =>
  statement(`SELECT count(*)::integer AS members FROM organization_memberships WHERE ${column} = $1`);

/** Organizations, users and memberships, in the order in which they rest on each other. */
@Injectable()
export class MirrorKinds {
  constructor(
    private readonly db: Db,
    private readonly workos: Workos,
  ) {}

  tables(): readonly MirrorTable[] {
    return [
      {
        kind: 'organizations',
        pieces: () =>
          this.#lists(
            (sdk, paging) => sdk.organizations.listOrganizations(paging),
            (tx, organization) => mirrorOrganization(tx, organization, 'as it is'),
          ),
        unseen: unseenOf('organizations', 'organizations', 'workos_org_id'),
        isGone: (id) => this.#isGone((sdk) => sdk.organizations.getOrganization(id)),
        remove: removeOrganization,
        members: membersOf('organization_id'),
      },
      {
        kind: 'users',
        pieces: () =>
          this.#lists(
            (sdk, paging) => sdk.userManagement.listUsers(paging),
            (tx, user) => mirrorUser(tx, user, 'as it is'),
          ),
        unseen: unseenOf('users', 'users', 'id', 't.deleted_at IS NULL'),
        isGone: (id) => this.#isGone((sdk) => sdk.userManagement.getUser(id)),
        remove: eraseUser,
        members: membersOf('user_id'),
      },
      {
        kind: 'memberships',
        pieces: () => this.#memberships(),
        unseen: unseenOf('memberships', 'organization_memberships', 'id'),
        isGone: (id) => this.#isGone((sdk) => sdk.userManagement.getOrganizationMembership(id)),
        remove: (tx, id) => removeMembership(tx, id, new Date()),
        members: null,
      },
    ];
  }

  /** WorkOS lists memberships by organization alone. */
  async *#memberships(): AsyncGenerator<Piece> {
    for (let after = ''; ;) {
      const organizations = await this.db.rows<{ id: string }>(seenOrganizations, [after, batch]);
      for (const { id: organizationId } of organizations) {
        const statuses = ['active', 'inactive', 'pending'] as const;
        yield* this.#lists(
          (sdk, paging) =>
            sdk.userManagement.listOrganizationMemberships({
              organizationId,
              statuses: [...statuses],
              ...paging,
            }),
          (tx, membership) => mirrorMembership(tx, membership, 'as it is'),
        );
        after = organizationId;
      }
      if (organizations.length < batch) return;
    }
  }

  /** Everything that a list has; a list whose owner is gone meanwhile has nothing. */
  async *#lists<T extends { readonly id: string }>(
    ask: (sdk: Sdk, paging: { limit: number; order: 'asc'; after?: string }) => Promise<Listed<T>>,
    take: (tx: Tx, each: T) => Promise<Taken>,
  ): AsyncGenerator<Piece> {
    for (let after: string | undefined; ;) {
      const paging = { limit: batch, order: 'asc' as const, ...(after === undefined ? {} : { after }) };
      const listed = await this.workos.ask(soon(), (sdk) => unlessMissing(ask(sdk, paging)));
      if (!listed) return;
      yield {
        ids: listed.data.map(({ id }) => id),
        async take(tx) {
          const taken: Taken[] = [];
          for (const each of listed.data) taken.push(await take(tx, each));
          return taken;
        },
      };
      after = listed.listMetadata.after ?? undefined;
      if (after === undefined) return;
    }
  }

  async #isGone(ask: (sdk: Sdk) => Promise<object>): Promise<boolean> {
    return (await this.workos.ask(soon(), (sdk) => unlessMissing(ask(sdk)))) === null;
  }
}

const soon = (): { deadline: number } => ({ deadline: Date.now() + 15_000 });
