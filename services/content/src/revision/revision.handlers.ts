import type { Resource } from '@erato/contracts/content/resource';
import {
  revisions,
  type ListRevisions,
  type RestoreRevision,
  type Revision,
} from '@erato/contracts/content/revision';
import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Serves } from '@erato/platform/transport/serves';
import { ReadableResources } from '../resource/readable-resources.js';
import { ReadableRevisions } from './readable-revisions.js';
import { RestoreRevisions } from './restore-revision.js';

@Serves(revisions)
export class RevisionHandlers implements Handlers<typeof revisions> {
  constructor(
    private readonly resources: ReadableResources,
    private readonly readable: ReadableRevisions,
    private readonly restoration: RestoreRevisions,
  ) {}

  async list(input: ListRevisions, context: Context): Promise<Page<Revision>> {
    await this.resources.updatable(context, input.id);
    return this.readable.list(context, input);
  }

  restore(input: RestoreRevision, context: Context): Promise<Resource> {
    return this.restoration.run(context, input);
  }
}
