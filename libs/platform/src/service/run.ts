import 'reflect-metadata';
import { Module, type DynamicModule, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { ServiceName } from '@erato/contracts/services';
import { dataSource, migrate, type DatabaseOptions } from '../database/data-source.js';
import { Db } from '../database/db.js';
import { watchPool } from '../database/pool-metrics.js';
import { keepTraces } from '../database/traced-client.js';
import { Consumer } from '../events/consumer.js';
import type { EventHandler } from '../events/handler.js';
import { Leader, type LeaderWork } from '../events/leader.js';
import { watchOutbox } from '../events/outbox-metrics.js';
import { Relay } from '../events/relay.js';
import { KeptAnswers } from '../idempotency/kept-answers.js';
import { collectProcessMetrics } from '../telemetry/metrics.js';
import { startTracing } from '../telemetry/tracing.js';
import { Bus } from '../transport/bus.js';
import { BusCaller } from '../transport/caller.js';
import { BusServer, KeepFailure } from '../transport/server.js';
import { CallerVerifier } from '../transport/signed-caller.js';
import type { ServiceConfig } from './config.js';
import { readEnv, text } from './env.js';
import { giveBackAtRest } from './give-back.js';
import { Health } from './health.js';
import { LOG, NestLog, openLog } from './log.js';
import { sourceStack } from './source-stack.js';

/** What a service is, as its `main.ts` says it. */
export interface ServiceOptions {
  readonly name: ServiceName;
  readonly module: Type | DynamicModule;
  readonly database: DatabaseOptions;
  /** The classes that apply other services' events; provided by the module. */
  readonly consumers?: readonly Type<EventHandler>[];
  /** Classes whose work one replica at a time does; provided by the module. */
  readonly background?: readonly Type<LeaderWork>[];
}

export interface RunningService {
  readonly healthPort: number;
  close(): Promise<void>;
}

@Module({})
class PlatformModule {}

/** Starts a service from its configuration: database, migrations, bus, handlers, background work, health; in this order. */
export async function startService(options: ServiceOptions, config: ServiceConfig): Promise<RunningService> {
  const log = openLog(options.name, config.logLevel);
  const stopTracing = await startTracing(options.name, config.traceEndpoint);
  const source = dataSource(config.databaseUrl, config.databasePool, options.database, log);
  await source.initialize();
  await migrate(source);
  const writes = keepTraces(writePool(source));
  const reads = Db.reads(config.databaseUrl, config.databasePool, log);
  const login = {
    url: config.natsUrl,
    user: config.natsUser,
    password: config.natsPassword,
    name: options.name,
  };
  const bus = await Bus.open(login);
  const leader = new Leader(config.databaseUrl, log);
  const relay = new Relay(
    options.name,
    bus,
    writes,
    () => leader.leading,
    () => Bus.alone({ ...login, name: `${options.name} relay` }),
  );
  const db = new Db(reads, source, relay.committed);
  const caller = new BusCaller(bus);
  const health = new Health();

  const platform: DynamicModule = {
    module: PlatformModule,
    global: true,
    providers: [
      { provide: Bus, useValue: bus },
      { provide: BusCaller, useValue: caller },
      { provide: Db, useValue: db },
      { provide: Health, useValue: health },
      { provide: LOG, useValue: log },
    ],
    exports: [Bus, BusCaller, Db, Health, LOG],
  };
  const answers = new KeptAnswers(writes);
  const verifier = new CallerVerifier(options.name, config.callerKey);
  const server = new BusServer(options.name, bus, verifier, answers, log);
  const app: INestMicroservice = await NestFactory.createMicroservice(
    { module: PlatformModule, imports: [platform, options.module] },
    { strategy: server, logger: new NestLog(log), abortOnError: false },
  );
  app.useGlobalFilters(new KeepFailure());
  await app.listen();

  leader.add(relay);
  leader.add(answers);
  const handlers = (options.consumers ?? []).map((type) => app.get<EventHandler>(type, { strict: false }));
  for (const [from, group] of bySource(handlers)) {
    leader.add(new Consumer(options.name, from, group, { bus, db, log }));
  }
  for (const type of options.background ?? []) leader.add(app.get<LeaderWork>(type, { strict: false }));
  leader.start();

  health.add('nats', () => bus.connected || 'disconnected');
  health.add('postgres', async () => (await reads.query('SELECT 1')).rowCount === 1 || 'no answer');
  const unwatch = [watchPool('reads', reads), watchPool('writes', writes), watchOutbox(reads)];
  const healthPort = await health.listen(config.healthHost, config.healthPort);
  log.info({ healthPort }, 'ready');

  return {
    healthPort,
    async close() {
      await health.close();
      for (const end of unwatch) end();
      await server.close();
      await leader.close();
      await app.close();
      caller.close();
      await bus.close();
      await reads.end();
      await source.destroy();
      await stopTracing();
      log.flush();
    },
  };
}

/** Handlers by the service whose events they hear: one durable consumer each. */
function bySource(handlers: readonly EventHandler[]): Map<string, EventHandler[]> {
  const groups = new Map<string, EventHandler[]>();
  for (const handler of handlers) {
    const from = handler.event.name.slice(0, handler.event.name.indexOf('.'));
    groups.set(from, [...(groups.get(from) ?? []), handler]);
  }
  return groups;
}

/** The pool behind TypeORM, for the statements of the relay and of kept answers. */
const writePool = (source: DataSource): Pool => (source.driver as unknown as { master: Pool }).master;

/** Brings a service's database to the newest migration and leaves; DATABASE_URL is all it needs. */
async function migrateAlone({ name, database }: ServiceFrame): Promise<{ close(): Promise<void> }> {
  const { databaseUrl } = readEnv({ databaseUrl: text('DATABASE_URL') });
  const source = dataSource(databaseUrl, 2, database, openLog(name, 'warn'));
  await source.initialize();
  try {
    await migrate(source);
  } finally {
    await source.destroy();
  }
  return { close: () => Promise.resolve() };
}

/** What is known of a service before its configuration is read. */
type ServiceFrame = Pick<ServiceOptions, 'name' | 'database'>;

/**
 * Runs a service as a process: wrong configuration ends it with a sentence, SIGTERM and SIGINT end it in order. With the
 * argument `migrate` it runs its migrations and ends, for deployments that migrate before they start (erato migrate).
 */
export async function runServiceProcess(
  frame: ServiceFrame,
  start: () => Promise<RunningService>,
): Promise<void> {
  if (process.argv[2] === 'migrate') return runProcess(frame.name, () => migrateAlone(frame));
  collectProcessMetrics(frame.name);
  await runProcess(frame.name, start);
}

/** {@link runServiceProcess} for a service whose options need no configuration. */
export const runService = (options: ServiceOptions, readConfig: () => ServiceConfig): Promise<void> =>
  runServiceProcess(options, () => startService(options, readConfig()));

/** The frame of every process: start, wait for a signal, close within 10 s. */
export async function runProcess(
  name: string,
  start: () => Promise<{ close(): Promise<void> }>,
): Promise<void> {
  let running: { close(): Promise<void> };
  try {
    running = await start();
  } catch (error) {
    const why = error instanceof Error ? error : new Error(String(error));
    process.stderr.write(
      `${name}: cannot start: ${why.name === 'ConfigError' ? why.message : sourceStack(why.stack ?? why.message)}\n`,
    );
    process.exit(1);
  }
  giveBackAtRest();
  let closing = false;
  const close = (): void => {
    if (closing) return;
    closing = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${name}: did not close cleanly: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', close);
  process.once('SIGINT', close);
}
