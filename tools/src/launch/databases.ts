import { join } from 'node:path';
import { adminUrl, postgresPart } from '../postgres/cluster.js';
import { provisionDatabases, serviceUrl, type ServiceDatabase } from '../postgres/databases.js';
import { messageOf } from './error.js';
import type { Part } from './part.js';
import { databaseServices, type Secrets } from './secrets.js';
import type { Settings } from './settings.js';
import type { StablePorts } from './stable-ports.js';

/** The databases of an installation: on our own server, or on the user's. */
export interface Databases {
  /** Undefined for a server of the user's. */
  readonly part: Part | undefined;
  /** As shown to people: without a password. */
  readonly description: string;
  /** The address for an administrator, who makes databases; undefined when each service brings its own. */
  readonly admin: string | undefined;
  /** The address of a service's database; undefined for a service without one. */
  readonly url: (service: string) => string | undefined;
}

/** The variable with the password of a service's role, in place of the one in the data folder. */
export const databasePasswordVariable = (service: string): string =>
  `DATABASE_PASSWORD_${service.toUpperCase()}`;

/** A service's database and role: both are named after it. */
export const databaseOf = (
  service: string,
  secrets: Secrets,
  env: Readonly<Record<string, string>> = {},
): ServiceDatabase => ({
  database: `erato_${service}`,
  role: `erato_${service}`,
  password: env[databasePasswordVariable(service)] ?? secrets.postgres[service] ?? '',
});

/** Finds out where the databases are; makes the embedded cluster at the first start, but starts nothing. */
export async function openDatabases(
  settings: Settings,
  secrets: Secrets,
  ports: StablePorts,
  durable: boolean,
): Promise<Databases> {
  const { databaseUrl, databaseUrls, dataFolder } = settings;
  const ownOnly = databaseServices.every((service) => databaseUrls[service] !== undefined);
  const embedded = databaseUrl === undefined && !ownOnly;
  const options = {
    folder: join(dataFolder, 'postgres'),
    logFile: join(dataFolder, 'logs', 'postgres.log'),
    port: embedded ? await ports.take('postgres') : 0,
    password: secrets.postgres['postgres'] ?? '',
    durable,
    runFolder: join(dataFolder, 'run'),
  };
  const part = embedded ? await postgresPart(options) : undefined;
  const admin = embedded ? adminUrl(options) : databaseUrl;
  return {
    part,
    admin,
    description: embedded
      ? `Postgres 18 on port ${options.port}`
      : `Postgres at ${hosts(databaseUrl, databaseUrls)}`,
    url(service) {
      if (!databaseServices.includes(service)) return undefined;
      return (
        databaseUrls[service] ??
        (admin === undefined ? undefined : serviceUrl(admin, databaseOf(service, secrets, settings.env)))
      );
    },
  };
}

function hosts(url: string | undefined, urls: Readonly<Record<string, string>>): string {
  const all = [...(url === undefined ? [] : [url]), ...Object.values(urls)];
  return [...new Set(all.map((each) => new URL(each).host))].join(', ');
}

/** Makes the databases and roles of the services that have none of their own. */
export async function provisionServiceDatabases(
  databases: Databases,
  settings: Settings,
  secrets: Secrets,
): Promise<void> {
  if (databases.admin === undefined) return;
  const wanted = databaseServices.filter((service) => settings.databaseUrls[service] === undefined);
  try {
    await provisionDatabases(
      databases.admin,
      wanted.map((service) => databaseOf(service, secrets, settings.env)),
    );
  } catch (error) {
    const where = new URL(databases.admin).host;
    throw new Error(`the databases could not be made on Postgres at ${where}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
