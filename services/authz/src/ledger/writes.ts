import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import type { Tx } from '@erato/platform/database/tx';
import type { WriteContext } from '@erato/platform/database/write-context';
import { FactsCache } from '@erato/policy/client/facts-cache';
import { Ledger } from './ledger.js';

/** The one way in which this service changes what decisions read. */
@Injectable()
export class Writes {
  constructor(
    private readonly db: Db,
    private readonly cache: FactsCache,
  ) {}

  /** Runs a change with its book, and gives what came of it with the revision from which on it counts. */
  async write<T>(
    context: Context | WriteContext,
    work: (tx: Tx, ledger: Ledger) => Promise<T>,
  ): Promise<{ value: T; revision: number }> {
    const { value, revision, changed } = await this.db.transaction(context, async (tx) => {
      const ledger = await Ledger.open(tx, 'caller' in context && context.caller.scopes.includes('admin'));
      const value = await work(tx, ledger);
      const revision = await ledger.close();
      return { value, revision, changed: ledger.changed };
    });
    this.cache.forget(changed, revision);
    return { value, revision };
  }
}
