import { calls, one, query } from '../kit/call.js';
import { notFound, permissionDenied } from '../kit/failure.js';
import {
  Flag,
  Id,
  ListOf,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Text,
  Timestamp,
  Whole,
} from '../kit/fields.js';
import { exampleId } from './list.js';
import { ObjectRef } from './object-description.js';
import { permissionSubjects, unknownAction, unknownSubject, type PermissionSubject } from './permission.js';

const anyId = { min: 1, max: 64, pattern: /^[A-Za-z0-9_-]+$/ };
const action = { min: 1, max: 40, pattern: /^[a-z][a-z0-9_-]*$/ };

/** About whom a check is made, when it is not the caller. A team is read at team, organization and static. */
export class CheckSubject {
  @OneOf(['user', 'team', 'organization']) type: 'user' | 'team' | 'organization';
  @Text(anyId) id: string;
}

/** May the subject, or without one the caller, do that to the object? */
export class PermissionQuestion {
  @Nested(() => CheckSubject) @Optional() subject?: CheckSubject;
  @Text(action) action: string;
  @Nested(() => ObjectRef) object: ObjectRef;
}

/** One question, or up to 100 in `checks`. */
export class CheckPermissions {
  @Nested(() => CheckSubject) @Optional() subject?: CheckSubject;
  @Text(action) @Optional() action?: string;
  @Nested(() => ObjectRef) @Optional() object?: ObjectRef;
  @ListOf(() => PermissionQuestion, { min: 1, max: 100 }) @Optional() checks?: PermissionQuestion[];
}

export class CheckResult {
  @Flag() allowed: boolean;
}

/** `allowed` to one question, `results` in the order of `checks`; decided on data at least as new as `revision`. */
export class CheckAnswer {
  @Flag() @Optional() allowed?: boolean;
  @ListOf(() => CheckResult, { max: 100 }) @Optional() results?: CheckResult[];
  @Whole() revision: number;
}

export type DecidingRule =
  'administrator' | 'ceiling' | 'owner' | 'user' | 'team' | 'organization' | 'static' | 'default';
export const decidingRules = [
  'administrator',
  'ceiling',
  'owner',
  'user',
  'team',
  'organization',
  'static',
  'default',
] as const;

/** What gave the answer (authz.md, The decision). */
export class DecidedBy {
  @OneOf(decidingRules) rule: DecidingRule;
  /** The action that was decided; of a composite one the first part that is denied, or else the last. */
  @Text({ max: 40 }) action: string;
  /** The element of the object's path on which it stands. */
  @Nested(() => ObjectRef) @Optional() element?: ObjectRef;
  /** In the rule `static`: who was addressed. */
  @Text({ max: 20 }) @Optional() audience?: string;
  /** In the rule `owner`: `owner`, `organization-admin`, `assignment` or `key`. */
  @Text({ max: 40 }) @Optional() ownership?: string;
  @Id() @Optional() permissionId?: string;
  @Id() @Optional() assignmentId?: string;
  @Text({ max: 40 }) @Optional() role?: string;
}

/** One thing that the decision looked at, in the order in which it was read. */
export class ExplainStep {
  @OneOf(decidingRules) rule: DecidingRule;
  @Text({ max: 40 }) action: string;
  @Nested(() => ObjectRef) @Optional() element?: ObjectRef;
  /** What it says: nothing where `silent`. */
  @OneOf(['allow', 'deny', 'silent']) says: 'allow' | 'deny' | 'silent';
  /** Whether it decided. */
  @Flag() decisive: boolean;
  @Text({ max: 20 }) @Optional() audience?: string;
  /** Whom the row or role addresses. */
  @OneOf(permissionSubjects) @Optional() subjectType?: PermissionSubject;
  @Text({ max: 64 }) @Optional() subjectId?: string;
  @Id() @Optional() permissionId?: string;
  @Id() @Optional() assignmentId?: string;
  @Text({ max: 40 }) @Optional() role?: string;
  @Timestamp() @Nullable() @Optional() expiresAt?: string | null;
  /** For people. */
  @Text({ max: 1000 }) text: string;
}

/** One row that, set or removed, turns the answer. */
export class ExplainChange {
  /** `set` a permission of these five with `value`, or `remove` the named row or assignment. */
  @OneOf(['set', 'remove']) do: 'set' | 'remove';
  @OneOf(permissionSubjects) @Optional() subjectType?: PermissionSubject;
  @Text({ max: 64 }) @Optional() subjectId?: string;
  @Nested(() => ObjectRef) @Optional() object?: ObjectRef;
  @Text({ max: 40 }) @Optional() action?: string;
  @OneOf(['allow', 'deny']) @Optional() value?: 'allow' | 'deny';
  @Id() @Optional() permissionId?: string;
  @Id() @Optional() assignmentId?: string;
  /** For people. */
  @Text({ max: 1000 }) text: string;
}

export class Explanation {
  @Flag() allowed: boolean;
  @Nested(() => DecidedBy) decidedBy: DecidedBy;
  /** The whole decision in a sentence. */
  @Text({ max: 1000 }) text: string;
  /** Without `admin` on the object: the deciding step and those about oneself. */
  @ListOf(() => ExplainStep, { max: 5000 }) trace: ExplainStep[];
  /** Null where no single row turns the answer, and for who may not `admin` the object. */
  @Nested(() => ExplainChange) @Nullable() change: ExplainChange | null;
  @Whole() revision: number;
}

const question = { action: 'update', object: { type: 'workspace', id: exampleId('2') } };
const fails = [notFound, permissionDenied, unknownAction, unknownSubject];

/** Questions to the decision. */
export const checks = calls('authz.check', {
  check: query({
    http: 'POST /permissions/check',
    scope: 'permissions:read',
    request: CheckPermissions,
    reply: one(CheckAnswer),
    fails,
    summary: 'May somebody do something? One question, or up to 100 at once.',
    description:
      'Without `subject` about the caller; about another it needs `admin` on the object. A single question about an object that is unknown or that the caller may not read is 404; among `checks` it is `allowed: false`. A check that cannot be answered is 503, never a no.',
    example: { request: question, reply: { data: { allowed: true, revision: 4711 } } },
  }),
  explain: query({
    http: 'POST /permissions/explain',
    scope: 'permissions:read',
    request: PermissionQuestion,
    reply: one(Explanation),
    fails,
    summary: 'Why somebody may or may not do something.',
    description:
      'Every level, element and row that was considered, what decided, and one row that would turn the answer. Who may not `admin` the object sees the deciding rule and rows about himself.',
    example: {
      request: question,
      reply: {
        data: {
          allowed: true,
          decidedBy: {
            rule: 'team',
            action: 'update',
            element: { type: 'workspace', id: exampleId('2') },
            permissionId: exampleId('1'),
          },
          text: 'Allowed: a team of the subject may write in the workspace.',
          trace: [],
          change: null,
          revision: 4711,
        },
      },
    },
  }),
});
