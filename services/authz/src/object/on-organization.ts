import { Injectable } from '@nestjs/common';
import {
  organizationCreated,
  organizationDeleted,
  type OrganizationFact,
  organizationUpdated,
} from '@erato/contracts/identity/events';
import type { CloudEvent } from '@erato/contracts/kit/event';
import type { Tx } from '@erato/platform/database/tx';
import type { EventHandler } from '@erato/platform/events/handler';
import { Ledger } from '../ledger/ledger.js';
import { knowSubjects, principalGone } from '../principal/principal-rows.js';
import { askRemoval } from '../removal/removal-rows.js';
import { objectHeard } from './object-heard.js';

async function heard(tx: Tx, { organizationId: id, object }: OrganizationFact): Promise<void> {
  await knowSubjects(tx, [{ type: 'organization', id }]);
  if (object) await objectHeard(tx, { type: 'organization', id }, object);
}

@Injectable()
export class OnOrganizationCreated implements EventHandler<OrganizationFact> {
  readonly event = organizationCreated;
  apply(tx: Tx, { data }: CloudEvent<OrganizationFact>): Promise<void> {
    return heard(tx, data);
  }
}

@Injectable()
export class OnOrganizationUpdated implements EventHandler<OrganizationFact> {
  readonly event = organizationUpdated;
  apply(tx: Tx, { data }: CloudEvent<OrganizationFact>): Promise<void> {
    return heard(tx, data);
  }
}

/** It is gone as an object, as a subject, and as what people are members of. */
@Injectable()
export class OnOrganizationDeleted implements EventHandler<OrganizationFact> {
  readonly event = organizationDeleted;
  async apply(tx: Tx, { data: { organizationId: id } }: CloudEvent<OrganizationFact>): Promise<void> {
    await objectHeard(tx, { type: 'organization', id }, null);
    const ledger = await Ledger.open(tx);
    await principalGone(tx, ledger, { kind: 'organization', id });
    ledger.touch({ subject: { type: 'organization', id } });
    await askRemoval(tx, 'subject', { type: 'organization', id });
    await ledger.close();
  }
}
