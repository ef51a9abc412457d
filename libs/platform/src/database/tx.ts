import type { PoolClient, QueryResultRow } from 'pg';
import type {
  DeepPartial,
  EntityManager,
  EntityTarget,
  FindOptionsWhere,
  ObjectLiteral,
  QueryRunner,
} from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { EventType } from '@erato/contracts/kit/event';
import { internal, timedOut } from '@erato/contracts/kit/failure';
import { recordOf, refused } from '../idempotency/record.js';
import { outboxInsert, outboxRow, type OutboxRow } from '../events/outbox.js';
import type { WriteContext } from './write-context.js';
import type { Statement } from './statement.js';

/** Called after a commit that emitted something. */
export type AfterCommit = () => void;

/**
 * The handle that reads, writes and emits, for the time of one transaction; used after its end it throws. BEGIN goes out
 * with the first statement, and the outbox rows with COMMIT, so a write of one statement takes two round trips.
 */
export class Tx {
  #open = true;
  readonly #events: OutboxRow[] = [];

  private constructor(
    private readonly client: PoolClient,
    private readonly entities: EntityManager,
    private readonly begun: Promise<unknown>,
    private readonly context: WriteContext,
  ) {}

  static async begin(runner: QueryRunner, context: WriteContext): Promise<Tx> {
    const client = (await runner.connect()) as PoolClient;
    const begun = client.query('BEGIN');
    begun.catch(() => undefined);
    // NOTE: TypeORM locks rows only where it knows of a transaction; this one it did not begin.
    Object.assign(runner, { isTransactionActive: true });
    return new Tx(client, runner.manager, begun, context);
  }

  /** Who makes this change, as events and trails name him. */
  get actor(): string {
    return this.context.actor;
  }

  /** All rows of a named prepared statement. */
  async rows<R extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R[]> {
    return (await this.#query<R>(statement, values)).rows;
  }

  /** The first row, or null. */
  async row<R extends QueryResultRow>(statement: Statement, values: readonly unknown[]): Promise<R | null> {
    return (await this.rows<R>(statement, values))[0] ?? null;
  }

  /** Runs a statement and gives the number of rows it touched. */
  async run(statement: Statement, values: readonly unknown[]): Promise<number> {
    return (await this.#query(statement, values)).rowCount ?? 0;
  }

  findOneBy<E extends ObjectLiteral>(entity: EntityTarget<E>, where: FindOptionsWhere<E>): Promise<E | null> {
    return this.#manager().findOneBy(entity, where);
  }

  findBy<E extends ObjectLiteral>(entity: EntityTarget<E>, where: FindOptionsWhere<E>): Promise<E[]> {
    return this.#manager().findBy(entity, where);
  }

  /** Reads a row and locks it until the end, so that two changes of one object come one after the other. */
  lock<E extends ObjectLiteral>(entity: EntityTarget<E>, where: FindOptionsWhere<E>): Promise<E | null> {
    return this.#manager().findOne(entity, { where, lock: { mode: 'pessimistic_write' } });
  }

  async insert<E extends ObjectLiteral>(
    entity: EntityTarget<E>,
    rows: DeepPartial<E> | DeepPartial<E>[],
  ): Promise<void> {
    await this.#manager().insert(entity, rows as QueryDeepPartialEntity<E>);
  }

  async update<E extends ObjectLiteral>(
    entity: EntityTarget<E>,
    where: FindOptionsWhere<E>,
    set: DeepPartial<E>,
  ): Promise<number> {
    const result = await this.#manager().update(entity, where, set as QueryDeepPartialEntity<E>);
    return result.affected ?? 0;
  }

  async delete<E extends ObjectLiteral>(
    entity: EntityTarget<E>,
    where: FindOptionsWhere<E>,
  ): Promise<number> {
    return (await this.#manager().delete(entity, where)).affected ?? 0;
  }

  /** Holds a lock of this name until the end of the transaction. */
  async exclusive(name: string): Promise<void> {
    await this.#client().query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
  }

  /** States a fact; it is published if and only if the transaction commits. `subject` is the id of what it is about. */
  emit<T>(event: EventType<T>, subject: string, body: T): void {
    if (!this.#open) throw ended();
    this.#events.push(outboxRow(event, subject, body, this.context));
  }

  /** Writes the events and, of a request that takes effect once, that it did; commits, and gives how many events there were. */
  async commit(): Promise<number> {
    const client = this.#client();
    this.#open = false;
    const { once } = this.context;
    const writes = [
      ...(this.#events.length > 0 ? [client.query(outboxInsert(this.#events))] : []),
      ...(once ? [client.query(recordOf(once))] : []),
    ];
    const settled = await Promise.allSettled([this.begun, ...writes, client.query('COMMIT')]);
    const failed = settled.find((each) => each.status === 'rejected');
    if (failed) throw refused(failed.reason, once);
    // NOTE: COMMIT of an aborted transaction succeeds, as ROLLBACK.
    const last = settled.at(-1);
    const outcome = last?.status === 'fulfilled' ? (last.value as { command: string }).command : '';
    if (outcome !== 'COMMIT') throw internal({ cause: new Error(`the transaction ended as ${outcome}`) });
    if (once) once.state = 'recorded';
    return this.#events.length;
  }

  async rollback(): Promise<void> {
    this.#open = false;
    await this.client.query('ROLLBACK').catch(() => undefined);
  }

  #query<R extends QueryResultRow>(statement: Statement, values: readonly unknown[]) {
    return this.#client().query<R>({ name: statement.name, text: statement.text, values: [...values] });
  }

  #manager(): EntityManager {
    this.#held();
    return this.entities;
  }

  #client(): PoolClient {
    this.#held();
    return this.client;
  }

  /** Nothing more is done after the end, nor for a caller who has left. */
  #held(): void {
    if (!this.#open) throw ended();
    if (Date.now() > this.context.deadline) throw timedOut();
  }
}

const ended = (): Error => new Error('The transaction has ended');
