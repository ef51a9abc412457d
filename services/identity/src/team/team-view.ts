import type { Team } from '@erato/contracts/identity/team';
import type { TeamEntity } from './team.entity.js';

export function teamView(team: TeamEntity): Team {
  const { id, organizationId, name, description, ownerType, ownerId, version } = team;
  return {
    id,
    organizationId,
    name,
    description,
    ownerType,
    ownerId,
    createdAt: team.createdAt.toISOString(),
    updatedAt: team.updatedAt.toISOString(),
    version,
  };
}
