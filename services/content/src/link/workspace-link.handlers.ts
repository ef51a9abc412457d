import {
  workspaceLinks,
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
import { ReadableWorkspaces } from '../workspace/readable-workspaces.js';
import { WorkspaceWrites } from '../workspace/workspace-writes.js';
import { LinkChanges } from './change-links.js';
import { readLinks, toLinks } from './link-view.js';

@Serves(workspaceLinks)
export class WorkspaceLinkHandlers implements Handlers<typeof workspaceLinks> {
  readonly #changes: LinkChanges;

  constructor(
    private readonly readable: ReadableWorkspaces,
    private readonly db: Db,
    writes: WorkspaceWrites,
  ) {
    this.#changes = new LinkChanges('workspace', (context, id, work) => writes.changePart(context, id, work));
  }

  async list({ id }: LinksOf, context: Context): Promise<readonly Link[]> {
    const row = await this.readable.get(context, id);
    return toLinks(await readLinks(this.db, 'workspace', row.id));
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
