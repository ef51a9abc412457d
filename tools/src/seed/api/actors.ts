import type { Erato } from '@erato/client';
import type { OwnerPlan } from '../world/workspace-plan.js';
import { labelAt } from '../world/cast.js';
import type { World } from '../world/world.js';
import { personIn, type Cast } from './cast.js';

const scopes = ['workspaces:write', 'resources:write', 'permissions:write', 'organizations:write'] as const;

/** Acts as people of a world, by keys that end with the work. */
export class Actors {
  readonly #keys = new Map<number, Promise<{ id: string; client: Erato }>>();

  constructor(
    private readonly administrator: Erato,
    private readonly world: World,
    private readonly cast: Cast,
  ) {}

  /** Who makes things for an owner: the person itself, or who leads the label. */
  for(owner: OwnerPlan): Promise<Erato> {
    return this.person('person' in owner ? owner.person : labelAt(this.world, owner.label).boss);
  }

  async person(number: number): Promise<Erato> {
    const known = this.#keys.get(number) ?? this.#key(number);
    this.#keys.set(number, known);
    return (await known).client;
  }

  /** Ends all keys. */
  async close(): Promise<void> {
    for (const key of this.#keys.values()) {
      await this.administrator.delete('/v1/api-keys/{id}', { path: { id: (await key).id } });
    }
  }

  async #key(number: number): Promise<{ id: string; client: Erato }> {
    const subjectId = personIn(this.cast, number);
    const made = await this.administrator.post('/v1/api-keys', {
      body: {
        ...{ name: 'Seed', subjectType: 'user', subjectId, scopes: [...scopes] },
        // Ends by itself where the work was interrupted.
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      },
    });
    return { id: made.data.id, client: this.administrator.as(made.data.secret) };
  }
}
