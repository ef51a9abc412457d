import type { ActionTable } from './actions.js';
import { assignmentEntry, type Entry, permissionEntry } from './entry.js';
import type { Assignment, ObjectFacts } from './facts.js';
import type { Level } from './precedence.js';
import { type Signs, signsOf } from './signs.js';

/**
 * An object's rows, laid out for memory: what a decision pays for is not the reading but each step to another place. Most
 * rows that it passes are about somebody or something else, so those are told apart by numbers that lie in the index
 * itself (signs and bits), then by numbers that lie next to each other (keys); the row is reached last.
 */
export interface ObjectIndex extends Signs {
  /** Two numbers a row: `number` and `bits` of its entry. First the level `user`, then `team`, then `organization`; each sorted. */
  keys: readonly number[];
  /** The rows of those keys. */
  entries: readonly Entry[];
  userEnd: number;
  teamEnd: number;
  organizationEnd: number;
  /** All `bits` of the level `static`. */
  staticBits: number;
  /** The rows of the level `static`, each leading to the next, in the order of `audiences`. */
  statics: Entry | null;
  /** Assignments with `isOwner`; null when there is none. */
  owners: readonly Assignment[] | null;
}

/** Sorts an object's rows by level and addressee. */
export function indexObject(facts: ObjectFacts, table: ActionTable): ObjectIndex {
  const levels: Record<Level, Entry[]> = { user: [], team: [], organization: [], static: [] };
  for (const row of facts.permissions) {
    const one = permissionEntry(row, table);
    if (one !== null) levels[row.subjectType].push(one);
  }
  for (const row of facts.assignments) levels[row.subjectType].push(assignmentEntry(row, table));
  for (const level of Object.values(levels)) level.sort((a, b) => a.number - b.number);
  const { user, team, organization, static: statics } = levels;
  statics.forEach((one, at) => (one.next = statics[at + 1] ?? null));

  const entries = [...user, ...team, ...organization];
  const owners = facts.assignments.filter((assignment) => assignment.isOwner);
  return {
    keys: entries.flatMap((one) => [one.number, one.bits]),
    entries,
    userEnd: user.length,
    teamEnd: user.length + team.length,
    organizationEnd: entries.length,
    ...signsOf({ user: numbersOf(user), team: numbersOf(team), organization: numbersOf(organization) }),
    staticBits: statics.reduce((all, one) => all | one.bits, 0),
    statics: statics[0] ?? null,
    owners: owners.length === 0 ? null : owners,
  };
}

const numbersOf = (entries: readonly Entry[]): number[] => entries.map((one) => one.number);
