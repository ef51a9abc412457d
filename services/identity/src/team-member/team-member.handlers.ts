import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { teamMemberAdded, teamMemberRemoved } from '@erato/contracts/identity/events';
import { alreadyInTeam, notInOrganization } from '@erato/contracts/identity/team';
import {
  teamMembers,
  type AddTeamMember,
  type GetTeamMember,
  type ListTeamMembers,
  type RemoveTeamMember,
  type TeamMember,
} from '@erato/contracts/identity/team-member';
import { Db } from '@erato/platform/database/db';
import { translating } from '@erato/platform/database/sql-fault';
import { statement } from '@erato/platform/database/statement';
import { Keyset } from '@erato/platform/paging/keyset';
import { Serves } from '@erato/platform/transport/serves';
import { isSelf, type Reader } from '../access.js';
import { TeamAccess } from '../team/team-access.js';
import { TeamEntity } from '../team/team.entity.js';
import { TeamUserEntity } from './team-user.entity.js';

const columns = `m.team_id AS "teamId", m.user_id AS "userId", m.added_at AS "addedAt", u.handle,
  u.display_name AS "displayName", u.avatar_url AS "avatarUrl"`;
const from = 'team_users m JOIN users u ON u.id = m.user_id';
const byUser = statement(`SELECT ${columns} FROM ${from} WHERE m.team_id = $1 AND m.user_id = $2`);
const count = statement('SELECT count(*)::integer AS total FROM team_users WHERE team_id = $1');
const holdMember = statement(
  `SELECT 1 FROM organization_memberships WHERE user_id = $1 AND organization_id = $2 AND status = 'active' FOR SHARE`,
);

interface Row extends Omit<TeamMember, 'addedAt'>, Record<string, unknown> {
  addedAt: Date;
}

const view = ({ teamId, userId, handle, displayName, avatarUrl, addedAt }: Row): TeamMember => ({
  teamId,
  userId,
  handle,
  displayName,
  avatarUrl,
  addedAt: addedAt.toISOString(),
});

/** Who is in a team; only active members of its organization can be. */
@Serves(teamMembers)
export class TeamMemberHandlers implements Handlers<typeof teamMembers> {
  constructor(
    private readonly db: Db,
    private readonly access: TeamAccess,
  ) {}

  async list(input: ListTeamMembers, context: Context): Promise<Page<TeamMember>> {
    const team = await this.access.require(context, input.id, 'read');
    const sort = { column: 'm.added_at', descending: true, type: 'timestamptz', idType: 'text' } as const;
    const keyset = new Keyset(input, ['team-members', team.id], sort, 2, 'm.user_id');
    const text = `SELECT ${columns} FROM ${from} WHERE m.team_id = $1${keyset.where}
      ORDER BY ${keyset.order} LIMIT $${keyset.values.length + 2}`;
    const [rows, total] = await Promise.all([
      this.db.rows<Row>(statement(text), [team.id, ...keyset.values, keyset.fetch]),
      input.count ? this.db.row<{ total: number }>(count, [team.id]) : null,
    ]);
    const page = keyset.page(rows, (row) => ({ value: row.addedAt.toISOString(), id: row.userId }), view);
    return { data: page.data, meta: { ...page.meta, ...(total ? { total: total.total } : {}) } };
  }

  async get({ id, userId }: GetTeamMember, context: Context): Promise<TeamMember> {
    const team = await this.access.require(context, id, 'read');
    return this.#find(this.db, team.id, userId);
  }

  async add({ id, userId }: AddTeamMember, context: Context): Promise<TeamMember> {
    const team = await this.access.require(context, id, 'manage');
    const { id: teamId, organizationId } = team;
    return this.db.transaction(context, async (tx) => {
      // NOTE: held until the end, so that who leaves the organization meanwhile leaves this team too.
      if (!(await tx.row(holdMember, [userId, organizationId]))) throw notInOrganization();
      await translating(
        {
          team_users_pkey: () => alreadyInTeam(),
          team_users_team_fkey: () => notFound(),
          team_users_user_fkey: () => notInOrganization(),
        },
        () => tx.insert(TeamUserEntity, { teamId, userId, addedAt: new Date() }),
      );
      tx.emit(teamMemberAdded, teamId, { teamId, organizationId, userId });
      return this.#find(tx, teamId, userId);
    });
  }

  /** Managers remove others; everybody may leave. */
  async remove({ id, userId }: RemoveTeamMember, context: Context): Promise<void> {
    const team = await this.access.require(context, id, isSelf(context.caller, userId) ? 'read' : 'manage');
    const { id: teamId, organizationId } = team;
    await this.db.transaction(context, async (tx) => {
      await tx.lock(TeamEntity, { id: teamId });
      if ((await tx.delete(TeamUserEntity, { teamId, userId })) === 0) throw notFound();
      tx.emit(teamMemberRemoved, teamId, { teamId, organizationId, userId });
    });
  }

  async #find(reader: Reader, teamId: string, userId: string): Promise<TeamMember> {
    const row = await reader.row<Row>(byUser, [teamId, userId]);
    if (!row) throw notFound();
    return view(row);
  }
}
