import { DataSource, MigrationExecutor, type EntitySchema, type MigrationInterface } from 'typeorm';
import type { Log } from '../service/log.js';
import { EventTables1700000000000 } from './migrations/1700000000000-event-tables.js';
import { KeptAnswers1764000000000 } from './migrations/1764000000000-kept-answers.js';
import { tracedClients } from './traced-client.js';

/** What a service brings: its tables and how they came to be. */
export interface DatabaseOptions {
  readonly entities: readonly (abstract new () => object)[] | readonly EntitySchema[];
  readonly migrations: readonly (new () => MigrationInterface)[];
}

/** One data source a service, with the tables that every service has (outbox, inbox, kept answers). Never `synchronize`. */
export function dataSource(url: string, pool: number, options: DatabaseOptions, log: Log): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: options.entities as never[],
    migrations: [EventTables1700000000000, KeptAnswers1764000000000, ...options.migrations],
    migrationsTableName: 'migrations',
    applicationName: 'erato-write',
    poolErrorHandler: (err: unknown) => log.warn({ err }, 'an idle database connection was lost'),
    extra: {
      max: pool,
      pipeline: true,
      connectionTimeoutMillis: 3_000,
      statement_timeout: 10_000,
      // Named statements are planned once: planning the statement of an event took longer than running it.
      options: '-c plan_cache_mode=force_generic_plan',
      ...tracedClients(),
    },
  });
}

/**
 * Brings the database to the newest migration; several processes at once wait for each other. Waiting, and building an
 * index on a large table, may take longer than any statement of a call.
 */
export async function migrate(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    await runner.query('SET statement_timeout = 0');
    await runner.query(`SELECT pg_advisory_lock(hashtextextended('erato migrations', 0))`);
    const executor = new MigrationExecutor(source, runner);
    executor.transaction = 'each';
    await executor.executePendingMigrations();
  } finally {
    await runner
      .query(`SELECT pg_advisory_unlock(hashtextextended('erato migrations', 0))`)
      .then(() => runner.query('RESET statement_timeout'))
      .catch(() => undefined);
    await runner.release();
  }
}
