import { calls, command, nothing, one, page, query } from '../kit/call.js';
import { Nullable, Text, Timestamp } from '../kit/fields.js';
import { notFound, permissionDenied } from '../kit/failure.js';
import { PageQuery } from '../kit/page-query.js';
import { alreadyInTeam, notInOrganization } from './team.js';

/** Someone in a team. */
export class TeamMember {
  @Text({ max: 64 }) teamId: string;
  @Text({ max: 64 }) userId: string;
  @Text({ max: 30 }) @Nullable() handle: string | null;
  @Text({ max: 80 }) @Nullable() displayName: string | null;
  @Text({ max: 2048 }) @Nullable() avatarUrl: string | null;
  @Timestamp() addedAt: string;
}

export class ListTeamMembers extends PageQuery {
  @Text({ min: 1, max: 200 }) id: string;
}

export class GetTeamMember {
  @Text({ min: 1, max: 200 }) id: string;
  @Text({ min: 1, max: 200 }) userId: string;
}

export class AddTeamMember {
  @Text({ min: 1, max: 200 }) id: string;
  @Text({ min: 1, max: 64 }) userId: string;
}

export class RemoveTeamMember {
  @Text({ min: 1, max: 200 }) id: string;
  @Text({ min: 1, max: 200 }) userId: string;
}

const ids = { id: '01926f7e-2f3c-7b1a-9d54-8a1c0e6b7f20', userId: 'user_01J8ZB3Q6W2V5N8M4K7H0T9XQE' };
const shown = {
  teamId: ids.id,
  userId: ids.userId,
  handle: 'ana_lima',
  displayName: 'Ana Lima',
  avatarUrl: null,
  addedAt: '2026-03-02T09:00:00.000Z',
};

/** Members of teams (identity.md, Routes). */
export const teamMembers = calls('identity.team-member', {
  list: query({
    http: 'GET /teams/{id}/members',
    scope: 'teams:read',
    request: ListTeamMembers,
    reply: page(TeamMember),
    fails: [notFound],
    summary: 'Lists who is in a team, newest first, to members of its organization.',
    example: { request: { id: ids.id }, reply: shown },
  }),
  get: query({
    http: 'GET /teams/{id}/members/{userId}',
    scope: 'teams:read',
    request: GetTeamMember,
    reply: one(TeamMember),
    fails: [notFound],
    summary: 'Gives someone who is in a team.',
    example: { request: ids, reply: shown },
  }),
  add: command({
    http: 'POST /teams/{id}/members',
    scope: 'teams:write',
    request: AddTeamMember,
    reply: one(TeamMember),
    creates: '/teams/{teamId}/members/{userId}',
    fails: [notFound, permissionDenied, notInOrganization, alreadyInTeam],
    summary: 'Adds a member of the organization to a team, as its manager.',
    example: { request: ids, reply: shown },
  }),
  remove: command({
    http: 'DELETE /teams/{id}/members/{userId}',
    scope: 'teams:write',
    request: RemoveTeamMember,
    reply: nothing,
    fails: [notFound, permissionDenied],
    summary: 'Takes someone out of a team, as its manager, or leaves it.',
    example: { request: ids },
  }),
});
