import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import {
  teams,
  type CreateTeam,
  type DeleteTeam,
  type GetTeam,
  type ListTeams,
  type Team,
  type UpdateTeam,
} from '@erato/contracts/identity/team';
import { Serves } from '@erato/platform/transport/serves';
import { TeamList } from './list-teams.js';
import { TeamAccess } from './team-access.js';
import { teamView } from './team-view.js';
import { TeamWrites } from './write-team.js';

@Serves(teams)
export class TeamHandlers implements Handlers<typeof teams> {
  constructor(
    private readonly access: TeamAccess,
    private readonly lists: TeamList,
    private readonly writes: TeamWrites,
  ) {}

  list(input: ListTeams, context: Context): Promise<Page<Team>> {
    return this.lists.page(input, context);
  }

  async get({ id }: GetTeam, context: Context): Promise<Team> {
    return teamView(await this.access.require(context, id, 'read'));
  }

  async create(input: CreateTeam, context: Context): Promise<Team> {
    return teamView(await this.writes.create(input, context));
  }

  async update(input: UpdateTeam, context: Context): Promise<Team> {
    return teamView(await this.writes.update(input, context));
  }

  async delete(input: DeleteTeam, context: Context): Promise<void> {
    await this.writes.delete(input, context);
  }
}
