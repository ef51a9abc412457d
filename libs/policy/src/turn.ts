import { type CompiledObject, compileObject } from './compile.js';
import { decide, type Decision, type DecisionInput, rowsOf } from './decide.js';
import { objectKey, type ObjectFacts, type PathElement, type PermissionRow } from './facts.js';
import { inAudience } from './hearing.js';
import { inForce } from './entry.js';
import { audiences } from './precedence.js';

/** A change of one row on one object. */
export type Change =
  | {
      kind: 'set_permission';
      /** The row that changes; null: it is a new one. */
      permissionId: string | null;
      objectType: string;
      objectId: string;
      subjectType: PermissionRow['subjectType'];
      subjectId: string;
      action: string;
      value: PermissionRow['value'];
    }
  | { kind: 'remove_assignment'; assignmentId: string; objectType: string; objectId: string };

/** A change, and what the answer would be after it. */
export interface Turn {
  change: Change;
  allowed: boolean;
}

/**
 * A change of one row that turns the answer, found by deciding again on the changed rows. The row that decided comes
 * first, then a new one for the subject as near to the object as may be. Null where no such change exists: for
 * owners and administrators, for what a ceiling leaves out, and where several rows would have to change at once.
 * Assignments with `isOwner` are not changed: creating and transferring alone set them (authz.md).
 */
export function turnOf(input: DecisionInput, decision: Decision): Turn | null {
  if (['administrator', 'ceiling', 'owner'].includes(decision.rule)) return null;
  for (const change of candidates(input, decision)) {
    if (decide(withChange(input, change)).allowed !== decision.allowed) {
      return { change, allowed: !decision.allowed };
    }
  }
  return null;
}

/** The rows of an object after a change of one of them. */
export function changed(facts: ObjectFacts, change: Change, now: number): ObjectFacts {
  if (change.kind === 'remove_assignment') {
    return { ...facts, assignments: facts.assignments.filter((one) => one.id !== change.assignmentId) };
  }
  const { permissionId, subjectType, subjectId, action, value } = change;
  const old = facts.permissions.find((one) => one.id === permissionId);
  const expiresAt = old && inForce(old.expiresAt, now) ? old.expiresAt : null;
  const row: PermissionRow = { id: permissionId ?? 'new', subjectType, subjectId, action, value, expiresAt };
  return { ...facts, permissions: [...facts.permissions.filter((one) => one !== old), row] };
}

/** The question on the rows as they would be after the change. */
export function withChange(input: DecisionInput, change: Change): DecisionInput {
  const key = objectKey({ type: change.objectType, id: change.objectId });
  let compiled: CompiledObject | null = null;
  return {
    ...input,
    objects: (element) =>
      objectKey(element) === key
        ? (compiled ??= compileObject(changed(rowsOf(input, element).facts, change, input.now)))
        : input.objects(element),
  };
}

function* candidates(input: DecisionInput, decision: Decision): Generator<Change> {
  const { element } = decision;
  const wanted = decision.allowed ? 'deny' : 'allow';
  if (element !== undefined) {
    const on = { objectType: element.type, objectId: element.id };
    const { permissions, assignments } = rowsOf(input, element).facts;
    const row = permissions.find((one) => one.id === decision.permissionId);
    if (row) {
      yield { kind: 'set_permission', ...on, ...keyOf(row), value: 'unset' };
      yield { kind: 'set_permission', ...on, ...keyOf(row), value: wanted };
    }
    const assignment = assignments.find((one) => one.id === decision.assignmentId);
    if (assignment?.isOwner === false) {
      yield { kind: 'remove_assignment', assignmentId: assignment.id, ...on };
    }
  }
  for (const place of input.path.flat()) {
    const to = addressOf(input, place);
    const action = input.action;
    const row = rowsOf(input, place).facts.permissions.find(
      (one) => one.subjectType === to.subjectType && one.subjectId === to.subjectId && one.action === action,
    );
    const permissionId = row?.id ?? null;
    const on = { objectType: place.type, objectId: place.id };
    yield { kind: 'set_permission', permissionId, ...on, ...to, action, value: wanted };
  }
}

function keyOf({
  id,
  subjectType,
  subjectId,
  action,
}: PermissionRow): Pick<
  Extract<Change, { kind: 'set_permission' }>,
  'permissionId' | 'subjectType' | 'subjectId' | 'action'
> {
  return { permissionId: id, subjectType, subjectId, action };
}

/** How the first voice that hears the subject on that element addresses it. */
function addressOf(
  { subject, path }: DecisionInput,
  element: PathElement,
): Pick<PermissionRow, 'subjectType' | 'subjectId'> {
  const { type, id } = subject;
  if (type === 'user' || type === 'team' || type === 'organization')
    return { subjectType: type, subjectId: id };
  const audience = audiences.find((one) => inAudience(subject, one, element, path)) ?? 'guest';
  return { subjectType: 'static', subjectId: audience };
}
