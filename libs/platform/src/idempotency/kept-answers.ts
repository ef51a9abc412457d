import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Once } from '@erato/contracts/kit/context';
import { alreadyDone, idempotencyConflict } from '@erato/contracts/kit/failure';
import { asFailure } from '../database/sql-fault.js';
import { statement } from '../database/statement.js';
import type { LeaderWork } from '../events/leader.js';

/** What was answered, as it goes out again. */
export interface GivenAnswer {
  readonly body: string;
  readonly version: string;
  readonly location: string;
}

interface Row {
  readonly asked: string;
  readonly body: string | null;
  readonly version: string;
  readonly location: string;
}

const find = statement(`
  SELECT asked, body, coalesce(version, '') AS version, coalesce(location, '') AS location FROM kept_answers
  WHERE name = $1 AND made_at > now() - interval '24 hours'`);
const keep = statement(
  'UPDATE kept_answers SET body = $3, version = $4, location = $5 WHERE name = $1 AND run = $2',
);
const forget = statement('DELETE FROM kept_answers WHERE name = $1 AND run = $2');
const expire = statement(`
  DELETE FROM kept_answers WHERE name IN (
    SELECT name FROM kept_answers WHERE made_at < now() - interval '24 hours' LIMIT 1000)`);

/** The largest answer that is kept, in characters. */
const maxBody = 256 * 1024;
/** How long the answer of another try, which has just committed, is waited for. */
const waits = [20, 50, 100, 200];
const everyMs = 10 * 60 * 1_000;

/**
 * The second half of idempotency (http.md, Every route): the gateways keep answers for whoever asks again; this table, written
 * in the transaction that carries a request out, keeps it from being carried out twice where a gateway died or gave up
 * before it had the answer. It is emptied of what is a day old.
 */
export class KeptAnswers implements LeaderWork {
  readonly name = 'kept answers';

  constructor(private readonly pool: Pool) {}

  /**
   * What another try has answered; null where there was none.
   *
   * @throws Failure `idempotency_conflict` where something else was asked, `already_done` where the answer is not known: it held
   * a secret, or the process ended between its commit and its answer
   */
  async find(once: Once): Promise<GivenAnswer | null> {
    for (const wait of [0, ...waits]) {
      if (wait > 0) await delay(wait);
      const row = await this.#row(once);
      if (!row) return null;
      if (row.asked !== once.asked) throw idempotencyConflict();
      if (row.body !== null) return { body: row.body, version: row.version, location: row.location };
    }
    throw alreadyDone();
  }

  /** Puts the answer to the record that the transaction has made. It is not waited for: whoever asked has his answer. */
  async keep({ name, run }: Once, { body, version, location }: GivenAnswer): Promise<void> {
    if (body.length > maxBody) return;
    await this.pool.query({ ...keep, values: [name, run, body, version, location] });
  }

  /** Takes the record back after a failure, which keeps nothing: the next try is a first one. */
  async forget({ name, run }: Once): Promise<void> {
    await this.pool.query({ ...forget, values: [name, run] });
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { rowCount } = await this.pool.query({ ...expire, values: [] });
      if (rowCount === 0) await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #row({ name }: Once): Promise<Row | undefined> {
    try {
      return (await this.pool.query<Row>({ ...find, values: [name] })).rows[0];
    } catch (cause) {
      throw asFailure(cause);
    }
  }
}
