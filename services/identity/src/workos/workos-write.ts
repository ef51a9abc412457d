import { Injectable } from '@nestjs/common';
import { bulkhead, BulkheadRejectedError } from 'cockatiel';
import { partialWrite, workosUnavailable } from '@erato/contracts/identity/workos';
import type { Context } from '@erato/contracts/kit/context';
import { Db } from '@erato/platform/database/db';
import type { Tx } from '@erato/platform/database/tx';
import type { WriteContext } from '@erato/platform/database/write-context';
import { Workos, type Use } from './workos.js';

/** Asks WorkOS to write something, within a write that has an Erato side too. `what` names it to the caller. */
export type WriteAtWorkos = <T>(
  what: string,
  work: (sdk: Workos['sdk']) => Promise<T>,
  use?: Use,
) => Promise<T>;

/**
 * Writes that WorkOS takes part in (identity.md, Field ownership and writes): WorkOS first, then Erato, in one
 * transaction that holds the locks all along, so that nothing moves between the two. When WorkOS was written and Erato
 * was not, the caller is told `partial_write`.
 */
@Injectable()
export class WorkosWrites {
  /** Slow writes at WorkOS may hold a few of the connections, never all: other writes go on. */
  readonly #connections = bulkhead(4, 100);

  constructor(
    private readonly db: Db,
    private readonly workos: Workos,
  ) {}

  async run<T>(
    context: Context | WriteContext,
    erato: string,
    work: (tx: Tx, atWorkos: WriteAtWorkos) => Promise<T>,
  ): Promise<T> {
    const written: string[] = [];
    const atWorkos: WriteAtWorkos = async (what, ask, use) => {
      const answer = await this.workos.ask(context, ask, use);
      written.push(what);
      return answer;
    };
    try {
      return await this.#connections.execute(() => this.db.transaction(context, (tx) => work(tx, atWorkos)));
    } catch (cause) {
      if (cause instanceof BulkheadRejectedError) throw workosUnavailable({ cause, retryAfter: 1 });
      if (written.length === 0) throw cause;
      throw partialWrite({
        detail: `WorkOS has written ${written.join(' and ')}; ${erato} was not written.`,
        extra: {
          written,
          notWritten: [erato],
          recovery:
            'Send the same request again: what WorkOS has written already is found and not made twice, and the rest is written. Erato also takes over what WorkOS has written by itself within seconds.',
        },
        cause,
      });
    }
  }
}
