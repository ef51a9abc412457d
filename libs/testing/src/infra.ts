import { randomBytes } from 'node:crypto';
import type { CallTable } from '@erato/contracts/kit/call';
import type { ServiceName } from '@erato/contracts/services';
import { completeSecrets, type Secrets } from '@erato/tools/launch/secrets';
import type { NatsLogin } from '@erato/tools/nats/login';
import { adminUser } from '@erato/tools/nats/permissions';
import { connectAsAdmin, provisionStreams } from '@erato/tools/nats/streams';
import { withClient } from '@erato/tools/postgres/connect';
import { provisionDatabases, serviceUrl } from '@erato/tools/postgres/databases';
import { containerNats, containerPostgres } from './containers.js';
import { embeddedNats, embeddedPostgres } from './embedded.js';

/** A server that a test uses: where it answers, and how it is stopped and started again at the same address. */
export interface TestServer {
  readonly url: string;
  /** Stops it and starts it again with its data; resolves when it answers. */
  restart(): Promise<void>;
  /** Ends it as a crash would, without a goodbye. It comes back by itself; resolves when it answers again. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

/** Real Postgres and real NATS, with the roles, users and permissions of an installation. */
export interface Infra {
  /**
   * Makes a fresh, empty database owned by a fresh role and returns its address, `postgres://…`. Each call makes
   * another one, so that no test sees what another left.
   */
  database(service: Exclude<ServiceName, 'gateway'>): Promise<string>;
  /** What a service's process is given to reach the bus; the name `admin` may do everything. */
  nats(service: ServiceName | typeof adminUser): NatsLogin;
  /** The key by which the gateway signs callers, as ERATO_CALLER_MASTER_KEY; hexadecimal. */
  readonly callerMasterKey: string;
  /** The address of Postgres for its superuser. */
  readonly postgresUrl: string;
  restartNats(): Promise<void>;
  /** Kills the NATS server; it comes back with what was acknowledged. */
  crashNats(): Promise<void>;
  /** Needs a Postgres of its own (`startInfra({ ownPostgres: true })`): the shared one serves other tests. */
  restartPostgres(): Promise<void>;
  crashPostgres(): Promise<void>;
  close(): Promise<void>;
}

export interface InfraOptions {
  /** Starts a Postgres for this test alone, so that it may be restarted. It takes about two seconds. */
  readonly ownPostgres?: boolean;
  /** Calls that only this test has; the bus knows those of the contracts. */
  readonly calls?: readonly CallTable[];
}

/** Where the run's global set-up tells the address of the Postgres that the test files share. */
export const sharedPostgresVariable = 'ERATO_TEST_POSTGRES_URL';

const inContainers = (): boolean => process.env['ERATO_TEST_INFRA'] === 'containers';

const shared = (url: string): TestServer => {
  const refuse = (): Promise<never> =>
    Promise.reject(new Error('this Postgres serves other tests too: startInfra({ ownPostgres: true })'));
  return { url, restart: refuse, crash: refuse, close: () => Promise.resolve() };
};

/** Starts a Postgres of its own, embedded or in a container (ERATO_TEST_INFRA=containers). */
export const startPostgres = (): Promise<TestServer> =>
  inContainers() ? containerPostgres() : embeddedPostgres();

const startNats = (secrets: Secrets, calls: readonly CallTable[]): Promise<TestServer> =>
  inContainers() ? containerNats(secrets.nats, calls) : embeddedNats(secrets.nats, calls);

async function provision(server: TestServer, secrets: Secrets): Promise<void> {
  const admin = await connectAsAdmin({
    url: server.url,
    user: adminUser,
    password: secrets.nats[adminUser] ?? '',
  });
  try {
    await provisionStreams(admin);
  } finally {
    await admin.close();
  }
}

/** Both servers, or neither: the one that started is closed when the other did not. */
async function bothOrNone(
  ...starts: [Promise<TestServer>, Promise<TestServer>]
): Promise<[TestServer, TestServer]> {
  try {
    return await Promise.all(starts);
  } catch (error) {
    for (const start of await Promise.allSettled(starts))
      if (start.status === 'fulfilled') await start.value.close();
    throw error;
  }
}

/**
 * Starts what the services need: a NATS server for this test alone, with its streams, and Postgres: the one that the
 * test run shares, or one of its own. With ERATO_TEST_INFRA=containers both come from their official images.
 */
export async function startInfra({ ownPostgres = false, calls = [] }: InfraOptions = {}): Promise<Infra> {
  const secrets = completeSecrets(undefined);
  const sharedUrl = process.env[sharedPostgresVariable];
  const [postgres, nats] = await bothOrNone(
    sharedUrl !== undefined && !ownPostgres ? Promise.resolve(shared(sharedUrl)) : startPostgres(),
    startNats(secrets, calls),
  );
  await provision(nats, secrets);
  const made: string[] = [];

  return {
    async database(service) {
      const name = `erato_${service}_${randomBytes(6).toString('hex')}`;
      const wanted = { database: name, role: name, password: randomBytes(12).toString('hex') };
      await provisionDatabases(postgres.url, [wanted]);
      made.push(name);
      return serviceUrl(postgres.url, wanted);
    },
    nats(service) {
      return { url: nats.url, user: service, password: secrets.nats[service] ?? '' };
    },
    callerMasterKey: secrets.callerMasterKey,
    postgresUrl: postgres.url,
    restartNats: () => nats.restart(),
    crashNats: () => nats.crash(),
    restartPostgres: () => postgres.restart(),
    crashPostgres: () => postgres.crash(),
    async close() {
      await nats.close();
      if (postgres.url === sharedUrl) await dropDatabases(postgres.url, made);
      await postgres.close();
    },
  };
}

/** Gives the shared server its space back; a test that left a connection open loses it. */
async function dropDatabases(admin: string, names: readonly string[]): Promise<void> {
  await withClient(admin, async (client) => {
    for (const name of names) {
      await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`);
      await client.query(`drop role if exists ${client.escapeIdentifier(name)}`);
    }
  });
}
