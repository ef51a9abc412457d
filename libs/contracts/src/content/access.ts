import { DecisionSubject } from '../authz/decision.js';
import { ObjectRef } from '../authz/object-description.js';
import { calls, one, query } from '../kit/call.js';
import { Flag, ListOf, Nested } from '../kit/fields.js';

/** The callers of streams, as the gateway knows them. */
export class DecideReading {
  @Nested(() => ObjectRef) object: ObjectRef;
  @ListOf(() => DecisionSubject, { min: 1, max: 100 }) viewers: DecisionSubject[];
}

export class ReadingVerdict {
  @Flag() allowed: boolean;
}

export class ReadingVerdicts {
  /** In the order of the viewers. */
  @ListOf(() => ReadingVerdict, { max: 100 }) verdicts: ReadingVerdict[];
}

/** Who may read an object now, decided as its GET is; services only. */
export const contentAccess = calls('content.access', {
  decide: query({
    scope: null,
    callers: ['gateway'],
    request: DecideReading,
    reply: one(ReadingVerdicts),
    summary: 'Which of these callers may read the object; nobody where there is none.',
  }),
});
