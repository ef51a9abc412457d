import { Pool, type PoolClient, type QueryResultRow } from 'pg';
import type { DataSource, EntityTarget, FindManyOptions, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import type { Context } from '@erato/contracts/kit/context';
import { timedOut } from '@erato/contracts/kit/failure';
import { outboxRow, outboxValues, type Emit, type OutboxRow } from '../events/outbox.js';
import { recordValues, refused } from '../idempotency/record.js';
import type { Log } from '../service/log.js';
import type { TextRow } from './row-text.js';
import { asFailure } from './sql-fault.js';
import type { Statement } from './statement.js';
import { keepTraces, tracedClients } from './traced-client.js';
import { TextReads, type TextValue } from './text-reads.js';
import { Tx, type AfterCommit } from './tx.js';
import { writeContext, type WriteContext } from './write-context.js';
import { asTransaction, type Writing } from './writing.js';

/** A write of one statement, with its values and what it tells. */
export interface SingleWrite {
  readonly writing: Writing;
  readonly values: readonly unknown[];
  /** States at least one event. */
  readonly tell: (emit: Emit) => void;
}

/**
 * The handle that reads. Its connections are read-only in Postgres itself and plan generically, so a write through it
 * fails and a hot statement is planned once. Writing needs a {@link Tx}, which only {@link transaction} gives, or is one
 * statement with its events ({@link write}).
 */
export class Db {
  readonly #texts: TextReads;

  constructor(
    private readonly reads: Pool,
    private readonly dataSource: DataSource,
    private readonly afterCommit: AfterCommit,
  ) {
    this.#texts = new TextReads(reads);
  }

  static reads(url: string, max: number, log: Log): Pool {
    const pool = new Pool({
      connectionString: url,
      max,
      options:
        '-c default_transaction_read_only=on -c plan_cache_mode=force_generic_plan -c statement_timeout=5000 -c timezone=UTC',
      connectionTimeoutMillis: 3_000,
      application_name: 'erato-read',
      ...tracedClients(),
    });
    pool.on('error', (err) => log.warn({ err }, 'an idle database connection was lost'));
    return keepTraces(pool);
  }

  /** All rows of a named prepared statement. */
  async rows<R extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R[]> {
    try {
      const result = await this.reads.query<R>({
        name: statement.name,
        text: statement.text,
        values: [...values],
      });
      return result.rows;
    } catch (cause) {
      throw asFailure(cause);
    }
  }

  /** The same, each row as the texts that Postgres wrote: for reads that pass on more than they look at (row-text.ts). */
  async texts<R extends TextRow>(statement: Statement, values: readonly TextValue[]): Promise<R[]> {
    try {
      return (await this.#texts.rows(statement, values)) as R[];
    } catch (cause) {
      throw asFailure(cause);
    }
  }

  /** The first row, or null. */
  async row<R extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R | null> {
    return (await this.rows<R>(statement, values))[0] ?? null;
  }

  /** Entities, through TypeORM: for reads that are not hot. */
  find<E extends ObjectLiteral>(entity: EntityTarget<E>, options: FindManyOptions<E>): Promise<E[]> {
    return this.#read(this.dataSource.manager.find(entity, options));
  }

  findOneBy<E extends ObjectLiteral>(entity: EntityTarget<E>, where: FindOptionsWhere<E>): Promise<E | null> {
    return this.#read(this.dataSource.manager.findOneBy(entity, where));
  }

  async #read<T>(found: Promise<T>): Promise<T> {
    try {
      return await found;
    } catch (cause) {
      throw asFailure(cause);
    }
  }

  /**
   * Runs the work in one transaction together with the events that it emits; nothing of it stays when it throws, when
   * its deadline has passed at the end, or when the process dies. After the commit the relay is woken.
   */
  async transaction<T>(context: Context | WriteContext, work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const tx = await Tx.begin(runner, 'actor' in context ? context : writeContext(context));
      try {
        const value = await work(tx);
        const emitted = await tx.commit();
        if (emitted > 0) this.afterCommit();
        return value;
      } catch (error) {
        await tx.rollback();
        throw error;
      }
    } catch (cause) {
      throw asFailure(cause);
    } finally {
      await runner.release();
    }
  }

  /**
   * The same for one statement, in one round trip: it commits by itself with its events and the record of its request, though its
   * deadline pass on the way. Null, and nothing is written or told, where it gives no row.
   */
  async write<R extends QueryResultRow>(
    context: Context,
    { writing, values, tell }: SingleWrite,
  ): Promise<R | null> {
    const within = writeContext(context);
    const { once } = within;
    const told: OutboxRow[] = [];
    tell((event, subject, body) => told.push(outboxRow(event, subject, body, within)));
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      if (Date.now() > within.deadline) throw timedOut();
      const { rows } = await client.query<R>({
        ...asTransaction(writing, once !== undefined),
        values: [...values, ...outboxValues(told), ...(once ? recordValues(once) : [])],
      });
      const [row] = rows;
      if (!row) return null;
      if (once) once.state = 'recorded';
      this.afterCommit();
      return row;
    } catch (cause) {
      throw asFailure(refused(cause, once));
    } finally {
      await runner.release();
    }
  }
}
