import type {
  DecidedBy,
  ExplainedAction,
  ExplainedChange,
  PermissionExplanation,
} from '@erato/contracts/authz/check';
import type { Decision } from '@erato/policy/decide';
import type { Explanation } from '@erato/policy/explain';
import type { RowTrace } from '@erato/policy/trace';
import type { Turn } from '@erato/policy/turn';

/** An explanation as the API shows it. */
export function toExplanation(explanation: Explanation, revision: number): PermissionExplanation {
  const { decision, sentences, turn } = explanation;
  return {
    allowed: decision.allowed,
    decidedBy: toDecidedBy(decision),
    sentences: [...new Set(sentences)],
    trace: explanation.actions.map(toAction),
    change: turn && toChange(turn),
    revision,
  };
}

function toDecidedBy({ rule, action, element, audience, ownership, ...row }: Decision): DecidedBy {
  return {
    rule,
    action,
    ...(element && { element: { type: element.type, id: element.id } }),
    ...(audience !== undefined && { audience }),
    ...(ownership !== undefined && { ownership }),
    ...(row.permissionId !== undefined && { permissionId: row.permissionId }),
    ...(row.assignmentId !== undefined && { assignmentId: row.assignmentId }),
    ...(row.roleSlug !== undefined && { role: row.roleSlug }),
  };
}

function toAction({ action, decision, rules }: Explanation['actions'][number]): ExplainedAction {
  return {
    action,
    allowed: decision.allowed,
    rules: rules.map(({ rule, audience, reached, allowed, element, elements }) => ({
      rule,
      ...(audience !== undefined && { audience }),
      reached,
      allowed,
      ...(element && { element: { type: element.type, id: element.id } }),
      elements: elements.map((read) => ({
        element: { type: read.element.type, id: read.element.id },
        distance: read.distance,
        rows: read.rows.map(toRow),
      })),
    })),
  };
}

function toRow({ roleSlug, ...row }: RowTrace) {
  return { ...row, ...(roleSlug !== undefined && { role: roleSlug }) };
}

function toChange({ change, allowed }: Turn): ExplainedChange {
  const { kind, objectType, objectId, ...rest } = change;
  return { kind, allowed, object: { type: objectType, id: objectId }, ...rest };
}
