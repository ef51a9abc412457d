import { search, type Found, type Search } from '@erato/contracts/content/search';
import type { Handlers, Page } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import { Serves } from '@erato/platform/transport/serves';
import { Viewers } from '../access/viewers.js';
import { readFound } from './found-page.js';

@Serves(search)
export class SearchHandlers implements Handlers<typeof search> {
  constructor(
    private readonly viewers: Viewers,
    private readonly db: Db,
  ) {}

  async find(input: Search, context: Context): Promise<Page<Found>> {
    return readFound(this.db, input, await this.viewers.of(context));
  }
}
