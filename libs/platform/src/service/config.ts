import { hexKey, integer, optional, readEnv, text } from './env.js';

/** What every process needs to take part. */
export const baseVariables = {
  natsUrl: text('NATS_URL'),
  natsUser: text('NATS_USER'),
  natsPassword: text('NATS_PASSWORD'),
  healthPort: integer('ERATO_HEALTH_PORT', 0, { min: 0, max: 65_535 }),
  healthHost: text('ERATO_HEALTH_HOST', '127.0.0.1'),
  logLevel: text('LOG_LEVEL', 'info'),
  traceEndpoint: optional('OTEL_EXPORTER_OTLP_ENDPOINT'),
} as const;

/** What a service with a database needs besides. */
const serviceVariables = {
  ...baseVariables,
  databaseUrl: text('DATABASE_URL'),
  databasePool: integer('ERATO_DATABASE_POOL', 10, { min: 2, max: 200 }),
  callerKey: hexKey('ERATO_CALLER_KEY'),
} as const;

export type ServiceConfig = ReturnType<typeof readServiceConfig>;

export const readServiceConfig = (env: NodeJS.ProcessEnv = process.env) => readEnv(serviceVariables, env);
