import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import type { Tx } from '@erato/platform/database/tx';
import { statement } from '@erato/platform/database/statement';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';

const begin = statement(`
  INSERT INTO creations AS c (fingerprint, begun_at) VALUES ($1, now())
  ON CONFLICT (fingerprint) DO UPDATE SET begun_at = now()
  RETURNING completed`);
const complete = statement('UPDATE creations SET completed = completed + 1 WHERE fingerprint = $1');

/** WorkOS keeps idempotency keys for a day. */
export const forgetCreations = statement(`DELETE FROM creations WHERE begun_at < now() - interval '2 days'`);

/**
 * The idempotency keys of creates at WorkOS. The same request of the same caller has the same key until it was completed
 * on both sides, so that sent again after a failure it makes nothing twice; once completed, the same request means
 * another one. Requests that are alike go one after the other.
 */
@Injectable()
export class Creations {
  readonly #secret: string;

  constructor(@Inject(IDENTITY_CONFIG) config: IdentityConfig) {
    this.#secret = config.workosApiKey;
  }

  /** The key for this request. What is done under it counts as completed when the transaction commits. */
  async key(tx: Tx, context: Context, what: string, input: object): Promise<string> {
    const { subjectType, subjectId } = context.caller;
    const fingerprint = this.#digest([subjectType, subjectId, what, input]);
    const row = await tx.row<{ completed: number }>(begin, [fingerprint]);
    await tx.run(complete, [fingerprint]);
    return this.#digest([fingerprint, row?.completed ?? 0]);
  }

  /** Keyed, since the input can hold a password. */
  #digest(value: unknown): string {
    return createHmac('sha256', this.#secret).update(JSON.stringify(value)).digest('hex');
  }
}
