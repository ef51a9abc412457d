import { Inject, Injectable } from '@nestjs/common';
import { Failure, unavailable } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { WriteContext } from '@erato/platform/database/write-context';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import { mirrorMembership } from '../member/mirror-membership.js';
import { mirrorOrganization } from '../organization/mirror-organization.js';
import type { WorkosMembership, WorkosOrganization } from '../workos/objects.js';
import { unlessMissing } from '../workos/refusal.js';
import { Workos } from '../workos/workos.js';

/** By this the organization is found again at WorkOS, so that two first starts make one. */
const externalId = 'erato-home';

const findHome = statement('SELECT workos_org_id AS id FROM organizations WHERE home');
const setHome = statement(
  'UPDATE organizations SET home = (workos_org_id = $1), version = version + 1 WHERE home OR workos_org_id = $1',
);
const outside = statement(`
  SELECT u.id FROM users u
  WHERE u.deleted_at IS NULL AND u.id > $2 AND NOT EXISTS (
    SELECT 1 FROM organization_memberships m
    WHERE m.user_id = u.id AND m.organization_id = $1 AND m.status = 'active')
  ORDER BY u.id LIMIT $3`);
const activeMembership = statement(
  `SELECT 1 FROM organization_memberships WHERE user_id = $1 AND organization_id = $2 AND status = 'active'`,
);

/** The organization to which everybody belongs (identity.md, Tables). */
@Injectable()
export class HomeOrganization {
  #known: string | undefined;

  constructor(
    private readonly db: Db,
    private readonly workos: Workos,
    @Inject(IDENTITY_CONFIG) private readonly config: IdentityConfig,
  ) {}

  /** Its id; 503 before the first start has made it. */
  async id(): Promise<string> {
    const id = await this.find();
    if (!id) throw unavailable({ detail: 'The home organization is not there yet.', retryAfter: 1 });
    return id;
  }

  async find(): Promise<string | null> {
    this.#known ??= (await this.db.row<{ id: string }>(findHome, []))?.id;
    return this.#known ?? null;
  }

  /** Finds or makes it at WorkOS and marks it; for the one process that leads. Without WorkOS it goes on with what it knows. */
  async establish(context: WriteContext): Promise<string> {
    this.#known = undefined;
    const wanted = this.config.homeOrganization;
    const known = await this.find();
    if (known && (!isId(wanted) || wanted === known)) return known;
    const organization = await this.#atWorkos(context, wanted);
    await this.db.transaction(context, async (tx) => {
      await mirrorOrganization(tx, organization);
      // NOTE: in two steps, since the unique index on the mark is checked row by row.
      await tx.run(setHome, ['']);
      await tx.run(setHome, [organization.id]);
    });
    this.#known = organization.id;
    return organization.id;
  }

  async #atWorkos(context: WriteContext, wanted: string): Promise<WorkosOrganization> {
    if (isId(wanted)) return this.workos.ask(context, (sdk) => sdk.organizations.getOrganization(wanted));
    const find = () =>
      this.workos.ask(context, (sdk) =>
        unlessMissing(sdk.organizations.getOrganizationByExternalId(externalId)),
      );
    const found = await find();
    if (found) return found;
    try {
      return await this.workos.ask(
        context,
        (sdk) => sdk.organizations.createOrganization({ name: wanted, externalId }),
        { idempotencyKey: externalId },
      );
    } catch (error) {
      const made = await find();
      if (made) return made;
      throw error;
    }
  }

  /** Makes members of it those who are none: known before it was, or never told of by an event. */
  async enrolAll(context: () => WriteContext, signal: AbortSignal): Promise<void> {
    const home = await this.id();
    for (let after = ''; ;) {
      const strangers = await this.db.rows<{ id: string }>(outside, [home, after, 100]);
      for (const { id } of strangers) {
        if (signal.aborted) return;
        await this.enrol(context(), id);
        after = id;
      }
      if (strangers.length < 100) return;
    }
  }

  /** Makes a user a member of it, if he is not one already; who is gone at WorkOS needs it no more. */
  async enrol(context: WriteContext, userId: string): Promise<void> {
    const home = await this.id();
    if (await this.db.row(activeMembership, [userId, home])) return;
    const membership = await this.joinIfThere(context, userId, home);
    if (membership) await this.db.transaction(context, (tx) => mirrorMembership(tx, membership));
  }

  /** As {@link joinAtWorkos}; null for a user whom WorkOS does not know any more. */
  async joinIfThere(
    context: Pick<WriteContext, 'deadline'>,
    userId: string,
    home: string,
  ): Promise<WorkosMembership | null> {
    try {
      return await this.joinAtWorkos(context, userId, home);
    } catch (error) {
      if (error instanceof Failure && (error.kind === 'not-found' || error.kind === 'invalid')) return null;
      throw error;
    }
  }

  /** The user's membership of it at WorkOS, made where there is none. */
  joinAtWorkos(
    context: Pick<WriteContext, 'deadline'>,
    userId: string,
    home: string,
  ): Promise<WorkosMembership> {
    return this.workos.ask(
      context,
      async ({ userManagement }) => {
        const find = async (): Promise<WorkosMembership | undefined> => {
          const statuses = ['active', 'inactive', 'pending'] as const;
          const known = await userManagement.listOrganizationMemberships({
            userId,
            organizationId: home,
            statuses: [...statuses],
          });
          return known.data.find(({ status }) => status === 'active');
        };
        try {
          return (
            (await find()) ??
            (await userManagement.createOrganizationMembership({ userId, organizationId: home }))
          );
        } catch (refused) {
          // The sync worker enrols whoever it hears of, so it may have been faster than the request that made the user.
          const membership = await find();
          if (membership) return membership;
          throw refused;
        }
      },
      // NOTE: what was joined, left and joined again is not the same create; being there already is found by the list.
      { idempotencyKey: crypto.randomUUID() },
    );
  }
}

const isId = (wanted: string): boolean => /^org_[0-9A-Za-z]{10,40}$/.test(wanted);
