import { calls, one, query } from '../kit/call.js';
import {
  Flag,
  Id,
  JsonObject,
  ListOf,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Text,
  TextList,
  Whole,
} from '../kit/fields.js';
import { ObjectRef } from './object-description.js';
import {
  permissionSubjects,
  permissionValues,
  type PermissionSubject,
  type PermissionValue,
} from './permission.js';
import { memberTypes, type MemberType } from './role-assignment.js';
import type { RoleGrants } from './role.js';

/** Subjects that can have principals: every caller but the guest, and a team where a check names one. */
export type PrincipalType = 'user' | 'organization' | 'workspace' | 'harbor' | 'team';

export class PrincipalRef {
  @OneOf(['user', 'organization', 'workspace', 'harbor', 'team']) type: PrincipalType;
  @Text({ min: 1, max: 64 }) id: string;
}

/** At most 200 subjects and 200 objects, each once. */
export class FetchFacts {
  @ListOf(() => PrincipalRef, { max: 200 }) subjects: PrincipalRef[];
  @ListOf(() => ObjectRef, { max: 200 }) objects: ObjectRef[];
  /**
   * Ask the service that knows the memberships instead of trusting what was heard of them: for a denial that may be
   * younger than the event which would turn it.
   */
  @Flag() @Optional() fresh?: boolean;
}

export class FactPermission {
  @Id() id: string;
  @OneOf(permissionSubjects) subjectType: PermissionSubject;
  @Text({ max: 64 }) subjectId: string;
  @Text({ max: 40 }) action: string;
  @OneOf(permissionValues) value: PermissionValue;
  /** Milliseconds since 1970. */
  @Whole() @Nullable() expiresAt: number | null;
}

export class FactAssignment {
  @Id() id: string;
  @Id() roleId: string;
  @Text({ max: 40 }) roleSlug: string;
  @JsonObject({ maxBytes: 8192 }) grants: RoleGrants;
  @OneOf(memberTypes) subjectType: MemberType;
  @Text({ max: 64 }) subjectId: string;
  @Flag() isOwner: boolean;
  /** Milliseconds since 1970. */
  @Whole() @Nullable() expiresAt: number | null;
}

/** The rows on one object, none of its parents'. */
export class FactObject extends ObjectRef {
  @ListOf(() => FactPermission, { max: 1000 }) permissions: FactPermission[];
  @ListOf(() => FactAssignment, { max: 1000 }) assignments: FactAssignment[];
}

export class FactMembership {
  /** The organization. */
  @Text({ max: 64 }) id: string;
  @Text({ max: 64 }) roleSlug: string;
  /** Null: no role has that slug in the organization's scope. */
  @JsonObject({ maxBytes: 8192 }) @Nullable() grants: RoleGrants | null;
  @Flag() isAdmin: boolean;
}

export class FactAudience {
  @OneOf(['follower', 'subscriber']) audience: 'follower' | 'subscriber';
  @Text({ max: 64 }) workspaceId: string;
}

/** Who owns a workspace. */
export class FactOwner {
  @OneOf(['user', 'organization']) type: 'user' | 'organization';
  @Text({ max: 64 }) id: string;
}

/** What a subject is a part of: active memberships alone, the home organization never. */
export class FactSubject extends PrincipalRef {
  /** Of a workspace: whom its key stands for; null where it is gone. */
  @Nested(() => FactOwner) @Nullable() @Optional() owner?: FactOwner | null;
  @TextList({ max: 1000, length: 64 }) teams: string[];
  @ListOf(() => FactMembership, { max: 1000 }) organizations: FactMembership[];
  @ListOf(() => FactAudience, { max: 100_000 }) audiences: FactAudience[];
}

export class FactAction {
  @Text({ max: 40 }) slug: string;
  @TextList({ max: 50, length: 40 }) implies: string[];
}

/** Everything asked for, each subject and object with an entry, all of one state of the database. */
export class FetchedFacts {
  /** The state holds every change up to and including this one. */
  @Whole() revision: number;
  @ListOf(() => FactSubject, { max: 200 }) subjects: FactSubject[];
  @ListOf(() => FactObject, { max: 200 }) objects: FactObject[];
  @ListOf(() => FactAction, { max: 200 }) actions: FactAction[];
}

/** What the policy client keeps (authz.md, Where it runs); services only. */
export const facts = calls('authz.facts', {
  fetch: query({
    scope: null,
    callers: ['content'],
    request: FetchFacts,
    reply: one(FetchedFacts),
    summary: 'Principals of subjects and rows of objects, with every action.',
  }),
});
