import { Injectable } from '@nestjs/common';
import {
  membershipCreated,
  membershipDeleted,
  type MembershipFact,
  membershipUpdated,
} from '@erato/contracts/identity/events';
import type { CloudEvent } from '@erato/contracts/kit/event';
import type { Tx } from '@erato/platform/database/tx';
import type { EventHandler } from '@erato/platform/events/handler';
import { Ledger } from '../ledger/ledger.js';
import { knowSubjects, membershipStated } from './principal-rows.js';

/** Only an active membership counts, and that of the home organization never (authz.md). */
async function state(
  tx: Tx,
  { data: fact, time: at }: CloudEvent<MembershipFact>,
  ended = false,
): Promise<void> {
  const { userId, organizationId, roleSlug, home, updatedAt: stated } = fact;
  const ledger = await Ledger.open(tx);
  await knowSubjects(tx, [{ type: 'organization', id: organizationId, home }]);
  const active = !ended && !home && fact.status === 'active';
  await membershipStated(tx, ledger, { userId, organizationId, roleSlug, active, stated, at });
  await ledger.close();
}

@Injectable()
export class OnMembershipCreated implements EventHandler<MembershipFact> {
  readonly event = membershipCreated;
  apply(tx: Tx, event: CloudEvent<MembershipFact>): Promise<void> {
    return state(tx, event);
  }
}

@Injectable()
export class OnMembershipUpdated implements EventHandler<MembershipFact> {
  readonly event = membershipUpdated;
  apply(tx: Tx, event: CloudEvent<MembershipFact>): Promise<void> {
    return state(tx, event);
  }
}

@Injectable()
export class OnMembershipDeleted implements EventHandler<MembershipFact> {
  readonly event = membershipDeleted;
  apply(tx: Tx, event: CloudEvent<MembershipFact>): Promise<void> {
    return state(tx, event, true);
  }
}
