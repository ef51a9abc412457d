import { resolve } from 'node:path';
import { databaseServices } from './secrets.js';

/** What the user chose by environment variables (.env.example names them all). */
export interface Settings {
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  /** Whether PORT was set: then no other port will do. */
  readonly portIsExplicit: boolean;
  readonly metricsPort: number | undefined;
  readonly adminKey: string | undefined;
  /** A real NATS server in place of the embedded one. */
  readonly natsUrl: string | undefined;
  readonly natsReplicas: number;
  /** A Postgres server in place of the embedded one; the user in it may create databases and roles. */
  readonly databaseUrl: string | undefined;
  /** A service's own database, which exists already. */
  readonly databaseUrls: Readonly<Record<string, string>>;
  /** Set when the real WorkOS, or another server with its API, is used. */
  readonly workosApiKey: string | undefined;
  /** All variables; an empty one counts as unset and is left out. */
  readonly env: Readonly<Record<string, string>>;
}

function integer(
  name: string,
  text: string | undefined,
  fallback: number,
  [least, most]: [number, number],
): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${name} must be a whole number from ${least} to ${most}, and is "${text}"`);
}

const port: [number, number] = [0, 65_535];
const fixedPort: [number, number] = [1, 65_535];

/** Reads the environment; throws with the name of what is wrong. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const env = Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  );
  const databaseUrls = Object.fromEntries(
    databaseServices.flatMap((service) => {
      const url = env[`${service.toUpperCase()}_DATABASE_URL`];
      return url === undefined ? [] : [[service, url]];
    }),
  );
  const workosApiKey = env['WORKOS_API_KEY'];
  if (workosApiKey !== undefined && env['WORKOS_CLIENT_ID'] === undefined) {
    throw new Error('WORKOS_API_KEY is set, so WORKOS_CLIENT_ID is needed too');
  }
  return {
    dataFolder: resolve(env['ERATO_DATA_DIR'] ?? '.erato'),
    host: env['HOST'] ?? '127.0.0.1',
    port: integer('PORT', env['PORT'], 8080, port),
    portIsExplicit: env['PORT'] !== undefined,
    metricsPort:
      env['ERATO_METRICS_PORT'] === undefined
        ? undefined
        : integer('ERATO_METRICS_PORT', env['ERATO_METRICS_PORT'], 0, fixedPort),
    adminKey: env['ERATO_ADMIN_KEY'],
    natsUrl: env['NATS_URL'],
    natsReplicas: integer('ERATO_NATS_REPLICAS', env['ERATO_NATS_REPLICAS'], 1, [1, 5]),
    databaseUrl: env['DATABASE_URL'],
    databaseUrls,
    workosApiKey,
    env,
  };
}
