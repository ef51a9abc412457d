import { Injectable } from '@nestjs/common';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { WriteContext } from '@erato/platform/database/write-context';
import { forgetRetiredSecrets } from '../api-key/retired-secret.js';
import { forgetTombstones } from '../tombstone.js';
import { forgetCreations } from '../workos/creation.js';

const everyMs = 3_600_000;

const forgetSessions = statement(
  `DELETE FROM revoked_sessions WHERE revoked_at < now() - interval '30 days'`,
);
const forgetTries = statement(`DELETE FROM sign_in_tries WHERE tried_at < now() - interval '1 hour'`);
const forgetRuns = statement(`DELETE FROM sync_runs WHERE finished_at < now() - interval '90 days'`);

/** Forgets once an hour what is over and nobody asks for any more. */
@Injectable()
export class Housekeeping {
  #done = 0;

  constructor(private readonly db: Db) {}

  async run(context: WriteContext): Promise<void> {
    if (Date.now() - this.#done < everyMs) return;
    await this.db.transaction(context, async (tx) => {
      for (const each of [
        forgetTombstones,
        forgetCreations,
        forgetSessions,
        forgetTries,
        forgetRetiredSecrets,
        forgetRuns,
      ]) {
        await tx.run(each, []);
      }
    });
    this.#done = Date.now();
  }
}
