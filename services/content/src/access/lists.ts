import { Injectable } from '@nestjs/common';
import type { Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { written } from '@erato/platform/transport/server';
import { ListStatement, type Listing } from './listing.js';
import { Viewers } from './viewers.js';

/** Reads pages of what callers may see; the JSON of the items is written by Postgres. */
@Injectable()
export class Lists {
  constructor(
    private readonly db: Db,
    private readonly viewers: Viewers,
  ) {}

  async read<T>(context: Context, listing: Listing): Promise<Page<T>> {
    const { items, meta } = await this.items(context, listing);
    return written(`{"data":[${items}],"meta":${JSON.stringify(meta)}}`);
  }

  /** The items of a page as JSON, a comma between them. */
  async items(context: Context, listing: Listing): Promise<{ items: string; meta: Page<unknown>['meta'] }> {
    const viewer = await this.viewers.of(context);
    const { page, items } = await new ListStatement(listing, viewer).read(this.db);
    const isCounted = listing.request.count !== undefined && viewer.authenticated;
    const total = isCounted ? { total: await ListStatement.count(this.db, listing, viewer) } : {};
    return { items, meta: { ...page.meta, ...total } };
  }
}
