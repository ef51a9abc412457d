import { Injectable } from '@nestjs/common';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import type { LeaderWork } from '@erato/platform/events/leader';
import { ownWrite } from '../background/own-write.js';
import { pause } from '../background/pause.js';
import { dayOf } from './visitor-salt.js';

const everyMs = 60_000;
const batch = 5_000;

const forgetSalts = statement('DELETE FROM visitor_salts WHERE day < $1');
const forgetSketches = statement(`
  DELETE FROM link_visitors WHERE (link_id, day) IN (SELECT link_id, day FROM link_visitors WHERE day < $1 LIMIT ${batch})`);

/** Throws away by what visitors of a day were told apart, within minutes of its end. */
@Injectable()
export class ForgetVisitors implements LeaderWork {
  readonly name = 'forget-visitors';

  constructor(private readonly db: Db) {}

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // What was counted just before midnight may still be on its way.
      if ((await this.forget(new Date(Date.now() - everyMs))) < batch) await pause(everyMs, signal);
    }
  }

  /** Forgets days before that of `at`; gives how many sketches went. */
  forget(at: Date): Promise<number> {
    return this.db.transaction(ownWrite(10_000), async (tx) => {
      await tx.run(forgetSalts, [dayOf(at)]);
      return tx.run(forgetSketches, [dayOf(at)]);
    });
  }
}
