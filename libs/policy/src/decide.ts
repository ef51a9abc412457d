import type { ActionTable } from './actions.js';
import { readCeiling } from './ceiling.js';
import type { CompiledObject, CompiledSubject } from './compile.js';
import {
  type Assignment,
  type Caller,
  type Default,
  objectKey,
  type Path,
  type PathElement,
} from './facts.js';
import { Hearing } from './hearing.js';
import { type Ownership, ownershipOf, owningAssignment } from './owner.js';
import { type Audience, type Level, strength, voices } from './precedence.js';
import { holdsScope } from './scopes.js';

/** Everything that a decision reads. It reads nothing else and changes nothing. */
export interface DecisionInput {
  caller: Caller;
  /** The principals of that very caller. */
  subject: CompiledSubject;
  action: string;
  path: Path;
  /** The rows on an element of the path; `noRows` for what is about to be created. Undefined is not known, which never decides. */
  objects: (element: PathElement) => CompiledObject | undefined;
  actions: ActionTable;
  default?: Default;
  /** Milliseconds since 1970. */
  now: number;
  /** The scope that the operation asks for, where no route has checked it (`scopeOf`). */
  scope?: string;
}

/** The rules of authz.md in their order; rule 4 by its level. */
export type Rule = 'administrator' | 'ceiling' | 'owner' | Level | 'default';

/** The answer, and what gave it. */
export interface Decision {
  allowed: boolean;
  rule: Rule;
  /** The action that was decided; of a composite one the first part that is denied, or else its last part. */
  action: string;
  /** The element of the path on which the answer stands. */
  element?: PathElement;
  /** Of the level `static`: who was addressed. */
  audience?: Audience;
  /** Of the rule `owner`: by which sentence. */
  ownership?: Ownership;
  permissionId?: string;
  /** Absent where the role comes with a membership of the organization that is `element`. */
  assignmentId?: string;
  roleSlug?: string;
}

/** The facts do not suffice for an answer: 503 at the edge, neither yes nor no (authz.md, "Routes"). */
export class MissingFactsError extends Error {
  constructor(readonly key: string) {
    super(`no facts about ${key}`);
    this.name = 'MissingFactsError';
  }
}

/**
 * Decides whether the caller may do that to the first element of the path (authz.md, "The decision"). "May write" and
 * "may manage" mean that each part is allowed.
 *
 * @throws UnknownActionError where no row has that action
 * @throws MissingFactsError where rows of an element are not known and no rule before them has answered
 * @throws TypeError on an empty path, or principals that are not the caller's
 */
export function decide(input: DecisionInput): Decision {
  requireSense(input);
  let decision: Decision | undefined;
  for (const part of input.actions.parts(input.action)) {
    decision = decideOne(input, part);
    if (!decision.allowed) return decision;
  }
  if (!decision) throw new TypeError(`action ${input.action} has no parts`);
  return decision;
}

/** Decides about one action that is not composite, by its number in the table. */
export function decideOne(input: DecisionInput, number: number): Decision {
  const { caller, actions } = input;
  const action = actions.slug(number);
  if (caller.scopes.includes('admin')) return { allowed: true, rule: 'administrator', action };
  const left = leftOut(input, number);
  if (left !== null) return { allowed: false, rule: 'ceiling', action, ...left };
  return read(input, number, action) ?? { allowed: isDefault(input, number), rule: 'default', action };
}

/**
 * Rules 3 and 4 in one walk over the path, so that each element's rows are fetched from memory once. An owner is one
 * whatever has been heard before him.
 */
function read(input: DecisionInput, number: number, action: string): Decision | null {
  const { subject, path, actions, now } = input;
  const object = objectOf(path);
  const hearing = new Hearing(subject, path, object.type, number, now);
  for (let distance = 0; distance < path.length; distance++) {
    for (const element of path[distance] ?? []) {
      const rows = rowsOf(input, element).index(actions);
      const ownership = ownershipOf(subject, object, element, rows.owners, now);
      if (ownership !== null) return owned(input, element, ownership, rows.owners ?? [], action);
      hearing.listen(element, distance, rows, actions);
    }
  }
  return heard(hearing, action);
}

/** Rule 3, on the element that makes an owner. */
function owned(
  { subject, now }: DecisionInput,
  element: PathElement,
  ownership: Ownership,
  owners: readonly Assignment[],
  action: string,
): Decision {
  const decision: Decision = { allowed: true, rule: 'owner', action, element, ownership };
  const assignment = ownership === 'assignment' && owningAssignment(subject, owners, now);
  return assignment ? { ...decision, assignmentId: assignment.id, roleSlug: assignment.roleSlug } : decision;
}

/** Whether the owning service states the action for everyone (authz.md, rule 5). */
export function isDefault({ default: everyone, actions }: DecisionInput, action: number): boolean {
  return everyone !== undefined && actions.isAllowedBy(everyone.actions, action);
}

/** What rule 2 says: null where scopes and ceiling leave the action in, else the element that the ceiling named. */
export function leftOut(
  { caller, path, actions, scope }: DecisionInput,
  action: number,
): { element?: PathElement } | null {
  // NOTE: a guest has no credential whose scopes could leave something out (http.md)
  if (scope !== undefined && caller.subjectType !== 'guest' && !holdsScope(caller.scopes, scope)) return {};
  if (caller.ceiling === undefined) return null;
  const { allowed, element } = readCeiling(caller.ceiling, path, actions, action);
  if (allowed) return null;
  return element === null ? {} : { element };
}

/** The asked object: the first element of the path. */
export function objectOf(path: Path): PathElement {
  const object = path[0]?.[0];
  if (object === undefined) throw new TypeError('a path begins with the asked object');
  return object;
}

/** The rows on an element; an element without known rows ends the decision. */
export function rowsOf({ objects }: DecisionInput, element: PathElement): CompiledObject {
  const rows = objects(element);
  if (rows === undefined) throw new MissingFactsError(objectKey(element));
  return rows;
}

/** Rule 4: what was heard on the whole path. */
function heard({ entry, element, voice }: Hearing, action: string): Decision | null {
  const who = voices[voice];
  if (entry === null || element === null || who === undefined) return null;
  const decision: Decision = { allowed: entry.kind !== strength.deny, rule: who.level, action, element };
  if (who.audience !== null) decision.audience = who.audience;
  if (entry.permission !== null) decision.permissionId = entry.id;
  else if (entry.assignment === null) decision.roleSlug = entry.membershipRole ?? '';
  else {
    decision.assignmentId = entry.id;
    decision.roleSlug = entry.assignment.roleSlug;
  }
  return decision;
}

/** Somebody else's principals would be somebody else's rights: a mistake that must not pass for an answer. */
function requireSense({ caller, subject, path }: DecisionInput): void {
  if (path[0]?.length !== 1) throw new TypeError('a path begins with the asked object alone');
  if (caller.subjectType !== subject.type || (subject.type !== 'guest' && caller.subjectId !== subject.id)) {
    throw new TypeError('the principals are not the caller’s');
  }
}
