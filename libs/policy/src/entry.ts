import type { ActionSet, ActionTable, CompiledGrants } from './actions.js';
import type { Assignment, PermissionRow } from './facts.js';
import { audiences, isAudience, strength } from './precedence.js';

/** One row in the form in which a decision reads it; what is read most stands first, on one line of memory. */
export interface Entry {
  /** The strength of what it says: `strength` of precedence.ts. */
  readonly kind: number;
  /** The actions about which it can speak on some type of object: without an action's bit it does not. */
  readonly bits: number;
  /** Of the level `static` the place in `audiences` of whom it addresses; else `numberOf` that subject. */
  readonly number: number;
  /** Milliseconds since 1970 from which on it is silent; null when it does not end. */
  readonly expiresAt: number | null;
  /** The actions that a role grants, by type of the asked object; null for a permission row. */
  readonly grants: CompiledGrants | null;
  /** Of the level `static`: the next one on the same object. */
  next: Entry | null;
  /** The actions about which a permission row speaks; null for a role. */
  readonly actions: ActionSet | null;
  /** The row's id; of a membership's role the organization's. Settles which of several equal rows is named. */
  readonly id: string;
  /** Whom it addresses. */
  readonly subjectId: string;
  readonly permission: PermissionRow | null;
  readonly assignment: Assignment | null;
  /** The slug of the role that a membership carries; null for rows. */
  readonly membershipRole: string | null;
}

/** The last bit stands for all actions from that number on. */
const lastBit = 29;

/** The bit of an action in an entry's `bits`. */
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
  const action = table.number(row.action);
  if (action === undefined || row.value === 'unset') return null;
  const { id, subjectId, expiresAt } = row;
  const audience = isAudience(subjectId) ? audiences.indexOf(subjectId) : null;
  const number = row.subjectType === 'static' ? audience : numberOf(subjectId);
  const actions = (row.value === 'deny' ? table.denies : table.allows)[action];
  if (number === null || actions === undefined) return null;
  const kind = strength[row.value];
  return entry({ id, subjectId, number, kind, actions, expiresAt, permission: row });
}

/** What a role says on the object on which it is assigned. */
export function assignmentEntry(assignment: Assignment, table: ActionTable): Entry {
  const { id, subjectId, expiresAt } = assignment;
  return entry({ id, subjectId, grants: table.grants(assignment.grants), expiresAt, assignment });
}

/** What a membership's role says on its organization. */
export function membershipEntry(organizationId: string, roleSlug: string, grants: CompiledGrants): Entry {
  return entry({ id: organizationId, subjectId: organizationId, grants, membershipRole: roleSlug });
}

/** Whether the entry speaks about an action on an object of that type, at that time. */
export function speaks(one: Entry, action: number, objectType: string, now: number): boolean {
  if ((one.bits & bitOf(action)) === 0) return false;
  if (one.grants !== null && one.grants.get(objectType)?.[action] !== 1) return false;
  if (action >= lastBit && one.actions !== null && one.actions[action] !== 1) return false;
  return inForce(one.expiresAt, now);
}

/** Whether the entry beats another of the same voice and distance; among equals the smaller id is named. */
export function outranks(one: Entry, other: Entry): boolean {
  return one.kind > other.kind || (one.kind === other.kind && one.id < other.id);
}

/** An entry of which all that is not said says nothing. Every entry has the same shape, which keeps reading fast. */
function entry(said: Partial<Entry> & Pick<Entry, 'id' | 'subjectId'>): Entry {
  const { actions = null, grants = null, subjectId } = said;
  return {
    kind: said.kind ?? strength.role,
    bits: bitsOf(actions === null ? (grants?.values() ?? []) : [actions]),
    number: said.number ?? numberOf(subjectId),
    expiresAt: said.expiresAt ?? null,
    grants,
    next: null,
    actions,
    id: said.id,
    subjectId,
    permission: said.permission ?? null,
    assignment: said.assignment ?? null,
    membershipRole: said.membershipRole ?? null,
  };
}

function bitsOf(sets: Iterable<ActionSet>): number {
  let bits = 0;
  for (const set of sets) {
    for (let action = 0; action < set.length; action++) if (set[action] === 1) bits |= bitOf(action);
  }
  return bits;
}
