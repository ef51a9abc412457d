import { clicks, type ClickedLink, type ClickLink } from '@erato/contracts/content/click';
import type { Handlers } from '@erato/contracts/kit/call';
import { guest, type Context } from '@erato/contracts/kit/context';
import { notFound } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { Serves } from '@erato/platform/transport/serves';
import { ReadableResources } from '../resource/readable-resources.js';
import { ClickCounter } from './click-counter.js';

const linkAt = statement(`
  SELECT id, url FROM external_links WHERE subject_type = 'resource' AND subject_id = $1 AND position = $2`);

/** Where links lead, for who follows them from outside: decided as for a guest, so that a draft's links lead nowhere. */
@Serves(clicks)
export class ClickHandlers implements Handlers<typeof clicks> {
  constructor(
    private readonly readable: ReadableResources,
    private readonly counter: ClickCounter,
    private readonly db: Db,
  ) {}

  async record(input: ClickLink, context: Context): Promise<ClickedLink> {
    const { shortId, position, visitor = null, counted = true } = input;
    const resource = await this.readable.getByShortId({ ...context, caller: guest }, shortId);
    const link = await this.db.row<{ id: string; url: string }>(linkAt, [resource.id, position]);
    if (!link) throw notFound();
    if (counted) await this.counter.count(resource.id, link.id, visitor);
    return { url: link.url };
  }
}
