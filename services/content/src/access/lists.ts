import { Injectable } from '@nestjs/common';
import type { Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { written } from '@erato/platform/transport/server';
import { Policy } from '@erato/policy/client/policy';
import { ListStatement, type Listing } from './listing.js';
import { Projection } from './projection.js';
import { viewerOf } from './viewer.js';

/** Reads pages of what callers may see; the JSON of the items is written by Postgres. */
@Injectable()
export class Lists {
  constructor(
    private readonly db: Db,
    private readonly policy: Policy,
    private readonly projection: Projection,
  ) {}

  async read<T>(context: Context, listing: Listing): Promise<Page<T>> {
    const { items, meta } = await this.items(context, listing);
    return written(`{"data":[${items}],"meta":${JSON.stringify(meta)}}`);
  }

  /** The items of a page as JSON, a comma between them. */
  async items(context: Context, listing: Listing): Promise<{ items: string; meta: Page<unknown>['meta'] }> {
    if (context.consistency !== undefined) await this.projection.reach(context.consistency, context.deadline);
    const { subject, actions } = await this.policy.viewer(context);
    const viewer = viewerOf(context.caller, subject, actions);
    const { page, items } = await new ListStatement(listing, viewer).read(this.db);
    const isCounted = listing.request.count !== undefined && viewer.authenticated;
    const total = isCounted ? { total: await ListStatement.count(this.db, listing, viewer) } : {};
    return { items, meta: { ...page.meta, ...total } };
  }
}
