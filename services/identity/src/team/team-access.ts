import { Injectable } from '@nestjs/common';
import { validate } from 'uuid';
import type { Context } from '@erato/contracts/kit/context';
import { notFound, permissionDenied } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { ceilingAllows, isSelf, manages, standingIn, type Reader } from '../access.js';
import { teamColumns, type TeamEntity } from './team.entity.js';

const byId = statement(`SELECT ${teamColumns} FROM teams t WHERE t.id = $1`);
type Row = TeamEntity & Record<string, unknown>;

/** Who may do what with a team: members of its organization read it; its admins or the team's owner manage it. */
@Injectable()
export class TeamAccess {
  constructor(private readonly db: Db) {}

  /** 404 for whoever may not read it, 403 for whoever may only that. */
  async require(
    context: Context,
    id: string,
    need: 'read' | 'manage',
    reader: Reader = this.db,
  ): Promise<TeamEntity> {
    const { caller } = context;
    const team = validate(id) ? await reader.row<Row>(byId, [id]) : null;
    const standing = team ? await standingIn(reader, caller, team.organizationId) : null;
    if (!team || !standing || !ceilingAllows(caller, 'organization', team.organizationId, 'read'))
      throw notFound();
    if (need === 'read') return team;
    const owns = team.ownerType === 'user' && isSelf(caller, team.ownerId);
    if (
      !(manages(standing) || owns) ||
      !ceilingAllows(caller, 'organization', team.organizationId, 'admin')
    ) {
      throw permissionDenied();
    }
    return team;
  }
}
