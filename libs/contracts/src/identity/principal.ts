import { calls, query, whole } from '../kit/call.js';
import { Flag, ListOf, OneOf, Text, TextList } from '../kit/fields.js';

/** An active membership of an organization; the home organization is never among them (authz.md: it grants nothing). */
export class PrincipalOrganization {
  @Text({ min: 1, max: 64 }) organizationId: string;
  @Text({ min: 1, max: 64 }) roleSlug: string;
}

/** What a user is a part of now. */
export class UserPrincipals {
  @Text({ min: 1, max: 64 }) userId: string;
  @ListOf(() => PrincipalOrganization, { max: 1000 }) organizations: PrincipalOrganization[];
  @TextList({ max: 1000, length: 64 }) teamIds: string[];
}

export class FetchPrincipals {
  @TextList({ max: 100, length: 64 }) userIds: string[];
}

export class SubjectRef {
  @OneOf(['user', 'team', 'organization']) type: 'user' | 'team' | 'organization';
  @Text({ min: 1, max: 64 }) id: string;
}

export class FindSubjects {
  @ListOf(() => SubjectRef, { max: 100 }) subjects: SubjectRef[];
}

/** A subject that exists; a team with the organization that it belongs to. */
export class KnownSubject extends SubjectRef {
  @Text({ max: 64 }) organizationId: string;
  @Flag() home: boolean;
}

/** What authz and others ask identity about subjects; services only. */
export const principals = calls('identity.principal', {
  fetch: query({
    scope: null,
    callers: ['authz'],
    request: FetchPrincipals,
    reply: whole(UserPrincipals),
    summary: 'Memberships and teams of users, as they are in force now; unknown users are left out.',
  }),
  find: query({
    scope: null,
    callers: ['authz', 'content'],
    request: FindSubjects,
    reply: whole(KnownSubject),
    summary: 'Which of these subjects exist; `organizationId` is empty for a user.',
  }),
});
