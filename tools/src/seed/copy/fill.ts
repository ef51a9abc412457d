import type { Client } from 'pg';
import { withClient } from '../../postgres/connect.js';
import type { Cast } from '../api/cast.js';
import { resourcesOf } from '../world/resource-plan.js';
import { workspaceAt } from '../world/workspace-plan.js';
import { resourcesPerWorkspace, type World } from '../world/world.js';
import { AuthzRows } from './authz-rows.js';
import { ContentRows } from './content-rows.js';
import { copyInto } from './copy-into.js';

/** Workspaces in one transaction: 5,000 resources. */
const block = 250;

/** Where the rows go. */
export interface FillTarget {
  readonly content: string;
  readonly authz: string;
}

/** Which part of a world, by the numbers of its workspaces. */
export interface Part {
  readonly from: number;
  /** The first that is none of it. */
  readonly to: number;
}

/** What was written, and what was there. */
export interface Filled {
  readonly written: number;
  readonly known: number;
}

/**
 * Writes workspaces and all that they publish with COPY into the databases of content and authz, block by block, each in one
 * transaction a database: after an interruption the next run goes on where this one ended. Nobody is told by events; what
 * they would have made is written too. Numbers are of resources.
 */
export async function fill(
  { content, authz }: FillTarget,
  { world, cast }: { world: World; cast: Cast },
  { from, to }: Part,
  told: (resources: number) => void = () => undefined,
): Promise<Filled> {
  let written = 0;
  return withClient(content, (into) =>
    withClient(authz, async (rights) => {
      await into.query(`SET statement_timeout = 0`);
      for (let at = from; at < to; at += block) {
        const rows = rowsOf(world, cast, { from: at, to: Math.min(to, at + block) });
        if (await writeContent(into, rows)) written += rows.ids.length;
        await writeAuthz(rights, rows);
        told((Math.min(to, at + block) - from) * resourcesPerWorkspace);
      }
      const tables = new ContentRows(world, cast).tables.map(({ name }) => name);
      await into.query(`VACUUM (ANALYZE) ${tables.join(', ')}`);
      await rights.query('VACUUM (ANALYZE) objects, object_elements');
      return { written, known: (to - from) * resourcesPerWorkspace - written };
    }),
  );
}

/** The rows of one block. */
interface Rows {
  readonly content: ContentRows;
  readonly authz: AuthzRows;
  /** The workspace by which is seen whether it is there. */
  readonly first: string;
  /** All resources. */
  readonly ids: readonly string[];
}

function rowsOf(world: World, cast: Cast, { from, to }: Part): Rows {
  const content = new ContentRows(world, cast);
  const authz = new AuthzRows(cast);
  const workspaces = Array.from({ length: to - from }, (_, at) => workspaceAt(world, from + at));
  for (const workspace of workspaces) {
    content.addWorkspace(workspace);
    authz.addWorkspace(workspace);
  }
  const resources = workspaces
    .flatMap((workspace) => {
      const career = resourcesOf(world, workspace);
      return career.map((resource) => ({ resource, career }));
    })
    // In the order of their times, so that the indexes over them are written from one end.
    .sort((one, other) => one.resource.made - other.resource.made);
  for (const { resource, career } of resources) {
    authz.addResource(resource, content.addResource(resource, career));
  }
  const first = workspaces[0]?.id ?? '';
  return { content, authz, first, ids: resources.map(({ resource }) => resource.id) };
}

/** False where the block is there already. */
async function writeContent(client: Client, { content, first, ids }: Rows): Promise<boolean> {
  const known = await client.query('SELECT FROM workspaces WHERE id = $1', [first]);
  if (known.rowCount !== 0) return false;
  await inTransaction(client, async () => {
    for (const table of content.tables) await copyInto(client, table);
    // An author workspace from an earlier block may have got rows about audiences since.
    await client.query(
      `UPDATE resources r SET static_rows = true, opened = w.opened
       FROM (SELECT a.resource_id AS id, bool_or(w.opened) AS opened FROM resource_authors a
         JOIN workspaces w ON w.id = a.author_id::uuid AND w.static_rows
         WHERE a.author_type = 'workspace' AND a.resource_id = ANY ($1::uuid[]) GROUP BY a.resource_id) w
       WHERE r.id = w.id`,
      [ids],
    );
  });
  return true;
}

/** Some of it may be known: what authz has asked content for meanwhile. */
async function writeAuthz(client: Client, { authz, ids }: Rows): Promise<void> {
  const known = await client.query(`SELECT FROM objects WHERE type = 'resource' AND id = ANY ($1::text[])`, [
    ids,
  ]);
  if (known.rowCount === ids.length) return;
  await inTransaction(client, async () => {
    for (const table of authz.tables) {
      const columns = table.columns.join(', ');
      await client.query(`CREATE TEMP TABLE seeded (LIKE ${table.name} INCLUDING DEFAULTS) ON COMMIT DROP`);
      await copyInto(client, table, 'seeded');
      await client.query(
        `INSERT INTO ${table.name} (${columns}) SELECT ${columns} FROM seeded ORDER BY 1, 2 ON CONFLICT DO NOTHING`,
      );
      await client.query('DROP TABLE seeded');
    }
  });
}

async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
