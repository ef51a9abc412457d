import { statement } from '@erato/platform/database/statement';
import type { Tx } from '@erato/platform/database/tx';

/** In SQL, of the row `x`: rows about audiences; their voices come after those of users, teams and organizations (authz.md, rule 4). */
export const audience = 'x.rank >= 3';
/** In SQL, of the row `x`: rows that let everybody, or everybody who is signed in, at resources. */
export const opening = `x.rank >= 5 AND (x.resource_read IN (1, 2) OR x.resource_update IN (1, 2))`;

const rowOn = (type: string, id: string, which: string): string =>
  `EXISTS (SELECT FROM access_rows x WHERE x.object_type = '${type}' AND x.object_id = ${id} AND ${which})`;
const rowOnOwner = (which: string): string =>
  `(r.owner_type = 'organization' AND ${rowOn('organization', 'r.owner_id', which)})`;

/** On a workspace's path: itself and its organization. */
const onWorkspace = (which: string): string =>
  `(${rowOn('workspace', 'r.id::text', which)} OR ${rowOnOwner(which)})`;
/** On a resource's: its workspaces' own flags hold those of their organizations too. */
const onResource = (which: string, flag: string): string =>
  `(${rowOn('resource', 'r.id::text', which)} OR ${rowOnOwner(which)} OR EXISTS (
    SELECT FROM workspaces w WHERE w.id = ANY (r.author_workspaces) AND w.${flag}))`;

function setting(table: string, which: string, flags: { static_rows: string; opened: string }) {
  return statement(`
    UPDATE ${table} r SET static_rows = f.static_rows, opened = f.opened
    FROM (SELECT r.id, ${flags.static_rows} AS static_rows, ${flags.opened} AS opened FROM ${table} r WHERE ${which}) f
    WHERE f.id = r.id AND (r.static_rows, r.opened) <> (f.static_rows, f.opened)`);
}

const workspaceFlags = { static_rows: onWorkspace(audience), opened: onWorkspace(opening) };
const resourceFlags = {
  static_rows: onResource(audience, 'static_rows'),
  opened: onResource(opening, 'opened'),
};

const onWorkspaces = setting(
  'workspaces',
  `r.id = ANY ($1::uuid[]) OR (r.owner_id = ANY ($2::text[]) AND r.owner_type = 'organization')`,
  workspaceFlags,
);
const onTheirs = setting(
  'resources',
  `r.id IN (
    SELECT unnest($1::uuid[])
    UNION SELECT resource_id FROM resource_authors WHERE author_id = ANY ($2::text[]) AND author_type = 'workspace'
    UNION SELECT id FROM resources WHERE owner_id = ANY ($3::text[]) AND owner_type = 'organization'
    UNION SELECT a.resource_id FROM workspaces w JOIN resource_authors a ON a.author_id = w.id::text
      AND a.author_type = 'workspace'
      WHERE w.owner_id = ANY ($3::text[]) AND w.owner_type = 'organization')`,
  resourceFlags,
);
const onResources = setting('resources', 'r.id = ANY ($1::uuid[])', resourceFlags);

/** The objects on which rows changed, by type. */
export interface Changed {
  readonly resources: readonly string[];
  readonly workspaces: readonly string[];
  readonly organizations: readonly string[];
}

/**
 * Brings the flags of everything on whose path these objects stand to the rows as they are. Workspaces come before
 * resources: who makes a resource at the same time holds its workspaces, and reads their flags when he gets them.
 */
export async function flagPaths(tx: Tx, { resources, workspaces, organizations }: Changed): Promise<void> {
  await tx.run(onWorkspaces, [workspaces, organizations]);
  await tx.run(onTheirs, [resources, workspaces, organizations]);
}

/** The same for workspaces that are new. */
export async function flagWorkspaces(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(onWorkspaces, [ids, []]);
}

/** The same for resources whose authors changed. */
export async function flagResources(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(onResources, [ids]);
}
