import type { ActionSet, ActionTable, CompiledGrants } from './actions.js';
import type { Assignment, ObjectFacts, PermissionRow } from './facts.js';
import { audiences, isAudience, strength } from './precedence.js';

/** One row in the form in which a decision reads it. */
export interface Entry {
  /** The strength of what it says: `strength` of precedence.ts. */
  kind: number;
  /** The actions about which a permission row speaks; null for a role. */
  actions: ActionSet | null;
  /** The actions that a role grants, by type of the asked object; null for a permission row. */
  grants: CompiledGrants | null;
  /** Milliseconds since 1970 from which on it is silent; Infinity when it does not end. */
  expiresAt: number;
  /** The row's id; of a membership's role the organization's. Settles which of several equal rows is named. */
  id: string;
  permission: PermissionRow | null;
  assignment: Assignment | null;
  /** The slug of the role that a membership carries; null for rows. */
  membershipRole: string | null;
}

/** The entries of one level on one object, by the subject that they address. */
export interface LevelIndex {
  bySubject: ReadonlyMap<string, readonly Entry[]>;
  subjects: readonly string[];
}

/** An object's rows by level and subject; null where nobody is addressed. */
export interface ObjectIndex {
  user: LevelIndex | null;
  team: LevelIndex | null;
  organization: LevelIndex | null;
  /** By place in `audiences`. */
  static: readonly (readonly Entry[] | null)[] | null;
  /** Assignments with `isOwner`; null when there is none. */
  owners: readonly Assignment[] | null;
}

/** True while a row that ends at that time is there. The end itself is already over. */
export function inForce(expiresAt: number | null, now: number): boolean {
  return expiresAt === null || expiresAt > now;
}

/** What a permission row says; null where it can say nothing: `unset`, an unknown action or audience. */
export function permissionEntry(row: PermissionRow, table: ActionTable): Entry | null {
  const number = table.number(row.action);
  if (number === undefined || row.value === 'unset') return null;
  if (row.subjectType === 'static' && !isAudience(row.subjectId)) return null;
  const actions = (row.value === 'deny' ? table.denies : table.allows)[number];
  if (actions === undefined) return null;
  return entry(row.id, {
    kind: strength[row.value],
    actions,
    expiresAt: row.expiresAt ?? Infinity,
    permission: row,
  });
}

/** What a role says on the object on which it is assigned. */
export function assignmentEntry(assignment: Assignment, table: ActionTable): Entry {
  const grants = table.grants(assignment.grants);
  return entry(assignment.id, { grants, expiresAt: assignment.expiresAt ?? Infinity, assignment });
}

/** An entry of which all that is not said says nothing. Every entry has the same shape, which keeps reading fast. */
export function entry(id: string, said: Partial<Entry>): Entry {
  return {
    kind: said.kind ?? strength.role,
    actions: said.actions ?? null,
    grants: said.grants ?? null,
    expiresAt: said.expiresAt ?? Infinity,
    id,
    permission: said.permission ?? null,
    assignment: said.assignment ?? null,
    membershipRole: said.membershipRole ?? null,
  };
}

/** Whether the entry speaks about an action on an object of that type, at that time. */
export function speaks(one: Entry, action: number, objectType: string, now: number): boolean {
  if (one.expiresAt <= now) return false;
  const actions = one.actions ?? one.grants?.get(objectType);
  return actions?.[action] === 1;
}

/** Whether the entry beats another of the same voice and distance; among equals the smaller id is named. */
export function outranks(one: Entry, other: Entry): boolean {
  return one.kind > other.kind || (one.kind === other.kind && one.id < other.id);
}

/** Sorts an object's rows by level and subject. */
export function indexObject(facts: ObjectFacts, table: ActionTable): ObjectIndex {
  const newLevel = (): Map<string, Entry[]> => new Map();
  const levels = { user: newLevel(), team: newLevel(), organization: newLevel(), static: newLevel() };
  const add = (level: Map<string, Entry[]>, subject: string, one: Entry): void => {
    const entries = level.get(subject);
    if (entries) entries.push(one);
    else level.set(subject, [one]);
  };
  for (const row of facts.permissions) {
    const one = permissionEntry(row, table);
    if (one) add(levels[row.subjectType], row.subjectId, one);
  }
  for (const row of facts.assignments)
    add(levels[row.subjectType], row.subjectId, assignmentEntry(row, table));
  const owners = facts.assignments.filter((assignment) => assignment.isOwner);
  return {
    user: level(levels.user),
    team: level(levels.team),
    organization: level(levels.organization),
    static:
      levels.static.size === 0 ? null : audiences.map((audience) => levels.static.get(audience) ?? null),
    owners: owners.length === 0 ? null : owners,
  };
}

function level(bySubject: ReadonlyMap<string, readonly Entry[]>): LevelIndex | null {
  return bySubject.size === 0 ? null : { bySubject, subjects: [...bySubject.keys()] };
}
