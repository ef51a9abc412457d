import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { databaseOf } from '../launch/databases.js';
import { messageOf } from '../launch/error.js';
import { readText } from '../launch/files.js';
import { completeSecrets, databaseServices, loadSecrets, type Secrets } from '../launch/secrets.js';
import { readSettings, type Settings } from '../launch/settings.js';
import { externalLogin, type NatsLogin } from '../nats/login.js';
import { adminUser } from '../nats/permissions.js';
import { connectAsAdmin } from '../nats/streams.js';
import { adminUrl } from '../postgres/cluster.js';
import { serviceUrl } from '../postgres/databases.js';

/** What the erato command works on: the servers that the environment names, or those that `npm start` runs. */
export interface Installation {
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** Whether NATS is the one that `npm start` runs. */
  readonly natsIsEmbedded: boolean;
  readonly natsLogin: NatsLogin;
  /** Where databases are made; undefined when each service names its own. */
  readonly databaseAdmin: string | undefined;
  readonly databaseUrl: (service: string) => string | undefined;
}

function ports(dataFolder: string): Readonly<Record<string, number>> {
  const text = readText(join(dataFolder, 'ports.json'));
  return text === undefined ? {} : (JSON.parse(text) as Record<string, number>);
}

/** Reads which installation is meant from the environment and its data folder. Changes nothing. */
export function findInstallation(environment: NodeJS.ProcessEnv = process.env): Installation {
  const settings = readSettings(environment);
  const { dataFolder, natsUrl, databaseUrl, databaseUrls } = settings;
  const known = existsSync(join(dataFolder, 'secrets.json'));
  const ownOnly = databaseServices.every((service) => databaseUrls[service] !== undefined);
  if (!known && (natsUrl === undefined || (databaseUrl === undefined && !ownOnly))) {
    throw new Error(
      `there is no installation in ${dataFolder}: start it once (npm start), set ERATO_DATA_DIR to its folder, or NATS_URL and DATABASE_URL to its servers`,
    );
  }
  const secrets = known ? loadSecrets(dataFolder) : completeSecrets(undefined);
  const { nats = 0, postgres = 0 } = ports(dataFolder);
  const embedded = { port: postgres, password: secrets.postgres['postgres'] ?? '' };
  const databaseAdmin = databaseUrl ?? (ownOnly ? undefined : adminUrl(embedded));
  return {
    settings,
    secrets,
    natsIsEmbedded: natsUrl === undefined,
    natsLogin:
      natsUrl === undefined
        ? { url: `nats://127.0.0.1:${nats}`, user: adminUser, password: secrets.nats[adminUser] ?? '' }
        : externalLogin(natsUrl, adminUser, settings.env),
    databaseAdmin,
    databaseUrl: (service) =>
      databaseUrls[service] ??
      (databaseAdmin === undefined
        ? undefined
        : serviceUrl(databaseAdmin, databaseOf(service, secrets, settings.env))),
  };
}

/** Runs `work` with a connection to the bus that may do everything. */
export async function onBus<T>(
  { natsLogin, natsIsEmbedded, settings }: Installation,
  work: (connection: NatsConnection) => Promise<T>,
): Promise<T> {
  const connection = await connectAsAdmin(natsLogin).catch((error: unknown) => {
    const hint = natsIsEmbedded ? `: does Erato run on ${settings.dataFolder} (npm start)?` : '';
    throw new Error(`NATS at ${natsLogin.url} is not to be reached (${messageOf(error)})${hint}`, {
      cause: error,
    });
  });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
