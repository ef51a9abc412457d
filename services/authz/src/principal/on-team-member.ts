import { Injectable } from '@nestjs/common';
import { teamMemberAdded, type TeamMemberFact, teamMemberRemoved } from '@erato/contracts/identity/events';
import type { CloudEvent } from '@erato/contracts/kit/event';
import type { Tx } from '@erato/platform/database/tx';
import type { EventHandler } from '@erato/platform/events/handler';
import { Ledger } from '../ledger/ledger.js';
import { knowSubjects, teamStated } from './principal-rows.js';

@Injectable()
export class OnTeamMemberAdded implements EventHandler<TeamMemberFact> {
  readonly event = teamMemberAdded;
  async apply(
    tx: Tx,
    { data: { userId, teamId, organizationId }, time: at }: CloudEvent<TeamMemberFact>,
  ): Promise<void> {
    const ledger = await Ledger.open(tx);
    await knowSubjects(tx, [{ type: 'team', id: teamId, organizationId }]);
    await teamStated(tx, ledger, { userId, teamId, active: true, at });
    await ledger.close();
  }
}

/** May come after the team's own end; a team that is gone is not made known again. */
@Injectable()
export class OnTeamMemberRemoved implements EventHandler<TeamMemberFact> {
  readonly event = teamMemberRemoved;
  async apply(tx: Tx, { data: { userId, teamId }, time: at }: CloudEvent<TeamMemberFact>): Promise<void> {
    const ledger = await Ledger.open(tx);
    await teamStated(tx, ledger, { userId, teamId, active: false, at });
    await ledger.close();
  }
}
