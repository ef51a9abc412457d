import { parseArgs } from 'node:util';
import { natsConfig } from '../nats/config.js';
import { natsUsers } from '../nats/permissions.js';
import type { Command } from './command.js';

/** The variable from which a NATS server takes the password of a user. */
const variable = (user: string): string => `NATS_PASSWORD_${user.toUpperCase()}`;

/** The configuration of a NATS server in a container: passwords come from its environment. */
export const containerConfig = (): string =>
  natsConfig({
    host: '0.0.0.0',
    port: 4222,
    monitorPort: 8222,
    storeFolder: '/data',
    passwords: Object.fromEntries(natsUsers().map(({ user }) => [user, `$${variable(user)}`])),
    maxFileBytes: '10GB',
  });

export const natsConfigCommand: Command = {
  name: 'nats-config',
  summary: 'prints the configuration for a NATS server of your own',
  help: `Usage: erato nats-config > deploy/nats.conf

A user for each service with only the subjects that it needs, and the user admin. The
server takes the passwords from its environment: ${natsUsers()
    .map(({ user }) => variable(user))
    .join(', ')}.
They begin with a letter, since NATS reads what looks like a number as one.`,
  run(args) {
    parseArgs({ args, options: {}, strict: true });
    process.stdout.write(containerConfig());
    return Promise.resolve(0);
  },
};
