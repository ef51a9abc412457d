import { decide, type Decision, decideOne, type DecisionInput, objectOf } from './decide.js';
import type { ObjectRef } from './facts.js';
import { sentencesOf } from './sentences.js';
import { type RowTrace, type RuleTrace, traceOf } from './trace.js';
import { type Turn, turnOf } from './turn.js';

/** The rules as they were read for one action. */
export interface ActionTrace {
  /** The asked action, or one part of a composite one. */
  action: string;
  decision: Decision;
  rules: RuleTrace[];
}

/** An answer with its reasons, for a person and as data (authz.md, `POST /permissions/explain`). */
export interface Explanation {
  /** What `decide` gives, with what decided. */
  decision: Decision;
  action: string;
  object: ObjectRef;
  subject: ObjectRef;
  /** One, or of a composite action each part up to the first that is denied. */
  actions: ActionTrace[];
  /** A change of one row that would turn the answer; null where there is none. */
  turn: Turn | null;
  sentences: string[];
}

/**
 * Explains a decision: each level, element and row that was considered, what decided, and a change of one row that would
 * turn the answer. The verdict is that of `decide`.
 *
 * @throws as `decide`
 */
export function explain(input: DecisionInput): Explanation {
  const decision = decide(input);
  const { type, id } = objectOf(input.path);
  const actions: ActionTrace[] = [];
  for (const number of input.actions.parts(input.action)) {
    const part = decideOne(input, number);
    actions.push({ action: part.action, decision: part, rules: traceOf(input, number) });
    if (!part.allowed) break;
  }
  return told({
    decision,
    action: input.action,
    object: { type, id },
    subject: { type: input.subject.type, id: input.subject.id },
    actions,
    turn: turnOf(input, decision),
  });
}

/**
 * What somebody without `admin` on the object is shown: the deciding rule and the rows about the subject itself
 * (authz.md, "Routes"). Rows of teams, organizations and audiences, and a change of such a row, are left out.
 */
export function aboutOneself(explanation: Explanation): Explanation {
  const { type, id } = explanation.subject;
  const isOwn = (row: { subjectType: string; subjectId: string }): boolean =>
    row.subjectType === type && row.subjectId === id;
  const ownIds = new Set(explanation.actions.flatMap(({ rules }) => rules.flatMap(rowIds(isOwn))));
  const trimmed = ({ allowed, rule, action, permissionId, assignmentId, roleSlug }: Decision): Decision => {
    if (permissionId !== undefined && ownIds.has(permissionId))
      return { allowed, rule, action, permissionId };
    if (assignmentId === undefined || !ownIds.has(assignmentId)) return { allowed, rule, action };
    return { allowed, rule, action, assignmentId, ...(roleSlug !== undefined && { roleSlug }) };
  };
  const { turn } = explanation;
  const isOwnTurn =
    turn?.change.kind === 'set_permission'
      ? isOwn(turn.change)
      : turn && ownIds.has(turn.change.assignmentId);
  return told({
    ...explanation,
    decision: trimmed(explanation.decision),
    actions: explanation.actions.map(({ action, decision, rules }) => ({
      action,
      decision: trimmed(decision),
      rules: rules.map(({ element: _, elements, ...rule }) => ({
        ...rule,
        elements: elements
          .map((read) => ({ ...read, rows: read.rows.filter(isOwn) }))
          .filter((read) => read.rows.length > 0),
      })),
    })),
    turn: isOwnTurn === true ? turn : null,
  });
}

function rowIds(isOwn: (row: RowTrace) => boolean): (rule: RuleTrace) => string[] {
  return ({ elements }) =>
    elements.flatMap(({ rows }) =>
      rows.filter(isOwn).flatMap(({ permissionId, assignmentId }) => permissionId ?? assignmentId ?? []),
    );
}

function told(explanation: Omit<Explanation, 'sentences'>): Explanation {
  return { ...explanation, sentences: sentencesOf(explanation) };
}
