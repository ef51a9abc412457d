import type { ActionSet, ActionTable, CompiledGrants } from './actions.js';
import type { Assignment, ObjectFacts, PermissionRow } from './facts.js';
import { audiences, isAudience, strength, voiceOf } from './precedence.js';

/** One row in the form in which a decision reads it. */
export interface Entry {
  /** The strength of what it says: `strength` of precedence.ts. */
  kind: number;
  /** The actions about which a permission row speaks; null for a role. */
  actions: ActionSet | null;
  /** The actions that a role grants, by type of the asked object; null for a permission row. */
  grants: CompiledGrants | null;
  /** Milliseconds since 1970 from which on it is silent; null when it does not end. */
  expiresAt: number | null;
  /** The row's id; of a membership's role the organization's. Settles which of several equal rows is named. */
  id: string;
  /** Whom it addresses. */
  subjectId: string;
  permission: PermissionRow | null;
  assignment: Assignment | null;
  /** The slug of the role that a membership carries; null for rows. */
  membershipRole: string | null;
}

/**
 * An object's rows in two arrays that run side by side: the level `user` first, then `team`, `organization` and `static`,
 * each sorted by whom it addresses. Most rows that a decision passes are about somebody or something else: of those it
 * reads two numbers that lie next to each other, and not the row.
 */
export interface ObjectIndex {
  /** Two numbers a row: `numberOf` its addressee (of the level `static` the place in `audiences`), and its `bits`. */
  keys: readonly number[];
  entries: readonly Entry[];
  userEnd: number;
  teamEnd: number;
  organizationEnd: number;
  /** Assignments with `isOwner`; null when there is none. */
  owners: readonly Assignment[] | null;
}

/** The last bit stands for all actions from that number on. */
const lastBit = 29;

/** The bit of an action: where a row's `bits` lack it, the row does not speak about that action. */
export function bitOf(action: number): number {
  return 1 << Math.min(action, lastBit);
}

/**
 * A number for an id, equal for equal ids and almost never for others (FNV-1a, 30 bits, so that it is kept without a
 * box). Who finds equal numbers compares the ids.
 */
export function numberOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 30)) & 0x3fffffff;
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
  return entry({
    id: row.id,
    subjectId: row.subjectId,
    kind: strength[row.value],
    actions,
    expiresAt: row.expiresAt,
    permission: row,
  });
}

/** What a role says on the object on which it is assigned. */
export function assignmentEntry(assignment: Assignment, table: ActionTable): Entry {
  const { id, subjectId, expiresAt } = assignment;
  return entry({
    id,
    subjectId,
    grants: table.grants(assignment.grants),
    expiresAt,
    assignment,
  });
}

/** An entry of which all that is not said says nothing. Every entry has the same shape, which keeps reading fast. */
export function entry(said: Partial<Entry> & Pick<Entry, 'id' | 'subjectId'>): Entry {
  return {
    kind: said.kind ?? strength.role,
    actions: said.actions ?? null,
    grants: said.grants ?? null,
    expiresAt: said.expiresAt ?? null,
    id: said.id,
    subjectId: said.subjectId,
    permission: said.permission ?? null,
    assignment: said.assignment ?? null,
    membershipRole: said.membershipRole ?? null,
  };
}

/** Whether the entry speaks about an action on an object of that type, at that time. */
export function speaks(one: Entry, action: number, objectType: string, now: number): boolean {
  const actions = one.actions ?? one.grants?.get(objectType);
  return actions?.[action] === 1 && inForce(one.expiresAt, now);
}

/** Whether the entry beats another of the same voice and distance; among equals the smaller id is named. */
export function outranks(one: Entry, other: Entry): boolean {
  return one.kind > other.kind || (one.kind === other.kind && one.id < other.id);
}

/** Sorts an object's rows by level and addressee. */
export function indexObject(facts: ObjectFacts, table: ActionTable): ObjectIndex {
  const found: { level: number; number: number; entry: Entry }[] = [];
  for (const row of facts.permissions) {
    const one = permissionEntry(row, table);
    if (one === null) continue;
    const { subjectType, subjectId } = row;
    const place = subjectType === 'static' && isAudience(subjectId) ? audiences.indexOf(subjectId) : null;
    found.push({ level: voiceOf[subjectType], number: place ?? numberOf(subjectId), entry: one });
  }
  for (const row of facts.assignments) {
    const number = numberOf(row.subjectId);
    found.push({ level: voiceOf[row.subjectType], number, entry: assignmentEntry(row, table) });
  }
  found.sort((a, b) => a.level - b.level || a.number - b.number);
  const endOf = (level: number): number => found.filter((one) => one.level <= level).length;
  const owners = facts.assignments.filter((assignment) => assignment.isOwner);
  return {
    keys: found.flatMap((one) => [one.number, bitsOf(one.entry)]),
    entries: found.map((one) => one.entry),
    userEnd: endOf(voiceOf.user),
    teamEnd: endOf(voiceOf.team),
    organizationEnd: endOf(voiceOf.organization),
    owners: owners.length === 0 ? null : owners,
  };
}

/** The actions about which an entry speaks on some type of object, as bits. */
function bitsOf({ actions, grants }: Entry): number {
  let bits = 0;
  for (const set of actions === null ? (grants?.values() ?? []) : [actions]) {
    for (let action = 0; action < set.length; action++) if (set[action] === 1) bits |= bitOf(action);
  }
  return bits;
}
