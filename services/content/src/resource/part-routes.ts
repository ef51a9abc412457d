import { Injectable } from '@nestjs/common';
import type { Resource, UpdateResource } from '@erato/contracts/content/resource';
import type { PartName } from '@erato/contracts/content/resource-parts';
import type { Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { ReadableResources } from './readable-resources.js';
import { toResource } from './resource-view.js';
import { UpdateResources } from './update-resource.js';

/** A typed part alone, with the version of its resource. */
type Alone<P extends PartName> = NonNullable<Resource[P]> & Pick<Resource, 'version'>;

/** The typed part alone: the same for every type. A resource of another type has none, which is 404. */
@Injectable()
export class PartRoutes {
  constructor(
    private readonly readable: ReadableResources,
    private readonly updates: UpdateResources,
  ) {}

  async get<P extends PartName>(context: Context, id: string, name: P): Promise<Alone<P>> {
    return alone(toResource(await this.readable.get(context, id)), name);
  }

  /** Sets it as a whole: the patch names each of its fields. */
  async put<P extends PartName>(context: Context, name: P, patch: UpdateResource): Promise<Alone<P>> {
    await this.get(context, patch.id, name);
    return alone(await this.updates.run(context, patch), name);
  }
}

function alone<P extends PartName>(resource: Resource, name: P): Alone<P> {
  const part = resource[name];
  if (!part) throw notFound({ detail: `It has no part ${name}.` });
  return { ...part, version: resource.version };
}
