import type { CompiledSubject } from './compile.js';
import type { Assignment, PathElement } from './facts.js';
import { inForce } from './entry.js';

/**
 * By which sentence of rule 3 somebody is the owner: it owns the element, it is an admin of the organization that owns
 * it or that it is, it holds an `is_owner` assignment on it, or it is a key of that workspace or harbor.
 */
export type Ownership = 'owner' | 'organization-admin' | 'assignment' | 'key';

/**
 * Whether the subject is an owner of this element of the path, and thereby of the asked object (authz.md, rule 3).
 * An `is_owner` assignment of a team is held by its members, one of an organization by its admins (cms.md). On an element
 * whose owner does not count, its key stands for no more than that owner: it owns what he owns.
 */
export function ownershipOf(
  subject: CompiledSubject,
  object: PathElement,
  element: PathElement,
  owners: readonly Assignment[] | null,
  now: number,
): Ownership | null {
  const counts = element.ownerCounts !== false;
  if (subject.isKeyOf(element)) return counts || subject.sharesOwner(object) ? 'key' : null;
  if (!counts) return null;
  if (element.ownerType === 'user' && subject.userId !== null && element.ownerId === subject.userId)
    return 'owner';
  if (subject.isAdmin) {
    const owningId = element.ownerType === 'organization' ? element.ownerId : undefined;
    if (owningId !== undefined && subject.adminOf.has(owningId)) return 'organization-admin';
    if (element.type === 'organization' && subject.adminOf.has(element.id)) return 'organization-admin';
  }
  return owners !== null && owningAssignment(subject, owners, now) ? 'assignment' : null;
}

/** The `is_owner` assignment in force that the subject holds; of several the one with the smallest id. */
export function owningAssignment(
  subject: CompiledSubject,
  owners: readonly Assignment[],
  now: number,
): Assignment | null {
  let held: Assignment | null = null;
  for (const one of owners) {
    if (!inForce(one.expiresAt, now) || !holds(subject, one)) continue;
    if (held === null || one.id < held.id) held = one;
  }
  return held;
}

function holds(subject: CompiledSubject, { subjectType, subjectId }: Assignment): boolean {
  if (subjectType === 'user') return subject.userId === subjectId;
  return (subjectType === 'team' ? subject.teams : subject.adminOf).has(subjectId);
}
