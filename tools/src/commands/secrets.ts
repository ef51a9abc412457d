import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { makeKey } from '@erato/contracts/identity/key-format';
import { services } from '@erato/contracts/services';
import { receiverKey } from '@erato/platform/transport/signed-caller';
import { databasePasswordVariable } from '../launch/databases.js';
import { databaseServices } from '../launch/secrets.js';
import { adminUser } from '../nats/permissions.js';
import type { Command } from './command.js';

/** NATS reads a text that looks like a number as one, so a password begins with a letter. */
const password = (): string => `p${randomBytes(24).toString('hex')}`;

/** Fresh values of every secret that docker-compose.yml asks for, by the variable's name. */
export function freshSecrets(): Record<string, string> {
  const master = randomBytes(32).toString('hex');
  const users = [...Object.keys(services), adminUser];
  return {
    POSTGRES_PASSWORD: password(),
    ...Object.fromEntries(databaseServices.map((service) => [databasePasswordVariable(service), password()])),
    ...Object.fromEntries(users.map((user) => [`NATS_PASSWORD_${user.toUpperCase()}`, password()])),
    ERATO_CALLER_MASTER_KEY: master,
    ...Object.fromEntries(
      databaseServices.map((service) => [
        `ERATO_CALLER_KEY_${service.toUpperCase()}`,
        receiverKey(master, service),
      ]),
    ),
    ERATO_CURSOR_KEY: randomBytes(32).toString('hex'),
    ERATO_ADMIN_KEY: makeKey(),
  };
}

export const secretsCommand: Command = {
  name: 'secrets',
  summary: 'prints fresh secrets for docker-compose.yml',
  help: `Usage: erato secrets >> .env

Every password and key that docker-compose.yml asks for, made anew, one NAME=value a line.
Run it once: the databases and the bus keep the passwords of their first start. npm start
makes its own, in its data folder.`,
  run(args) {
    parseArgs({ args, options: {}, strict: true });
    for (const [name, value] of Object.entries(freshSecrets())) console.log(`${name}=${value}`);
    return Promise.resolve(0);
  },
};
