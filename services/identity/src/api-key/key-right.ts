import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { notFound, permissionDenied } from '@erato/contracts/kit/failure';
import { decisions, type DecisionResult } from '@erato/contracts/authz/decision';
import type { KeySubjectType } from '@erato/contracts/identity/api-key';
import { Db } from '@erato/platform/database/db';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { aside } from '../aside.js';
import { isAdministrator, standingIn } from '../access.js';
import { OrganizationAccess } from '../organization/organization-access.js';
import { UserReads } from '../user/user.reads.js';
import type { MadeAs } from './api-key.entity.js';

/** Whose keys one may make, see and end: one's own, those of what one administers, as an administrator anybody's. */
@Injectable()
export class KeyRights {
  constructor(
    private readonly db: Db,
    private readonly bus: BusCaller,
    private readonly users: UserReads,
    private readonly organizations: OrganizationAccess,
  ) {}

  /** By which right; 404 for a subject that the caller may not see, 403 for one that is not his to give keys for. */
  async of(context: Context, type: KeySubjectType, id: string): Promise<MadeAs> {
    const { caller } = context;
    if (caller.subjectType === type && caller.subjectId === id) return 'self';
    if (type === 'user') return this.#forUser(context, id);
    if (type === 'organization') return this.#forOrganization(context, id);
    const plain = { ...caller, scopes: [] };
    const asManager = await this.#mayAdminister(context, type, id, plain);
    if (asManager.allowed) return 'manager';
    if (isAdministrator(caller)) {
      const asAdministrator = await this.#mayAdminister(context, type, id, caller);
      if (asAdministrator.readable) return 'admin';
      throw notFound();
    }
    throw asManager.readable ? permissionDenied() : notFound();
  }

  async #forUser(context: Context, id: string): Promise<MadeAs> {
    if (!isAdministrator(context.caller))
      throw permissionDenied({ detail: 'Keys of others are not yours to make.' });
    if (!(await this.users.find(context, id))) throw notFound();
    return 'admin';
  }

  async #forOrganization(context: Context, id: string): Promise<MadeAs> {
    const { caller } = context;
    const { standing } = await this.organizations.require(context, id, 'read');
    const own = await standingIn(this.db, { ...caller, scopes: [] }, id);
    if (own === 'admin') return 'manager';
    if (standing === 'administrator') return 'admin';
    throw permissionDenied();
  }

  /** Whether somebody may `admin` a workspace or harbor; authz decides, since its service owns it. */
  async #mayAdminister(
    context: Pick<Context, 'requestId' | 'deadline'>,
    type: KeySubjectType,
    id: string,
    { subjectType, subjectId, scopes, ceiling }: Context['caller'],
  ): Promise<DecisionResult> {
    const subject = { subjectType, subjectId, scopes: [...scopes], ceiling: ceiling ?? null };
    const checks = [{ action: 'admin', object: { type, id } }];
    const { results } = await this.bus.call(decisions.check, { subject, checks }, aside(context));
    return results[0] ?? { allowed: false, readable: false };
  }

  /** Whether a maker may still `admin` the workspace or harbor for which he made a key; without one, whether it still exists. */
  async stillHolds(
    subject: { type: KeySubjectType; id: string },
    maker: { type: KeySubjectType; id: string } | null,
  ): Promise<boolean> {
    const caller = maker
      ? { subjectType: maker.type, subjectId: maker.id, scopes: [] }
      : { subjectType: 'guest' as const, subjectId: '', scopes: ['admin'] };
    const result = await this.#mayAdminister(ownContext(), subject.type, subject.id, caller);
    return maker ? result.allowed : result.readable;
  }
}
