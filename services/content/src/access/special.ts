import type { Db } from '@erato/platform/database/db';
import { statement, type Statement } from '@erato/platform/database/statement';
import { authorsOf, ownersOf, workspacesOf, type Kind, type Viewer } from './viewer.js';

const addressed = 'EXISTS (SELECT FROM access_rows WHERE subject_key = ANY ($1::text[]))';

/** Whether anything but what is shown to everyone can be open to a viewer, or a row about himself hides some of that. */
const special: Readonly<Record<Kind, Statement>> = {
  resource: statement(`
    SELECT ${addressed}
      OR EXISTS (SELECT FROM resources WHERE owner_id = ANY ($2::text[]) AND NOT shown)
      OR EXISTS (SELECT FROM resource_authors WHERE author_id = ANY ($3::text[]) AND NOT shown)
      OR EXISTS (SELECT FROM resources WHERE opened AND NOT shown) AS special`),
  workspace: statement(`
    SELECT ${addressed}
      OR EXISTS (SELECT FROM workspaces WHERE owner_id = ANY ($2::text[]) AND visibility = 'private')
      OR EXISTS (SELECT FROM workspaces WHERE id = ANY ($3::uuid[]) AND visibility = 'private')
      OR EXISTS (SELECT FROM workspaces WHERE static_rows AND visibility = 'private') AS special`),
};

/** Asks it; a few look-ups in indexes, mostly of nothing. */
export async function isSpecial(db: Pick<Db, 'rows'>, kind: Kind, viewer: Viewer): Promise<boolean> {
  const { people, organizations } = viewer;
  const [row] = await db.rows<{ special: boolean }>(special[kind], [
    [...people, ...organizations],
    ownersOf(viewer),
    kind === 'resource' ? authorsOf(viewer) : workspacesOf(viewer),
  ]);
  return row?.special ?? true;
}
