import { Injectable } from '@nestjs/common';
import { userCreated, userDeleted, type UserFact } from '@erato/contracts/identity/events';
import type { CloudEvent } from '@erato/contracts/kit/event';
import type { Tx } from '@erato/platform/database/tx';
import type { EventHandler } from '@erato/platform/events/handler';
import { Ledger } from '../ledger/ledger.js';
import { askRemoval } from '../removal/removal-rows.js';
import { knowSubjects, userGone } from './principal-rows.js';

/**
 * From here on all that he becomes a part of is heard. A user whose beginning was not heard is asked about when he first
 * comes (fact/local-facts.ts).
 */
@Injectable()
export class OnUserCreated implements EventHandler<UserFact> {
  readonly event = userCreated;
  apply(tx: Tx, { data: { userId } }: CloudEvent<UserFact>): Promise<void> {
    return knowSubjects(tx, [{ type: 'user', id: userId }]);
  }
}

/** What others gave him goes with him; the trail keeps a pseudonym (ledger/pseudonyms.ts). */
@Injectable()
export class OnUserDeleted implements EventHandler<UserFact> {
  readonly event = userDeleted;
  async apply(tx: Tx, { data: { userId } }: CloudEvent<UserFact>): Promise<void> {
    const ledger = await Ledger.open(tx);
    await userGone(tx, ledger, userId);
    await askRemoval(tx, 'subject', { type: 'user', id: userId });
    await ledger.close();
  }
}
