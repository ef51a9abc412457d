import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { databaseOf, databasePasswordVariable } from '../launch/databases.js';
import { databaseServices } from '../launch/secrets.js';
import { provisionStreams } from '../nats/streams.js';
import { provisionDatabases } from '../postgres/databases.js';
import type { Command } from './command.js';
import { findInstallation, onBus, type Installation } from './installation.js';

/** Roles whose password nobody would know afterwards are not made. */
function checkPasswords({ settings }: Installation, services: readonly string[]): void {
  if (existsSync(join(settings.dataFolder, 'secrets.json'))) return;
  const missing = services.map(databasePasswordVariable).filter((name) => settings.env[name] === undefined);
  if (missing.length > 0)
    throw new Error(`set ${missing.join(', ')}: the passwords that the services will use`);
}

async function provision(): Promise<number> {
  const installation = findInstallation();
  const { settings, secrets, databaseAdmin } = installation;
  const services = databaseServices.filter((service) => settings.databaseUrls[service] === undefined);
  if (databaseAdmin !== undefined && services.length > 0) {
    checkPasswords(installation, services);
    await provisionDatabases(
      databaseAdmin,
      services.map((service) => databaseOf(service, secrets, settings.env)),
    );
    console.log(`databases: ${services.map((service) => `erato_${service}`).join(', ')}`);
  }
  await onBus(installation, (connection) => provisionStreams(connection, settings.natsReplicas));
  console.log(`streams: EVENTS, DEAD, KV_idempotency (${settings.natsReplicas} replicas)`);
  return 0;
}

export const provisionCommand: Command = {
  name: 'provision',
  summary: 'makes the databases, roles and streams of servers of your own',
  help: `Usage: erato provision

Makes what the services need on the servers that DATABASE_URL (a role that may create
databases and roles) and NATS_URL (the user admin) name: a database and a role for each
service, the streams EVENTS and DEAD, the bucket "idempotency". What is there is brought up
to date, so it may run at every deployment. The roles get the passwords in
DATABASE_PASSWORD_<SERVICE>; ERATO_NATS_REPLICAS says on how many NATS servers data lies.
npm start does this by itself.`,
  run(args) {
    parseArgs({ args, options: {}, strict: true });
    return provision();
  },
};
