import { calls, one, query } from '../kit/call.js';
import { notFound, permissionDenied } from '../kit/failure.js';
import { Flag, Id, ListOf, Nested, Nullable, OneOf, Optional, Text, TextList, Whole } from '../kit/fields.js';
import { exampleId } from './list.js';
import { ObjectRef } from './object-description.js';
import {
  permissionSubjects,
  permissionValues,
  unknownAction,
  unknownSubject,
  type PermissionSubject,
  type PermissionValue,
} from './permission.js';

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

/** A row that was considered, and why it decided or did not. */
export class ExplainedRow {
  @Id() @Optional() permissionId?: string;
  /** Absent, beside `permissionId`, where the role comes with a membership. */
  @Id() @Optional() assignmentId?: string;
  @Text({ max: 40 }) @Optional() role?: string;
  @Text({ max: 20 }) subjectType: string;
  @Text({ max: 64 }) subjectId: string;
  @Text({ max: 40 }) @Optional() action?: string;
  @OneOf(['allow', 'deny', 'unset', 'role', 'owner']) value: 'allow' | 'deny' | 'unset' | 'role' | 'owner';
  /** `decides`, or what kept it from it: `outranked`, `other_action`, `not_granted`, `unset`, `expired`, … */
  @Text({ max: 40 }) why: string;
}

/** An element of the object's path as one rule read it. */
export class ExplainedElement {
  @Nested(() => ObjectRef) element: ObjectRef;
  /** 0 is the asked object. */
  @Whole() distance: number;
  @ListOf(() => ExplainedRow, { max: 2000 }) rows: ExplainedRow[];
}

/** One rule of authz.md; of the level `static` one audience. */
export class ExplainedRule {
  @OneOf(decidingRules) rule: DecidingRule;
  @Text({ max: 20 }) @Optional() audience?: string;
  /** False: an earlier rule had answered. */
  @Flag() reached: boolean;
  /** What it answered; null: it left that to the next. */
  @Flag() @Nullable() allowed: boolean | null;
  @Nested(() => ObjectRef) @Optional() element?: ObjectRef;
  /** What it read, nearest to the object first. */
  @ListOf(() => ExplainedElement, { max: 200 }) elements: ExplainedElement[];
}

/** The rules in their order, for the asked action or one part of a composite one. */
export class ExplainedAction {
  @Text({ max: 40 }) action: string;
  @Flag() allowed: boolean;
  @ListOf(() => ExplainedRule, { max: 20 }) rules: ExplainedRule[];
}

/** A change of one row that would turn the answer. */
export class ExplainedChange {
  @OneOf(['set_permission', 'remove_assignment']) kind: 'set_permission' | 'remove_assignment';
  /** The answer after it. */
  @Flag() allowed: boolean;
  @Nested(() => ObjectRef) object: ObjectRef;
  /** The row that changes; null: it is a new one. */
  @Id() @Nullable() @Optional() permissionId?: string | null;
  @Id() @Optional() assignmentId?: string;
  @OneOf(permissionSubjects) @Optional() subjectType?: PermissionSubject;
  @Text({ max: 64 }) @Optional() subjectId?: string;
  @Text({ max: 40 }) @Optional() action?: string;
  @OneOf(permissionValues) @Optional() value?: PermissionValue;
}

/** An answer with its reasons. */
export class PermissionExplanation {
  @Flag() allowed: boolean;
  @Nested(() => DecidedBy) decidedBy: DecidedBy;
  /** For people: the answer, why, and what would turn it. */
  @TextList({ max: 200, length: 2000 }) sentences: string[];
  /** Without `admin` on the object: the rules with rows about oneself alone. */
  @ListOf(() => ExplainedAction, { max: 10 }) trace: ExplainedAction[];
  /** Null where no single row turns the answer. */
  @Nested(() => ExplainedChange) @Nullable() change: ExplainedChange | null;
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
    reply: one(PermissionExplanation),
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
          sentences: ['Allowed: a team of the user may write in the workspace.'],
          trace: [],
          change: null,
          revision: 4711,
        },
      },
    },
  }),
});
