import type { Erato } from '@erato/client';
import { Actors } from './api/actors.js';
import { makeCast, type Cast } from './api/cast.js';
import { Permits, type WorldIds } from './api/permit.js';
import { Publishing } from './api/publish.js';
import { fill, type FillTarget, type Filled } from './copy/fill.js';
import { resourcesOf } from './world/resource-plan.js';
import { workspaceAt } from './world/workspace-plan.js';
import { resourcesPerWorkspace, type World } from './world/world.js';

/** What a world is put into. */
export interface SeedTarget {
  /** The API with the scope `admin`. */
  readonly administrator: Erato;
  /** The databases for COPY; without them everything comes by the API. */
  readonly databases?: FillTarget | undefined;
  /** Told what is being done. */
  readonly note: (line: string) => void;
}

/** A world as it is in an installation now. */
export interface Seeded extends Filled {
  readonly cast: Cast;
  readonly ids: WorldIds;
}

/** Puts a world into an installation, or what of it is missing there. */
export async function seed(target: SeedTarget, world: World): Promise<Seeded> {
  const { administrator, databases, note } = target;
  note(`people and labels: ${String(world.size.people)} and ${String(world.size.labels)}`);
  const cast = await makeCast(administrator, world);
  const told = progress(world, note);
  const { ids, ...filled } = databases
    ? { ids: plannedIds(world), ...(await fill(databases, { world, cast }, whole(world), told)) }
    : await publish(target, world, { cast, told });
  note('permissions and roles');
  await new Permits(administrator, world, cast, ids).run();
  return { ...filled, cast, ids };
}

const whole = ({ size }: World) => ({ from: 0, to: size.workspaces });

async function publish(
  { administrator }: SeedTarget,
  world: World,
  { cast, told }: { cast: Cast; told: (resources: number) => void },
): Promise<Filled & { ids: WorldIds }> {
  const actors = new Actors(administrator, world, cast);
  try {
    const publishing = new Publishing(world, cast, actors);
    return { ...(await publishing.run(told)), ids: publishing.ids };
  } finally {
    await actors.close();
  }
}

/** By COPY everything has the id that was planned. */
export const plannedIds = (world: World): WorldIds => ({
  workspace: (number) => workspaceAt(world, number).id,
  resource: (number) => {
    const workspace = workspaceAt(world, Math.floor(number / resourcesPerWorkspace));
    return resourcesOf(world, workspace)[number % resourcesPerWorkspace]?.id ?? '';
  },
});

/** A line at every tenth of the way. */
function progress({ size }: World, note: (line: string) => void): (resources: number) => void {
  const all = size.workspaces * resourcesPerWorkspace;
  const since = performance.now();
  let shown = 0;
  return (resources) => {
    const tenth = Math.floor((resources * 10) / all);
    if (tenth <= shown) return;
    shown = tenth;
    const perSecond = (resources * 1_000) / (performance.now() - since);
    const [done, of, rate] = [resources, all, Math.round(perSecond)].map((each) => each.toLocaleString('en'));
    note(`resources: ${done ?? ''} of ${of ?? ''}, ${rate ?? ''} a second`);
  };
}
