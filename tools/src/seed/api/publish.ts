import { attempt, type CreateResource, type Erato, type Workspace } from '@erato/client';
import { resourcesOf, type AuthorPlan, type ResourcePlan } from '../world/resource-plan.js';
import { workspaceAt, type WorkspacePlan } from '../world/workspace-plan.js';
import type { World } from '../world/world.js';
import type { Actors } from './actors.js';
import { ownerIn, personIn, type Cast } from './cast.js';
import { fewAtATime } from './few-at-a-time.js';
import type { WorldIds } from './permit.js';

/** What was made, and what was there. */
export interface Published {
  readonly written: number;
  readonly known: number;
}

/** Publishes a world through the API as its people would, and leaves what is there already as it is. */
export class Publishing {
  /** What was made or found, by its number. */
  readonly ids: WorldIds = {
    workspace: (number) => found(this.#workspaceIds, number),
    resource: (number) => found(this.#resourceIds, number),
  };
  readonly #workspaceIds = new Map<number, string>();
  readonly #resourceIds = new Map<number, string>();
  #written = 0;
  #known = 0;

  constructor(
    private readonly world: World,
    private readonly cast: Cast,
    private readonly actors: Actors,
  ) {}

  async run(told: (resources: number) => void = () => undefined): Promise<Published> {
    const numbers = Array.from({ length: this.world.size.workspaces }, (_, at) => at);
    const plans = numbers.map((number) => workspaceAt(this.world, number));
    // All workspaces first: a resource may name that of its label.
    await fewAtATime(plans, (plan) => this.#workspace(plan));
    await fewAtATime(plans, async (plan) => {
      await this.#career(plan);
      told(this.#written + this.#known);
    });
    return { written: this.#written, known: this.#known };
  }

  async #workspace(plan: WorkspacePlan): Promise<void> {
    const actor = await this.actors.for(plan.owner);
    const { name, slug, kind, visibility, description, links } = plan;
    const body = { name, slug, kind, visibility, description, ...ownerIn(this.cast, plan.owner) };
    const made = await attempt(actor.post('/v1/workspaces', { body }));
    if (!made.ok && made.problem.code !== 'slug_taken') throw made.problem;
    const workspace: Workspace = made.ok
      ? made.answer.data
      : (await actor.get('/v1/workspaces/by-slug/{slug}', { path: { slug } })).data;
    this.#workspaceIds.set(plan.number, workspace.id);
    if (!made.ok) return;
    await actor.put('/v1/workspaces/{id}/links', { path: workspace, body: { links: [...links] } });
  }

  async #career(plan: WorkspacePlan): Promise<void> {
    const actor = await this.actors.for(plan.owner);
    const known = await this.#knownOf(plan, actor);
    const career = resourcesOf(this.world, plan);
    const ids: string[] = [];
    for (const resource of career) {
      const there = known.get(nameOf(resource))?.shift();
      if (there === undefined) this.#written += 1;
      else this.#known += 1;
      const id = there ?? (await this.#resource(resource, plan, actor));
      ids.push(id);
      this.#resourceIds.set(resource.number, id);
      if (there === undefined && resource.type === 'album') await setTracks(actor, id, resource, ids);
    }
  }

  /** Ids of what its authors have published, by what tells it apart, oldest first. */
  async #knownOf({ number, owner }: WorkspacePlan, actor: Erato): Promise<Map<string, string[]>> {
    const authorId = [this.ids.workspace(number)];
    if ('person' in owner) authorId.push(personIn(this.cast, owner.person));
    const query = { authorId, status: ['LISTED' as const, 'UNLISTED' as const], sort: 'createdAt' as const };
    const known = new Map<string, string[]>();
    for await (const resource of actor.list('/v1/resources', { query: { ...query, limit: 100 } })) {
      const name = nameOf(resource);
      known.set(name, [...(known.get(name) ?? []), resource.id]);
    }
    return known;
  }

  async #resource(resource: ResourcePlan, { number }: WorkspacePlan, actor: Erato): Promise<string> {
    const { status, draft, links } = resource;
    const common = { status, links: [...links], ...(draft ? { publishAt: null } : {}) };
    if (resource.type === 'status') {
      const body = { ...common, type: resource.type, excerpt: resource.excerpt };
      return (await actor.post('/v1/resources', { actAs: this.ids.workspace(number), body })).data.id;
    }
    const authors = resource.authors.map((author) => this.#author(author));
    const owned = { ...common, title: resource.title, authors, ...ownerIn(this.cast, resource.owner) };
    const made = await actor.post('/v1/resources', { body: { ...owned, ...partOf(resource) } });
    return made.data.id;
  }

  #author(author: AuthorPlan) {
    const { role } = author;
    return 'workspace' in author
      ? { authorType: 'workspace' as const, authorId: this.ids.workspace(author.workspace), role }
      : { authorType: 'user' as const, authorId: personIn(this.cast, author.person), role };
  }
}

function found(ids: ReadonlyMap<number, string>, number: number): string {
  const id = ids.get(number);
  if (id === undefined) throw new Error(`number ${String(number)} was not made`);
  return id;
}

/** What tells a resource from the others of its authors; few have the same, and those are counted. */
const nameOf = (resource: { type: string; title: string | null; excerpt?: string | null }): string =>
  resource.type === 'status'
    ? `status ${resource.excerpt ?? ''}`
    : `${resource.type} ${resource.title ?? ''}`;

async function setTracks(
  actor: Erato,
  id: string,
  { tracks }: ResourcePlan & { type: 'album' },
  ids: readonly string[],
): Promise<void> {
  const named = tracks.map(({ slot, ...place }) => ({ songId: ids[slot] ?? '', ...place }));
  await actor.put('/v1/resources/{id}/tracks', { path: { id }, body: { tracks: named } });
}

function partOf(
  plan: Exclude<ResourcePlan, { type: 'status' }>,
): Pick<CreateResource, 'type' | 'post' | 'song' | 'album' | 'artwork' | 'pressRelease'> {
  switch (plan.type) {
    case 'post':
      return { type: plan.type, post: { body: plan.body, featuredImage: plan.featuredImage } };
    case 'song':
      return { type: plan.type, song: plan.song };
    case 'album':
      return { type: plan.type, album: plan.album };
    case 'artwork':
      return { type: plan.type, artwork: plan.artwork };
    case 'press-release':
      return { type: plan.type, pressRelease: plan.pressRelease };
  }
}
