import type { ServiceConfig } from '@erato/platform/service/config';
import { startService, type RunningService, type ServiceOptions } from '@erato/platform/service/run';
import { receiverKey } from '@erato/platform/transport/signed-caller';
import type { Infra } from './infra.js';

type DatabaseService = Exclude<ServiceOptions['name'], 'gateway'>;

/** A service's configuration on test infrastructure. */
export function testConfig(infra: Infra, name: DatabaseService, databaseUrl: string): ServiceConfig {
  const { url, user, password } = infra.nats(name);
  return {
    natsUrl: url,
    natsUser: user,
    natsPassword: password,
    healthPort: 0,
    healthHost: '127.0.0.1',
    logLevel: process.env['LOG_LEVEL'] ?? 'fatal',
    traceEndpoint: null,
    databaseUrl,
    databasePool: 5,
    callerKey: receiverKey(infra.callerMasterKey, name),
  };
}

/** Starts a service in this process, on a database of its own with real migrations. */
export async function startTestService(
  infra: Infra,
  options: ServiceOptions & { name: DatabaseService },
  databaseUrl?: string,
): Promise<RunningService & { databaseUrl: string }> {
  const url = databaseUrl ?? (await infra.database(options.name));
  const running = await startService(options, testConfig(infra, options.name, url));
  return { ...running, databaseUrl: url };
}
