import { Injectable } from '@nestjs/common';
import { teamCreated, teamDeleted, type TeamFact, teamUpdated } from '@erato/contracts/identity/events';
import type { CloudEvent } from '@erato/contracts/kit/event';
import type { Tx } from '@erato/platform/database/tx';
import type { EventHandler } from '@erato/platform/events/handler';
import { Ledger } from '../ledger/ledger.js';
import { askRemoval } from '../removal/removal-rows.js';
import { knowSubjects, principalGone } from './principal-rows.js';

@Injectable()
export class OnTeamCreated implements EventHandler<TeamFact> {
  readonly event = teamCreated;
  apply(tx: Tx, { data: { teamId, organizationId } }: CloudEvent<TeamFact>): Promise<void> {
    return knowSubjects(tx, [{ type: 'team', id: teamId, organizationId }]);
  }
}

@Injectable()
export class OnTeamUpdated implements EventHandler<TeamFact> {
  readonly event = teamUpdated;
  apply(tx: Tx, { data: { teamId, organizationId } }: CloudEvent<TeamFact>): Promise<void> {
    return knowSubjects(tx, [{ type: 'team', id: teamId, organizationId }]);
  }
}

/** Its members lose what it gave at once; the rows that address it go in the background. */
@Injectable()
export class OnTeamDeleted implements EventHandler<TeamFact> {
  readonly event = teamDeleted;
  async apply(tx: Tx, { data: { teamId } }: CloudEvent<TeamFact>): Promise<void> {
    const ledger = await Ledger.open(tx);
    await principalGone(tx, ledger, { kind: 'team', id: teamId });
    ledger.touch({ subject: { type: 'team', id: teamId } });
    await askRemoval(tx, 'subject', { type: 'team', id: teamId });
    await ledger.close();
  }
}
