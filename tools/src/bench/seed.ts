import { Erato } from '@erato/client';
import { withClient } from '../postgres/connect.js';
import { makeCast, type Cast } from '../seed/api/cast.js';
import { fill } from '../seed/copy/fill.js';
import { resourcesPerWorkspace, type World } from '../seed/world/world.js';
import type { Installation } from './installation.js';

/** A world that can grow: what is in it does not depend on how much of it there is. */
const world: World = {
  tag: 'b1',
  seed: 'bench-1',
  size: { labels: 12, people: 80, workspaces: 50_000 },
};

/** Fills an installation for the benchmark with the world of `erato seed`. */
export class BenchWorld {
  private workspaces = 0;

  private constructor(
    private readonly installation: Installation,
    private readonly cast: Cast,
  ) {}

  /** Makes the people and labels that own it. */
  static async open(installation: Installation, url: string, adminKey: string): Promise<BenchWorld> {
    const cast = await makeCast(new Erato({ url, credential: adminKey }), world);
    return new BenchWorld(installation, cast);
  }

  /** Grows to that many resources, and leaves the tables as a settled installation has them. */
  async growTo(resources: number): Promise<void> {
    const to = Math.ceil(resources / resourcesPerWorkspace);
    const target = {
      content: this.installation.databaseUrl('content'),
      authz: this.installation.databaseUrl('authz'),
    };
    await fill(target, { world, cast: this.cast }, { from: this.workspaces, to });
    this.workspaces = to;
    await withClient(this.installation.adminDatabaseUrl(), (client) => client.query('CHECKPOINT'));
  }
}

/** Ids of posts that everybody may read, spread evenly over all of them. */
export async function readablePosts(databaseUrl: string, count: number): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS at, count(*) OVER () AS total
         FROM resources WHERE shown AND type = 'post') AS posts
       WHERE at % greatest(1, total / $1::int) = 0 LIMIT $1`,
      [count],
    );
    return mixed(rows.map(({ id }) => id));
  });
}

/** The same order in every run, without a pattern that a cache could like. */
function mixed<T>(values: readonly T[]): T[] {
  const order = [...values];
  let state = 1;
  for (let at = order.length - 1; at > 0; at--) {
    state = (state * 48_271) % 2_147_483_647;
    const other = state % (at + 1);
    const [a, b] = [order[at], order[other]];
    if (a === undefined || b === undefined) continue;
    order[at] = b;
    order[other] = a;
  }
  return order;
}
