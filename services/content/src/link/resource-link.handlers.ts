import {
  resourceLinks,
  type AddLink,
  type Link,
  type LinkAt,
  type LinksOf,
  type ReplaceLinks,
  type SetLink,
} from '@erato/contracts/content/link';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { Serves } from '@erato/platform/transport/serves';
import { ReadableResources } from '../resource/readable-resources.js';
import { ResourceWrites } from '../resource/resource-writes.js';
import { LinkChanges } from './change-links.js';
import { readLinks, toLinks } from './link-view.js';

@Serves(resourceLinks)
export class ResourceLinkHandlers implements Handlers<typeof resourceLinks> {
  readonly #changes: LinkChanges;

  constructor(
    private readonly readable: ReadableResources,
    private readonly db: Db,
    writes: ResourceWrites,
  ) {
    this.#changes = new LinkChanges('resource', (context, id, work) => writes.changePart(context, id, work));
  }

  async list({ id }: LinksOf, context: Context): Promise<readonly Link[]> {
    const row = await this.readable.get(context, id);
    return toLinks(await readLinks(this.db, 'resource', row.id));
  }

  add(input: AddLink, context: Context): Promise<readonly Link[]> {
    return this.#changes.add(context, input);
  }

  replace(input: ReplaceLinks, context: Context): Promise<readonly Link[]> {
    return this.#changes.replace(context, input);
  }

  set(input: SetLink, context: Context): Promise<readonly Link[]> {
    return this.#changes.set(context, input);
  }

  remove(input: LinkAt, context: Context): Promise<void> {
    return this.#changes.remove(context, input);
  }
}
