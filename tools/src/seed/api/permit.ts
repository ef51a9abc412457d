import { attempt, type Erato, type NewPermission } from '@erato/client';
import { independents, labelAt } from '../world/cast.js';
import { resourcesOf } from '../world/resource-plan.js';
import { workspaceAt, type WorkspacePlan } from '../world/workspace-plan.js';
import type { World } from '../world/world.js';
import { labelIn, personIn, unless, type Cast } from './cast.js';
import { fewAtATime } from './few-at-a-time.js';

/** The ids of workspaces and resources, by their numbers, as they are in an installation. */
export interface WorldIds {
  workspace(number: number): string;
  resource(number: number): string;
}

/** Where a label's rows stand: artists of it, by the numbers of their workspaces. */
interface Artists {
  readonly first: WorkspacePlan;
  readonly second: WorkspacePlan;
}

/** The first two artists of a label; few labels of a small world have less. */
function artistsOf(world: World, label: number): Artists | undefined {
  const found: WorkspacePlan[] = [];
  for (let number = world.size.labels; number < world.size.workspaces && found.length < 2; number++) {
    const plan = workspaceAt(world, number);
    if ('label' in plan.owner && plan.owner.label === label) found.push(plan);
  }
  const [first, second = first] = found;
  return first && second && { first, second };
}

/**
 * What permissions say in a world: of each label a grant to its team, a deny that overrules it for one of them, an exception
 * for who only looks, a song that is kept back from the public, a guest from outside with a role, and a role of the label's
 * own. They come by the API in every size: authz tells all services, and keeps its trail.
 */
export class Permits {
  constructor(
    private readonly administrator: Erato,
    private readonly world: World,
    private readonly cast: Cast,
    private readonly ids: WorldIds,
  ) {}

  async run(): Promise<void> {
    const labels = Array.from({ length: this.world.size.labels }, (_, at) => at);
    await fewAtATime(labels, (label) => this.#label(label));
  }

  async #label(number: number): Promise<void> {
    const artists = artistsOf(this.world, number);
    if (artists === undefined) return;
    await this.administrator.put('/v1/permissions', {
      body: { permissions: this.#rows(number, artists) },
    });
    const outsiders = independents(this.world);
    const outsider = personIn(this.cast, outsiders[number % outsiders.length] ?? 0);
    const first = this.ids.workspace(artists.first.number);
    const about = { subjectType: 'user', subjectId: outsider } as const;
    await this.#assign({ role: 'editor', ...about, objectType: 'workspace', objectId: first });
    const { id } = labelIn(this.cast, number);
    const roleId = await this.#pressOffice(id);
    const second = personIn(this.cast, outsiders[(number + 1) % outsiders.length] ?? 0);
    await this.#assign({ roleId, ...about, subjectId: second, objectType: 'organization', objectId: id });
  }

  #rows(number: number, { first, second }: Artists): NewPermission[] {
    const { team, viewer } = labelAt(this.world, number);
    const onFirst = { objectType: 'workspace', objectId: this.ids.workspace(first.number) };
    const own = this.ids.workspace(number);
    const user = (person: number) => ({
      subjectType: 'user' as const,
      subjectId: personIn(this.cast, person),
    });
    const { teamId } = labelIn(this.cast, number);
    const music = resourcesOf(this.world, second).find(({ type }) => type === 'song');
    const song = this.ids.resource(music?.number ?? 0);
    const guest = { subjectType: 'static', subjectId: 'guest' } as const;
    return [
      { subjectType: 'team', subjectId: teamId, ...onFirst, action: 'publish', value: 'allow' },
      { ...user(team[1] ?? 0), ...onFirst, action: 'update', value: 'deny' },
      { ...user(viewer), objectType: 'workspace', objectId: own, action: 'write', value: 'allow' },
      { ...guest, objectType: 'resource', objectId: song, action: 'read', value: 'deny' },
    ];
  }

  async #pressOffice(scopeId: string): Promise<string> {
    const body = { scopeType: 'organization', scopeId, slug: 'press-office', name: 'Press office' } as const;
    const grants = { resource: ['read', 'update'], workspace: ['read'] };
    const made = await attempt(this.administrator.post('/v1/roles', { body: { ...body, grants } }));
    if (made.ok) return made.answer.data.id;
    if (made.problem.code !== 'role_exists') throw made.problem;
    const query = { scopeType: body.scopeType, scopeId, slug: body.slug };
    const [known] = await this.administrator.list('/v1/roles', { query }).take(1);
    if (known === undefined) throw made.problem;
    return known.id;
  }

  #assign(body: {
    role?: string;
    roleId?: string;
    subjectType: 'user';
    subjectId: string;
    objectType: string;
    objectId: string;
  }): Promise<void> {
    return unless(this.administrator.post('/v1/role-assignments', { body }), 'assignment_exists');
  }
}
