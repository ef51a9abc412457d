import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { throttled } from '@erato/contracts/kit/failure';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';

const most = 10;
const windowSeconds = 15 * 60;

const tried = statement(`
  SELECT count(*)::integer AS tries, min(tried_at) AS oldest FROM sign_in_tries
  WHERE account = $1 AND tried_at > now() - make_interval(secs => $2)`);
const note = statement('INSERT INTO sign_in_tries (account, tried_at) VALUES ($1, now())');
const forget = statement('DELETE FROM sign_in_tries WHERE account = $1');

/**
 * At most 10 tries an account in 15 minutes (identity.md, Routes), counted for all replicas in one place, whether there is
 * such an account or not; one that succeeds ends the count.
 */
@Injectable()
export class SignInTries {
  constructor(private readonly db: Db) {}

  /** Counts a try before it is made; 429 when there were too many. Gives what to call when it succeeded. */
  async begin(context: Context, name: string): Promise<() => Promise<void>> {
    const account = createHash('sha256').update(name).digest('hex');
    await this.db.transaction(context, async (tx) => {
      await tx.exclusive(`sign-in ${account}`);
      const row = await tx.row<{ tries: number; oldest: Date | null }>(tried, [account, windowSeconds]);
      if (row && row.tries >= most) {
        const over = (row.oldest?.getTime() ?? Date.now()) + windowSeconds * 1000 - Date.now();
        throw throttled({
          detail: 'Too many tries for this account.',
          retryAfter: Math.max(1, Math.ceil(over / 1000)),
        });
      }
      await tx.run(note, [account]);
    });
    return async () => {
      await this.db.transaction(context, (tx) => tx.run(forget, [account]));
    };
  }
}
