import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Context } from '@erato/contracts/kit/context';
import { notFound, permissionDenied } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { writeContext } from '@erato/platform/database/write-context';
import {
  ceilingAllows,
  isAdministrator,
  manages,
  standingIn,
  type Reader,
  type Standing,
} from '../access.js';
import { isWorkosId } from '../workos/objects.js';
import { unlessMissing } from '../workos/refusal.js';
import { Workos } from '../workos/workos.js';
import { mirrorOrganization } from './mirror-organization.js';
import { organizationColumns, type OrganizationEntity } from './organization.entity.js';

const byId = statement(`SELECT ${organizationColumns} FROM organizations o WHERE o.workos_org_id = $1`);
type Row = OrganizationEntity & Record<string, unknown>;

/** What is to be done with an organization: `manage` is for its admins. */
export type Need = 'read' | 'update' | 'delete' | 'manage';

export interface Accessed {
  readonly organization: OrganizationEntity;
  readonly standing: Standing;
}

/** Who may do what with an organization (identity.md, Routes): members read it, its admins manage it, others see nothing. */
@Injectable()
export class OrganizationAccess {
  readonly #missing = new LRUCache<string, true>({ max: 10_000, ttl: 60_000 });

  constructor(
    private readonly db: Db,
    private readonly workos: Workos,
  ) {}

  /** The organization and the caller's standing; 404 for whoever may not read it, 403 for whoever may only that. */
  async require(context: Context, id: string, need: Need, reader: Reader = this.db): Promise<Accessed> {
    const { caller } = context;
    const organization = await this.#find(context, id, reader);
    const standing = organization ? await standingIn(reader, caller, id) : null;
    if (!organization || !standing || !ceilingAllows(caller, 'organization', id, 'read')) throw notFound();
    if (need === 'read') return { organization, standing };
    const action = need === 'manage' ? 'admin' : need;
    if (!manages(standing) || !ceilingAllows(caller, 'organization', id, action)) throw permissionDenied();
    return { organization, standing };
  }

  /** From the mirror; where it lacks one, WorkOS is asked once, for administrators alone: nobody else could see it. */
  async #find(context: Context, id: string, reader: Reader): Promise<OrganizationEntity | null> {
    const known = await reader.row<Row>(byId, [id]);
    if (known || !isAdministrator(context.caller)) return known;
    if (!isWorkosId('org', id) || this.#missing.has(id)) return null;
    const organization = await this.workos.ask(context, (sdk) =>
      unlessMissing(sdk.organizations.getOrganization(id)),
    );
    if (!organization) {
      this.#missing.set(id, true);
      return null;
    }
    await this.db.transaction({ ...writeContext(context), actor: 'service:identity' }, (tx) =>
      mirrorOrganization(tx, organization),
    );
    return reader.row<Row>(byId, [id]);
  }
}
