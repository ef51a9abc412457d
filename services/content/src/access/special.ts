import type { Parameters } from './parameters.js';
import { authorsOf, ownersOf, workspacesOf, type Kind, type Viewer } from './viewer.js';

/**
 * Whether anything but what is shown to everyone can be open to a viewer, or a row about himself hides some of that: an SQL
 * condition on no row, a few look-ups in indexes, mostly of nothing.
 */
export function specialTo(kind: Kind, viewer: Viewer, into: Parameters): string {
  const { people, organizations } = viewer;
  const subjects = [...people, ...organizations];
  const owners = ownersOf(viewer);
  const rest = kind === 'resource' ? 'NOT shown' : `visibility = 'private'`;
  const [table, opened] = kind === 'resource' ? ['resources', 'opened'] : ['workspaces', 'static_rows'];
  const ways = [`EXISTS (SELECT FROM ${table} WHERE ${opened} AND ${rest})`];
  if (subjects.length > 0) {
    ways.push(`EXISTS (SELECT FROM access_rows WHERE subject_key = ANY (${into.add(subjects, 'text[]')}))`);
  }
  if (owners.length > 0) {
    ways.push(
      `EXISTS (SELECT FROM ${table} WHERE owner_id = ANY (${into.add(owners, 'text[]')}) AND ${rest})`,
    );
  }
  if (kind === 'resource') {
    const authors = authorsOf(viewer);
    if (authors.length > 0) {
      ways.push(
        `EXISTS (SELECT FROM resource_authors WHERE author_id = ANY (${into.add(authors, 'text[]')}) AND NOT shown)`,
      );
    }
  } else {
    const ids = workspacesOf(viewer);
    if (ids.length > 0)
      ways.push(`EXISTS (SELECT FROM workspaces WHERE id = ANY (${into.add(ids, 'uuid[]')}) AND ${rest})`);
  }
  return `(${ways.join(' OR ')})`;
}
