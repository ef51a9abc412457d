import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { LOG, type Log } from '@erato/platform/service/log';

const write = statement(`
  UPDATE api_keys SET last_used_at = now()
  WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`);

/** Notes that a key was used: at most once a minute, and never in the way of the request that used it. */
@Injectable()
export class LastUsed {
  readonly #written = new LRUCache<string, true>({ max: 50_000, ttl: 60_000 });

  constructor(
    private readonly db: Db,
    @Inject(LOG) private readonly log: Log,
  ) {}

  note(keyId: string): void {
    if (this.#written.has(keyId)) return;
    this.#written.set(keyId, true);
    const context = {
      actor: 'service:identity',
      requestId: crypto.randomUUID(),
      deadline: Date.now() + 10_000,
    };
    this.db
      .transaction(context, (tx) => tx.run(write, [keyId]))
      .catch((err: unknown) => {
        this.#written.delete(keyId);
        this.log.warn({ err, keyId }, 'the last use of a key was not noted');
      });
  }
}
