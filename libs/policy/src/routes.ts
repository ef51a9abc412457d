import { type DecisionInput, isDefault, objectOf, rowsOf } from './decide.js';
import { speaks } from './entry.js';
import type { ObjectRef, PathElement } from './facts.js';
import { type Ownership, ownershipOf, owningAssignment } from './owner.js';
import { type Audience, strength, type Voice, voices } from './precedence.js';
import { type Considered, rowsFor } from './trace.js';

/** A way by which somebody may: what said yes, and through what it reached him. */
export interface Route {
  by: 'owner' | 'row' | 'role' | 'team' | 'organization' | 'audience' | 'author';
  /** Absent for a default. */
  element?: ObjectRef;
  /** The team or organization that was addressed. */
  through?: ObjectRef;
  audience?: Audience;
  ownership?: Ownership;
  permissionId?: string;
  assignmentId?: string;
  roleSlug?: string;
}

/**
 * By which routes an allowed question is allowed: the one that decides first, then whatever would decide if all before
 * it were gone; so they end where a deny would speak. Of a composite action those of each part, each once.
 */
export function routesOf(input: DecisionInput): Route[] {
  const routes = new Map<string, Route>();
  for (const action of input.actions.parts(input.action)) {
    for (const route of routesFor(input, action)) routes.set(JSON.stringify(route), route);
  }
  return [...routes.values()];
}

function* routesFor(input: DecisionInput, action: number): Generator<Route> {
  yield* ownerRoutes(input);
  for (const voice of voices) {
    for (const group of input.path) {
      const said = group.flatMap((element) => sayings(input, voice, element, action));
      if (said.some(({ entry }) => entry?.kind === strength.deny)) return;
      for (const { row, element } of said) yield routeOf(row, voice, element);
    }
  }
  if (!isDefault(input, action)) return;
  yield input.default?.author === true ? { by: 'author' } : { by: 'audience', audience: 'guest' };
}

function* ownerRoutes(input: DecisionInput): Generator<Route> {
  const { subject, path, now } = input;
  const object = objectOf(path);
  for (const element of path.flat()) {
    const owners = rowsOf(input, element).facts.assignments.filter((one) => one.isOwner);
    const ownership = ownershipOf(subject, object, element, owners, now);
    if (ownership === null) continue;
    const held = ownership === 'assignment' ? owningAssignment(subject, owners, now) : null;
    const { type, id } = element;
    yield { by: 'owner', element: { type, id }, ownership, ...(held && { assignmentId: held.id }) };
  }
}

/** What of the rows on an element speaks about the action in that voice. */
function sayings(
  input: DecisionInput,
  voice: Voice,
  element: PathElement,
  action: number,
): (Considered & { element: PathElement })[] {
  const { type } = objectOf(input.path);
  return rowsFor(input, voice, element)
    .filter(({ entry }) => entry !== null && speaks(entry, action, type, input.now))
    .map((said) => ({ ...said, element }));
}

function routeOf(row: Considered['row'], { level, audience }: Voice, { type, id }: PathElement): Route {
  const { permissionId, assignmentId, roleSlug, subjectId } = row;
  const source = {
    element: { type, id },
    ...(permissionId !== undefined && { permissionId }),
    ...(assignmentId !== undefined && { assignmentId }),
    ...(roleSlug !== undefined && { roleSlug }),
  };
  if (audience !== null) return { by: 'audience', audience, ...source };
  if (level === 'team' || level === 'organization') {
    return { by: level, through: { type: level, id: subjectId }, ...source };
  }
  return { by: permissionId === undefined ? 'role' : 'row', ...source };
}
