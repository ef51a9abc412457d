import { calls, command, nothing, one, page, query } from '../kit/call.js';
import { Example, Id, Nullable, OneOf, Optional, Text, Timestamp, Whole } from '../kit/fields.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { PageQuery } from '../kit/page-query.js';
import { homeOrganization, organizationDeleting } from './organization.js';
import { workosUnavailable } from './workos.js';

export const teamNameTaken = failure(
  'conflict',
  'team_name_taken',
  'Another team of the organization has this name.',
);
/** A team's members and its owner are active members of its organization. */
export const notInOrganization = failure(
  'conflict',
  'not_in_organization',
  'The user is no active member of the organization.',
);
export const alreadyInTeam = failure('conflict', 'already_in_team', 'The user is in the team already.');

const ownerTypes = ['organization', 'user'] as const;
const name = { min: 1, max: 100, pattern: /\S/ };

/** People of one organization who get rights together. */
export class Team {
  @Id() @Example('01926f7e-2f3c-7b1a-9d54-8a1c0e6b7f20') id: string;
  @Text({ max: 64 }) organizationId: string;
  /** Unique in the organization, without case. */
  @Text({ max: 100 }) name: string;
  @Text({ max: 500 }) @Nullable() description: string | null;
  /** Who manages it beside the organization's admins. */
  @OneOf(ownerTypes) ownerType: (typeof ownerTypes)[number];
  @Text({ max: 64 }) ownerId: string;
  @Timestamp() createdAt: string;
  @Timestamp() updatedAt: string;
  @Whole() version: number;
}

const sorts = ['name', '-name', 'createdAt', '-createdAt'] as const;

export class ListTeams extends PageQuery {
  @Text({ min: 1, max: 64 }) @Optional() organizationId?: string;
  /** `-createdAt` when left out. */
  @OneOf(sorts) @Optional() sort?: (typeof sorts)[number];
}

export class GetTeam {
  @Text({ min: 1, max: 200 }) id: string;
}

export class CreateTeam {
  @Text({ min: 1, max: 64 }) organizationId: string;
  @Text(name) name: string;
  @Text({ max: 500 }) @Nullable() @Optional() description?: string | null;
  /** `organization` when left out. */
  @OneOf(ownerTypes) @Optional() ownerType?: (typeof ownerTypes)[number];
  /** For `user`: who owns it, the caller when left out. */
  @Text({ min: 1, max: 64 }) @Optional() ownerId?: string;
}

/** A merge patch. */
export class UpdateTeam {
  @Text({ min: 1, max: 200 }) id: string;
  @Text(name) @Optional() name?: string;
  @Text({ max: 500 }) @Nullable() @Optional() description?: string | null;
}

export class DeleteTeam {
  @Text({ min: 1, max: 200 }) id: string;
}

const shown = {
  id: '01926f7e-2f3c-7b1a-9d54-8a1c0e6b7f20',
  organizationId: 'org_01J8ZB5KQ4S7T2M9X3C6V8N1RD',
  name: 'A&R',
  description: 'Finds and keeps artists',
  ownerType: 'organization',
  ownerId: 'org_01J8ZB5KQ4S7T2M9X3C6V8N1RD',
  createdAt: '2026-03-02T09:00:00.000Z',
  updatedAt: '2026-03-02T09:00:00.000Z',
  version: 1,
};

/** Teams (identity.md, Routes). */
export const teams = calls('identity.team', {
  list: query({
    http: 'GET /teams',
    scope: 'teams:read',
    request: ListTeams,
    reply: page(Team),
    fails: [notFound, workosUnavailable],
    summary: 'Lists teams of one’s organizations, or of all as an administrator.',
    example: { request: { organizationId: shown.organizationId }, reply: shown },
  }),
  get: query({
    http: 'GET /teams/{id}',
    scope: 'teams:read',
    request: GetTeam,
    reply: one(Team),
    fails: [notFound],
    summary: 'Gives a team to members of its organization.',
    example: { request: { id: shown.id }, reply: shown },
  }),
  create: command({
    http: 'POST /teams',
    scope: 'teams:write',
    request: CreateTeam,
    reply: one(Team),
    creates: '/teams/{id}',
    fails: [
      notFound,
      permissionDenied,
      teamNameTaken,
      notInOrganization,
      homeOrganization,
      organizationDeleting,
      workosUnavailable,
    ],
    summary: 'Makes a team, as an admin of the organization.',
    example: { request: { organizationId: shown.organizationId, name: 'A&R' }, reply: shown },
  }),
  update: command({
    http: 'PATCH /teams/{id}',
    scope: 'teams:write',
    request: UpdateTeam,
    reply: one(Team),
    fails: [notFound, permissionDenied, preconditionFailed, teamNameTaken],
    summary: 'Changes a team, as an admin of the organization or the team’s owner.',
    example: { request: { id: shown.id, name: 'A&R Europe' }, reply: { ...shown, version: 2 } },
  }),
  delete: command({
    http: 'DELETE /teams/{id}',
    scope: 'teams:write',
    request: DeleteTeam,
    reply: nothing,
    fails: [notFound, permissionDenied, preconditionFailed],
    summary: 'Deletes a team, as an admin of the organization or the team’s owner.',
    example: { request: { id: shown.id } },
  }),
});
