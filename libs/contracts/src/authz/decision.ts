import { calls, one, query } from '../kit/call.js';
import type { Ceiling } from '../kit/context.js';
import {
  Flag,
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
import { unknownAction } from './permission.js';

/** A caller as the asking service knows it: that of its own call, or somebody else without scopes and ceiling. */
export class DecisionSubject {
  @OneOf(['user', 'organization', 'workspace', 'harbor', 'guest']) subjectType:
    'user' | 'organization' | 'workspace' | 'harbor' | 'guest';
  /** Empty for a guest. */
  @Text({ max: 64 }) subjectId: string;
  /** With `admin` everything is allowed; the others are the route's matter and change nothing here. */
  @TextList({ max: 64, length: 64 }) scopes: string[];
  @JsonObject({ maxBytes: 16_384 }) @Nullable() @Optional() ceiling?: Ceiling | null;
}

export class DecisionQuestion {
  @Text({ min: 1, max: 40 }) action: string;
  @Nested(() => ObjectRef) object: ObjectRef;
}

/** Questions of a service about objects that it does not own; of its own objects it knows the path, and asks the policy client. */
export class CheckDecisions {
  @Nested(() => DecisionSubject) subject: DecisionSubject;
  @ListOf(() => DecisionQuestion, { min: 1, max: 100 }) checks: DecisionQuestion[];
}

export class DecisionResult {
  @Flag() allowed: boolean;
  /** False also where there is no such object: it answers as not found. */
  @Flag() readable: boolean;
}

export class DecisionResults {
  @ListOf(() => DecisionResult, { max: 100 }) results: DecisionResult[];
  @Whole() revision: number;
}

/** Decisions about objects of other services; services only. */
export const decisions = calls('authz.decision', {
  check: query({
    scope: null,
    callers: ['identity', 'content'],
    request: CheckDecisions,
    reply: one(DecisionResults),
    fails: [unknownAction],
    summary:
      'Whether a subject may do these things; an object that nobody knows is neither allowed nor readable.',
  }),
});
